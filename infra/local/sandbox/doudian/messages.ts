import type { DoudianShopConfig } from '../config';
import type { JsonObject } from '../json';
import { writeJson } from '../json';
import type { SentMessage } from '../messages/message';
import type { Order, OrderEvent, OrderLine } from '../order';
import { linePaymentFen, paidFen } from '../order';
import { unixSeconds } from '../platform-time';
import { afterSaleOf, orderStatus } from './order-status';
import { eventSign } from './sign';

export interface TaggedData {
  readonly tag: string;
  /** JSON text, 64-bit ids as bare numbers */
  readonly data: string;
}

/**
 * The messages of one event. A refund that is agreed to succeeds at once, so it is told twice (201, 206), as is a
 * refusal (204, then 207 closed). The close that follows from the refunds has no message of its own.
 */
export function doudianMessages(shop: DoudianShopConfig, order: Order, event: OrderEvent): TaggedData[] {
  switch (event.kind) {
    case 'created':
      return [aboutOrder('100', shop, order, { create_time: unixSeconds(order.createdAtMs) })];
    case 'deposit-paid':
      return [aboutOrder('110', shop, order, payment(order))];
    case 'paid':
      return [aboutOrder(order.status === 'must-not-ship' ? '110' : '101', shop, order, payment(order))];
    case 'released':
      return [aboutOrder('101', shop, order, payment(order))];
    case 'shipped':
      return [aboutOrder('102', shop, order, { ship_time: seconds(order.shippedAtMs) })];
    case 'memo-changed': {
      const memo = { remark: order.sellerMemo, star: order.sellerFlag, update_time: unixSeconds(order.modifiedAtMs) };
      return [aboutOrder('113', shop, order, memo)];
    }
    case 'closed-unpaid':
      return [aboutOrder('106', shop, order, { cancel_time: seconds(order.closedAtMs), cancel_reason: '买家取消' })];
    case 'closed-refunded':
      return [];
    case 'refund-requested':
      return [aboutAfterSale('200', shop, order, event.line)];
    case 'refund-agreed':
      return (event.byCancel ? ['206'] : ['201', '206']).map((tag) => aboutAfterSale(tag, shop, order, event.line));
    case 'refund-refused':
      return ['204', '207'].map((tag) => aboutAfterSale(tag, shop, order, event.line));
  }
}

/** One push: the body, and the headers that prove it. */
export function pushEnvelope(
  shop: DoudianShopConfig,
  messages: readonly SentMessage[],
): { body: string; headers: Readonly<Record<string, string>> } {
  const body = writeJson(
    messages.map((message) => ({ tag: message.topic, msg_id: message.messageId, data: message.content })),
  );
  const sign = eventSign(shop.appKey, body, shop.appSecret);
  return { body, headers: { 'content-type': 'application/json', 'app-id': shop.appKey, 'event-sign': sign } };
}

/** Only HTTP 200 with `code` 0 counts as received. */
export function isPushAccepted(status: number, body: string): boolean {
  if (status !== 200) return false;
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null && 'code' in answer && answer.code === 0;
  } catch {
    return false; // not JSON, so not an acceptance
  }
}

function aboutOrder(tag: string, shop: DoudianShopConfig, order: Order, more: JsonObject): TaggedData {
  return {
    tag,
    data: writeJson({
      p_id: BigInt(order.orderNo),
      s_ids: order.lines.map((line) => BigInt(line.lineNo)),
      shop_id: BigInt(shop.platformShopId),
      order_status: orderStatus(order),
      order_type: 0,
      biz: 2,
      ...more,
    }),
  };
}

function aboutAfterSale(tag: string, shop: DoudianShopConfig, order: Order, line: OrderLine): TaggedData {
  const afterSale = afterSaleOf(order, line);
  return {
    tag,
    data: writeJson({
      aftersale_id: BigInt(line.refundId ?? 0),
      aftersale_status: afterSale.status,
      aftersale_type: afterSale.type,
      p_id: BigInt(order.orderNo),
      s_id: BigInt(line.lineNo),
      shop_id: BigInt(shop.platformShopId),
      refund_amount: linePaymentFen(line),
      refund_post_amount: 0,
      reason_code: 1,
      update_time: unixSeconds(order.modifiedAtMs),
    }),
  };
}

function payment(order: Order): JsonObject {
  return { pay_amount: paidFen(order), pay_time: seconds(order.paidAtMs ?? order.depositPaidAtMs), pay_type: 1 };
}

function seconds(atMs: number | null): number {
  return atMs === null ? 0 : unixSeconds(atMs);
}
