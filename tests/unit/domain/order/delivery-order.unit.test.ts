import fc from 'fast-check';
import { InvariantBroken } from '../../../../shared/domain/kernel/assert';
import { applyPlatformUpdate, cancelOrder } from '../../../../shared/domain/order/apply-platform-update';
import { auditByRule } from '../../../../shared/domain/order/audit-order';
import type { DeliveryOrder } from '../../../../shared/domain/order/delivery-order';
import {
  afterSettlement,
  holdsFor,
  holdState,
  isStillWanted,
  lackingSkus,
  mayTake,
  moveOrder,
  movementsDue,
  noteOrder,
  openIntents,
  statusText,
  wantedBySku,
  withIntents,
  withOutcomes,
  withRetry,
} from '../../../../shared/domain/order/delivery-order';
import type { DeliveryEvent, DeliveryStatus } from '../../../../shared/domain/order/delivery-states';
import { DELIVERY_MOVES, STATUS_ZH, statusAfter } from '../../../../shared/domain/order/delivery-states';
import type { PlatformOrder, PlatformOrderLine } from '../../../../shared/domain/order/platform-order';
import type { MovementOutcome } from '../../../../shared/domain/stock/ledger';
import { FIXED_RUNS, present } from '../fixed-runs';
import {
  ALWAYS,
  allocated,
  byMerchantCode,
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
  WAREHOUSE,
} from './samples';

const by = { actor: person, atMs: T + MINUTE };

const withLines = (...lines: Partial<PlatformOrderLine>[]): DeliveryOrder =>
  converted(platformOrder({ lines: lines.map((fields, i) => platformLine({ lineNo: String(i + 1), ...fields })) }));

/** The platform's next version of the order, one second later, with these lines changed. */
function updated(order: DeliveryOrder, ...lines: Partial<PlatformOrderLine>[]): DeliveryOrder {
  const modifiedAtMs = order.platform.modifiedAtMs + SECOND;
  const next = platformOrder({
    modifiedAtMs,
    lines: lines.map((fields, i) => platformLine({ lineNo: String(i + 1), ...fields })),
  });
  return applyPlatformUpdate(order, next, { skuOf: byMerchantCode, nowMs: modifiedAtMs });
}

const outcomes = (...given: MovementOutcome[]) => new Map(given.map((outcome) => [outcome.id, outcome]));
const held = (order: DeliveryOrder) => order.holds.map((hold) => `${hold.skuId} ${hold.heldQty}/${hold.wantedQty}`);
const open = (order: DeliveryOrder) =>
  openIntents(order).map(({ intent, wanted }) => `${intent.id} ×${intent.qty}${wanted ? '' : ' unwanted'}`);
const due = (order: DeliveryOrder) => movementsDue(order).map(({ hold, kind, qty }) => `${kind} ${qty} ${hold.skuId}`);

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

describe('what an order wants to hold', () => {
  it('is the sum per SKU over lines that are not refunded', () => {
    const order = withLines(
      { quantity: 2 },
      { quantity: 3, refund: 'in-progress' },
      { quantity: 4, refund: 'succeeded' },
      { merchantCode: 'CAP', refund: 'succeeded' },
    );
    // 2 + 3 = 5; a refund in progress may still be withdrawn.
    expect([...wantedBySku(order.lines)]).toEqual([['TEE', 5]]);
  });

  it('adds new SKUs with nothing held, and keeps SKUs that are no longer wanted until they are given back', () => {
    const before = allocated(platformOrder({ lines: [platformLine({ quantity: 2 })] }));
    const after = withLines({ merchantCode: 'CAP', quantity: 3 });
    expect(holdsFor(after.lines, before.holds)).toEqual([
      { skuId: 'TEE', wantedQty: 0, heldQty: 2, attempt: 1, intent: null, lacking: false },
      { skuId: 'CAP', wantedQty: 3, heldQty: 0, attempt: 0, intent: null, lacking: false },
    ]);
  });
});

