import type { AppliedKeys } from './applied-keys';
import type { Catalogue } from './catalogue';
import type { DoudianShopConfig, TaobaoShopConfig } from './config';
import type { ShopCounters } from './counters';
import type { Outbox } from './messages/message';
import type { PollOutbox, PollQueue } from './messages/poll-queue';
import type { PushOutbox } from './messages/push-outbox';
import type { OrderBook } from './order-book';

/** What both kinds of shop have: goods, orders, counters and a way for messages. */
interface ShopState {
  readonly catalogue: Catalogue;
  readonly orders: OrderBook;
  readonly counters: ShopCounters;
  readonly outbox: Outbox;
  readonly appliedKeys: AppliedKeys;
}

export interface TaobaoShop extends ShopState {
  readonly channel: 'taobao';
  readonly config: TaobaoShopConfig;
  readonly outbox: PollOutbox;
  readonly queue: PollQueue;
}

export interface DoudianShop extends ShopState {
  readonly channel: 'doudian';
  readonly config: DoudianShopConfig;
  readonly outbox: PushOutbox;
}

export type Shop = TaobaoShop | DoudianShop;
