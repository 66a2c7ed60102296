import type { Run } from '../../shared/platform/define-function';
import { summariseStock } from '../../shared/procedures/summarise-stock';

/** Entries that one run counts at most: an old store's first runs take seconds each, and a million entries ten runs. */
const ENTRIES_PER_RUN = 100_000;

/** A run ends with this much time left. */
const SPARE_MS = 10_000;

/**
 * Keeps the stock summary that the console's home page shows: stock by warehouse, pieces in and out, top movers. Answers how
 * many entries it has counted, and up to which time.
 */
export async function summariseLedgers(run: Run): Promise<Record<string, number>> {
  const { entries, upToMs } = await summariseStock(run.ports, ENTRIES_PER_RUN, () => run.remainingMs() > SPARE_MS);
  return { entries, upToMs };
}