describe('intents', () => {
  it('are opened once per SKU for what is missing, with the ledger number seen and the first attempt', () => {
    const order = withIntents(withLines({ quantity: 2 }, { merchantCode: 'CAP' }, { quantity: 3 }), (skuId) =>
      skuId === 'TEE' ? 41 : 7,
    );
    expect(order.holds.map((hold) => hold.intent)).toEqual([
      {
        id: 'tmall-1#88001/TEE/hold/1',
        kind: 'hold',
        qty: 5,
        seenNumber: 41,
        warehouseId: 'SH-1',
        skuId: 'TEE',
      },
      { id: 'tmall-1#88001/CAP/hold/1', kind: 'hold', qty: 1, seenNumber: 7, warehouseId: 'SH-1', skuId: 'CAP' },
    ]);
    expect(holdState(order)).toBe('open');
  });

  it('are not opened beside an open one', () => {
    const order = withIntents(converted(), () => 0);
    expect(withIntents(order, () => 9)).toBe(order);
    expect(due(order)).toEqual([]);
  });

  it('leave an order as it is where nothing is due', () => {
    const order = allocated();
    expect(withIntents(order, () => 0)).toBe(order);
  });

  it('are entered once: an outcome told again changes nothing', () => {
    const opened = withIntents(withLines({ quantity: 2 }), () => 0);
    const told = outcomes({ id: 'tmall-1#88001/TEE/hold/1', number: 1 });
    const once = withOutcomes(opened, told);
    expect(held(once)).toEqual(['TEE 2/2']);
    expect(withOutcomes(once, told)).toEqual(once);
  });

  it('stay open while only the outcome of another movement is known', () => {
    const opened = withIntents(withLines({ quantity: 2 }), () => 0);
    expect(withOutcomes(opened, outcomes({ id: 'tmall-1#88002/TEE/hold/1', number: 1 }))).toEqual(opened);
  });
});

