import type { Actor } from '../kernel/log-line';
import type { SkuOf } from './convert-order';
import { resolveLines } from './convert-order';
import type { DeliveryLine, DeliveryOrder } from './delivery-order';
import { holdsFor, moveOrder, noteOrder, platformFacts } from './delivery-order';
import { listingKey } from './item-mapping';
import type { PlatformOrder } from './platform-order';
import { supersedes } from './platform-order';

const REFUND_ZH = { none: '无退款', 'in-progress': '退款中', succeeded: '退款成功' } as const;

/**
 * Takes a newer version of its platform order into a delivery order. An older version changes nothing, so updates may
 * arrive in any order and any number of times. What the warehouse has begun is never undone from here: that becomes an
 * exception 异常 for a person.
 */
export function applyPlatformUpdate(
  order: DeliveryOrder,
  update: PlatformOrder,
  context: { skuOf: SkuOf; nowMs: number },
): DeliveryOrder {
  if (!supersedes(update, order.platform)) return order;
  const facts = platformFacts(update);
  const { lines, unmapped } = updatedLines(order, update, context.skuOf);
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  if (same(facts, order.platform) && same(lines, order.lines) && same(unmapped, order.unmapped)) return order;
  const actor: Actor = { kind: 'platform', id: order.channel };
  const atMs = context.nowMs;
  let next = noteChanges(order, facts, lines, { actor, atMs });
  const live = next.status !== 'shipped' && next.status !== 'cancelled' && next.goal === 'hold';
  const holds = live ? holdsFor(lines, next.holds) : next.holds;
  next = { ...next, platform: facts, lines, unmapped, holds, audit: null };
  // An exception 异常 waits for a person: a parcel may be on its way already.
  if (!live || next.status === 'exception') return next;
  if (update.status === 'closed' || lines.every((line) => line.refund === 'succeeded')) {
    return cancelOrder(next, { content: '平台订单已关闭，发货单取消', actor, atMs });
  }
  if (update.deposit === 'forfeited') return cancelOrder(next, { content: '预售定金已作废，发货单取消', actor, atMs });
  const halt = haltReason(order, next);
  if (next.status === 'picking' && halt) {
    return moveOrder(next, 'fault', { type: '退款拦截', content: `配货中${halt}，请仓库拦截`, actor, atMs });
  }
  const noted = order.platform.sellerMemo === facts.sellerMemo ? undefined : '卖家备注变更';
  if (next.status === 'audited' && (halt ?? noted)) {
    next = moveOrder(next, 'unaudit', { type: '取消审核', content: `${halt ?? noted}，退回待审核`, actor, atMs });
  }
  const grown = next.holds.some((hold) => hold.wantedQty > hold.heldQty && !hold.lacking && !hold.intent);
  if (grown && next.status === 'pending-audit') {
    next = moveOrder(next, 'reallocate', { type: '明细变更', content: '平台明细变化，重新分配库存', actor, atMs });
  }
  return next;
}

/** Why an order that was found good must not go on as it is: its audit no longer speaks of what the platform says now. */
function haltReason(before: DeliveryOrder, now: DeliveryOrder): string | undefined {
  const refunding = now.lines.some((line) => line.refund === 'in-progress');
  if (refunding || now.holds.some((hold) => hold.wantedQty !== hold.heldQty)) return '发生退款';
  if (now.unmapped.length > 0) return '新增明细未匹配';
  if (now.platform.status === 'paid-do-not-ship') return '平台暂停发货';
  return before.platform.receiver.token === now.platform.receiver.token ? undefined : '收货信息变更';
}

/** Cancels a delivery order: the stock it holds is given back, holds on their way are voided. */
export function cancelOrder(order: DeliveryOrder, by: { content: string; actor: Actor; atMs: number }): DeliveryOrder {
  if (order.status === 'picking') {
    return moveOrder(order, 'fault', {
      type: '退款拦截',
      content: `${by.content}（配货中，请仓库拦截）`,
      actor: by.actor,
      atMs: by.atMs,
    });
  }
  return { ...moveOrder(order, 'cancel', { type: '取消', ...by }), goal: 'release' };
}

/**
 * Our SKU of a line is fixed at conversion: a mapping changed later must not move stock that is held already. It is found
 * anew where the platform sells another listing under the same line number: a buyer may change colour or size.
 */
export function keptSkus(order: DeliveryOrder, skuOf: SkuOf): SkuOf {
  const known = new Map(order.lines.map((line) => [`${line.lineNo}#${listingKey(line)}`, line.skuId]));
  return (line) => known.get(`${line.lineNo}#${listingKey(line)}`) ?? skuOf(line);
}

/**
 * A line that the platform added later is resolved now. While one is unmapped the order keeps the lines that it has, with
 * their refunds as the platform says now, and names the listing; the audit stops it.
 */
function updatedLines(
  order: DeliveryOrder,
  update: PlatformOrder,
  skuOf: SkuOf,
): { lines: readonly DeliveryLine[]; unmapped: readonly string[] } {
  const { lines, unmapped } = resolveLines(update, keptSkus(order, skuOf));
  if (unmapped.length === 0) return { lines, unmapped: [] };
  const refunds = new Map(update.lines.map((line) => [line.lineNo, line.refund]));
  const kept = order.lines.map((line) => ({ ...line, refund: refunds.get(line.lineNo) ?? line.refund }));
  return { lines: kept, unmapped: unmapped.map(listingKey) };
}

function noteChanges(
  order: DeliveryOrder,
  facts: DeliveryOrder['platform'],
  lines: readonly DeliveryLine[],
  by: { actor: Actor; atMs: number },
): DeliveryOrder {
  const changes: string[] = [];
  if (order.platform.status !== facts.status) changes.push(`平台状态 ${order.platform.status} → ${facts.status}`);
  if (order.platform.paidAtMs === null && facts.paidAtMs !== null) changes.push('买家已付款');
  if (order.platform.deposit !== facts.deposit) changes.push(`预售定金 ${order.platform.deposit} → ${facts.deposit}`);
  if (order.platform.buyerMemo !== facts.buyerMemo) changes.push('买家留言变更');
  if (order.platform.sellerMemo !== facts.sellerMemo) changes.push('卖家备注变更');
  if (order.platform.receiver.token !== facts.receiver.token) changes.push('收货信息变更');
  for (const line of lines) {
    const before = order.lines.find((l) => l.lineNo === line.lineNo);
    if (before && before.refund !== line.refund) changes.push(`${line.skuId} ${REFUND_ZH[line.refund]}`);
  }
  return changes.length === 0 ? order : noteOrder(order, { type: '平台更新', content: changes.join('；'), ...by });
}
