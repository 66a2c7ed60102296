import fc from 'fast-check';
import { readListings } from '../../../shared/adapters/channels/listing-pages';
import type { ListingsPart } from '../../../shared/ports/channel';

const listingOf = (itemId: string) => ({ itemId, platformSkuId: null, merchantCode: null, title: itemId, shownQty: 1 });

/** A shop's items as its platform lists them now. */
function shopOf(items: string[], pageSize: number) {
  const calls: number[] = [];
  const paging = {
    pageSize,
    readPage: async (pageNo: number) => {
      calls.push(pageNo);
      return { total: items.length, items: items.slice((pageNo - 1) * pageSize, pageNo * pageSize) };
    },
    listingsOf: async (item: string) => (items.includes(item) ? [listingOf(item)] : []),
  };
  return { calls, paging };
}

async function read(paging: ReturnType<typeof shopOf>['paging'], leftItems?: number): Promise<ListingsPart[]> {
  const parts: ListingsPart[] = [];
  for await (const part of readListings(paging, leftItems)) parts.push(part);
  return parts;
}

const idsOf = (parts: readonly ListingsPart[]): string[] =>
  parts.flatMap(({ listings }) => listings.map(({ itemId }) => itemId));

describe('what a shop has on sale', () => {
  it('comes in parts, each of which says how many items are left', async () => {
    const items = Array.from({ length: 45 }, (_, i) => `i${i}`);
    const { paging, calls } = shopOf(items, 30);
    const parts = await read(paging);
    expect(parts.map(({ listings, leftItems }) => [listings.length, leftItems])).toEqual([
      [15, 30],
      [20, 10],
      [10, 0],
    ]);
    expect(idsOf(parts).sort()).toEqual([...items].sort());
    // The first tells how many there are.
    expect(calls).toEqual([1, 2, 1]);
    expect(idsOf(await read(paging, 10))).toEqual(items.slice(0, 10));
  });

  it('is nothing in an empty shop', async () => {
    expect(await read(shopOf([], 30).paging)).toEqual([]);
  });

  it('goes on from any part, and misses none that stays on sale, whatever is taken off it meanwhile', async () => {
    const size = fc.integer({ min: 1, max: 120 });
    await fc.assert(
      fc.asyncProperty(size, fc.constantFrom(10, 25, 50), fc.array(fc.nat({ max: 119 })), async (n, pageSize, gone) => {
        const all = Array.from({ length: n }, (_, i) => `i${i}`);
        const items = [...all];
        const { paging } = shopOf(items, pageSize);
        const seen = new Set<string>();
        let leftItems: number | undefined;
        do {
          // Each part by a call of its own, as where the time is short.
          for await (const part of readListings(paging, leftItems)) {
            for (const { itemId } of part.listings) seen.add(itemId);
            leftItems = part.leftItems;
            break;
          }
          const index = gone.pop();
          if (index !== undefined && index < items.length) items.splice(index, 1);
        } while ((leftItems ?? 0) > 0);
        expect(items.filter((item) => !seen.has(item))).toEqual([]);
      }),
    );
  });
});
