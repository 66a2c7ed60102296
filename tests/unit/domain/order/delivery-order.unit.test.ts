import { InvariantBroken } from '../../../../shared/domain/kernel/assert';
import { cancelOrder } from '../../../../shared/domain/order/apply-platform-update';
import { auditByRule } from '../../../../shared/domain/order/audit-order';
import type { DeliveryOrder } from '../../../../shared/domain/order/delivery-order';
import {
  afterSettlement,
  mayTake,
  moveOrder,
  noteOrder,
  statusText,
  withIntents,
  withOutcomes,
  withRetry,
} from '../../../../shared/domain/order/delivery-order';
import type { DeliveryEvent, DeliveryStatus } from '../../../../shared/domain/order/delivery-states';
import { DELIVERY_MOVES, STATUS_ZH, statusAfter } from '../../../../shared/domain/order/delivery-states';
import type { PlatformOrder } from '../../../../shared/domain/order/platform-order';
import { present } from '../fixed-runs';
import {
  allocated,
  ALWAYS,
  by,
  converted,
  driven,
  held,
  logNewestFirst,
  MINUTE,
  open,
  outcomes,
  platformLine,
  platformOrder,
  stockOf,
  T,
  updated,
  WAREHOUSE,
  withLines,
} from './samples';

describe('a delivery order from conversion to shipment', () => {
  it('explains itself newest first: 更新配货, 订单审核, 分配库存, 单据转换', () => {
    const order = withLines({ quantity: 2 }, { merchantCode: 'CAP' });
    const stock = stockOf({ TEE: 5, CAP: 1 });
    const audited = auditByRule(driven(order, stock), ALWAYS, T + MINUTE);
    expect(statusText(audited)).toBe('已审核');
    expect(logNewestFirst(audited)).toEqual([
      '更新配货 配货仓库 SH-1：TEE×2、CAP×1',
      '订单审核 订单自动审核成功!',
      // 2 + 1 = 3
      '分配库存 库存占用成功，SH-1 共 3 件',
      '单据转换 平台订单 88001 转换为零售发货单，2 行，应收 ¥99.00',
    ]);
    expect(audited.log.map((line) => [line.no, line.status])).toEqual([
      [1, 'pending-allocation'],
      [2, 'pending-audit'],
      [3, 'audited'],
      [4, 'audited'],
    ]);
  });

  it('takes its pieces out of stock when it ships, and holds nothing any more', () => {
    const stock = stockOf({ TEE: 5 });
    const audited = auditByRule(driven(withLines({ quantity: 2 }), stock), ALWAYS, T + MINUTE);
    const picking = moveOrder(audited, 'pick', { type: '配货', content: '仓库开始配货', ...by });
    const shipped = driven({ ...picking, goal: 'ship' }, stock);
    expect([shipped.status, held(shipped)]).toEqual(['shipped', ['TEE 0/2']]);
    // 5 − 2 = 3
    expect(stock.shelf({ warehouseId: WAREHOUSE, skuId: 'TEE' })).toEqual({ onHand: 3, held: 0 });
    expect(logNewestFirst(shipped)[0]).toBe('发货 已出库，库存已扣减');
    expect(driven(shipped, stock)).toEqual(shipped);
  });
});

describe('an order that is leaving', () => {
  const leaving = (): DeliveryOrder => ({
    ...moveOrder(auditByRule(allocated(), ALWAYS, T + MINUTE), 'pick', { type: '配货', content: '', ...by }),
    goal: 'ship',
  });

  it('is not shipped before its pieces are out of the ledger', () => {
    const opened = withIntents(afterSettlement(leaving(), T + MINUTE), () => 4);
    expect([opened.status, open(opened)]).toEqual(['picking', ['tmall-1#88001/TEE/ship/2 ×1']]);
    expect(afterSettlement(opened, T + MINUTE)).toBe(opened);
    const out = withOutcomes(opened, outcomes({ id: 'tmall-1#88001/TEE/ship/2', number: 5 }));
    expect(afterSettlement(out, T + MINUTE).status).toBe('shipped');
  });

  it('says that its stock went back only when it all went back', () => {
    const cancelled = cancelOrder(allocated(), { content: '买家不要了', ...by });
    expect(afterSettlement(cancelled, T + MINUTE)).toBe(cancelled);
    const opened = withIntents(cancelled, () => 4);
    expect(afterSettlement(opened, T + MINUTE)).toBe(opened);
  });
});

