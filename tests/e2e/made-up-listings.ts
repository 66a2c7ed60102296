import type { LocalWorld } from './local-world';

/** What is on sale, as `shop#item` or `shop#item#sku`. */
export async function realListings(world: LocalWorld, shopIds: readonly string[]): Promise<Set<string>> {
  type Item = { readonly itemId: string; readonly skus: readonly { readonly skuId: string }[] };
  const listings = new Set<string>();
  for (const shopId of shopIds) {
    const { items } = await world.sandbox.get<{ items: Item[] }>(`/sandbox/items?shopId=${shopId}`);
    for (const { itemId, skus } of items) {
      if (skus.length === 0) listings.add(`${shopId}#${itemId}`);
      for (const { skuId } of skus) listings.add(`${shopId}#${itemId}#${skuId}`);
    }
  }
  return listings;
}

/** A listing that the fuzzer has made up is none that a shop can show, or read back: it has failed or waits, and says so. */
export function isOfMadeUpListing(violation: string, real: ReadonlySet<string>): boolean {
  if (!/^6: .*(, record \d+ is failed with |: it waits in (resync|sync)\b)/.test(violation)) return false;
  const [, mapped, synced] = /^6: (?:mapping#([^:]+)|sync#([^:/]+)(?:\/\d+)?): /.exec(violation) ?? [];
  const listing = mapped?.replace('/', '#') ?? synced;
  return listing !== undefined && !real.has(listing);
}
