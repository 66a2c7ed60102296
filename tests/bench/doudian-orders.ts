import { doudianMessages, pushEnvelope } from '../../infra/local/sandbox/doudian/messages';
import { shopOrderJson } from '../../infra/local/sandbox/doudian/order-json';
import { writeJson } from '../../infra/local/sandbox/json';
import type { Order, OrderLine } from '../../infra/local/sandbox/order';
import type { RawOrder } from '../../shared/ports/channel';
import { DOUDIAN_SHOP, listingOf, skuIdOf, titleOf } from './brand';

/** An order as Doudian has it: its number, the gateway's whole answer to a fetch, and the signed push that names it. */
export interface DoudianOrder extends RawOrder {
  readonly push: { readonly body: string; readonly headers: Readonly<Record<string, string>> };
}

/** Where the shop's pushes go. */
export const PUSH_PATH = `/webhooks/doudian/${DOUDIAN_SHOP.shopId}`;

const FIRST_ORDER_NO = 6_917_525_310_000_000_000n;

/** Lines of one order at most, here: their numbers follow the order's own. */
const NUMBERS_PER_ORDER = 100n;

/**
 * Paid order number `n` of the bench, placed and paid in the second of `atMs`: one line of one piece for each SKU number.
 * In the sandbox's words, so that it is as long as an order over the wire; the gateway's envelope is around it, since
 * that is what is stored.
 */
export function doudianOrder(n: number, skuNumbers: readonly number[], atMs: number): DoudianOrder {
  const number = FIRST_ORDER_NO + BigInt(n) * NUMBERS_PER_ORDER;
  const order: Order = {
    orderNo: String(number),
    lines: skuNumbers.map((sku, i) => lineOf(sku, String(number + BigInt(i) + 1n))),
    ...{ depositPresale: false, mayShip: true, buyerNick: `buyer-${n}`, buyerMemo: '', sellerMemo: '', sellerFlag: 0 },
    ...{ status: 'to-ship', createdAtMs: atMs, modifiedAtMs: atMs, paidAtMs: atMs, changeNo: 1 },
    ...{ depositPaidAtMs: null, shippedAtMs: null, closedAtMs: null, messages: [] },
  };
  const messages = doudianMessages(DOUDIAN_SHOP, order, { kind: 'paid' }).map(({ tag, data }) => ({
    ...{ messageId: `${order.orderNo}:${tag}`, topic: tag, content: data },
    ...{ emittedAtMs: atMs, state: 'waiting' as const, deliveries: 0, copiesLeft: 1 },
  }));
  const text = writeJson({
    ...{ code: 10_000, msg: 'success', sub_code: '', sub_msg: '', log_id: `bench${String(n).padStart(12, '0')}` },
    data: { shop_order_detail: shopOrderJson(DOUDIAN_SHOP, order) },
  });
  return { orderNo: order.orderNo, text, push: pushEnvelope(DOUDIAN_SHOP, messages) };
}

function lineOf(n: number, lineNo: string): OrderLine {
  const { itemId, platformSkuId } = listingOf(n);
  return {
    ...{ lineNo, itemId, skuId: platformSkuId, itemCode: skuIdOf(n), skuCode: skuIdOf(n) },
    ...{ itemTitle: titleOf(n), skuTitle: '标准版', priceFen: 9_950, quantity: 1, gift: false },
    ...{ refund: 'none', refundId: null },
  };
}