describe('every move', () => {
  const moves = (Object.keys(STATUS_ZH) as DeliveryStatus[]).flatMap((status) =>
    (Object.keys(DELIVERY_MOVES[status]) as DeliveryEvent[]).map((event) => [status, event] as const),
  );

  it.each(moves)('from %s by %s writes exactly one log line, with the status after it', (status, event) => {
    const before = { ...converted(), status };
    const after = moveOrder(before, event, { type: '类型', content: '内容', ...by });
    expect(after.status).toBe(statusAfter(status, event));
    expect(after.log).toEqual([...before.log, { no: 2, type: '类型', content: '内容', ...by, status: after.status }]);
  });

  it('that the table does not know breaks off, with nothing changed', () => {
    const order = converted();
    const line = { type: '发货', content: '', ...by };
    expect(() => moveOrder(order, 'ship', line)).toThrow(InvariantBroken);
    expect(() => moveOrder(order, 'ship', line)).toThrow(
      "delivery order tmall-1#88001 in pending-allocation cannot take 'ship'",
    );
    expect(order).toEqual(converted());
  });

  it('is no move where a note is added: the line carries the status as it is', () => {
    const noted = noteOrder(converted(), { type: '备注', content: '加急', ...by });
    expect([noted.status, noted.log.at(-1)?.status]).toEqual(['pending-allocation', 'pending-allocation']);
  });
});

describe('an order that is cancelled', () => {
  const cancel = (order: DeliveryOrder) => cancelOrder(order, { content: '买家不要了', ...by });

  it('gives everything back and says so once', () => {
    const stock = stockOf({ TEE: 5, CAP: 5 });
    const order = driven(cancel(driven(withLines({ quantity: 2 }, { merchantCode: 'CAP' }), stock)), stock);
    expect([order.status, held(order), stock.totalHeld()]).toEqual(['cancelled', ['TEE 0/2', 'CAP 0/1'], 0]);
    expect(logNewestFirst(order).slice(0, 2)).toEqual(['释放库存 占用库存已全部释放', '取消 买家不要了']);
    expect(driven(order, stock)).toEqual(order);
  });

  it('voids a hold that is on its way and not in the ledger yet', () => {
    const stock = stockOf({ TEE: 5 });
    const cancelled = cancel(withIntents(converted(), () => 0));
    expect(open(cancelled)).toEqual(['tmall-1#88001/TEE/hold/1 ×1 unwanted']);
    const rested = driven(cancelled, stock);
    expect(stock.outcomes.get('tmall-1#88001/TEE/hold/1')?.void).toBe('cancelled');
    expect([held(rested), stock.totalHeld()]).toEqual([['TEE 0/1'], 0]);
    // A slow worker that still comes for the hold finds its id taken.
    const slow = present(cancelled.holds[0]?.intent);
    expect(stock.serve(slow, true).void).toBe('cancelled');
    expect(stock.totalHeld()).toBe(0);
  });

  it('releases a hold that a slow worker had entered before the cancellation was seen', () => {
    const stock = stockOf({ TEE: 5 });
    const opened = withIntents(withLines({ quantity: 2 }), () => 0);
    stock.serve(present(opened.holds[0]?.intent), true);
    expect(stock.totalHeld()).toBe(2);
    const rested = driven(cancel(opened), stock);
    expect([rested.status, held(rested), stock.totalHeld()]).toEqual(['cancelled', ['TEE 0/2'], 0]);
    expect([...stock.outcomes.keys()]).toEqual(['tmall-1#88001/TEE/hold/1', 'tmall-1#88001/TEE/release/2']);
  });

  it('is not cancelled under the hands of the warehouse: that is an exception, and its stock stays held', () => {
    const stock = stockOf({ TEE: 5 });
    const audited = auditByRule(driven(converted(), stock), ALWAYS, T + MINUTE);
    const order = driven(cancel(moveOrder(audited, 'pick', { type: '配货', content: '', ...by })), stock);
    expect([order.status, order.goal, held(order)]).toEqual(['exception', 'hold', ['TEE 1/1']]);
    expect(logNewestFirst(order)[0]).toBe('退款拦截 买家不要了（配货中，请仓库拦截）');
  });

  it('cannot be cancelled again, nor once it is shipped', () => {
    const cancelled = cancel(allocated());
    expect(() => cancel(cancelled)).toThrow(InvariantBroken);
    expect(() => cancel({ ...allocated(), status: 'shipped' })).toThrow(InvariantBroken);
  });
});

