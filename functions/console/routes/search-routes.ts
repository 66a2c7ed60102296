import { deliveryOrderId, isKeyPart } from '../../../shared/domain/kernel/ids';
import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import { statusText } from '../../../shared/domain/order/delivery-order';
import type { ReceivedOrder } from '../../../shared/domain/order/received-order';
import { CONVERSION_ZH } from '../../../shared/domain/order/received-order';
import type { AllocationOrder } from '../../../shared/domain/stock/allocation-order';
import { ALLOCATION_STATUS_ZH } from '../../../shared/domain/stock/allocation-order';
import type { StockEntry } from '../../../shared/domain/stock/stock-entry';
import type { Store } from '../../../shared/ports/store';
import { keys } from '../../../shared/procedures/keys';
import { loadShops, loadWarehouses } from '../../../shared/procedures/settings';
import type { ConsoleApp } from '../api';
import { addRoute } from '../api';
import { skuPage } from '../lists/sku-page';
import type { SearchHit } from '../schema/search';
import { SearchAnswer, SearchQuery } from '../schema/search';

/** Hits at most: who sees more types more. */
const HITS_MAX = 20;

/** SKUs among them that only begin so. */
const SKUS_MAX = 10;

/** The search field of the console. */
export function addSearchRoutes(app: ConsoleApp): void {
  addRoute(
    app,
    {
      method: 'get',
      path: '/api/search',
      role: 'viewer',
      tag: '运营中心',
      summary: '按订单号、商品编码、店铺、仓库、单据号查找',
      query: SearchQuery,
      returns: SearchAnswer,
    },
    async ({ query, run }) => ({ hits: await search(run.ports.store, query.q) }),
  );
}

/** Exact numbers and ids first; all by keys and short lists, so that it costs the same however much is stored. */
async function search(store: Store, text: string): Promise<SearchHit[]> {
  const [shops, warehouses] = await Promise.all([loadShops(store), loadWarehouses(store)]);
  const part = text.toLowerCase();
  const named = [
    ...shops.map(({ value: { id, title } }): SearchHit => ({ kind: 'shop', id, title, shopId: id })),
    ...warehouses.map(({ value: { id, title } }): SearchHit => ({ kind: 'warehouse', id, title })),
  ].filter(({ id, title }) => id.toLowerCase().includes(part) || title.toLowerCase().includes(part));
  if (!isKeyPart(text)) return named.slice(0, HITS_MAX);
  const shopIds = shops.map(({ value }) => value.id);
  const found = await Promise.all([ordersOf(store, shopIds, text), documentsOf(store, text), skusOf(store, text)]);
  return [...found.flat(), ...named].slice(0, HITS_MAX);
}

/** The order of this number in each shop: what came in, and what was made of it. */
async function ordersOf(store: Store, shopIds: readonly string[], orderNo: string): Promise<SearchHit[]> {
  const [received, delivery] = await Promise.all([
    store.getMany<ReceivedOrder>(shopIds.map((shopId) => keys.platformOrder(shopId, orderNo))),
    store.getMany<DeliveryOrder>(shopIds.map((shopId) => keys.deliveryOrder(deliveryOrderId(shopId, orderNo)))),
  ]);
  return shopIds.flatMap((shopId, i): SearchHit[] => {
    const [order, made] = [received[i]?.value, delivery[i]?.value];
    const id = deliveryOrderId(shopId, orderNo);
    return [
      ...(made ? [{ kind: 'delivery-order' as const, id, title: statusText(made), shopId, orderNo }] : []),
      ...(order
        ? [
            {
              ...{ kind: 'platform-order' as const, id, title: CONVERSION_ZH[order.conversion] },
              ...{ shopId, orderNo, channel: order.channel },
            },
          ]
        : []),
    ];
  });
}

async function documentsOf(store: Store, id: string): Promise<SearchHit[]> {
  const [allocation, entry] = await Promise.all([
    store.get<AllocationOrder>(keys.allocationOrder(id)),
    store.get<StockEntry>(keys.stockEntry(id)),
  ]);
  return [
    ...(allocation
      ? [{ kind: 'allocation-order' as const, id, title: ALLOCATION_STATUS_ZH[allocation.value.status] }]
      : []),
    ...(entry ? [{ kind: 'stock-entry' as const, id, title: entry.value.type === 'receipt' ? '入库' : '调整' }] : []),
  ];
}

async function skusOf(store: Store, prefix: string): Promise<SearchHit[]> {
  const { rows } = await skuPage(store, { prefix, limit: SKUS_MAX });
  return rows.map(({ id, title }): SearchHit => ({ kind: 'sku', id, title }));
}
