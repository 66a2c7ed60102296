import type { RatioStrategyView } from '../../../../schema/settings';

/** What the form holds; times are epoch ms, the ratio is basis points. */
export interface StrategyValues {
  readonly name: string;
  readonly enabled: boolean;
  readonly shopIds: readonly string[];
  /** null: all SKUs. */
  readonly skuIds: readonly string[] | null;
  readonly warehouseIds: readonly string[];
  readonly ratioBp: number | null;
  readonly priority: number | null;
  readonly validFromMs: number | null;
  readonly validToMs: number | null;
}

/** A new strategy: switched on, since who makes one wants it, and of everything that a shop lists. */
export const NEW_STRATEGY: StrategyValues = {
  ...{ name: '', enabled: true, shopIds: [], skuIds: null, warehouseIds: [], ratioBp: null, priority: 0 },
  ...{ validFromMs: null, validToMs: null },
};

export function valuesOf(row: RatioStrategyView): StrategyValues {
  const { name, enabled, shopIds, skuIds, warehouseIds, ratioBp, priority, validFromMs, validToMs } = row;
  return { name, enabled, shopIds, skuIds, warehouseIds, ratioBp, priority, validFromMs, validToMs };
}

/** The body of a save at this version. */
export function bodyOf(values: StrategyValues, version: number) {
  const { ratioBp, priority, ...rest } = values;
  return { ...rest, name: rest.name.trim(), ratioBp: ratioBp ?? 0, priority: priority ?? 0, version };
}

/** Whether there is enough to say what the strategy does. */
export function isComplete({ shopIds, skuIds, warehouseIds, ratioBp, name }: StrategyValues): boolean {
  return (
    name.trim() !== '' &&
    shopIds.length > 0 &&
    warehouseIds.length > 0 &&
    (skuIds === null || skuIds.length > 0) &&
    ratioBp !== null
  );
}
