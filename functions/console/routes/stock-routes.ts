import { sortable } from '../../../shared/domain/kernel/ids';
import type { Sku, Warehouse } from '../../../shared/domain/settings';
import type { LedgerEntry } from '../../../shared/domain/stock/ledger';
import type { StockKey } from '../../../shared/domain/stock/movement';
import { stockKeyText } from '../../../shared/domain/stock/movement';
import { AppError } from '../../../shared/errors';
import type { Store } from '../../../shared/ports/store';
import { keys } from '../../../shared/procedures/keys';
import { readLedgers } from '../../../shared/procedures/post-movements';
import { loadWarehouses } from '../../../shared/procedures/settings';
import type { ConsoleApp } from '../api';
import { addRoute } from '../api';
import { skuPage } from '../lists/sku-page';
import type { StockRow } from '../schema/stock';
import { LedgerPage, LedgerQuery, StockBalance, StockPage, StockPath, StockQuery } from '../schema/stock';
import { requireSkus, requireWarehouses } from '../require-known';
import { balanceView, ledgerRow } from './stock-view';

/** 库存查询, 库存流水. */
export function addStockRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/stock',
      role: 'viewer',
      tag: '库存中心',
      summary: '库存查询，按商品列出各仓库结存',
      query: StockQuery,
      returns: StockPage,
    },
    async ({ query, run }) => {
      const { store } = run.ports;
      const page = await skuPage(store, { ...query, prefix: query.skuId });
      const warehouses = (await loadWarehouses(store)).map(({ value }) => value);
      const wanted = warehouses.filter(({ id }) => query.warehouseId === undefined || id === query.warehouseId);
      if (query.warehouseId !== undefined && wanted.length === 0)
        throw new AppError('UNKNOWN_WAREHOUSE', { warehouseId: query.warehouseId });
      return { ...page, rows: await stockRows(store, page.rows, wanted) };
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/stock/{warehouseId}/{skuId}',
      role: 'viewer',
      tag: '库存中心',
      summary: '一个仓库中一个商品的库存',
      params: StockPath,
      returns: StockBalance,
    },
    async ({ params, run }) => {
      await requireStockKey(run.ports.store, params);
      return balanceView(params, (await readLedgers(run.ports.store, [params])).get(stockKeyText(params)));
    },
  );

  addRoute(
    app,
    {
      method: 'get',
      path: '/api/stock/{warehouseId}/{skuId}/ledger',
      role: 'viewer',
      tag: '库存中心',
      summary: '库存流水及每笔的变动与来源单据',
      params: StockPath,
      query: LedgerQuery,
      returns: LedgerPage,
    },
    async ({ params, query, run }) => {
      await requireStockKey(run.ports.store, params);
      const page = await run.ports.store.query<LedgerEntry>(keys.ledgerPartition(params), {
        ...(query.after !== undefined && { after: ledgerPlace(query.after) }),
        // One more tells whether there is a next page.
        limit: query.limit + 1,
        descending: query.order === 'newest',
      });
      const rows = page.slice(0, query.limit).map(({ value }) => ledgerRow(value));
      const last = rows.at(-1);
      return { rows, next: last && page.length > rows.length ? String(last.number) : null, searchedToMs: null };
    },
  );
}

/** A ledger's pages follow its numbers. */
function ledgerPlace(after: string): string {
  if (/^\d{1,16}$/.test(after)) return sortable(Number(after));
  throw new AppError('BAD_INPUT', { problems: ['after: not what a former page gave as next / 不是上一页给出的位置'] });
}

/** SKUs with the balances of those warehouses that they have a ledger in. */
async function stockRows(store: Store, skus: readonly Sku[], warehouses: readonly Warehouse[]): Promise<StockRow[]> {
  const stockKeys = skus.flatMap((sku) =>
    warehouses.map((warehouse): StockKey => ({ skuId: sku.id, warehouseId: warehouse.id })),
  );
  const ledgers = await readLedgers(store, stockKeys);
  return skus.map(({ id: skuId, title }): StockRow => {
    const balances = warehouses.flatMap(({ id: warehouseId }) => {
      const last = ledgers.get(stockKeyText({ warehouseId, skuId }));
      return last ? [balanceView({ warehouseId, skuId }, last)] : [];
    });
    const sum = (of: (balance: (typeof balances)[number]) => number): number =>
      balances.reduce((total, balance) => total + of(balance), 0);
    return {
      ...{ skuId, title, onHandQty: sum((b) => b.onHandQty), heldQty: sum((b) => b.heldQty) },
      availableQty: sum((b) => b.availableQty),
      changedAtMs: balances.length > 0 ? Math.max(...balances.map((b) => b.changedAtMs ?? 0)) : null,
      warehouses: balances,
    };
  });
}

async function requireStockKey(store: Store, key: StockKey): Promise<void> {
  await requireWarehouses(store, [key.warehouseId], null);
  await requireSkus(store, [key.skuId]);
}
