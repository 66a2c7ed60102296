import { applyPlatformUpdate, cancelOrder } from '../../../../shared/domain/order/apply-platform-update';
import { deliveryFaults, unsettledHolds } from '../../../../shared/domain/order/delivery-faults';
import type { DeliveryOrder } from '../../../../shared/domain/order/delivery-order';
import { moveOrder } from '../../../../shared/domain/order/delivery-order';
import type { DeliveryStatus } from '../../../../shared/domain/order/delivery-states';
import { present } from '../fixed-runs';
import { allocated, byMerchantCode, converted, person, platformLine, platformOrder, SECOND, T } from './samples';

const lines = [platformLine({ lineNo: '1', quantity: 2 }), platformLine({ lineNo: '2', merchantCode: 'CAP' })];
const platform = platformOrder({ lines });
const by = { actor: person, atMs: T };
const waiting = (): DeliveryOrder => allocated(platform);
const audited = (): DeliveryOrder => moveOrder(waiting(), 'audit', { type: '订单审核', content: '', ...by });

/** The order with its first hold, 2 of TEE, changed. */
function withHold(order: DeliveryOrder, fields: Partial<DeliveryOrder['holds'][number]>): DeliveryOrder {
  const [first, ...rest] = order.holds;
  return { ...order, holds: [{ ...present(first), ...fields }, ...rest] };
}

describe('a sound delivery order', () => {
  it.each([
    ['just converted', () => converted(platform)],
    ['held', waiting],
    ['audited', audited],
    ['cancelled', () => cancelOrder(waiting(), { content: '', ...by })],
  ])('has no faults when %s', (_, order) => {
    expect(deliveryFaults(platform, order())).toEqual([]);
  });

  it('has none after an update of its platform order, whatever the order of the lines', () => {
    const update = platformOrder({
      ...{ modifiedAtMs: T + SECOND, buyerMemo: '改地址' },
      lines: [present(lines[1]), { ...present(lines[0]), refund: 'in-progress' }],
    });
    const order = applyPlatformUpdate(waiting(), update, { skuOf: byMerchantCode, nowMs: T });
    expect(deliveryFaults(update, order)).toEqual([]);
    expect(deliveryFaults({ ...update, lines: [...update.lines].reverse() }, order)).toEqual([]);
  });
});

describe('a delivery order of which a line was refunded', () => {
  const update = platformOrder({
    modifiedAtMs: T + SECOND,
    lines: [{ ...present(lines[0]), refund: 'succeeded' }, present(lines[1])],
  });
  const order = applyPlatformUpdate(waiting(), update, { skuOf: byMerchantCode, nowMs: T });

  it('has no faults while its pieces wait to be given back, nor after', () => {
    expect(deliveryFaults(update, order)).toEqual([]);
    expect(deliveryFaults(update, withHold(order, { heldQty: 0 }))).toEqual([]);
  });

  it('is found where it wants the refunded pieces still', () => {
    expect(deliveryFaults(update, withHold(order, { wantedQty: 2 }))).toEqual([
      'it wants 2 of TEE, its lines sum to 0',
    ]);
  });
});

describe('a delivery order that says otherwise than the platform', () => {
  it.each([
    ['lacks a line', { lines: [...lines, platformLine({ lineNo: '3' })] }],
    ['has a line too many', { lines: lines.slice(0, 1) }],
    ['has another quantity', { lines: [platformLine({ lineNo: '1', quantity: 3 }), present(lines[1])] }],
    ['has another price', { lines: [platformLine({ lineNo: '1', quantity: 2, paidFen: 1 }), present(lines[1])] }],
    [
      'has not heard of a refund',
      { lines: [present(lines[0]), { ...present(lines[1]), refund: 'succeeded' as const }] },
    ],
  ])('is found where it %s', (_, change) => {
    expect(deliveryFaults({ ...platform, ...change }, waiting())).toEqual([expect.stringMatching(/^its lines are /)]);
  });

  it('is found where it is behind', () => {
    const newer = { ...platform, modifiedAtMs: T + SECOND };
    expect(deliveryFaults(newer, waiting())).toEqual([
      `it knows the platform order as of ${T} (to-ship), newest is ${T + SECOND} (to-ship)`,
    ]);
  });

  it.each<[DeliveryStatus, boolean]>([
    ['pending-allocation', true],
    ['out-of-stock', true],
    ['pending-audit', true],
    ['audited', true],
    ['picking', true],
    ['exception', false],
    ['cancelled', false],
    ['shipped', false],
  ])('is found where the platform has closed and it is still %s: %s', (status, faulty) => {
    const closed = { ...platform, status: 'closed' as const };
    const order = waiting();
    const goal = status === 'cancelled' || status === 'shipped' ? ('release' as const) : order.goal;
    const knowing = { ...order, status, goal, platform: { ...order.platform, status: 'closed' as const } };
    expect(deliveryFaults(closed, knowing)).toEqual(faulty ? [`the platform order is closed, it is ${status}`] : []);
  });
});