describe('an order for which stock is short', () => {
  it('waits with what it got, naming what lacks', () => {
    const order = driven(
      withLines({ quantity: 2 }, { merchantCode: 'CAP' }, { merchantCode: 'BAG' }),
      stockOf({ TEE: 2 }),
    );
    expect([order.status, held(order), lackingSkus(order), holdState(order)]).toEqual([
      'out-of-stock',
      ['TEE 2/2', 'CAP 0/1', 'BAG 0/1'],
      ['CAP', 'BAG'],
      'lacking',
    ]);
    expect(logNewestFirst(order)[0]).toBe('分配库存 缺货：CAP、BAG');
  });

  it('does not take a part of what one SKU needs: lines that share it are one demand', () => {
    // 2 + 2 = 4 wanted, 3 there: each line alone would fit.
    const stock = stockOf({ TEE: 3 });
    const order = driven(withLines({ quantity: 2 }, { quantity: 2 }), stock);
    expect([order.status, held(order)]).toEqual(['out-of-stock', ['TEE 0/4']]);
    expect(stock.totalHeld()).toBe(0);
  });

  it('does not try again by itself, and tries again as a new attempt when it is told to', () => {
    const stock = stockOf({ TEE: 1 });
    const order = driven(withLines({}, { merchantCode: 'CAP' }), stock);
    expect(due(order)).toEqual([]);
    stock.receive({ warehouseId: WAREHOUSE, skuId: 'CAP' }, 1);
    expect(driven(order, stock).status).toBe('out-of-stock');
    const retried = withIntents(withRetry(order), () => 0);
    expect(open(retried)).toEqual(['tmall-1#88001/CAP/hold/2 ×1']);
    const cured = driven(retried, stock);
    expect([cured.status, held(cured)]).toEqual(['pending-audit', ['TEE 1/1', 'CAP 1/1']]);
    expect(logNewestFirst(cured)[0]).toBe('分配库存 库存占用成功，SH-1 共 2 件');
  });

  it('keeps waiting without another log line where the retry finds nothing either', () => {
    const stock = stockOf({});
    const order = driven(converted(), stock);
    const again = driven(withRetry(order), stock);
    expect([again.status, again.log, again.holds[0]?.attempt]).toEqual(['out-of-stock', order.log, 2]);
  });

  it('goes on when the line that lacks is refunded', () => {
    const stock = stockOf({ TEE: 2 });
    const lacking = driven(withLines({ quantity: 2 }, { merchantCode: 'CAP' }), stock);
    const refunded = driven(updated(lacking, { quantity: 2 }, { merchantCode: 'CAP', refund: 'succeeded' }), stock);
    expect([refunded.status, held(refunded), lackingSkus(refunded)]).toEqual([
      'pending-audit',
      ['TEE 2/2', 'CAP 0/0'],
      [],
    ]);
    expect(auditByRule(refunded, ALWAYS, T + MINUTE).status).toBe('audited');
  });

  it('gives back what it holds of a line that is refunded while another lacks', () => {
    const stock = stockOf({ TEE: 2 });
    const lacking = driven(withLines({ quantity: 2 }, { merchantCode: 'CAP' }), stock);
    const refunded = driven(updated(lacking, { quantity: 2, refund: 'succeeded' }, { merchantCode: 'CAP' }), stock);
    expect([refunded.status, held(refunded)]).toEqual(['out-of-stock', ['TEE 0/0', 'CAP 0/1']]);
    expect(stock.totalHeld()).toBe(0);
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

describe('an order whose lines change while stock is held', () => {
  it('holds what was added', () => {
    const stock = stockOf({ TEE: 9, CAP: 9 });
    const order = driven(
      updated(driven(withLines({ quantity: 2 }), stock), { quantity: 5 }, { merchantCode: 'CAP' }),
      stock,
    );
    expect([order.status, held(order)]).toEqual(['pending-audit', ['TEE 5/5', 'CAP 1/1']]);
    // 5 − 2 = 3 more of TEE
    expect([...stock.outcomes.keys()]).toEqual([
      'tmall-1#88001/TEE/hold/1',
      'tmall-1#88001/TEE/hold/2',
      'tmall-1#88001/CAP/hold/1',
    ]);
    expect(stock.shelf({ warehouseId: WAREHOUSE, skuId: 'TEE' }).held).toBe(5);
  });

  it('gives back what was taken out', () => {
    const stock = stockOf({ TEE: 9 });
    const order = driven(updated(driven(withLines({ quantity: 5 }), stock), { quantity: 2 }), stock);
    expect([order.status, held(order), stock.totalHeld()]).toEqual(['pending-audit', ['TEE 2/2'], 2]);
  });

  it('does not want a hold on its way that is larger than what is wanted now, and holds less in its place', () => {
    const stock = stockOf({ TEE: 9 });
    const opened = withIntents(withLines({ quantity: 5 }), () => 0);
    const reduced = updated(opened, { quantity: 2 });
    expect(open(reduced)).toEqual(['tmall-1#88001/TEE/hold/1 ×5 unwanted']);
    const order = driven(reduced, stock);
    expect([order.status, held(order), stock.totalHeld()]).toEqual(['pending-audit', ['TEE 2/2'], 2]);
  });

  it('wants a hold on its way where more is wanted now, and holds the rest after it', () => {
    const stock = stockOf({ TEE: 9 });
    const grown = updated(
      withIntents(withLines({ quantity: 2 }), () => 0),
      { quantity: 5 },
    );
    expect(open(grown)).toEqual(['tmall-1#88001/TEE/hold/1 ×2']);
    expect(held(driven(grown, stock))).toEqual(['TEE 5/5']);
    expect(stock.totalHeld()).toBe(5);
  });

  it('wants a hold on its way that is exactly what is wanted', () => {
    const opened = withIntents(withLines({ quantity: 2 }), () => 0);
    expect(isStillWanted(opened, present(opened.holds[0]))).toBe(true);
  });

  it('always wants a release on its way', () => {
    const reduced = withIntents(
      updated(allocated(platformOrder({ lines: [platformLine({ quantity: 5 })] })), { quantity: 2 }),
      () => 0,
    );
    expect(open(reduced)).toEqual(['tmall-1#88001/TEE/release/2 ×3']);
    expect(open(updated(reduced, { quantity: 5 }))).toEqual(['tmall-1#88001/TEE/release/2 ×3']);
  });

  it('is an exception where nothing is left to ship from the beginning', () => {
    const order = driven(withLines({ refund: 'succeeded' }), stockOf({}));
    expect([order.status, logNewestFirst(order)[0]]).toEqual(['exception', '分配库存 没有需要发货的明细']);
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

describe('what the holds amount to', () => {
  const order = allocated(platformOrder({ lines: [platformLine({ quantity: 2 })] }));
  const hold = present(order.holds[0]);
  const state = (fields: Partial<typeof hold>, more: Partial<DeliveryOrder> = {}) =>
    holdState({ ...order, holds: [{ ...hold, ...fields }], ...more });

  it('is open while a movement is due, complete when everything is held, empty when nothing is held nor wanted', () => {
    expect(state({ heldQty: 0 })).toBe('open');
    expect(state({ heldQty: 3 })).toBe('open');
    expect(state({ heldQty: 2 })).toBe('complete');
    expect(state({ heldQty: 0, wantedQty: 0 })).toBe('empty');
  });

  it('is lacking only while the order still wants what it was refused', () => {
    expect(state({ heldQty: 0, lacking: true })).toBe('lacking');
    expect(state({ heldQty: 0, wantedQty: 0, lacking: true })).toBe('empty');
    expect(state({ heldQty: 0, lacking: true }, { goal: 'release' })).toBe('empty');
  });

  it('changes no status by settling twice', () => {
    const settled = afterSettlement(order, T + MINUTE);
    expect(settled).toBe(order);
  });
});

describe('any life of an order', () => {
  const SKUS = ['TEE', 'CAP', 'BAG'] as const;

  const mostly = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
    fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...others) });

  const line = (lineNo: string, merchantCode: string) =>
    fc
      .record({
        quantity: fc.integer({ min: 1, max: 4 }),
        refund: mostly<PlatformOrderLine['refund']>('none', 'in-progress', 'succeeded'),
      })
      .map((fields) => platformLine({ lineNo, merchantCode, ...fields }));
  type Update = Pick<PlatformOrder, 'status' | 'deposit' | 'lines'> & { readonly seconds: number };
  const update: fc.Arbitrary<Update> = fc.record({
    seconds: fc.nat({ max: 20 }),
    status: mostly<PlatformOrder['status']>('to-ship', 'unpaid', 'paid-do-not-ship', 'closed'),
    deposit: mostly<PlatformOrder['deposit']>('none', 'none', 'deposit-paid', 'forfeited'),
    lines: fc
      .tuple(line('1', 'TEE'), line('2', 'CAP'), line('3', 'TEE'), fc.option(line('4', 'BAG')))
      .map((lines) => lines.flatMap((each) => each ?? [])),
  });

  /**
   * 'open' saves intents, 'enter' brings them into the ledger, 'learn' tells the order: a crash may come between any two.
   * 'remember' is a slow worker that has read the order, 'wake' the same worker entering what it read long ago.
   */
  type Deed = 'open' | 'enter' | 'learn' | 'remember' | 'wake' | 'drive' | Person;
  type Person = 'retry' | 'cancel' | 'audit' | 'pick' | 'ship' | 'resume';
  type Step = { do: 'update'; with: Update } | { do: 'receive'; skuId: string; qty: number } | { do: Deed };

  const deed = (...names: Deed[]) => fc.constantFrom(...names).map((name): Step => ({ do: name }));
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 8, arbitrary: deed('open', 'enter', 'learn', 'remember', 'wake') },
    { weight: 8, arbitrary: deed('drive', 'audit', 'pick', 'resume') },
    { weight: 3, arbitrary: deed('retry', 'ship') },
    { weight: 1, arbitrary: deed('cancel') },
    { weight: 3, arbitrary: update.map((fields): Step => ({ do: 'update', with: fields })) },
    {
      weight: 2,
      arbitrary: fc
        .record({ skuId: fc.constantFrom(...SKUS), qty: fc.integer({ min: 1, max: 6 }) })
        .map((fields): Step => ({ do: 'receive', ...fields })),
    },
  );
  const life = fc.record({
    stock: fc.tuple(fc.nat({ max: 10 }), fc.nat({ max: 5 }), fc.nat({ max: 5 })),
    steps: fc.array(step, { maxLength: 40, size: 'max' }),
  });

  /** One order among workers that crash, lag and repeat. */
  class Life {
    order = converted(
      platformOrder({
        lines: [platformLine({ lineNo: '1', quantity: 2 }), platformLine({ lineNo: '2', merchantCode: 'CAP' })],
      }),
    );
    readonly statuses = new Set<string>([this.order.status]);
    private remembered: ReturnType<typeof openIntents> = [];
    private nowMs = T + MINUTE;

    constructor(readonly stock: ReturnType<typeof stockOf>) {}

    take(next: Step): void {
      const before = this.order;
      this.nowMs += SECOND;
      this.order = this.after(next);
      this.checkLog(before);
      this.checkBooks();
    }

    private after(next: Step): DeliveryOrder {
      const { order, stock, nowMs } = this;
      const may = (event: DeliveryEvent): boolean => mayTake(order, event);
      const line = { type: '', content: '', actor: person, atMs: nowMs };
      switch (next.do) {
        case 'update': {
          const { seconds, ...fields } = next.with;
          return applyPlatformUpdate(order, platformOrder({ ...fields, modifiedAtMs: T + seconds * SECOND }), {
            skuOf: byMerchantCode,
            nowMs,
          });
        }
        case 'receive':
          stock.receive({ warehouseId: WAREHOUSE, skuId: next.skuId }, next.qty);
          return order;
        case 'open':
          return withIntents(afterSettlement(order, nowMs), () => 0);
        case 'enter':
          for (const { intent, wanted } of openIntents(order)) stock.serve(intent, wanted);
          return order;
        case 'learn':
          return afterSettlement(withOutcomes(order, stock.outcomes), nowMs);
        case 'remember':
          this.remembered = openIntents(order);
          return order;
        case 'wake':
          for (const { intent, wanted } of this.remembered) stock.serve(intent, wanted);
          return order;
        case 'drive':
          return driven(order, stock, nowMs);
        case 'retry':
          return order.status === 'out-of-stock' ? withRetry(order) : order;
        case 'cancel':
          return may('cancel') ? cancelOrder(order, { content: '', actor: person, atMs: nowMs }) : order;
        case 'audit':
          return auditByRule(order, ALWAYS, nowMs);
        case 'pick':
          return may('pick') ? moveOrder(order, 'pick', line) : order;
        case 'ship':
          return may('ship') ? { ...order, goal: 'ship' } : order;
        case 'resume':
          return may('resume') ? withRetry(moveOrder(order, 'resume', line)) : order;
      }
    }

    /** No status changes without a line, and each line steps as the table allows. */
    private checkLog(before: DeliveryOrder): void {
      const { log, status } = this.order;
      before.log.forEach((known, i) => {
        if (log[i] !== known) throw new Error(`line ${known.no} of the log was changed`);
      });
      if (log.at(-1)?.status !== status) throw new Error(`the log does not say that the order is ${status}`);
      let from = before.status;
      for (const added of log.slice(before.log.length)) {
        const to = added.status as DeliveryStatus;
        if (to !== from && !Object.values(DELIVERY_MOVES[from]).includes(to))
          throw new Error(`went from ${from} to ${to}`);
        from = to;
        this.statuses.add(to);
      }
    }

    /** What the ledger holds is what the order counts, with the movement that it has not heard of yet. */
    private checkBooks(): void {
      for (const skuId of SKUS) {
        const hold = this.order.holds.find((candidate) => candidate.skuId === skuId);
        const intent = hold?.intent;
        const entered = intent && this.stock.outcomes.get(intent.id);
        const pieces = intent && entered && !entered.void ? intent.qty : 0;
        const counted = (hold?.heldQty ?? 0) + (intent?.kind === 'hold' ? pieces : -pieces);
        const { held: inLedger } = this.stock.shelf({ warehouseId: WAREHOUSE, skuId });
        if (inLedger !== counted)
          throw new Error(`the ledger holds ${inLedger} of ${skuId}, the order counts ${counted}`);
      }
    }
  }

  const lived = ({ stock, steps }: { stock: [number, number, number]; steps: readonly Step[] }): Life => {
    const [TEE, CAP, BAG] = stock;
    const story = new Life(stockOf({ TEE, CAP, BAG }));
    for (const each of steps) story.take(each);
    return story;
  };
  const RUNS = { ...FIXED_RUNS, numRuns: 1000 };

  it('never breaks an invariant, explains each status in its log, and keeps its holds in step with the ledger', () => {
    const statuses = new Set<string>();
    fc.assert(
      fc.property(life, (given) => {
        for (const status of lived(given).statuses) statuses.add(status);
      }),
      RUNS,
    );
    // The histories are worth something only if they lead everywhere.
    expect([...statuses].sort()).toEqual(Object.keys(STATUS_ZH).sort());
  });

  it('comes to rest with no movement open, nothing held that is not wanted, and waits only where stock lacks', () => {
    fc.assert(
      fc.property(life, (given) => {
        const story = lived(given);
        story.take({ do: 'drive' });
        const { order, stock } = story;
        expect(openIntents(order)).toEqual([]);
        expect(driven(order, stock)).toEqual(order);
        if (order.status === 'shipped' || order.status === 'cancelled') expect(stock.totalHeld()).toBe(0);
        if (order.goal !== 'hold' || order.status === 'exception') return;
        expect(order.holds.filter((hold) => hold.heldQty > hold.wantedQty)).toEqual([]);
        const short = order.holds.some((hold) => hold.heldQty < hold.wantedQty);
        expect(short).toBe(order.status === 'out-of-stock');
        expect(order.status).not.toBe('pending-allocation');
        if (order.status !== 'audited' && order.status !== 'picking') return;
        expect(order.lines.filter((each) => each.refund === 'in-progress')).toEqual([]);
      }),
      RUNS,
    );
  });

  it('holds all its pieces once there is stock enough and somebody tries again', () => {
    fc.assert(
      fc.property(life, (given) => {
        const story = lived(given);
        for (const skuId of SKUS) story.take({ do: 'receive', skuId, qty: 20 });
        for (const name of ['drive', 'retry', 'drive'] as const) story.take({ do: name });
        const { order } = story;
        expect(order.status).not.toBe('out-of-stock');
        if (order.goal !== 'hold' || order.status === 'exception') return;
        expect(order.holds.map((hold) => hold.heldQty)).toEqual(order.holds.map((hold) => hold.wantedQty));
      }),
      RUNS,
    );
  });
});
