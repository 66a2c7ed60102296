import { FULL_RATIO_BP } from '../kernel/quantity';
import type { RatioStrategy } from './ratio-strategy';
import { decidingStrategy } from './ratio-strategy';

/** A shop that draws on a shared stock, by the strategy that decides for it. */
export interface Drawer {
  readonly shopId: string;
  readonly strategyId: string;
  readonly ratioBp: number;
  /** Its platform stock sync is ticked: only then does it show anything. */
  readonly syncEnabled: boolean;
}

/** Shops on one stock whose ratios sum to more than 100 % 库存放大: allowed, and good to know. */
export interface RatioWarning {
  readonly warehouseId: string;
  /** SKUs that it concerns, the first of them; null for all that no strategy names by their id. */
  readonly skuIds: readonly string[] | null;
  readonly skuCount: number | null;
  readonly shops: readonly Drawer[];
  readonly ratioSumBp: number;
  /** The same over the shops whose sync is ticked. */
  readonly syncedRatioSumBp: number;
  /** Of 100 available pieces the shops together show so many more: what can be sold twice before the next push. */
  readonly oversellPer100Qty: number;
  readonly text: { readonly zh: string; readonly en: string };
}

/** SKUs named by a warning at most. */
const SKUS_NAMED_MAX = 20;

/** Warnings at most: who has more has seen enough. */
const WARNINGS_MAX = 50;

/**
 * Where the strategies, as they decide at this time, let shops show more than there is. For each SKU and shop one strategy
 * decides; of a warehouse the ratios of all shops whose strategy takes from it are summed. SKUs that are named by the
 * same strategies are one case. Exceptions of single SKUs are left out: there may be as many as SKUs.
 */
export function ratioWarnings(
  strategies: readonly RatioStrategy[],
  isSynced: (shopId: string) => boolean,
  atMs: number,
): RatioWarning[] {
  const found = new Map<string, { shops: Drawer[]; warehouseId: string; skuIds: string[] | null }>();
  for (const { skuIds, seen } of casesOf(strategies)) {
    for (const [warehouseId, shops] of drawersOf(seen, isSynced, atMs)) {
      if (sumBp(shops) <= FULL_RATIO_BP) continue;
      const id = JSON.stringify([warehouseId, shops]);
      const before = found.get(id);
      if (!before) found.set(id, { shops, warehouseId, skuIds });
      else if (before.skuIds && skuIds) before.skuIds.push(...skuIds);
    }
  }
  return [...found.values()].slice(0, WARNINGS_MAX).map(warningOf);
}

/** A SKU that stands for a case; no id is empty, so that it is named by no list. */
const ANY_OTHER = '';

interface Case {
  readonly skuIds: string[] | null;
  /** The strategies as they look to a SKU of this case. */
  readonly seen: readonly RatioStrategy[];
}

/** SKUs that no list names, and those that the same lists name. */
function casesOf(strategies: readonly RatioStrategy[]): Case[] {
  const namedBy = new Map<string, number[]>();
  strategies.forEach(({ skuIds }, i) => {
    for (const skuId of new Set(skuIds ?? [])) namedBy.set(skuId, [...(namedBy.get(skuId) ?? []), i]);
  });
  const groups = new Map<string, { by: Set<number>; skuIds: string[] }>();
  for (const [skuId, by] of namedBy) {
    const id = by.join();
    const group = groups.get(id) ?? { by: new Set(by), skuIds: [] };
    group.skuIds.push(skuId);
    groups.set(id, group);
  }
  const others: Case = { skuIds: null, seen: strategies.filter(({ skuIds }) => skuIds === null) };
  const named = [...groups.values()].map(({ by, skuIds }): Case => {
    const naming = strategies.flatMap((strategy, i) => (by.has(i) ? [{ ...strategy, skuIds: [ANY_OTHER] }] : []));
    return { skuIds, seen: [...naming, ...others.seen] };
  });
  return [others, ...named];
}

function drawersOf(
  strategies: readonly RatioStrategy[],
  isSynced: (shopId: string) => boolean,
  atMs: number,
): Map<string, Drawer[]> {
  const drawers = new Map<string, Drawer[]>();
  const shopIds = [...new Set(strategies.flatMap((strategy) => strategy.shopIds))].sort();
  for (const shopId of shopIds) {
    const strategy = decidingStrategy(strategies, shopId, ANY_OTHER, atMs);
    if (!strategy) continue;
    const drawer = {
      ...{ shopId, strategyId: strategy.id, ratioBp: strategy.ratioBp },
      syncEnabled: isSynced(shopId),
    };
    for (const id of new Set(strategy.warehouseIds)) drawers.set(id, [...(drawers.get(id) ?? []), drawer]);
  }
  return drawers;
}

const sumBp = (shops: readonly Drawer[]): number => shops.reduce((sum, { ratioBp }) => sum + ratioBp, 0);

const percent = (bp: number): string => `${bp / 100}%`;

function warningOf({
  shops,
  warehouseId,
  skuIds,
}: {
  shops: Drawer[];
  warehouseId: string;
  skuIds: string[] | null;
}): RatioWarning {
  const ratioSumBp = sumBp(shops);
  const oversellPer100Qty = shops.reduce((sum, { ratioBp }) => sum + Math.floor((100 * ratioBp) / FULL_RATIO_BP), -100);
  const each = shops.map(({ shopId, ratioBp }) => `${shopId} ${percent(ratioBp)}`);
  const [which, of] =
    skuIds === null
      ? ['未被单独列出的商品', 'SKUs that no strategy names']
      : [`${skuIds.slice(0, 3).join('、')} 等 ${skuIds.length} 个商品`, `${skuIds.length} SKUs`];
  return {
    ...{ warehouseId, skuCount: skuIds?.length ?? null, skuIds: skuIds?.slice(0, SKUS_NAMED_MAX) ?? null },
    ...{
      shops,
      ratioSumBp,
      syncedRatioSumBp: sumBp(shops.filter(({ syncEnabled }) => syncEnabled)),
      oversellPer100Qty,
    },
    text: {
      zh: `${warehouseId}：${each.join(' + ')} = ${percent(ratioSumBp)}（${which}）。每 100 件可用库存最多可能超卖 ${oversellPer100Qty} 件`,
      en: `${warehouseId}: ${each.join(' + ')} = ${percent(ratioSumBp)} (${of}). Of 100 available pieces up to ${oversellPer100Qty} can be sold twice`,
    },
  };
}
