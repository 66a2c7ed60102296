/** SKUs of which a shard keeps count, a day: enough for every list that a page shows, 11 KB as JSON. */
export const COUNTERS_MAX = 200;

/** Pieces held for orders of one SKU, as space-saving counts them: at most `qty`, at least `qty − overQty`. */
interface Counter {
  readonly skuId: string;
  readonly qty: number;
  readonly overQty: number;
}

/** The heaviest SKUs of one day in Asia/Shanghai. */
export interface DayMovers {
  readonly dayMs: number;
  readonly counters: readonly Counter[];
}

/**
 * Days with more pieces counted, none before `fromDayMs`. Counts as space-saving does (Metwally, Agrawal, El Abbadi 2005):
 * where all counters are taken, a new SKU takes over the smallest one and counts on from it, which is then how much it may
 * be counted too high. While a shard's day has at most {@link COUNTERS_MAX} SKUs every count is exact; beyond, no count is
 * wrong by more than the smallest counter, which is at most a 200th of the shard's pieces of that day.
 */
export function addMoved(
  days: readonly DayMovers[],
  moved: readonly { readonly dayMs: number; readonly skuId: string; readonly qty: number }[],
  fromDayMs: number,
): DayMovers[] {
  const kept = new Map(
    days.filter(({ dayMs }) => dayMs >= fromDayMs).map(({ dayMs, counters }) => [dayMs, countersOf(counters)]),
  );
  for (const { dayMs, skuId, qty } of moved) {
    if (dayMs < fromDayMs) continue;
    const counters = kept.get(dayMs) ?? new Map<string, Counter>();
    kept.set(dayMs, counters);
    const known = counters.get(skuId);
    if (known) counters.set(skuId, { ...known, qty: known.qty + qty });
    else if (counters.size < COUNTERS_MAX) counters.set(skuId, { skuId, qty, overQty: 0 });
    else takeOverSmallest(counters, skuId, qty);
  }
  return [...kept].sort(([a], [b]) => a - b).map(([dayMs, counters]) => ({ dayMs, counters: [...counters.values()] }));
}

const countersOf = (counters: readonly Counter[]): Map<string, Counter> =>
  new Map(counters.map((counter) => [counter.skuId, counter]));

function takeOverSmallest(counters: Map<string, Counter>, skuId: string, qty: number): void {
  let smallest: Counter | undefined;
  for (const counter of counters.values()) if (!smallest || counter.qty < smallest.qty) smallest = counter;
  if (!smallest) return;
  counters.delete(smallest.skuId);
  counters.set(skuId, { skuId, qty: smallest.qty + qty, overQty: smallest.qty });
}

/** Pieces of a SKU held for orders in a day: at most `qty` and at least `atLeastQty`, which are equal where it is exact. */
export interface Mover {
  readonly skuId: string;
  readonly qty: number;
  readonly atLeastQty: number;
}

/**
 * One day of all shards, heaviest first. A SKU that a full shard keeps no count of may have moved there as much as its
 * smallest counter says.
 */
export function mergeMovers(shards: readonly (DayMovers | undefined)[]): Mover[] {
  const days = shards.map((day) => countersOf(day?.counters ?? []));
  const unseenQty = days.map((counters) =>
    counters.size < COUNTERS_MAX ? 0 : Math.min(...[...counters.values()].map(({ qty }) => qty)),
  );
  const skuIds = [...new Set(days.flatMap((counters) => [...counters.keys()]))];
  const movers = skuIds.map((skuId): Mover => {
    const found = days.map(
      (counters, i) => counters.get(skuId) ?? { qty: unseenQty[i] ?? 0, overQty: unseenQty[i] ?? 0 },
    );
    const qty = found.reduce((sum, counter) => sum + counter.qty, 0);
    return { skuId, qty, atLeastQty: qty - found.reduce((sum, counter) => sum + counter.overQty, 0) };
  });
  return movers.sort((a, b) => b.atLeastQty - a.atLeastQty || b.qty - a.qty || (a.skuId < b.skuId ? -1 : 1));
}
