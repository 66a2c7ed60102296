import { Link } from 'react-router';

const part = encodeURIComponent;

/** Address of a delivery order 零售发货单. */
export function deliveryOrderPath(shopId: string, orderNo: string): string {
  return `/orders/delivery-orders/${part(shopId)}/${part(orderNo)}`;
}

/** Address of a platform order 平台订单. */
export function platformOrderPath(channel: string, shopId: string, orderNo: string): string {
  return `/interfaces/${part(channel)}/orders/${part(shopId)}/${part(orderNo)}`;
}

/** Address of what says which SKU a listing is 商品对应; `listing` is `item` or `item#sku`. */
export function mappingPath(shopId: string, listing: string): string {
  const [itemId = ''] = listing.split('#');
  return `/interfaces/mappings?shopId=${part(shopId)}&itemId=${part(itemId)}&edit=${part(`${shopId}#${listing}`)}`;
}

/** A SKU, with its stock behind it. */
export function SkuLink({ skuId }: { skuId: string }) {
  return <Link to={`/stock/balances?skuId=${part(skuId)}`}>{skuId}</Link>;
}

/** Address of the ledger 库存流水 of one SKU in one warehouse. */
export function ledgerPath(warehouseId: string, skuId: string): string {
  return `/stock/ledger?warehouseId=${part(warehouseId)}&skuId=${part(skuId)}`;
}
