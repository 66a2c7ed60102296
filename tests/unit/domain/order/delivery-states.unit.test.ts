import type { DeliveryEvent, DeliveryStatus } from '../../../../shared/domain/order/delivery-states';
import { DELIVERY_MOVES, isLive, STATUS_ZH, statusAfter } from '../../../../shared/domain/order/delivery-states';

const STATUSES = Object.keys(STATUS_ZH) as DeliveryStatus[];
const TERMINAL: readonly DeliveryStatus[] = ['shipped', 'cancelled'];

const after = (status: DeliveryStatus): DeliveryStatus[] => Object.values(DELIVERY_MOVES[status]);

function reachableFrom(start: DeliveryStatus): Set<DeliveryStatus> {
  const reached = new Set([start]);
  for (const status of reached) for (const next of after(status)) reached.add(next);
  return reached;
}

describe('states of a delivery order', () => {
  it('reaches every state from pending-allocation', () => {
    expect([...reachableFrom('pending-allocation')].sort()).toEqual([...STATUSES].sort());
  });

  it.each(STATUSES.filter((status) => !TERMINAL.includes(status)))('can leave %s, and can always end', (status) => {
    expect(after(status).some((next) => next !== status)).toBe(true);
    expect(TERMINAL.some((end) => reachableFrom(status).has(end))).toBe(true);
  });

  it.each(TERMINAL)('never leaves %s', (status) => {
    expect(after(status)).toEqual([]);
  });

  it.each<[DeliveryStatus, DeliveryEvent]>([
    // A parcel that is being picked is stopped by a person, never cancelled under their hands.
    ['picking', 'cancel'],
    ['picking', 'unaudit'],
    // Nothing is released without its stock held.
    ['pending-allocation', 'audit'],
    ['out-of-stock', 'audit'],
    ['pending-audit', 'pick'],
    ['audited', 'ship'],
    ['exception', 'audit'],
    ['shipped', 'cancel'],
    ['cancelled', 'resume'],
  ])('does not let %s take %s', (status, event) => {
    expect(statusAfter(status, event)).toBeUndefined();
  });

  it.each<[DeliveryStatus, DeliveryEvent, DeliveryStatus]>([
    ['pending-allocation', 'allocate', 'pending-audit'],
    ['pending-audit', 'audit', 'audited'],
    ['audited', 'pick', 'picking'],
    ['picking', 'ship', 'shipped'],
    ['pending-allocation', 'lack', 'out-of-stock'],
    ['out-of-stock', 'allocate', 'pending-audit'],
    ['audited', 'unaudit', 'pending-audit'],
    ['audited', 'cancel', 'cancelled'],
    ['picking', 'fault', 'exception'],
    ['exception', 'resume', 'pending-allocation'],
    ['exception', 'cancel', 'cancelled'],
  ])('leads from %s by %s to %s', (status, event, next) => {
    expect(statusAfter(status, event)).toBe(next);
  });

  it('counts every state but the terminal ones as live', () => {
    expect(STATUSES.filter((status) => !isLive(status)).sort()).toEqual([...TERMINAL].sort());
  });
});
