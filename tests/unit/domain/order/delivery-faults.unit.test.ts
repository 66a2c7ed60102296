import { applyPlatformUpdate, cancelOrder } from '../../../../shared/domain/order/apply-platform-update';
import { deliveryFaults } from '../../../../shared/domain/order/delivery-faults';
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
    const knowing = { ...order, status, platform: { ...order.platform, status: 'closed' as const } };
    expect(deliveryFaults(closed, knowing)).toEqual(faulty ? [`the platform order is closed, it is ${status}`] : []);
  });
});

describe('a delivery order whose holds do not fit', () => {
  it('is found where a line has no hold', () => {
    expect(deliveryFaults(platform, { ...waiting(), holds: waiting().holds.slice(1) })).toEqual(['a line has no hold']);
  });

  it('is found where it wants other than its lines sum to', () => {
    expect(deliveryFaults(platform, withHold(waiting(), { wantedQty: 3 }))).toEqual([
      'it wants 3 of TEE, its lines sum to 2',
    ]);
  });

  it('is found where it was released with a piece too few, or with a movement on its way', () => {
    const fault = (held: number): string => `it is audited and holds ${held} of TEE where its lines sum to 2`;
    const intent = { id: 'x', kind: 'release', qty: 1, seenNumber: 0, warehouseId: 'SH-1', skuId: 'TEE' } as const;
    expect(deliveryFaults(platform, withHold(audited(), { heldQty: 1 }))).toEqual([fault(1)]);
    expect(deliveryFaults(platform, withHold(audited(), { intent }))).toEqual([fault(2)]);
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
