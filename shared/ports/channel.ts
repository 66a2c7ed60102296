import type { ChannelId, PlatformOrder } from '../domain/order/platform-order';

/** What a call to a platform needs: which seller, and the keys from the secret settings. Never stored, never logged. */
export interface ShopAccess {
  readonly shopId: string;
  readonly appKey: string;
  readonly appSecret: string;
  /** Seller's token: Taobao session, Doudian access_token. */
  readonly accessToken: string;
  /** The platform's own number of the shop, where its messages carry one; '' where they do not. */
  readonly platformShopId: string;
}

/** An order whole, as the platform's JSON text. */
export interface RawOrder {
  readonly orderNo: string;
  readonly text: string;
}

/** What a list by modified time tells of an order: enough to see whether it must be fetched. */
export interface OrderStamp {
  readonly orderNo: string;
  readonly modifiedAtMs: number;
  readonly platformStatus: string;
}

/** A message that one polls for. `orderNo` is null where the topic is of no concern to orders. */
export interface ChannelMessage {
  readonly messageId: string;
  readonly orderNo: string | null;
  /** Platform's number of the seller whom it is about: sellers of one app share a queue. '' where it is not said. */
  readonly sellerId: string;
  readonly topic: string;
}

/** A listing 平台商品: one SKU of one item in one shop. */
export interface ListingRef {
  readonly itemId: string;
  readonly platformSkuId: string | null;
}

export interface PlatformListing extends ListingRef {
  readonly merchantCode: string | null;
  readonly title: string;
  readonly shownQty: number;
}

/**
 * One stock write. `set` states the quantity that the shop shall show; `add` a signed change. `key` is the caller's
 * idempotency key, made from the sync record's number: sent where the platform takes one.
 */
export interface StockWrite {
  readonly listing: ListingRef;
  readonly mode: 'set' | 'add';
  readonly qty: number;
  readonly key: string;
}

/** A part of what a shop has on sale, and how many items are still to be read behind it. */
export interface ListingsPart {
  readonly listings: readonly PlatformListing[];
  readonly leftItems: number;
}

/**
 * Outcome of one stock write. `unknown` (time-out, connection lost after sending) must be settled by reading back, and is
 * `unanswered` where the platform said nothing at all, so that the next call may meet the same;
 * `refused` says whether a later try, with a fresh quantity, can help; its code is one of the error catalogue.
 */
export type StockWriteResult =
  | { readonly kind: 'applied'; readonly shownQty: number | null }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly retry: 'later' | 'never' }
  | { readonly kind: 'unknown'; readonly message: string; readonly unanswered?: true };

/** What a platform's stock write can do; the push takes the safest that it finds. */
export interface StockWriteCapabilities {
  readonly set: true;
  /** A signed addition that one key applies once only. */
  readonly idempotentAdd: boolean;
  /** Writes of one call at most, all of one item where `oneItemPerCall`. */
  readonly writesPerCallMax: number;
  readonly oneItemPerCall: boolean;
}

/** How news of orders arrives: the platform pushes to a URL of ours, or we poll its queue and confirm. */
export type ChannelIntake =
  | {
      readonly kind: 'push';
      /** True where the push is genuine: checked on the raw bytes, in constant time. */
      verify(access: ShopAccess, headers: Readonly<Record<string, string>>, rawBody: Uint8Array): boolean;
      /** Order numbers named by a verified push. Throws BAD_PUSH with the reason where the body is not of the known shape. */
      orderNos(rawBody: Uint8Array): { orderNos: string[]; shopIds: string[] };
      /** Body of the answer that makes the platform stop sending (HTTP 200). */
      readonly acceptedBody: string;
      /** Body of an answer that makes the platform send again. */
      readonly refusedBody: string;
    }
  | {
      readonly kind: 'poll';
      consume(access: ShopAccess, maxMessages: number): Promise<ChannelMessage[]>;
      confirm(access: ShopAccess, messageIds: readonly string[]): Promise<void>;
    };

/**
 * One sales platform 平台. Calls throw AppError with a CHANNEL_* code that says whether a retry can help.
 * Everything that is known of a platform lives in its adapter's folder.
 */
export interface Channel {
  readonly id: ChannelId;
  readonly intake: ChannelIntake;
  readonly stockWrite: StockWriteCapabilities;
  /** Reads an order's text. Pure. Throws ORDER_UNREADABLE naming the field. */
  readOrder(rawText: string): PlatformOrder;
  fetchOrder(access: ShopAccess, orderNo: string): Promise<RawOrder>;
  /**
   * Orders modified in [fromMs, toMs], page by page, in an order of paging that misses nothing while the list shifts.
   * A window wider than the platform allows is split by the adapter.
   */
  listModified(access: ShopAccess, window: { fromMs: number; toMs: number }): AsyncIterable<readonly OrderStamp[]>;
  /** Everything that the shop has on sale 商品下载, part by part; or what an earlier call has left of it. */
  listListings(access: ShopAccess, leftItems?: number): AsyncIterable<ListingsPart>;
  readStock(access: ShopAccess, listing: ListingRef): Promise<number>;
  /**
   * One call to the platform, at most `writesPerCallMax` writes of one mode; results in the order of the writes. A call
   * that is refused as a whole refuses each of its writes; whether one bad write refuses all is the platform's way. Never
   * throws for a platform's answer.
   */
  writeStock(access: ShopAccess, writes: readonly StockWrite[]): Promise<StockWriteResult[]>;
}
