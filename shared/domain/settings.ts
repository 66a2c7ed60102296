import type { ChannelId } from './order/platform-order';
import type { Resync } from './sync/resync';

/** A shop 店铺: one seller account on a channel. Its keys and tokens are settings, never part of this document. */
export interface Shop {
  readonly id: string;
  readonly channel: ChannelId;
  readonly title: string;
  /** The platform's own number of the shop, as its messages carry it; '' where they carry none. */
  readonly platformShopId: string;
  /** Distribution warehouses that its orders are shipped from, in order of preference. */
  readonly warehouseIds: readonly string[];
  /** Orders are polled and pulled, pushes are taken. */
  readonly active: boolean;
  /** Stock writes a second that the platform allows this shop, and how many at once. */
  readonly writesPerSecond: number;
  readonly writeBurst: number;
  readonly version: number;
  /** What switching it on or off still has to bring to the shops; none where it never was. */
  readonly resync?: Resync | null;
}

/** A warehouse 逻辑仓: source (stock not yet given to anyone) or distribution 配销仓 (given to shops to sell). */
export interface Warehouse {
  readonly id: string;
  readonly title: string;
  readonly kind: 'source' | 'distribution';
  readonly version: number;
}

/** One of our SKUs 商品. Its id is the merchant code 商家编码 that sellers keep on the platforms. */
export interface Sku {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  /** When the listings that have waited for a new one are looked for again. */
  readonly seekAtMs?: number;
}
