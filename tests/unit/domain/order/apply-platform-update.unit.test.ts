import { applyPlatformUpdate } from '../../../../shared/domain/order/apply-platform-update';
import { auditByRule } from '../../../../shared/domain/order/audit-order';
import type { DeliveryOrder } from '../../../../shared/domain/order/delivery-order';
import { moveOrder } from '../../../../shared/domain/order/delivery-order';
import { present } from '../fixed-runs';
import {
  allocated,
  ALWAYS,
  apply,
  converted,
  driven,
  logNewestFirst,
  MINUTE,
  person,
  platformLine,
  platformOrder,
  SECOND,
  stockOf,
  T,
  twoLines,
  version,
} from './samples';

const newest = (order: DeliveryOrder): string => present(logNewestFirst(order)[0]);

/** An order of two lines whose stock is held: 2 of TEE, 1 of CAP. */
const waiting = (): DeliveryOrder => allocated(platformOrder({ lines: twoLines() }));
const audited = (): DeliveryOrder => auditByRule(waiting(), ALWAYS, T + MINUTE);
const picking = (): DeliveryOrder =>
  moveOrder(audited(), 'pick', { type: '配货', content: '仓库开始配货', actor: person, atMs: T + MINUTE });

describe('versions of a platform order', () => {
  it('change nothing when they are older', () => {
    const order = apply(allocated(), version(10, { buyerMemo: '改地址' }));
    expect(apply(order, version(9, { status: 'closed' }))).toBe(order);
  });

  it('change nothing when they say the same, also at a second time', () => {
    const order = apply(allocated(), version(10, { buyerMemo: '改地址' }));
    expect(apply(order, version(10, { buyerMemo: '改地址' }))).toBe(order);
  });

  it('within one second, give way to the one that has come further', () => {
    const order = apply(allocated(), version(10, { status: 'to-ship', sellerMemo: 'a' }));
    expect(apply(order, version(10, { status: 'paid-do-not-ship' }))).toBe(order);
    expect(apply(order, version(10, { status: 'closed' })).status).toBe('cancelled');
  });

  it('are told of in one log line by the platform, with all that changed', () => {
    const order = apply(
      waiting(),
      version(10, {
        status: 'part-shipped',
        buyerMemo: '改地址',
        sellerMemo: '老客户',
        receiver: { ...platformOrder().receiver, token: 'token-2' },
        lines: twoLines({}, { refund: 'succeeded' }),
      }),
    );
    expect(order.log.slice(2).map((line) => [line.type, line.content, line.actor])).toEqual([
      [
        '平台更新',
        '平台状态 to-ship → part-shipped；买家留言变更；卖家备注变更；收货信息变更；CAP 退款成功',
        { kind: 'platform', id: 'taobao' },
      ],
    ]);
  });

  it('leave a picked order to its parcel where only a memo changes; a seller memo is read again before picking', () => {
    const memo = { lines: twoLines(), sellerMemo: '老客户' };
    const picked = apply(picking(), version(10, memo));
    expect([picked.status, newest(picked)]).toEqual(['picking', '平台更新 卖家备注变更']);
    const released = apply(audited(), version(10, memo));
    expect([released.status, newest(released)]).toEqual(['pending-audit', '取消审核 卖家备注变更，退回待审核']);
    expect(apply(audited(), version(10, { lines: twoLines(), buyerMemo: '谢谢' })).status).toBe('audited');
  });

  it('take back what was found good when the platform stops shipping, or the receiver changes', () => {
    const stopped = { lines: twoLines(), status: 'paid-do-not-ship' } as const;
    expect(newest(apply(audited(), version(10, stopped)))).toBe('取消审核 平台暂停发货，退回待审核');
    expect(apply(picking(), version(10, stopped)).status).toBe('exception');
    const moved = { lines: twoLines(), receiver: { ...platformOrder({}).receiver, token: 'elsewhere' } };
    expect(newest(apply(audited(), version(10, moved)))).toBe('取消审核 收货信息变更，退回待审核');
    expect(apply(picking(), version(10, moved)).status).toBe('exception');
  });

  it('keep the lines where a new one is unmapped, take in their refunds, and stop the audit until it has its SKU', () => {
    const [first, second] = twoLines();
    if (!first || !second) throw new Error('two lines');
    const added = { ...first, lineNo: 'L9', itemId: 'new-item', platformSkuId: null, merchantCode: null };
    const updated = applyPlatformUpdate(
      audited(),
      version(10, { lines: [{ ...first, refund: 'in-progress' }, second, added] }),
      { skuOf: () => undefined, nowMs: T },
    );
    expect(updated.status).toBe('pending-audit');
    expect(updated.lines.map((line) => line.refund)).toEqual(['in-progress', 'none']);
    expect(updated.unmapped).toEqual(['new-item']);
    expect(auditByRule(updated, ALWAYS, T).audit?.reasons.map(({ rule }) => rule)).toEqual([
      'no-refund',
      'lines-mapped',
    ]);
  });

  it('take away the verdict of an older audit, since its reasons may be gone', () => {
    const stopped = auditByRule(allocated(platformOrder({ buyerMemo: '改地址' })), undefined, T + MINUTE);
    expect(stopped.audit).not.toBeNull();
    expect(apply(stopped, version(10, { buyerMemo: '' })).audit).toBeNull();
  });
});

