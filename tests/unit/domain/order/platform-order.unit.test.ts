import fc from 'fast-check';
import type { DepositPhase, PlatformOrderStatus } from '../../../../shared/domain/order/platform-order';
import { isPaid, STATUS_RANK, supersedes, takesStock } from '../../../../shared/domain/order/platform-order';
import { FIXED_RUNS } from '../fixed-runs';
import { platformOrder, SECOND, T } from './samples';

describe('whether an order takes stock', () => {
  it.each<[PlatformOrderStatus, 'order' | 'payment', boolean]>([
    ['unpaid', 'order', true],
    ['unpaid', 'payment', false],
    ['paid-do-not-ship', 'order', true],
    ['paid-do-not-ship', 'payment', true],
    ['to-ship', 'payment', true],
    ['closed', 'order', false],
    ['closed', 'payment', false],
  ])('%s, where the platform reduces stock at %s: %s', (status, stockTakenAt, takes) => {
    expect(takesStock(platformOrder({ status, stockTakenAt }))).toBe(takes);
  });

  it('takes none once its deposit is forfeited', () => {
    expect(takesStock(platformOrder({ deposit: 'forfeited', stockTakenAt: 'order' }))).toBe(false);
  });
});

describe('whether an order is paid in full', () => {
  it.each<[PlatformOrderStatus, number | null, DepositPhase, boolean]>([
    ['to-ship', T, 'none', true],
    ['to-ship', T, 'all-paid', true],
    ['paid-do-not-ship', T, 'none', true],
    ['unpaid', null, 'none', false],
    ['unpaid', T, 'none', false],
    ['to-ship', null, 'none', false],
    ['to-ship', T, 'deposit-paid', false],
    ['to-ship', T, 'nothing-paid', false],
  ])('%s, paid at %s, deposit %s: %s', (status, paidAtMs, deposit, paid) => {
    expect(isPaid(platformOrder({ status, paidAtMs, deposit }))).toBe(paid);
  });
});

describe('which of two versions is newer', () => {
  const version = (seconds: number, status: PlatformOrderStatus) => ({ modifiedAtMs: T + seconds * SECOND, status });

  it('goes by the modified time of the platform', () => {
    expect(supersedes(version(1, 'unpaid'), version(0, 'closed'))).toBe(true);
    expect(supersedes(version(0, 'closed'), version(1, 'unpaid'))).toBe(false);
  });

  it('goes by how far the order has come within one second, since platforms count no finer', () => {
    expect(supersedes(version(0, 'to-ship'), version(0, 'unpaid'))).toBe(true);
    expect(supersedes(version(0, 'unpaid'), version(0, 'to-ship'))).toBe(false);
  });

  it('lets a version take its own place', () => {
    expect(supersedes(version(0, 'to-ship'), version(0, 'to-ship'))).toBe(true);
  });

  it('agrees on one of two versions that differ, whichever comes first', () => {
    const status = fc.constantFrom(...(Object.keys(STATUS_RANK) as PlatformOrderStatus[]));
    const any = fc.tuple(fc.integer({ min: 0, max: 2 }), status);
    fc.assert(
      fc.property(any, any, ([atA, statusA], [atB, statusB]) => {
        fc.pre(atA !== atB || statusA !== statusB);
        const [a, b] = [version(atA, statusA), version(atB, statusB)];
        expect(supersedes(a, b)).toBe(!supersedes(b, a));
      }),
      FIXED_RUNS,
    );
  });
});
