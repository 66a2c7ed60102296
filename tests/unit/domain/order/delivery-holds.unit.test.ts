import { auditByRule } from '../../../../shared/domain/order/audit-order';
import type { DeliveryOrder } from '../../../../shared/domain/order/delivery-order';
import {
  afterSettlement,
  holdsFor,
  holdState,
  isStillWanted,
  lackingSkus,
  wantedBySku,
  withIntents,
  withOutcomes,
  withRetry,
} from '../../../../shared/domain/order/delivery-order';
import { present } from '../fixed-runs';
import {
  allocated,
  ALWAYS,
  converted,
  driven,
  due,
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
