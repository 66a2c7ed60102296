import type { Key, Store, Stored } from '../../../shared/ports/store';

/** Documents of one page: 200 of the largest are 70 MB. */
const PAGE = 200;

/** Everything behind a key, page by page, in the engine's own order of partitions. */
export async function* pagesOf(store: Store, from?: Key): AsyncGenerator<Stored<unknown>[]> {
  for (let after = from; ; ) {
    const page = await store.scan(after, PAGE);
    after = page.at(-1)?.key;
    if (after === undefined) return;
    yield page;
  }
}
