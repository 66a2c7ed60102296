import type { Store, Stored } from '../../../shared/ports/store';
import { cursorText, readCursor } from './cursor';

/**
 * A page of documents by their keys, one partition behind the other in the order given: a partition's rows are read only
 * when those before it are through. A cursor of a partition that is not among these begins anew.
 */
export async function chainedPage<T>(
  store: Store,
  pks: readonly string[],
  query: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ rows: T[]; next: string | null; searchedToMs: null }> {
  const cursor = query.after === undefined ? undefined : readCursor(query.after).key;
  const found: Stored<T>[] = [];
  const first = Math.max(0, cursor ? pks.indexOf(cursor.pk) : 0);
  // One more than asked for tells whether there is a next page.
  for (let i = first; i < pks.length && found.length <= query.limit; i += 1) {
    const pk = pks[i] ?? '';
    const after = pk === cursor?.pk ? cursor.sk : undefined;
    found.push(
      ...(await store.query<T>(pk, {
        ...(after !== undefined && { after }),
        limit: query.limit + 1 - found.length,
      })),
    );
  }
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  const next = last && found.length > query.limit ? cursorText({ sort: last.key.sk, key: last.key }) : null;
  return { rows: page.map(({ value }) => value), next, searchedToMs: null };
}
