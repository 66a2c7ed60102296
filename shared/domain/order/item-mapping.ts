import type { Resync } from '../sync/resync';
import type { PlatformOrderLine } from './platform-order';

/**
 * Platform item ↔ SKU 商品对应: which SKU of ours a listing of a shop sells. Found by the merchant code 商家编码 where
 * that is one of our SKUs, else saved by hand.
 */
export interface ItemMapping {
  readonly shopId: string;
  readonly itemId: string;
  readonly platformSkuId: string | null;
  /** null while nobody has said which SKU it is 未匹配. */
  readonly skuId: string | null;
  readonly source: 'merchant-code' | 'manual';
  readonly merchantCode: string | null;
  readonly title: string;
  readonly version: number;
  readonly resync: Resync | null;
}

/** Key of a listing inside its shop: `item` or `item#sku`. */
export function listingKey(listing: Pick<PlatformOrderLine, 'itemId' | 'platformSkuId'>): string {
  return listing.platformSkuId === null ? listing.itemId : `${listing.itemId}#${listing.platformSkuId}`;
}
