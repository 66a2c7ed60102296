import type { IndexHit, IndexName, Store } from '../../../shared/ports/store';

/** Documents of one index partition counted at most; a person needs no more than 'so many or more'. */
export const COUNT_MAX = 500;

export interface Counted {
  readonly count: number;
  /** True where there may be more. */
  readonly orMore: boolean;
  /** What was counted, in order of the index. */
  readonly hits: readonly IndexHit[];
}

/** Counts the documents of index partitions, by keys alone: at most {@link COUNT_MAX} of each. */
export async function countPlaces(
  store: Store,
  index: IndexName,
  partitions: readonly string[],
  countMax = COUNT_MAX,
): Promise<Counted> {
  const pages = await Promise.all(
    partitions.map((partition) => store.queryIndex(index, partition, { limit: countMax })),
  );
  const hits = pages.flat();
  return { count: hits.length, orMore: pages.some((page) => page.length === countMax), hits };
}

/** The time that a sort text begins with, or has as a later part; null where nothing was counted. */
export function oldestIn(hits: readonly IndexHit[], part = 0): number | null {
  const times = hits.map(({ sort }) => Number(sort.split('#')[part]));
  return times.length === 0 ? null : times.reduce((oldest, ms) => Math.min(oldest, ms));
}
