import type { AuditStrategy } from '../../../shared/domain/order/audit-order';
import { RATIO_BP_MAX } from '../../../shared/domain/kernel/quantity';
import type { Shop, Sku, Warehouse } from '../../../shared/domain/settings';
import type { RatioException, RatioStrategy, ShopStrategy } from '../../../shared/domain/sync/ratio-strategy';
import { resyncShops } from '../../../shared/domain/sync/resync';
import { AppError } from '../../../shared/errors';
import type { Store } from '../../../shared/ports/store';
import { keys } from '../../../shared/procedures/keys';
import { resyncPlaces } from '../../../shared/procedures/resync-places';
import {
  loadAuditStrategies,
  loadRatioStrategies,
  loadShops,
  loadShopStrategies,
  loadWarehouses,
  requireShop,
} from '../../../shared/procedures/settings';
import type { ConsoleApp } from '../api';
import { addRoute, Id, PageQuery, Title, Version, z } from '../api';
import { mapNewSkus } from '../map-new-skus';
import { saveVersioned } from '../save-versioned';

const ById = z.object({ id: Id });
const RatioBp = z.int().min(0).max(RATIO_BP_MAX);
const Time = z.int().min(0).max(8_640_000_000_000_000);

/** Warehouses must exist, and be of the kind that the document needs. */
export async function requireWarehouses(
  store: Store,
  ids: readonly string[],
  kind: Warehouse['kind'] | null,
): Promise<void> {
  const found = await store.getMany<Warehouse>(ids.map(keys.warehouse));
  ids.forEach((warehouseId, i) => {
    if (!found[i]) throw new AppError('UNKNOWN_WAREHOUSE', { warehouseId });
    if (kind && found[i].value.kind !== kind)
      throw new AppError('WRONG_WAREHOUSE_KIND', { warehouseId, kind: found[i].value.kind, needed: kind });
  });
}

/** SKUs must exist. */
export async function requireSkus(store: Store, ids: readonly string[]): Promise<void> {
  const found = await store.getMany<Sku>(ids.map(keys.sku));
  const unknown = ids.filter((_, i) => !found[i]);
  if (unknown.length > 0) throw new AppError('UNKNOWN_SKU', { skuIds: unknown.slice(0, 20) });
}

