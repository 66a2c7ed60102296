import type { AuditStrategy } from '../../../shared/domain/order/audit-order';
import type { RatioException, RatioStrategy, ShopStrategy } from '../../../shared/domain/sync/ratio-strategy';
import type { RatioWarning } from '../../../shared/domain/sync/ratio-warnings';
import { takesUpBySave } from '../../../shared/domain/sync/ratio-strategy';
import { ratioWarnings } from '../../../shared/domain/sync/ratio-warnings';
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
  requireShop,
} from '../../../shared/procedures/settings';
import type { ConsoleApp } from '../api';
import { addRoute, Id, z } from '../api';
import { requireSkus, requireWarehouses } from '../require-known';
import { saveVersioned } from '../save-versioned';
import { ById } from '../schema/common';
import {
  AuditStrategyBody,
  AuditStrategyRows,
  AuditStrategyView,
  RatioCheck,
  RatioCheckBody,
  RatioExceptionBody,
  RatioExceptionPath,
  RatioExceptionRows,
  RatioExceptionView,
  RatioStrategyBody,
  RatioStrategyRows,
  SavedRatioStrategy,
  ShopStrategyBody,
  ShopStrategyRows,
  ShopStrategyView,
} from '../schema/settings';

/** A strategy that has no id yet comes last among equals, as a new one often will. */
const NEW_ID = '\uffff';

/** 策略中心 and 库存同步策略. */
export function addStrategyRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/ratio-strategies',
      role: 'viewer',
      tag: '策略中心',
      summary: '比例同步策略，及合计超过 100% 的提醒',
      returns: RatioStrategyRows,
    },
    async ({ run }) => {
      const { store, clock } = run.ports;
      const rows = (await loadRatioStrategies(store)).map(({ value }) => value);
      return { rows, warnings: await warningsOf(store, rows, clock.nowMs()) };
    },
  );

  addRoute(
    app,
    {
      method: 'post',
      path: '/api/ratio-strategies/check',
      role: 'viewer',
      tag: '策略中心',
      summary: '保存之前试算提醒，不保存任何内容',
      body: RatioCheckBody,
      returns: RatioCheck,
    },
    async ({ body: { id, ...body }, run }) => {
      const { store, clock } = run.ports;
      const others = (await loadRatioStrategies(store)).flatMap(({ value }) => (value.id === id ? [] : [value]));
      const tried: RatioStrategy = { ...body, id: id ?? NEW_ID, resync: null };
      return { warnings: await warningsAbout(store, tried, others, clock.nowMs()) };
    },
  );

  addRoute(
    app,
    {
      method: 'put',
      path: '/api/ratio-strategies/{id}',
      role: 'strategist',
      tag: '策略中心',
      summary: '保存比例同步策略',
      params: ById,
      body: RatioStrategyBody,
      returns: SavedRatioStrategy,
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
      const saved = await saveVersioned<RatioStrategy>(
        store,
        keys.ratioStrategy(params.id),
        body.version,
        (before, version) => ({
          ...body,
          id: params.id,
          version,
          resync: resyncShops([...body.shopIds, ...(before?.shopIds ?? [])], before?.resync ?? null, {
            fromMs: clock.nowMs(),
            resumed: takesUpBySave(before, body, clock.nowMs()),
          }),
        }),
        (value) => resyncPlaces(value, clock.nowMs()),
      );
      const others = (await loadRatioStrategies(store)).flatMap(({ value }) => (value.id === saved.id ? [] : [value]));
      return { ...saved, warnings: await warningsAbout(store, saved, others, clock.nowMs()) };
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/ratio-exceptions/{skuId}',
      role: 'viewer',
      tag: '策略中心',
      summary: '单品例外比例',
      params: z.strictObject({ skuId: Id.meta({ description: 'SKU' }) }),
      returns: RatioExceptionRows,
    },
    async ({ params, run }) => ({
      rows: (await run.ports.store.query<RatioException>(`ratio-exception#${params.skuId}`, { limit: 200 })).map(
        ({ value }) => value,
      ),
    }),
  );
  addRoute(
    app,
    {
      method: 'put',
      path: '/api/ratio-exceptions/{skuId}/{shopId}',
      role: 'strategist',
      tag: '策略中心',
      summary: '保存单品例外比例',
      params: RatioExceptionPath,
      body: RatioExceptionBody,
      returns: RatioExceptionView,
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
    {
      method: 'get',
      path: '/api/shop-strategies',
      role: 'viewer',
      tag: '策略中心',
      summary: '店铺策略，每个店铺一行',
      returns: ShopStrategyRows,
    },
    async ({ run }) => ({ rows: await shopStrategyRows(run.ports.store) }),
  );
  addRoute(
    app,
    {
      method: 'put',
      path: '/api/shop-strategies/{id}',
      role: 'strategist',
      tag: '策略中心',
      summary: '保存店铺策略',
      params: ById,
      body: ShopStrategyBody,
      returns: ShopStrategyView,
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
          resync: resyncShops([params.id], before?.resync ?? null, {
            fromMs: clock.nowMs(),
            resumed: before?.stockSyncEnabled === false && body.stockSyncEnabled,
          }),
        }),
        (value) => resyncPlaces(value, clock.nowMs()),
      );
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/audit-strategies',
      role: 'viewer',
      tag: '策略中心',
      summary: '订单自动审核策略',
      returns: AuditStrategyRows,
    },
    async ({ run }) => ({
      rows: (await loadAuditStrategies(run.ports.store)).map(({ value }) => value),
    }),
  );
  addRoute(
    app,
    {
      method: 'put',
      path: '/api/audit-strategies/{id}',
      role: 'strategist',
      tag: '策略中心',
      summary: '保存订单自动审核策略',
      params: ById,
      body: AuditStrategyBody,
      returns: AuditStrategyView,
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

/** Warnings of the strategies as they decide at this time. */
async function warningsOf(store: Store, strategies: readonly RatioStrategy[], atMs: number): Promise<RatioWarning[]> {
  const [shops, switches] = await Promise.all([loadShops(store), loadShopStrategies(store)]);
  const active = new Set(shops.flatMap(({ value }) => (value.active ? [value.id] : [])));
  const ticked = new Set(switches.flatMap(({ value }) => (value.stockSyncEnabled ? [value.shopId] : [])));
  return ratioWarnings(strategies, (shopId) => active.has(shopId) && ticked.has(shopId), atMs);
}

/** The warnings in which one strategy has a part, from the time on at which it decides. */
async function warningsAbout(
  store: Store,
  strategy: RatioStrategy,
  others: readonly RatioStrategy[],
  nowMs: number,
): Promise<RatioWarning[]> {
  const found = await warningsOf(store, [...others, strategy], Math.max(nowMs, strategy.validFromMs ?? 0));
  return found.filter(({ shops }) => shops.some(({ strategyId }) => strategyId === strategy.id));
}

/** Every shop with its strategy; one that nobody has saved yet pushes nothing. */
async function shopStrategyRows(store: Store) {
  const [shops, strategies] = await Promise.all([loadShops(store), loadShopStrategies(store)]);
  const saved = new Map(strategies.map(({ value }) => [value.shopId, value]));
  return shops.map(({ value: { id, title, channel, active } }) => {
    const none: ShopStrategy = {
      ...{ shopId: id, stockSyncEnabled: false, reserveQty: 0, maxQty: null, version: 0, resync: null },
    };
    return { ...(saved.get(id) ?? none), shopTitle: title, channel, active };
  });
}