describe('payment', () => {
  it('comes later where stock is taken at the order: noted, and the audit passes then', () => {
    const unpaid = { status: 'unpaid', paidAtMs: null, stockTakenAt: 'order' } as const;
    const order = allocated(platformOrder(unpaid));
    expect(auditByRule(order, ALWAYS, T + MINUTE).audit?.reasons.map(({ rule }) => rule)).toEqual(['paid']);
    const paid = apply(order, version(10, { stockTakenAt: 'order', paidAtMs: T + 9 * SECOND }));
    expect(newest(paid)).toBe('平台更新 平台状态 unpaid → to-ship；买家已付款');
    expect(auditByRule(paid, ALWAYS, T + MINUTE).status).toBe('audited');
  });

  it('is not claimed by an update of an order that is still unpaid', () => {
    const unpaid = { status: 'unpaid', paidAtMs: null, stockTakenAt: 'order' } as const;
    const order = apply(allocated(platformOrder(unpaid)), version(10, { ...unpaid, buyerMemo: '改地址' }));
    expect(newest(order)).toBe('平台更新 买家留言变更');
  });

  it('of the final part of a presale releases the order', () => {
    const deposit = allocated(platformOrder({ status: 'paid-do-not-ship', deposit: 'deposit-paid' }));
    expect(auditByRule(deposit, ALWAYS, T + MINUTE).status).toBe('pending-audit');
    const all = apply(deposit, version(10, { deposit: 'all-paid' }));
    expect(auditByRule(all, ALWAYS, T + MINUTE).status).toBe('audited');
  });

  it('that never comes forfeits the deposit and cancels the order', () => {
    const order = apply(allocated(), version(10, { status: 'paid-do-not-ship', deposit: 'forfeited' }));
    expect([order.status, order.goal, newest(order)]).toEqual([
      'cancelled',
      'release',
      '取消 预售定金已作废，发货单取消',
    ]);
  });
});

