import type { SourceDocument } from '../../../schema/stock';
import { queryText } from '../../kit/api';

const part = encodeURIComponent;

/** The ledger of one SKU in one warehouse; with `number`, the page on which that entry stands first, marked. */
export function ledgerPath(warehouseId: string, skuId: string, number?: number): string {
  // A ledger's pages follow its numbers.
  const place = number === undefined ? {} : { after: number + 1, number };
  return `/stock/ledger${queryText({ warehouseId, skuId, ...place })}`;
}

export const allocationPath = (id: string): string => `/stock/allocation-orders/${part(id)}`;
export const stockEntryPath = (id: string): string => `/stock/entries/${part(id)}`;

/** The document that moved the stock. */
export function documentPath(document: SourceDocument): string {
  switch (document.kind) {
    case 'delivery-order':
      return `/orders/delivery-orders/${part(document.shopId ?? '')}/${part(document.orderNo ?? '')}`;
    case 'allocation-order':
      return allocationPath(document.id);
    case 'stock-entry':
      return stockEntryPath(document.id);
  }
}