describe('an exception', () => {
  const lines = [platformLine({ lineNo: '1', quantity: 2 }), platformLine({ lineNo: '2', merchantCode: 'CAP' })];
  const picking = (stock: ReturnType<typeof stockOf>): DeliveryOrder =>
    moveOrder(auditByRule(driven(converted(platformOrder({ lines })), stock), ALWAYS, T + MINUTE), 'pick', {
      ...{ type: '配货', content: '' },
      ...by,
    });

  it('keeps the stock of a line that is refunded while its parcel is packed, until a person decides', () => {
    const stock = stockOf({ TEE: 5, CAP: 5 });
    const order = driven(updated(picking(stock), { quantity: 2 }, { merchantCode: 'CAP', refund: 'succeeded' }), stock);
    expect([order.status, held(order)]).toEqual(['exception', ['TEE 2/2', 'CAP 1/0']]);
    expect(stock.totalHeld()).toBe(3);
  });

  it('takes out what was packed where the person lets the parcel go', () => {
    const stock = stockOf({ TEE: 5, CAP: 5 });
    const order = driven(updated(picking(stock), { quantity: 2 }, { merchantCode: 'CAP', refund: 'succeeded' }), stock);
    const shipped = driven({ ...order, goal: 'ship' }, stock);
    expect([shipped.status, stock.totalHeld()]).toEqual(['shipped', 0]);
    // 5 − 2 = 3 and 5 − 1 = 4
    expect(['TEE', 'CAP'].map((skuId) => stock.shelf({ warehouseId: WAREHOUSE, skuId }).onHand)).toEqual([3, 4]);
  });

  it('gives the refunded line back and goes on with the rest where the person resumes it', () => {
    const stock = stockOf({ TEE: 5, CAP: 5 });
    const order = driven(updated(picking(stock), { quantity: 2 }, { merchantCode: 'CAP', refund: 'succeeded' }), stock);
    const resumed = driven(withRetry(moveOrder(order, 'resume', { type: '异常处理', content: '', ...by })), stock);
    expect([resumed.status, held(resumed), stock.totalHeld()]).toEqual(['pending-audit', ['TEE 2/2', 'CAP 0/0'], 2]);
  });

  it('is one again where nothing is left to ship when the person resumes it', () => {
    const stock = stockOf({ TEE: 5, CAP: 5 });
    const refunded = updated(
      picking(stock),
      { quantity: 2, refund: 'succeeded' },
      { merchantCode: 'CAP', refund: 'succeeded' },
    );
    expect(refunded.status).toBe('exception');
    const resumed = driven(withRetry(moveOrder(refunded, 'resume', { type: '异常处理', content: '', ...by })), stock);
    expect([resumed.status, stock.totalHeld()]).toEqual(['exception', 0]);
    expect(logNewestFirst(resumed)[0]).toBe('分配库存 没有需要发货的明细');
    expect(driven(resumed, stock)).toEqual(resumed);
  });

  it.each<Partial<PlatformOrder>>([{ status: 'closed' }, { deposit: 'forfeited' }])(
    'is not taken up again where the platform order is over (%p): it would hold stock for nobody',
    (over) => {
      const order = driven(
        updated(picking(stockOf({ TEE: 5, CAP: 5 })), { quantity: 2, refund: 'in-progress' }),
        stockOf({}),
      );
      expect([order.status, mayTake(order, 'resume')]).toEqual(['exception', true]);
      const ended = { ...order, platform: { ...order.platform, ...over } };
      const may = (['resume', 'cancel', 'ship'] as const).map((event) => mayTake(ended, event));
      expect(may).toEqual([false, true, true]);
    },
  );

  it('gives everything back where the person cancels it', () => {
    const stock = stockOf({ TEE: 5, CAP: 5 });
    const order = driven(updated(picking(stock), { quantity: 2 }, { merchantCode: 'CAP', refund: 'succeeded' }), stock);
    const cancelled = driven(cancelOrder(order, { content: '已拦截', ...by }), stock);
    expect([cancelled.status, stock.totalHeld()]).toEqual(['cancelled', 0]);
  });
});
