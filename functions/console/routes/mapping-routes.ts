import type { ItemMapping } from '../../../shared/domain/order/item-mapping';
import type { SyncRecord } from '../../../shared/domain/sync/sync-record';
import { SYNC_STATUS_ZH } from '../../../shared/domain/sync/sync-record';
import { resyncMapped } from '../../../shared/domain/sync/resync';
import type { Store } from '../../../shared/ports/store';
import { loadSyncSettings } from '../../../shared/procedures/compute-quantities';
import { keys, listingsPartition } from '../../../shared/procedures/keys';
import {
  mappingPlaces,
  resolveListings,
  resyncMapping,
  reviveParkedOrders,
} from '../../../shared/procedures/map-listings';
import { requireShop } from '../../../shared/procedures/settings';
import type { ConsoleApp } from '../api';
import { addRoute, Id, z } from '../api';
import { chainedPage } from '../lists/chained-page';
import { listingsOfItem } from '../lists/listings-of-item';
import { mergedPage } from '../lists/merged-page';
import { shopIdsOf } from '../lists/shop-lists';
import type { MappingRow } from '../schema/mapping';
import {
  DownloadedItems,
  DownloadQuery,
  MappingBody,
  MappingPage,
  MappingQuery,
  SavedMapping,
} from '../schema/mapping';
import { saveVersioned } from '../save-versioned';
import { requireSkus } from '../require-known';

/** A request takes no other part of a download with this much time left: twenty calls of a platform that takes its time. */
const DOWNLOAD_SPARE_MS = 12_000;

/** 接口中心: which SKU a listing of a shop sells 商品对应. */
export function addMappingRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/mappings',
      role: 'viewer',
      tag: '接口中心',
      summary: '商品对应，一个店铺或全部店铺',
      query: MappingQuery,
      returns: MappingPage,
    },
    async ({ query, run }) => {
      const { store } = run.ports;
      const { shopId, itemId, skuId, unmapped } = query;
      const shopIds = await shopIdsOf(store, shopId);
      const wanted = (mapping: ItemMapping): boolean =>
        (shopId === undefined || mapping.shopId === shopId) &&
        (skuId === undefined || mapping.skuId === skuId) &&
        (unmapped === 'false' || mapping.skuId === null);
      if (itemId !== undefined) {
        const listings = await listingsOfItem(store, shopIds, itemId);
        return { rows: await withSync(store, listings.filter(wanted)), next: null, searchedToMs: null };
      }
      if (unmapped === 'false' && skuId === undefined) {
        const page = await chainedPage<ItemMapping>(
          store,
          shopIds.map((id) => `mapping#${id}`),
          query,
        );
        return { ...page, rows: await withSync(store, page.rows) };
      }
      const partitions = skuId === undefined ? shopIds.map((id) => `unmapped#${id}`) : [listingsPartition(skuId)];
      const page = await mergedPage<ItemMapping, ItemMapping>(store, {
        ...{ partitions, query, descending: false, filtered: false },
        row: ({ value }) => (wanted(value) ? value : undefined),
      });
      return { ...page, rows: await withSync(store, page.rows) };
    },
  );

  addRoute(
    app,
    {
      method: 'put',
      path: '/api/mappings',
      role: 'operator',
      tag: '接口中心',
      summary: '保存商品对应，并唤醒等待它的订单',
      body: MappingBody,
      returns: SavedMapping,
    },
    async ({ body, run }) => {
      const { store, clock } = run.ports;
      await requireShop(store, body.shopId);
      await requireSkus(store, [body.skuId]);
      const saved = await saveVersioned<ItemMapping>(
        store,
        keys.mapping(body.shopId, body),
        body.version,
        (before, version) => ({
          ...body,
          ...{ source: 'manual', merchantCode: before?.merchantCode ?? null, title: before?.title ?? '' },
          version,
          resync: resyncMapped(resyncMapping(run.ports, body.skuId), before),
        }),
        (value) => mappingPlaces(value, clock.nowMs()),
      );
      const revived = await reviveParkedOrders(run.ports, saved);
      return { ...saved, revived };
    },
  );

  addRoute(
    app,
    {
      method: 'post',
      path: '/api/shops/{shopId}/download-items',
      role: 'operator',
      tag: '接口中心',
      summary: '商品下载，按商家编码自动对应',
      params: z.strictObject({ shopId: Id.meta({ description: 'shop' }) }),
      query: DownloadQuery,
      returns: DownloadedItems,
    },
    async ({ params, query, run }) => {
      const shop = await requireShop(run.ports.store, params.shopId);
      let [listings, mapped, leftItems] = [0, 0, 0];
      const parts = run.ports.channels[shop.channel].listListings(run.ports.access(shop), query.leftItems);
      for await (const part of parts) {
        const skuOf = await resolveListings(
          run.ports,
          part.listings.map((line) => ({ shopId: shop.id, line })),
        );
        listings += part.listings.length;
        mapped += part.listings.filter((line) => skuOf(shop.id, line) !== undefined).length;
        leftItems = part.leftItems;
        if (run.remainingMs() < DOWNLOAD_SPARE_MS) break;
      }
      return { listings, mapped, unmapped: listings - mapped, leftItems };
    },
  );
}

/** Mappings with what their shops show of them. */
async function withSync(store: Store, mappings: readonly ItemMapping[]): Promise<MappingRow[]> {
  const [settings, last] = await Promise.all([
    loadSyncSettings(store),
    Promise.all(mappings.map((mapping) => newestRecord(store, mapping))),
  ]);
  return mappings.map((mapping, i): MappingRow => {
    const record = last[i];
    const active = settings.shops.get(mapping.shopId)?.active === true;
    return {
      ...mapping,
      syncEnabled: active && settings.shopStrategies.get(mapping.shopId)?.stockSyncEnabled === true,
      lastSync: record
        ? {
            ...{ number: record.number, qty: record.qty, shownQty: record.shownQty, status: record.status },
            ...{ statusText: SYNC_STATUS_ZH[record.status], atMs: record.finishedAtMs ?? record.createdAtMs },
          }
        : null,
    };
  });
}

async function newestRecord(store: Store, mapping: ItemMapping): Promise<SyncRecord | undefined> {
  const partition = keys.syncPartition(mapping.shopId, mapping);
  const [last] = await store.query<SyncRecord>(partition, { limit: 1, descending: true });
  return last?.value;
}
