import { buyerOf } from '../buyer';
import type { JsonObject } from '../json';
import { writeJson } from '../json';
import type { Order, OrderEvent, OrderLine } from '../order';
import { linePaymentFen, totalFen } from '../order';
import { beijingText } from '../platform-time';
import { yuan } from './money';
import { refundStatus, tradeStatus } from './trade-status';

interface Seller {
  readonly shopId: string;
  readonly nick: string;
}

/** The topic of an event, and what its content says about it. Content holds ids and status, never the order. */
export function topMessage(seller: Seller, order: Order, event: OrderEvent): { topic: string; content: string } {
  switch (event.kind) {
    case 'created':
      return trade('TradeCreate', seller, order);
    case 'deposit-paid':
      return trade('TradeBuyerStepPay', seller, order);
    case 'paid':
      return trade('TradeBuyerPay', seller, order);
    case 'released':
      return trade('TradeChanged', seller, order);
    case 'shipped':
      return trade('TradeSellerShip', seller, order);
    case 'memo-changed':
      return trade('TradeMemoModified', seller, order, { seller_memo: order.sellerMemo });
    case 'closed-unpaid':
    case 'closed-refunded':
      return trade('TradeClose', seller, order);
    case 'refund-requested':
      return refund('RefundCreated', seller, order, event.line);
    case 'refund-agreed':
      return refund('RefundSuccess', seller, order, event.line);
    case 'refund-refused':
      return refund('RefundClosed', seller, order, event.line);
  }
}

function trade(name: string, seller: Seller, order: Order, more: JsonObject = {}): { topic: string; content: string } {
  return {
    topic: `taobao_trade_${name}`,
    content: writeJson({
      buyer_nick: buyerOf(seller.shopId, order).maskedNick,
      payment: yuan(totalFen(order)),
      status: tradeStatus(order),
      oid: BigInt(order.lines[0]?.lineNo ?? order.orderNo),
      tid: BigInt(order.orderNo),
      type: 'guarantee_trade',
      post_fee: '0.00',
      seller_nick: seller.nick,
      ...more,
    }),
  };
}

function refund(name: string, seller: Seller, order: Order, line: OrderLine): { topic: string; content: string } {
  return {
    topic: `taobao_refund_${name}`,
    content: writeJson({
      buyer_nick: buyerOf(seller.shopId, order).maskedNick,
      refund_fee: yuan(linePaymentFen(line)),
      refund_id: line.refundId === null ? undefined : BigInt(line.refundId),
      status: refundStatus(line),
      oid: BigInt(line.lineNo),
      tid: BigInt(order.orderNo),
      refund_phase: order.shippedAtMs === null ? 'onsale' : 'aftersale',
      bill_type: 'refund_bill',
      modified: beijingText(order.modifiedAtMs),
      seller_nick: seller.nick,
    }),
  };
}