/** 基础资料: shops, warehouses, SKUs. */
export function addMasterDataRoutes(app: ConsoleApp): void {
  addRoute(app, { method: 'get', path: '/api/shops', role: 'viewer', summary: '店铺' }, async ({ run }) => ({
    rows: (await loadShops(run.ports.store)).map(({ value }) => value),
  }));

  const ShopBody = z.object({
    channel: z.enum(['taobao', 'doudian']),
    title: Title,
    platformShopId: z.string().max(40).default(''),
    warehouseIds: z.array(Id).min(1).max(20),
    active: z.boolean().default(true),
    writesPerSecond: z.number().positive().max(10_000).default(20),
    writeBurst: z.int().positive().max(10_000).default(20),
    version: Version,
  });
  addRoute(
    app,
    { method: 'put', path: '/api/shops/{id}', role: 'admin', summary: '保存店铺', params: ById, body: ShopBody },
    async ({ params, body, run }) => {
      const { store } = run.ports;
      await requireWarehouses(store, body.warehouseIds, 'distribution');
      return saveVersioned<Shop>(
        store,
        keys.shop(params.id),
        body.version,
        (_before, version) => ({ ...body, id: params.id, version }),
        () => ({}),
      );
    },
  );

  addRoute(app, { method: 'get', path: '/api/warehouses', role: 'viewer', summary: '仓库' }, async ({ run }) => ({
    rows: (await loadWarehouses(run.ports.store)).map(({ value }) => value),
  }));

  const WarehouseBody = z.object({ title: Title, kind: z.enum(['source', 'distribution']), version: Version });
  addRoute(
    app,
    {
      method: 'put',
      path: '/api/warehouses/{id}',
      role: 'admin',
      summary: '保存仓库',
      params: ById,
      body: WarehouseBody,
    },
    ({ params, body, run }) =>
      saveVersioned<Warehouse>(
        run.ports.store,
        keys.warehouse(params.id),
        body.version,
        (_before, version) => ({ ...body, id: params.id, version }),
        () => ({}),
      ),
  );

  addRoute(
    app,
    { method: 'get', path: '/api/skus', role: 'viewer', summary: '商品', query: PageQuery },
    async ({ query, run }) => {
      const { store } = run.ports;
      const hits = await store.queryIndex('list', 'sku', {
        ...(query.after !== undefined && { after: query.after }),
        limit: query.limit,
      });
      const rows = (await store.getMany<Sku>(hits.map((hit) => hit.key))).flatMap((stored) => stored?.value ?? []);
      return { rows, next: hits.length === query.limit ? hits.at(-1)?.sort : null };
    },
  );

  const SkusBody = z.object({
    skus: z
      .array(z.object({ id: Id, title: Title }))
      .min(1)
      .max(500),
  });
  addRoute(
    app,
    { method: 'post', path: '/api/skus', role: 'admin', summary: '批量新增商品 (已有的保持不变)', body: SkusBody },
    async ({ body, run }) => {
      const { store } = run.ports;
      const saved = await Promise.all(
        body.skus.map(({ id, title }) =>
          store.put<Sku>({
            key: keys.sku(id),
            expect: 0,
            value: { id, title, version: 1 },
            places: { list: { partition: 'sku', sort: id } },
          }),
        ),
      );
      const mapped = await mapNewSkus(
        run.ports,
        body.skus.map(({ id }) => id),
      );
      return {
        created: saved.filter((result) => result === 'saved').length,
        existing: saved.filter((result) => result === 'conflict').length,
        mapped,
      };
    },
  );
}