describe('a refund', () => {
  const inProgress = version(10, { lines: twoLines({}, { refund: 'in-progress' }) });
  const succeeded = version(20, { lines: twoLines({}, { refund: 'succeeded' }) });

  it('in progress stops an order before its audit, and keeps its stock', () => {
    const order = apply(waiting(), inProgress);
    expect([order.status, newest(order)]).toEqual(['pending-audit', '平台更新 CAP 退款中']);
    expect(order.holds.map((hold) => hold.wantedQty)).toEqual([2, 1]);
    expect(auditByRule(order, ALWAYS, T + MINUTE).status).toBe('pending-audit');
  });

  it('in progress takes an audited order back, before the warehouse begins', () => {
    const order = apply(audited(), inProgress);
    expect(order.status).toBe('pending-audit');
    expect(logNewestFirst(order).slice(0, 2)).toEqual(['取消审核 发生退款，退回待审核', '平台更新 CAP 退款中']);
  });

  it('that is withdrawn lets the order pass again', () => {
    const back = apply(apply(audited(), inProgress), version(20, { lines: twoLines() }));
    expect(newest(back)).toBe('平台更新 CAP 无退款');
    expect(auditByRule(back, ALWAYS, T + 2 * MINUTE).status).toBe('audited');
  });

  it('of one line that succeeds takes only that line out', () => {
    const stock = stockOf({ TEE: 5, CAP: 5 });
    const order = driven(apply(driven(converted(platformOrder({ lines: twoLines() })), stock), succeeded), stock);
    expect([order.status, order.lines.length]).toEqual(['pending-audit', 2]);
    expect(order.holds.map((hold) => `${hold.skuId} ${hold.heldQty}`)).toEqual(['TEE 2', 'CAP 0']);
    expect(stock.totalHeld()).toBe(2);
  });

  it('of one line that succeeds at once takes an audited order back to count its stock anew', () => {
    expect(apply(audited(), succeeded).status).toBe('pending-audit');
  });

  it('of all lines cancels the order, though the platform has not closed it', () => {
    const all = version(20, { lines: twoLines({ refund: 'succeeded' }, { refund: 'succeeded' }) });
    const order = apply(waiting(), all);
    expect([order.status, order.goal, newest(order)]).toEqual([
      'cancelled',
      'release',
      '取消 平台订单已关闭，发货单取消',
    ]);
  });

  it.each([
    ['in progress', inProgress],
    ['succeeded', succeeded],
  ])('that is %s while the parcel is picked makes an exception for a person', (_, update) => {
    const order = apply(picking(), update);
    expect([order.status, order.goal, newest(order)]).toEqual([
      'exception',
      'hold',
      '退款拦截 配货中发生退款，请仓库拦截',
    ]);
  });

  it('leaves an exception an exception, and notes what goes on', () => {
    const order = apply(apply(picking(), inProgress), succeeded);
    expect([order.status, newest(order)]).toEqual(['exception', '平台更新 CAP 退款成功']);
    const closed = apply(order, version(30, { status: 'closed' }));
    expect([closed.status, closed.goal, closed.platform.status]).toEqual(['exception', 'hold', 'closed']);
  });

  it('after shipment is only noted', () => {
    const stock = stockOf({ TEE: 5, CAP: 5 });
    const order = driven(converted(platformOrder({ lines: twoLines() })), stock);
    const picked = moveOrder(auditByRule(order, ALWAYS, T + MINUTE), 'pick', {
      ...{ type: '配货', content: '', actor: person, atMs: T },
    });
    const shipped = driven({ ...picked, goal: 'ship' }, stock);
    const refunded = apply(shipped, succeeded);
    expect([refunded.status, refunded.goal, newest(refunded)]).toEqual(['shipped', 'ship', '平台更新 CAP 退款成功']);
    expect(driven(refunded, stock)).toEqual(refunded);
  });

  it('does not stop the stock of a parcel that is just leaving', () => {
    const leaving: DeliveryOrder = { ...picking(), goal: 'ship' };
    const order = apply(leaving, succeeded);
    expect([order.status, order.goal, order.holds]).toEqual(['picking', 'ship', leaving.holds]);
  });
});

describe('a platform order that is closed', () => {
  const closed = version(30, { status: 'closed', lines: twoLines() });

  it.each([
    ['waits for stock', () => converted(platformOrder({ lines: twoLines() }))],
    ['lacks stock', () => allocated(platformOrder({ lines: twoLines() }), stockOf({ TEE: 2 }))],
    ['waits for its audit', waiting],
    ['is audited', audited],
  ])('cancels a delivery order that %s', (_, order) => {
    const cancelled = apply(order(), closed);
    expect([cancelled.status, cancelled.goal, newest(cancelled)]).toEqual([
      'cancelled',
      'release',
      '取消 平台订单已关闭，发货单取消',
    ]);
  });

  it('makes an exception of one that is being picked', () => {
    const order = apply(picking(), closed);
    expect([order.status, order.goal, newest(order)]).toEqual([
      'exception',
      'hold',
      '退款拦截 平台订单已关闭，发货单取消（配货中，请仓库拦截）',
    ]);
  });

  it('stays closed for us when an older version comes in late', () => {
    const order = apply(waiting(), closed);
    expect(apply(order, version(20))).toBe(order);
  });

  it('is cancelled once, also where the platform sends it again in a newer version', () => {
    const order = apply(waiting(), closed);
    const again = apply(order, version(40, { status: 'closed', lines: twoLines(), sellerMemo: '已退款' }));
    expect([again.status, newest(again)]).toEqual(['cancelled', '平台更新 卖家备注变更']);
    expect(again.log.filter((line) => line.type === '取消')).toHaveLength(1);
  });
});

