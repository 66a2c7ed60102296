import type { ItemMapping } from '../../../shared/domain/order/item-mapping';
import { explainQuantity } from '../../../shared/domain/sync/explain-quantity';
import type { SyncRecord } from '../../../shared/domain/sync/sync-record';
import { SYNC_STATUS_ZH } from '../../../shared/domain/sync/sync-record';
import { AppError, hasCode } from '../../../shared/errors';
import { keys, listingsPartition, openPartitions } from '../../../shared/procedures/keys';
import { askReadBack } from '../../../shared/procedures/map-listings';
import { loadShops, requireShop } from '../../../shared/procedures/settings';
import type { SyncProgress } from '../../../shared/procedures/sync-progress';
import { SYNC_PROGRESS } from '../../../shared/procedures/sync-progress';
import type { ConsoleApp } from '../api';
import { addRoute, Id, PageQuery, z } from '../api';
import { requireSkus } from './settings-routes';

/** Waiting documents are counted up to this number per kind; beyond, 'so many or more' is what a person needs. */
const COUNT_MAX = 1_000;

/** 库存同步查询, and the state of the whole. */
export function addSyncRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    { method: 'get', path: '/api/stock-change-pool', role: 'viewer', summary: '库存异动计算缓存池', query: PageQuery },
    async ({ query, run }) => ({
      rows: await run.ports.pool.list(query.limit),
    }),
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/sync-queue',
      role: 'viewer',
      summary: '库存同步队列 (新的在前)',
      query: PageQuery.extend({ shopId: Id }),
    },
    async ({ query, run }) => {
      const { store } = run.ports;
      const range = { ...(query.after !== undefined && { after: query.after }), limit: query.limit, descending: true };
      const hits = await store.queryIndex('list', `sync-queue#${query.shopId}`, range);
      const rows = (await store.getMany<SyncRecord>(hits.map((hit) => hit.key))).flatMap((stored) =>
        stored ? [view(stored.value)] : [],
      );
      return { rows, next: hits.length === query.limit ? hits.at(-1)?.sort : null };
    },
  );

  const Listing = z.object({ shopId: Id, itemId: Id });
  const ListingQuery = z.object({
    platformSkuId: Id.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(20),
  });
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/sync-queue/{shopId}/{itemId}',
      role: 'viewer',
      summary: '一个平台商品的同步记录及原因 (新的在前)',
      params: Listing,
      query: ListingQuery,
    },
    async ({ params, query, run }) => {
      await requireShop(run.ports.store, params.shopId);
      const partition = keys.syncPartition(params.shopId, {
        itemId: params.itemId,
        platformSkuId: query.platformSkuId ?? null,
      });
      const page = await run.ports.store.query<SyncRecord>(partition, { limit: query.limit, descending: true });
      if (page.length === 0) throw new AppError('NOT_FOUND', { ...params, platformSkuId: query.platformSkuId ?? null });
      return { rows: page.map(({ value }) => view(value)) };
    },
  );

  const RetryBody = z.object({ skuIds: z.array(Id).min(1).max(200) });
  addRoute(
    app,
    { method: 'post', path: '/api/sync-queue/retry', role: 'operator', summary: '重新计算并同步', body: RetryBody },
    async ({ body, run }) => {
      const { store, pool, clock } = run.ports;
      await requireSkus(store, body.skuIds);
      await pool.touch(body.skuIds.map((skuId) => ({ skuId, atMs: clock.nowMs() })));
      return { skus: body.skuIds.length };
    },
  );

  addRoute(
    app,
    { method: 'post', path: '/api/sync-queue/read-back', role: 'operator', summary: '核对平台库存', body: RetryBody },
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
    { method: 'get', path: '/api/status', role: 'viewer', summary: '等待处理的单据, 拉单进度, 同步进度' },
    async ({ run }) => {
      const { store, pool, clock } = run.ports;
      const kinds = ['conversion', 'holding', 'audit', 'stock-work', 'resync', 'sync'] as const;
      const waiting = await Promise.all(kinds.map(async (kind) => [kind, await countOpen(kind)] as const));
      const shops = await loadShops(store);
      const coverage = await Promise.all(
        shops.map(
          async ({ value }) => (await store.get<object>(keys.coverage(value.id)))?.value ?? { shopId: value.id },
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

function view(record: SyncRecord) {
  return { ...record, statusText: SYNC_STATUS_ZH[record.status], why: explainQuantity(record.qty, record.reason) };
}