/** 策略中心 and 库存同步策略. */
export function addStrategyRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    { method: 'get', path: '/api/ratio-strategies', role: 'viewer', summary: '比例同步策略' },
    async ({ run }) => ({
      rows: (await loadRatioStrategies(run.ports.store)).map(({ value }) => value),
    }),
  );

  const RatioBody = z.object({
    name: Title,
    enabled: z.boolean(),
    shopIds: z.array(Id).min(1).max(200),
    skuIds: z.array(Id).min(1).max(2_000).nullable(),
    warehouseIds: z.array(Id).min(1).max(20),
    ratioBp: RatioBp,
    priority: z.int().min(0).max(1_000_000).default(0),
    validFromMs: Time.nullable().default(null),
    validToMs: Time.nullable().default(null),
    version: Version,
  });
  addRoute(
    app,
    {
      method: 'put',
      path: '/api/ratio-strategies/{id}',
      role: 'strategist',
      summary: '保存比例同步策略',
      params: ById,
      body: RatioBody,
    },
    async ({ params, body, run }) => {
      const { store, clock } = run.ports;
      if (body.validFromMs !== null && body.validToMs !== null && body.validFromMs >= body.validToMs) {
        throw new AppError('BAD_INPUT', {
          problems: ['validToMs: must be later than validFromMs / 结束时间必须晚于开始时间'],
        });
      }
      await Promise.all(body.shopIds.map((shopId) => requireShop(store, shopId)));
      await requireWarehouses(store, body.warehouseIds, 'distribution');
      await requireSkus(store, body.skuIds ?? []);
      return saveVersioned<RatioStrategy>(
        store,
        keys.ratioStrategy(params.id),
        body.version,
        (before, version) => ({
          ...body,
          id: params.id,
          version,
          resync: resyncShops([...body.shopIds, ...(before?.shopIds ?? [])], before?.resync ?? null),
        }),
        (value) => resyncPlaces(value, clock.nowMs()),
      );
    },
  );

  const Exception = z.object({ skuId: Id, shopId: Id });
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/ratio-exceptions/{skuId}',
      role: 'viewer',
      summary: '单品例外比例',
      params: z.object({ skuId: Id }),
    },
    async ({ params, run }) => ({
      rows: (await run.ports.store.query<RatioException>(`ratio-exception#${params.skuId}`, { limit: 200 })).map(
        ({ value }) => value,
      ),
    }),
  );
  const ExceptionBody = z.object({ enabled: z.boolean(), ratioBp: RatioBp, version: Version });
  addRoute(
    app,
    {
      method: 'put',
      path: '/api/ratio-exceptions/{skuId}/{shopId}',
      role: 'strategist',
      summary: '保存单品例外比例',
      params: Exception,
      body: ExceptionBody,
    },
    async ({ params, body, run }) => {
      const { store, clock } = run.ports;
      await requireShop(store, params.shopId);
      await requireSkus(store, [params.skuId]);
      return saveVersioned<RatioException>(
        store,
        keys.ratioException(params.skuId, params.shopId),
        body.version,
        (_before, version) => ({ ...body, ...params, version, resync: { kind: 'sku', skuId: params.skuId } }),
        (value) => resyncPlaces(value, clock.nowMs()),
      );
    },
  );

  addRoute(
    app,
    { method: 'get', path: '/api/shop-strategies', role: 'viewer', summary: '店铺策略' },
    async ({ run }) => ({
      rows: (await loadShopStrategies(run.ports.store)).map(({ value }) => value),
    }),
  );
  const ShopStrategyBody = z.object({
    stockSyncEnabled: z.boolean(),
    reserveQty: z.int().min(0).max(1_000_000).default(0),
    maxQty: z.int().min(0).max(1_000_000).nullable().default(null),
    version: Version,
  });
  addRoute(
    app,
    {
      method: 'put',
      path: '/api/shop-strategies/{id}',
      role: 'strategist',
      summary: '保存店铺策略',
      params: ById,
      body: ShopStrategyBody,
    },
    async ({ params, body, run }) => {
      const { store, clock } = run.ports;
      await requireShop(store, params.id);
      return saveVersioned<ShopStrategy>(
        store,
        keys.shopStrategy(params.id),
        body.version,
        (before, version) => ({
          ...body,
          shopId: params.id,
          version,
          resync: resyncShops([params.id], before?.resync ?? null),
        }),
        (value) => resyncPlaces(value, clock.nowMs()),
      );
    },
  );

  addRoute(
    app,
    { method: 'get', path: '/api/audit-strategies', role: 'viewer', summary: '订单自动审核策略' },
    async ({ run }) => ({
      rows: (await loadAuditStrategies(run.ports.store)).map(({ value }) => value),
    }),
  );
  const AuditBody = z.object({
    name: Title,
    enabled: z.boolean(),
    shopIds: z.array(Id).max(200).default([]),
    priority: z.int().min(0).max(1_000_000).default(0),
    limits: z.object({
      buyerMemo: z.enum(['empty', 'any']),
      sellerMemo: z.enum(['empty', 'any']),
      amountFenMax: z.int().min(0).nullable(),
      quantityMax: z.int().min(0).nullable(),
      minutesSincePayment: z.int().min(0).max(10_080),
    }),
    version: Version,
  });
  addRoute(
    app,
    {
      method: 'put',
      path: '/api/audit-strategies/{id}',
      role: 'strategist',
      summary: '保存订单自动审核策略',
      params: ById,
      body: AuditBody,
    },
    async ({ params, body, run }) => {
      const { store } = run.ports;
      await Promise.all(body.shopIds.map((shopId) => requireShop(store, shopId)));
      return saveVersioned<AuditStrategy>(
        store,
        keys.auditStrategy(params.id),
        body.version,
        (_before, version) => ({ ...body, id: params.id, version, spreadPending: true }),
        () => ({}),
      );
    },
  );
}
