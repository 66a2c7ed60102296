import type { Key, Store } from '../ports/store';
import { sortable } from '../domain/kernel/ids';
import type { OpenKind } from './keys';
import { openPartitions } from './keys';

/** Documents handed on in one go. */
const PAGE = 50;

/**
 * Finds the documents of a kind that wait longer than they should, and hands them on in pages, oldest first. What fails
 * stays where it is for the next sweep; the pages go on behind it, so that one poisoned document starves no other.
 * Costs in proportion to what waits.
 */
export async function sweepOpen(
  store: Store,
  kind: OpenKind,
  nowMs: number,
  handle: (page: readonly Key[]) => Promise<void>,
  mayGoOn: () => boolean,
): Promise<number> {
  let swept = 0;
  for (const partition of openPartitions(kind)) {
    for (let after: string | undefined; mayGoOn(); ) {
      const upTo = `${sortable(nowMs)}#\uffff`;
      const hits = await store.queryIndex('open', partition, {
        ...(after !== undefined && { after }),
        upTo,
        limit: PAGE,
      });
      const last = hits.at(-1);
      if (!last) break;
      await handle(hits.map((hit) => hit.key));
      swept += hits.length;
      after = last.sort;
      if (hits.length < PAGE) break;
    }
  }
  return swept;
}
