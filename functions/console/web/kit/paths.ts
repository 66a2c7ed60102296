import type { SourceDocument } from '../../schema/stock';
import { queryText } from './api';

// Addresses of pages that others lead to. Ids may hold any letter, so each is encoded.

const part = encodeURIComponent;

/** A delivery order 零售发货单. */
export function deliveryOrderPath(shopId: string, orderNo: string): string {
  return `/orders/delivery-orders/${part(shopId)}/${part(orderNo)}`;
}

/** A platform order 平台订单. */
export function platformOrderPath(channel: string, shopId: string, orderNo: string): string {
  return `/interfaces/${part(channel)}/orders/${part(shopId)}/${part(orderNo)}`;
}

/** What says which SKU a listing is 商品对应; `listing` is `item` or `item#sku`. */
export function mappingPath(shopId: string, listing: string): string {
  const [itemId = ''] = listing.split('#');
  return `/interfaces/mappings?shopId=${part(shopId)}&itemId=${part(itemId)}&edit=${part(`${shopId}#${listing}`)}`;
}

/** The stock 库存查询 of one SKU. */
export const stockPath = (skuId: string): string => `/stock/balances?skuId=${part(skuId)}`;

/** The ledger 库存流水 of one SKU in one warehouse; with `number`, the page on which that entry stands first, marked. */
export function ledgerPath(warehouseId: string, skuId: string, number?: number): string {
  // A ledger's pages follow its numbers.
  const place = number === undefined ? {} : { after: number + 1, number };
  return `/stock/ledger${queryText({ warehouseId, skuId, ...place })}`;
}

export const allocationPath = (id: string): string => `/stock/allocation-orders/${part(id)}`;
export const stockEntryPath = (id: string): string => `/stock/entries/${part(id)}`;
export const shopPath = (id: string): string => `/master/shops/${part(id)}`;

/** The document that moved the stock. */
export function documentPath(document: SourceDocument): string {
  switch (document.kind) {
    case 'delivery-order':
      return deliveryOrderPath(document.shopId ?? '', document.orderNo ?? '');
    case 'allocation-order':
      return allocationPath(document.id);
    case 'stock-entry':
      return stockEntryPath(document.id);
  }
}
