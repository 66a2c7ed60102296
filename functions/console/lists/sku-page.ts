import { compareText } from '../../../shared/domain/kernel/text-order';
import type { Sku } from '../../../shared/domain/settings';
import type { Store } from '../../../shared/ports/store';
import { cursorText, readCursor } from './cursor';
import type { ListPage } from './merged-page';
import { mergedPage } from './merged-page';
import type { SkuView } from '../schema/settings';

/** Behind every text that begins so. */
const endOf = (prefix: string): string => `${prefix}\u{10ffff}`;

/** A page of SKUs in order of their ids, of all or of those whose id begins with `prefix`. */
export async function skuPage(
  store: Store,
  query: { readonly prefix?: string | undefined; readonly after?: string | undefined; readonly limit: number },
): Promise<ListPage<SkuView>> {
  const { prefix, limit } = query;
  const after = prefix === undefined ? query.after : laterOf(query.after, prefix);
  return mergedPage<Sku, SkuView>(store, {
    ...{ partitions: ['sku'], query: { after, limit }, descending: false, filtered: false },
    ...(prefix !== undefined && { upTo: endOf(prefix) }),
    row: ({ value }) => skuRow(value),
  });
}

/** The cursor, or the place just before the SKU that the prefix itself names, whichever is later. */
function laterOf(after: string | undefined, prefix: string): string {
  if (after !== undefined && compareText(readCursor(after).sort, prefix) >= 0) return after;
  return cursorText({ sort: prefix, key: { pk: '', sk: '' } });
}

/** What the console shows of a SKU: without what the sweep keeps in it. */
export const skuRow = ({ id, title, version }: Sku): SkuView => ({ id, title, version });
