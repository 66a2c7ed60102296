import { sortable } from '../domain/kernel/ids';
import type { Ports } from '../ports/ports';
import type { Key } from '../ports/store';
import type { OpenKind } from './keys';
import { openPartitions } from './keys';

/** Documents handed on in one go. */
const PAGE = 50;

/**
 * Finds the documents of a kind that wait longer than they should, and hands them on in pages, oldest first. What fails
 * stays where it is for the next sweep; the pages go on behind it, so that one poisoned document starves no other.
 * Costs in proportion to what waits. The first hit tells how long the oldest has been due, which is watched.
 */
export async function sweepOpen(
  { store, clock, log }: Pick<Ports, 'store' | 'clock' | 'log'>,
  kind: OpenKind,
  nowMs: number,
  handle: (page: readonly Key[]) => Promise<void>,
  mayGoOn: () => boolean,
): Promise<number> {
  let swept = 0;
  let oldestMs: number | undefined;
  for (const partition of openPartitions(kind)) {
    for (let after: string | undefined; mayGoOn(); ) {
      const upTo = `${sortable(nowMs)}#\uffff`;
      const hits = await store.queryIndex('open', partition, {
        ...(after !== undefined && { after }),
        upTo,
        limit: PAGE,
      });
      const firstDueMs = Number(hits[0]?.sort.split('#')[0] ?? clock.nowMs());
      oldestMs = Math.max(oldestMs ?? 0, clock.nowMs() - firstDueMs);
      const last = hits.at(-1);
      if (!last) break;
      await handle(hits.map((hit) => hit.key));
      swept += hits.length;
      after = last.sort;
      if (hits.length < PAGE) break;
    }
  }
  if (oldestMs !== undefined) log.gauge('waiting.oldest', Math.round(oldestMs / 1000), { stage: kind });
  return swept;
}
