import type { ItemMapping } from '../../../shared/domain/order/item-mapping';
import type { Sku } from '../../../shared/domain/settings';
import type { SyncRecord } from '../../../shared/domain/sync/sync-record';
import { AppError, hasCode } from '../../../shared/errors';
import { POOL_PAGE_MAX } from '../../../shared/ports/pool';
import { keys, listingsPartition, openPartitions } from '../../../shared/procedures/keys';
import { askReadBack } from '../../../shared/procedures/map-listings';
import { loadShops, requireShop } from '../../../shared/procedures/settings';
import type { SyncProgress } from '../../../shared/procedures/sync-progress';
import { SYNC_PROGRESS } from '../../../shared/procedures/sync-progress';
import type { ConsoleApp } from '../api';
import { addRoute } from '../api';
import { mergedPage, timeSpan } from '../lists/merged-page';
import { shopIdsOf } from '../lists/shop-lists';
import { requireSkus } from '../require-known';
import type { Coverage, SyncRecordView } from '../schema/sync';
import {
  ListingPath,
  ListingQuery,
  ListingRecords,
  PoolPage,
  PoolQuery,
  ReadBackListings,
  RetriedSkus,
  RetryBody,
  SyncQueuePage,
  SyncQueueQuery,
  SystemStatus,
} from '../schema/sync';
import { recordView } from './sync-view';

/** Waiting documents are counted up to this number per kind; beyond, 'so many or more' is what a person needs. */
const COUNT_MAX = 1_000;

/** 库存同步查询, and the state of the whole. */
export function addSyncRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/stock-change-pool',
      role: 'viewer',
      tag: '库存中心',
      summary: '库存异动计算缓存池 (最早的在前)',
      query: PoolQuery,
      returns: PoolPage,
    },
    async ({ query, run }) => {
      const { store, pool, clock } = run.ports;
      const entries = await pool.list(Math.min(POOL_PAGE_MAX, query.limit + 1));
      const skus = await store.getMany<Sku>(entries.map(({ skuId }) => keys.sku(skuId)));
      const rows = entries.map(({ skuId, counter, sinceMs }, i) => {
        return { skuId, title: skus[i]?.value.title ?? '', counter, sinceMs };
      });
      return { rows: rows.slice(0, query.limit), next: null, more: rows.length > query.limit, nowMs: clock.nowMs() };
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/sync-queue',
      role: 'viewer',
      tag: '库存中心',
      summary: '库存同步队列，一个店铺或全部店铺',
      query: SyncQueueQuery,
      returns: SyncQueuePage,
    },
    async ({ query, run }) => {
      const { store } = run.ports;
      const { status, skuId } = query;
      const descending = query.order === 'newest';
      const shopIds = await shopIdsOf(store, query.shopId);
      return mergedPage<SyncRecord, SyncRecordView>(store, {
        ...{ partitions: shopIds.map((id) => `sync-queue#${id}`), query, descending, ...timeSpan(query, descending) },
        filtered: status !== undefined || skuId !== undefined,
        row: ({ value }) =>
          (status === undefined || value.status === status) && (skuId === undefined || value.skuId === skuId)
            ? recordView(value)
            : undefined,
      });
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/sync-queue/{shopId}/{itemId}',
      role: 'viewer',
      tag: '库存中心',
      summary: '一个平台商品的同步记录及原因 (新的在前)',
      params: ListingPath,
      query: ListingQuery,
      returns: ListingRecords,
    },
    async ({ params, query, run }) => {
      await requireShop(run.ports.store, params.shopId);
      const partition = keys.syncPartition(params.shopId, {
        itemId: params.itemId,
        platformSkuId: query.platformSkuId ?? null,
      });
      const page = await run.ports.store.query<SyncRecord>(partition, { limit: query.limit, descending: true });
      if (page.length === 0) throw new AppError('NOT_FOUND', { ...params, platformSkuId: query.platformSkuId ?? null });
      return { rows: page.map(({ value }) => recordView(value)) };
    },
  );

  addRoute(
    app,
    {
      method: 'post',
      path: '/api/sync-queue/retry',
      role: 'operator',
      tag: '库存中心',
      summary: '重新计算并同步',
      body: RetryBody,
      returns: RetriedSkus,
    },
    async ({ body, run }) => {
      const { store, pool, clock } = run.ports;
      await requireSkus(store, body.skuIds);
      await pool.touch(body.skuIds.map((skuId) => ({ skuId, atMs: clock.nowMs() })));
      return { skus: body.skuIds.length };
    },
  );

  addRoute(
    app,
    {
      method: 'post',
      path: '/api/sync-queue/read-back',
      role: 'operator',
      tag: '库存中心',
      summary: '核对平台库存',
      body: RetryBody,
      returns: ReadBackListings,
    },
    async ({ body, run }) => {
      const { store } = run.ports;
      await requireSkus(store, body.skuIds);
      const hits = await Promise.all(
        body.skuIds.map((skuId) => store.queryIndex('list', listingsPartition(skuId), { limit: COUNT_MAX })),
      );
      const mappings = await store.getMany<ItemMapping>(hits.flat().map((hit) => hit.key));
      const listings = mappings.flatMap((stored) => stored?.value ?? []);
      await Promise.all(listings.map((mapping) => askReadBack(run.ports, mapping.shopId, [mapping])));
      return { listings: listings.length };
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/status',
      role: 'viewer',
      tag: '运营中心',
      summary: '等待处理的单据, 拉单进度, 同步进度',
      returns: SystemStatus,
    },
    async ({ run }) => {
      const { store, pool, clock } = run.ports;
      const kinds = ['conversion', 'holding', 'audit', 'stock-work', 'resync', 'sync'] as const;
      const waiting = await Promise.all(kinds.map(async (kind) => [kind, await countOpen(kind)] as const));
      const shops = await loadShops(store);
      const coverage = await Promise.all(
        shops.map(
          async ({ value }) => (await store.get<Coverage>(keys.coverage(value.id)))?.value ?? { shopId: value.id },
        ),
      );
      const progress = await store.get<SyncProgress>(keys.progress(SYNC_PROGRESS));
      return {
        nowMs: clock.nowMs(),
        waiting: Object.fromEntries(waiting),
        poolSkus: await countPool(),
        coverage,
        computedUpToMs: progress?.value.computedUpToMs ?? null,
      };

      /** Null where the pool does not answer: the rest is wanted then more than ever. */
      async function countPool(): Promise<number | null> {
        try {
          return (await pool.list(COUNT_MAX)).length;
        } catch (error) {
          if (hasCode(error, 'POOL_UNAVAILABLE')) return null;
          throw error;
        }
      }

      async function countOpen(kind: (typeof kinds)[number]): Promise<number> {
        const counts = await Promise.all(
          openPartitions(kind).map(
            async (partition) => (await store.queryIndex('open', partition, { limit: COUNT_MAX })).length,
          ),
        );
        return counts.reduce((sum, count) => sum + count, 0);
      }
    },
  );
}