describe('lines that the platform changes', () => {
  it('are held anew where more is wanted, and audited after that', () => {
    const stock = stockOf({ TEE: 9, CAP: 9 });
    const order = driven(converted(platformOrder({ lines: twoLines() })), stock);
    const grown = apply(order, version(10, { lines: twoLines({ quantity: 4 }) }));
    expect([grown.status, newest(grown)]).toEqual(['pending-allocation', '明细变更 平台明细变化，重新分配库存']);
    const held = driven(grown, stock);
    expect([held.status, stock.totalHeld()]).toEqual(['pending-audit', 5]);
  });

  it('take an audited order back where more is wanted', () => {
    const order = apply(audited(), version(10, { lines: twoLines({ quantity: 4 }) }));
    expect(order.status).toBe('pending-allocation');
    expect(order.log.slice(-2).map((line) => line.status)).toEqual(['pending-audit', 'pending-allocation']);
  });

  it('keep the SKU that was fixed at conversion when the mapping changes later', () => {
    const order = apply(waiting(), version(10, { buyerMemo: '改地址', lines: twoLines() }), () => 'OTHER');
    expect(order.lines.map((line) => line.skuId)).toEqual(['TEE', 'CAP']);
  });

  it('get the SKU of what the buyer changed them to, though the line keeps its number', () => {
    // A buyer may change colour or size before shipment: the same sub-order, another SKU of the platform.
    const other = twoLines({ platformSkuId: '4712', merchantCode: 'TEE-XL' });
    const stock = stockOf({ TEE: 2, 'TEE-XL': 2, CAP: 1 });
    const order = driven(converted(platformOrder({ lines: twoLines() })), stock);
    const changed = driven(apply(order, version(10, { lines: other })), stock);
    expect(changed.lines.map((line) => [line.lineNo, line.platformSkuId, line.skuId])).toEqual([
      ['1', '4712', 'TEE-XL'],
      ['2', '4711', 'CAP'],
    ]);
    expect(changed.holds.map((hold) => `${hold.skuId} ${hold.heldQty}/${hold.wantedQty}`)).toEqual([
      'TEE 0/0',
      'CAP 1/1',
      'TEE-XL 2/2',
    ]);
    expect([changed.status, stock.totalHeld()]).toEqual(['pending-audit', 3]);
  });

  it('are resolved now where the platform added them', () => {
    const lines = [...twoLines(), platformLine({ lineNo: '3', merchantCode: 'BAG', gift: true })];
    const order = apply(waiting(), version(10, { lines }));
    expect(order.holds.map((hold) => [hold.skuId, hold.wantedQty])).toEqual([
      ['TEE', 2],
      ['CAP', 1],
      ['BAG', 1],
    ]);
  });

  it('stay as they were while one that was added has no SKU, and follow once it has', () => {
    const added = version(10, {
      lines: [...twoLines(), platformLine({ lineNo: '3', itemId: '999', merchantCode: null, gift: true })],
    });
    const order = waiting();
    const unmapped = apply(order, added);
    expect([unmapped.lines, unmapped.holds]).toEqual([order.lines, order.holds]);
    const mapped = apply(unmapped, added, (line) => line.merchantCode ?? 'BAG');
    expect(mapped.lines.map((line) => line.skuId)).toEqual(['TEE', 'CAP', 'BAG']);
    expect(mapped.holds.at(-1)?.wantedQty).toBe(1);
  });
});
