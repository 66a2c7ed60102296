import type { ItemMapping } from '../domain/order/item-mapping';
import { listingKey } from '../domain/order/item-mapping';
import { withLine } from '../domain/kernel/log-line';
import type { ReceivedOrder } from '../domain/order/received-order';
import type { PlatformOrderLine } from '../domain/order/platform-order';
import type { Sku } from '../domain/settings';
import type { ListingResync } from '../domain/sync/resync';
import { resyncReadBack } from '../domain/sync/resync';
import { AppError } from '../errors';
import type { Ports } from '../ports/ports';
import type { IndexPlaces, Stored } from '../ports/store';
import { receivedOrderPlaces } from './received-order-places';
import { keys, listingsPartition, openPlace, unmappedPartition } from './keys';

/** A listing as an order line or the platform's catalogue names it. */
type Listing = Pick<PlatformOrderLine, 'itemId' | 'platformSkuId' | 'merchantCode' | 'title'>;

/** SKU of ours for a line of a shop's order; undefined while it is unmapped. */
export type ListingResolver = (shopId: string, line: Listing) => string | undefined;

/**
 * Finds the SKU of every listing: the saved mapping, else the merchant code 商家编码 where it is one of our SKUs. What is
 * found by merchant code is saved as a mapping, since the shops' stock is synced by mappings; what is not found is saved
 * as unmapped 未匹配, so that a person finds it in the list.
 */
export async function resolveListings(
  ports: Pick<Ports, 'store' | 'clock'>,
  lines: readonly { shopId: string; line: Listing }[],
): Promise<ListingResolver> {
  const wanted = new Map(lines.map((entry) => [`${entry.shopId}#${listingKey(entry.line)}`, entry]));
  const entries = [...wanted.values()];
  const stored = await ports.store.getMany<ItemMapping>(entries.map(({ shopId, line }) => keys.mapping(shopId, line)));
  const found = new Map<string, string>();
  const open: { id: string; shopId: string; line: Listing; stored: Stored<ItemMapping> | undefined }[] = [];
  [...wanted].forEach(([id, { shopId, line }], i) => {
    const skuId = stored[i]?.value.skuId;
    if (skuId) found.set(id, skuId);
    else open.push({ id, shopId, line, stored: stored[i] });
  });
  const skus = await ports.store.getMany<Sku>(open.map(({ line }) => keys.sku(line.merchantCode ?? '')));
  await Promise.all(
    open.map(async ({ id, shopId, line, stored: before }, i) => {
      const skuId = line.merchantCode !== null && skus[i] ? skus[i].value.id : null;
      if (skuId !== null) found.set(id, skuId);
      if (before && skuId === null) return;
      const mapping: ItemMapping = {
        shopId,
        ...{
          itemId: line.itemId,
          platformSkuId: line.platformSkuId,
          merchantCode: line.merchantCode,
          title: line.title,
        },
        skuId,
        source: 'merchant-code',
        version: (before?.value.version ?? 0) + 1,
        resync: skuId === null ? null : resyncMapping(ports, skuId),
      };
      // A conflict means that somebody else has just saved this mapping: theirs stands, and is read next time.
      await ports.store.put({
        key: keys.mapping(shopId, line),
        expect: before?.version ?? 0,
        value: mapping,
        places: mappingPlaces(mapping, ports.clock.nowMs()),
      });
    }),
  );
  return (shopId, line) => found.get(`${shopId}#${listingKey(line)}`);
}

/** A mapping is listed under its SKU, or under its shop's unmapped ones; open until its shop shows the quantity. */
export function mappingPlaces(mapping: ItemMapping, nowMs: number): IndexPlaces {
  const sort = `${mapping.shopId}#${listingKey(mapping)}`;
  const partition = mapping.skuId === null ? `unmapped#${mapping.shopId}` : listingsPartition(mapping.skuId);
  const list = { partition, sort };
  return mapping.resync ? { list, open: openPlace('resync', keys.mapping(mapping.shopId, mapping), nowMs) } : { list };
}

/** What a mapping just saved asks for: its SKU in the shops, and the orders parked for it, which an index may show late. */
export function resyncMapping({ store, clock }: Pick<Ports, 'store' | 'clock'>, skuId: string): ListingResync {
  return { kind: 'sku', skuId, ...(store.indexLagMs > 0 && { untilMs: clock.nowMs() + store.indexLagMs }) };
}

/** Times that a request to read back is tried again because the mapping was saved meanwhile. */
const TRIES_MAX = 8;

/**
 * Asks for listings to be read back: the platform has given pieces back (an order closed, a line refunded) that left no
 * trace in our ledgers, since we never held them. Kept in the mapping itself, so that a crash cannot lose it. Saved even
 * where it is asked for already: whoever reads the listing now may have looked before, and finds the mapping changed.
 */
export async function askReadBack(
  ports: Pick<Ports, 'store' | 'clock'>,
  shopId: string,
  listings: readonly Pick<Listing, 'itemId' | 'platformSkuId'>[],
): Promise<void> {
  const unique = [...new Map(listings.map((listing) => [listingKey(listing), listing])).values()];
  await Promise.all(
    unique.map(async (listing) => {
      for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
        const stored = await ports.store.get<ItemMapping>(keys.mapping(shopId, listing));
        if (!stored || stored.value.skuId === null) return;
        const { skuId, resync } = stored.value;
        const value: ItemMapping = { ...stored.value, resync: resyncReadBack(skuId, resync) };
        const places = mappingPlaces(value, ports.clock.nowMs());
        if ((await ports.store.put({ key: stored.key, expect: stored.version, value, places })) === 'saved') return;
      }
      throw new AppError('DOCUMENT_CONTENDED', { shopId, listing: listingKey(listing) });
    }),
  );
}

/** Parked orders revived in one go. */
const PARKED_PAGE = 100;

/**
 * Revives exactly the orders parked 未匹配 for a listing that has its SKU now: each is put back to 'waiting', which the
 * sweep of conversion finds even if the message to it is lost. Repeating it changes nothing.
 */
export async function reviveParkedOrders(
  ports: Pick<Ports, 'store' | 'clock' | 'bus'>,
  mapping: ItemMapping,
): Promise<number> {
  const { store, clock, bus } = ports;
  const partition = unmappedPartition(mapping.shopId, listingKey(mapping));
  let revived = 0;
  for (let after: string | undefined; mapping.skuId !== null; ) {
    const hits = await store.queryIndex('open', partition, {
      ...(after !== undefined && { after }),
      limit: PARKED_PAGE,
    });
    const last = hits.at(-1);
    if (!last) break;
    const heads = await store.getMany<ReceivedOrder>(hits.map((hit) => hit.key));
    for (const head of heads) {
      if (head?.value.conversion !== 'unmapped') continue;
      const atMs = clock.nowMs();
      const content = `商品已对应 ${mapping.skuId}，重新转换`;
      const log = withLine(head.value.log, {
        type: '商品对应',
        content,
        actor: { kind: 'system', id: 'map-listings' },
        atMs,
        status: 'waiting',
      });
      const value: ReceivedOrder = { ...head.value, conversion: 'waiting', unmapped: [], log };
      await store.put({ key: head.key, expect: head.version, value, places: receivedOrderPlaces(value, atMs) });
      const { shopId, orderNo } = value;
      await bus.publish([{ topic: 'platform-order-changed', key: `${shopId}#${orderNo}`, body: { shopId, orderNo } }]);
      revived += 1;
    }
    after = last.sort;
  }
  return revived;
}