describe('a delivery order whose holds do not fit', () => {
  it('is found where a line has no hold', () => {
    const without = (skip: number) => deliveryFaults(platform, { ...waiting(), holds: waiting().holds.slice(skip) });
    for (const faults of [without(1), without(2)]) expect(faults).toContainEqual(expect.stringMatching(/no hold/));
  });

  it('is found where it is over and means to keep its stock', () => {
    for (const status of ['cancelled', 'shipped'] as const) {
      expect(deliveryFaults(platform, { ...waiting(), status })).toEqual([
        `it is ${status} and means to keep its stock`,
      ]);
    }
  });

  it('is found where it wants other than its lines sum to', () => {
    expect(deliveryFaults(platform, withHold(waiting(), { wantedQty: 3 }))).toEqual([
      'it wants 3 of TEE, its lines sum to 2',
    ]);
  });

  it('is found where it was released with a piece too few, or with a movement on its way', () => {
    const fault = (held: number): RegExp => new RegExp(`^it is audited and holds ${held} of TEE.* its lines sum to 2$`);
    const intent = { id: 'x', kind: 'release', qty: 1, seenNumber: 0, warehouseId: 'SH-1', skuId: 'TEE' } as const;
    expect(deliveryFaults(platform, withHold(audited(), { heldQty: 1 })).join()).toMatch(fault(1));
    expect(deliveryFaults(platform, withHold(audited(), { intent })).join()).toMatch(fault(2));
  });

  it('is no fault before its release, while it is still being held', () => {
    expect(deliveryFaults(platform, withHold(waiting(), { heldQty: 0 }))).toEqual([]);
  });

  it('is no fault once its stock goes back or out', () => {
    for (const goal of ['release', 'ship'] as const) {
      expect(deliveryFaults(platform, { ...withHold(audited(), { heldQty: 0 }), goal })).toEqual([]);
    }
  });
});

describe('what is left to do about stock at rest', () => {
  const goal = (order: DeliveryOrder, status: DeliveryStatus): DeliveryOrder => ({ ...order, status, goal: 'release' });
  const intent = {
    id: 'D1/TEE/hold/2',
    kind: 'hold',
    qty: 1,
    seenNumber: 0,
    warehouseId: 'SH-1',
    skuId: 'TEE',
  } as const;

  it('is nothing where everything wanted is held', () => {
    expect([unsettledHolds(waiting()), unsettledHolds(audited())]).toEqual([[], []]);
  });

  it('is a movement that is left open, whatever the status', () => {
    for (const status of ['pending-audit', 'exception', 'cancelled'] as const) {
      expect(unsettledHolds({ ...withHold(waiting(), { intent }), status })).toContain(
        'movement D1/TEE/hold/2 is left open',
      );
    }
  });

  it('is a piece too few or too many', () => {
    expect(unsettledHolds(withHold(waiting(), { heldQty: 1 }))).toEqual(['it wants 2 of TEE and holds 1']);
    expect(unsettledHolds(withHold(waiting(), { heldQty: 3 }))).toEqual(['it wants 2 of TEE and holds 3']);
  });

  it('is nothing where the order waits for the stock that it lacks, and only there', () => {
    const lacking = withHold(waiting(), { heldQty: 0, lacking: true });
    expect(unsettledHolds({ ...lacking, status: 'out-of-stock' })).toEqual([]);
    expect(unsettledHolds(lacking)).toHaveLength(1);
    expect(unsettledHolds({ ...withHold(lacking, { lacking: false }), status: 'out-of-stock' })).toHaveLength(1);
  });

  it('is whatever an order still holds that is over', () => {
    const none = waiting().holds.map((hold) => ({ ...hold, heldQty: 0 }));
    for (const status of ['cancelled', 'shipped'] as const) {
      expect(unsettledHolds({ ...goal(waiting(), status), holds: none })).toEqual([]);
      expect(unsettledHolds(goal(waiting(), status))).toEqual([
        `it is ${status} and still holds 2 of TEE`,
        `it is ${status} and still holds 1 of CAP`,
      ]);
    }
  });

  it('is to give back what a live order shall not keep', () => {
    expect(unsettledHolds({ ...waiting(), goal: 'release' })).toHaveLength(2);
  });

  it('is left to a person where the order is an exception', () => {
    expect(unsettledHolds({ ...withHold(waiting(), { wantedQty: 0 }), status: 'exception' })).toEqual([]);
  });
});
