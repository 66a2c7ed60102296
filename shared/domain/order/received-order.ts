import { isKeyPart } from '../kernel/ids';
import type { LogLine } from '../kernel/log-line';
import type { ChannelId, PlatformOrderStatus } from './platform-order';

/** How far document conversion 单据转换 has come with a platform order. */
export type ConversionState =
  | 'waiting' // a version came in that conversion has not seen
  | 'converted' // its delivery order says what this version says
  | 'unmapped' // parked: items without a SKU of ours
  | 'not-due' // takes no stock yet
  | 'closed'
  | 'shipped-elsewhere';

export const CONVERSION_ZH: Record<ConversionState, string> = {
  waiting: '待转换',
  converted: '已转换',
  unmapped: '未匹配',
  'not-due': '未付款',
  closed: '已关闭',
  'shipped-elsewhere': '平台已发货',
};

/** The newest version of a platform order that we hold, and what became of it: a row of 淘宝订单接口. */
export interface ReceivedOrder {
  readonly channel: ChannelId;
  readonly shopId: string;
  readonly orderNo: string;
  readonly status: PlatformOrderStatus;
  readonly platformStatus: string;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  readonly payableFen: number;
  /** When we asked the platform for this version. */
  readonly fetchedAtMs: number;
  /** Hash of the raw text, which lies beside this document under (modified time, hash). */
  readonly rawHash: string;
  readonly conversion: ConversionState;
  /** Listings that wait for a mapping, where parked. */
  readonly unmapped: readonly string[];
  readonly log: readonly LogLine[];
}

/**
 * What could not be read or had, kept aside 隔离区: an order until it can be had, whoever asks for it again; a push that
 * cannot be read names no order, and stays.
 */
export interface QuarantinedItem {
  readonly shopId: string;
  readonly source: 'push' | 'order';
  readonly orderNo: string | null;
  readonly reason: string;
  /** As it came; the order number where no text did, or one too large to keep. */
  readonly text: string;
  /** Since when it stands here. */
  readonly receivedAtMs: number;
  /** When the order was last asked for; absent for a push, and in what release 0.3 saved. */
  readonly lookedAtMs?: number;
  /** When the order had come, and the item was taken out. */
  readonly takenOutAtMs?: number;
}

/** True until it is taken out. */
export function isAside({ takenOutAtMs }: QuarantinedItem): boolean {
  return takenOutAtMs === undefined;
}

/** The order that an item stands for, where one can ask the platform for it. */
export function orderAside({ source, orderNo }: Pick<QuarantinedItem, 'source' | 'orderNo'>): string | undefined {
  return source === 'order' && orderNo !== null && isKeyPart(orderNo) ? orderNo : undefined;
}
