import type { Sku } from '../../../shared/domain/settings';
import { availableQty, EMPTY_BALANCE } from '../../../shared/domain/stock/ledger';
import { stockKeyText } from '../../../shared/domain/stock/movement';
import { keys } from '../../../shared/procedures/keys';
import { readLedgers } from '../../../shared/procedures/post-movements';
import type { ConsoleApp } from '../api';
import { addRoute } from '../api';
import { CheckedSkus, StockCheckBody } from '../schema/stock-check';
import { requireWarehouses } from '../require-known';

/** What a person sees beside the lines of a stock document while typing: which SKUs there are, and what the warehouse has. */
export function addStockCheckRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'post',
      path: '/api/stock/check',
      role: 'viewer',
      tag: '库存中心',
      summary: '核对一批商品编码及其在一个仓库的可用库存（不改动任何数据）',
      body: StockCheckBody,
      returns: CheckedSkus,
    },
    async ({ body, run }) => {
      const { store } = run.ports;
      const { warehouseId } = body;
      const skuIds = [...new Set(body.skuIds)];
      if (warehouseId !== null) await requireWarehouses(store, [warehouseId], null);
      const skus = await store.getMany<Sku>(skuIds.map(keys.sku));
      const known = skuIds.filter((_, i) => skus[i]);
      const ledgers = await readLedgers(
        store,
        warehouseId === null ? [] : known.map((skuId) => ({ warehouseId, skuId })),
      );
      return {
        rows: skuIds.map((skuId, i) => {
          const last = warehouseId === null ? undefined : ledgers.get(stockKeyText({ warehouseId, skuId }));
          const balance = last?.balance ?? EMPTY_BALANCE;
          return { skuId, title: skus[i]?.value.title ?? null, ...balance, availableQty: availableQty(balance) };
        }),
      };
    },
  );
}
