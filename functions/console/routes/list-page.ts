import type { Run } from '../../../shared/platform/define-function';
import { Id, PageQuery, z } from '../api';

/** Path of one order of a shop. */
export const OrderPath = z.object({ shopId: Id, orderNo: Id });

/** A page of a list that is kept shop by shop. */
export const ShopPage = PageQuery.extend({ shopId: Id });

/** Rows read at most to fill one page of a filtered list. */
const SCANNED_MAX = 2_000;

/** A page of a list, newest first; a filter reads on behind rows that it leaves out. */
export async function listPage<T>(
  run: Run,
  partition: string,
  query: { after?: string | undefined; limit: number },
  keep: (row: T) => boolean = () => true,
): Promise<{ rows: T[]; next: string | null }> {
  const { store } = run.ports;
  const rows: T[] = [];
  let after = query.after;
  for (let scanned = 0; scanned < SCANNED_MAX; ) {
    const hits = await store.queryIndex('list', partition, {
      ...(after !== undefined && { after }),
      limit: query.limit,
      descending: true,
    });
    const found = await store.getMany<T>(hits.map((hit) => hit.key));
    for (const [i, hit] of hits.entries()) {
      const row = found[i]?.value;
      after = hit.sort;
      if (row !== undefined && keep(row)) rows.push(row);
      if (rows.length === query.limit) return { rows, next: after };
    }
    scanned += hits.length;
    if (hits.length < query.limit) return { rows, next: null };
  }
  return { rows, next: after ?? null };
}
