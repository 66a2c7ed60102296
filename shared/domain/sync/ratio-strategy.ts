import type { Resync } from './resync';

/** A ratio sync strategy 比例同步策略: which share of which distribution warehouses 配销仓 each shop shows. */
export interface RatioStrategy {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly shopIds: readonly string[];
  /** SKUs it covers; null for all. */
  readonly skuIds: readonly string[] | null;
  readonly warehouseIds: readonly string[];
  /** Basis points: 6000 is 60 %. */
  readonly ratioBp: number;
  /** Where several cover a shop and SKU, the highest priority decides; it also breaks ties of the remainder. */
  readonly priority: number;
  /** Valid from (inclusive) to (exclusive), epoch ms; null for open. */
  readonly validFromMs: number | null;
  readonly validToMs: number | null;
  /** Counts the saves by people; sync records name it. */
  readonly version: number;
  readonly resync: Resync | null;
}

/** 例外比例: another ratio for one SKU in one shop. Beats the strategy; warehouses stay the strategy's. */
export interface RatioException {
  readonly shopId: string;
  readonly skuId: string;
  readonly enabled: boolean;
  readonly ratioBp: number;
  readonly version: number;
  readonly resync: Resync | null;
}

/** A shop strategy 店铺策略: the shop's own switches and caps. */
export interface ShopStrategy {
  readonly shopId: string;
  /** 启用平台库存同步: nothing is pushed to the shop before this is ticked. */
  readonly stockSyncEnabled: boolean;
  /** 安全库存: pieces kept back from what the shop would show. */
  readonly reserveQty: number;
  /** Most pieces that the shop ever shows; null for no cap. */
  readonly maxQty: number | null;
  readonly version: number;
  readonly resync: Resync | null;
}

type Dates = Pick<RatioStrategy, 'enabled' | 'validFromMs' | 'validToMs'>;
type Coverage = Dates & Pick<RatioStrategy, 'shopIds' | 'skuIds'>;

/** True while the strategy covers this shop and SKU at this time. */
export function covers(strategy: Coverage, shopId: string, skuId: string, nowMs: number): boolean {
  return coversAll(strategy, shopId, [skuId], nowMs);
}

/** True while it covers all of these SKUs in this shop; null for every SKU. */
function coversAll(strategy: Coverage, shopId: string, skuIds: readonly string[] | null, nowMs: number): boolean {
  const { skuIds: covered } = strategy;
  return (
    isInForce(strategy, nowMs) &&
    strategy.shopIds.includes(shopId) &&
    (covered === null || (skuIds !== null && skuIds.every((skuId) => covered.includes(skuId))))
  );
}

function isInForce({ enabled, validFromMs, validToMs }: Dates, nowMs: number): boolean {
  return enabled && (validFromMs === null || nowMs >= validFromMs) && (validToMs === null || nowMs < validToMs);
}

/**
 * Whether a save takes up the sync of something that the strategy may not have covered until now: nobody knows what has
 * become of the numbers there meanwhile. One with dates may not have been walked at its begin yet.
 */
export function takesUpBySave(before: Coverage | undefined, saved: Coverage, nowMs: number): boolean {
  if (!isInForce(saved, nowMs)) return false;
  if (!before || before.validFromMs !== null || before.validToMs !== null) return true;
  return saved.shopIds.some((shopId) => !coversAll(before, shopId, saved.skuIds, nowMs));
}

/**
 * Whether a strategy that has begun by its date takes up what no other had covered by itself until then. Whoever has saved
 * another one since has asked for what that takes up.
 */
export function takesUpByDate(strategy: Coverage, others: readonly Coverage[], nowMs: number): boolean {
  const { validFromMs, shopIds, skuIds } = strategy;
  if (validFromMs === null || !isInForce(strategy, nowMs)) return false;
  return shopIds.some((shopId) => !others.some((other) => coversAll(other, shopId, skuIds, validFromMs - 1)));
}

/** The strategy that decides for a shop and SKU: highest priority, then a list before 'all SKUs', then the id. */
export function decidingStrategy(
  strategies: readonly RatioStrategy[],
  shopId: string,
  skuId: string,
  nowMs: number,
): RatioStrategy | undefined {
  return strategies
    .filter((strategy) => covers(strategy, shopId, skuId, nowMs))
    .sort(
      (a, b) =>
        b.priority - a.priority || Number(a.skuIds === null) - Number(b.skuIds === null) || (a.id < b.id ? -1 : 1),
    )[0];
}

/** Next time after `nowMs` at which the strategy begins or ends by itself. */
export function nextBoundaryMs(strategy: RatioStrategy, nowMs: number): number | null {
  const ahead = [strategy.validFromMs, strategy.validToMs].filter((at): at is number => at !== null && at > nowMs);
  return strategy.enabled && ahead.length > 0 ? Math.min(...ahead) : null;
}
