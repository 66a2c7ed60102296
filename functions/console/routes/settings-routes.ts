import type { Shop, Warehouse } from '../../../shared/domain/settings';
import type { Resync } from '../../../shared/domain/sync/resync';
import { resyncShops } from '../../../shared/domain/sync/resync';
import { hasCode } from '../../../shared/errors';
import type { Ports } from '../../../shared/ports/ports';
import { keys } from '../../../shared/procedures/keys';
import { resyncPlaces } from '../../../shared/procedures/resync-places';
import { loadShops, loadShopStrategies, loadWarehouses } from '../../../shared/procedures/settings';
import type { ConsoleApp } from '../api';
import { addRoute } from '../api';
import { requireWarehouses } from '../require-known';
import { saveVersioned } from '../save-versioned';
import { ById } from '../schema/common';
import type { ShopRow } from '../schema/settings';
import { ShopBody, ShopRows, ShopView, WarehouseBody, WarehouseRows, WarehouseView } from '../schema/settings';

/** 基础资料: shops and warehouses. */
export function addMasterDataRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/shops',
      role: 'viewer',
      tag: '基础资料',
      summary: '店铺，及其密钥、同步开关与拉单进度',
      returns: ShopRows,
    },
    async ({ run }) => ({ rows: await shopRows(run.ports) }),
  );

  addRoute(
    app,
    {
      method: 'put',
      path: '/api/shops/{id}',
      role: 'admin',
      tag: '基础资料',
      summary: '保存店铺',
      params: ById,
      body: ShopBody,
      returns: ShopView,
    },
    async ({ params, body, run }) => {
      const { store, clock } = run.ports;
      await requireWarehouses(store, body.warehouseIds, 'distribution');
      return saveVersioned<Shop>(
        store,
        keys.shop(params.id),
        body.version,
        (before, version) => ({
          ...{ ...body, id: params.id, version },
          resync: resyncOf(before, params.id, body.active, clock.nowMs()),
        }),
        (value) => resyncPlaces(value, clock.nowMs()),
      );
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/warehouses',
      role: 'viewer',
      tag: '基础资料',
      summary: '仓库',
      returns: WarehouseRows,
    },
    async ({ run }) => ({ rows: (await loadWarehouses(run.ports.store)).map(({ value }) => value) }),
  );

  addRoute(
    app,
    {
      method: 'put',
      path: '/api/warehouses/{id}',
      role: 'admin',
      tag: '基础资料',
      summary: '保存仓库',
      params: ById,
      body: WarehouseBody,
      returns: WarehouseView,
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
}

/** A shop that comes or goes takes part in the stock of its SKUs, or no longer: all who list them are computed anew. */
function resyncOf(before: Shop | undefined, shopId: string, active: boolean, nowMs: number): Resync | null {
  const unfinished = before?.resync ?? null;
  if (!before || before.active === active) return unfinished;
  return resyncShops([shopId], unfinished, { fromMs: nowMs, resumed: active });
}

/** Shops with what their list shows of them; a secret itself is never among it. */
async function shopRows({ store, access }: Pick<Ports, 'store' | 'access'>): Promise<ShopRow[]> {
  const [shops, strategies] = await Promise.all([loadShops(store), loadShopStrategies(store)]);
  const coverage = await store.getMany<{ toMs: number }>(shops.map(({ value }) => keys.coverage(value.id)));
  const synced = new Set(strategies.flatMap(({ value }) => (value.stockSyncEnabled ? [value.shopId] : [])));
  return shops.map(
    ({ value }, i): ShopRow => ({
      ...value,
      warehouseIds: [...value.warehouseIds],
      ...{ hasKeys: hasKeys(value), stockSyncEnabled: synced.has(value.id) },
      coveredToMs: coverage[i]?.value.toMs ?? null,
    }),
  );

  function hasKeys(shop: Shop): boolean {
    try {
      access(shop);
      return true;
    } catch (error) {
      if (hasCode(error, 'SECRET_MISSING')) return false;
      throw error;
    }
  }
}
