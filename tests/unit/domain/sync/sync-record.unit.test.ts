import fc from 'fast-check';
import type { PushPlan, ShopMovement, SyncRecord } from '../../../../shared/domain/sync/sync-record';
import { countedShownQty, planPush, retryDelayMs } from '../../../../shared/domain/sync/sync-record';
import { FIXED_RUNS } from '../fixed-runs';
import { reason } from './samples';

const T = Date.parse('2026-03-08T06:00:00Z');
const SECOND = 1000;

/** A push of 10 pieces that the platform took. */
const record = (fields: Partial<SyncRecord> = {}): SyncRecord => ({
  ...{ number: 1, shopId: 'tmall-1', itemId: '654321', platformSkuId: '4711', skuId: 'TEE', qty: 10, reason: reason() },
  ...{
    status: 'pushed',
    write: { mode: 'add', qty: 10, key: 'tmall-1.654321#4711.1' },
    token: 't',
    deadlineMs: T + SECOND,
  },
  ...{ shownQty: 10, suspectQty: null, failure: null, failures: 0, retryAtMs: null, recheckAtMs: null },
  ...{ createdAtMs: T, finishedAtMs: T + SECOND },
  ...fields,
});

const QUIET: ShopMovement = { moved: false, soldQty: 0 };
const sold = (soldQty: number | null): ShopMovement => ({ moved: true, soldQty });

describe('what the platform shows by our count', () => {
  it('is what it was brought to, or was seen to show', () => {
    expect(countedShownQty(record(), QUIET)).toBe(10);
    expect(countedShownQty(record({ status: 'shown' }), QUIET)).toBe(10);
    expect(countedShownQty(record({ shownQty: 0 }), QUIET)).toBe(0);
  });

  it('is less by what the shop itself has sold since', () => {
    // 10 − 3 = 7
    expect(countedShownQty(record(), sold(3))).toBe(7);
  });

  it.each<[string, SyncRecord | undefined, ShopMovement]>([
    ['nothing was ever pushed', undefined, QUIET],
    ['the push is on its way', record({ status: 'in-flight' }), QUIET],
    ['the push failed', record({ status: 'failed' }), QUIET],
    ['the outcome is unknown', record({ status: 'unknown' }), QUIET],
    ['the record does not say', record({ shownQty: null }), QUIET],
    ['orders were cancelled or refused meanwhile', record(), sold(null)],
  ])('is not known where %s', (_, last, since) => {
    expect(countedShownQty(last, since)).toBeNull();
  });
});

type Facts = Parameters<typeof planPush>[0];
const facts = (fields: Partial<Facts> = {}): Facts => ({
  ...{
    last: record(),
    since: QUIET,
    qty: 10,
    addOnce: true,
    readQty: undefined,
    verify: false,
    nowMs: T + 60 * SECOND,
  },
  ...fields,
});

const SKIP: PushPlan = { kind: 'skip' };
const READ: PushPlan = { kind: 'read-back' };
const set = (qty: number): PushPlan => ({ kind: 'write', mode: 'set', qty });
const add = (qty: number): PushPlan => ({ kind: 'write', mode: 'add', qty });

describe('what to do for a listing, before reading', () => {
  it.each<[string, Partial<Facts>, PushPlan]>([
    ['nothing where the platform is known to show the quantity', {}, SKIP],
    ['nothing there either for a platform that only sets', { addOnce: false }, SKIP],
    ['nothing where it was seen to show the quantity', { last: record({ status: 'shown' }) }, SKIP],
    // 12 − 10 = +2, 7 − 10 = −3
    ['add what is more', { qty: 12 }, add(2)],
    ['add a minus for what is less', { qty: 7 }, add(-3)],
    ['take down to nothing', { qty: 0 }, add(-10)],
    ['set the quantity where the platform takes no keyed addition', { qty: 7, addOnce: false }, set(7)],
    ['set nothing', { qty: 0, addOnce: false }, set(0)],
    ['set on the first push', { last: undefined, addOnce: false }, set(10)],
    ['read first where an addition needs a number to count from', { last: undefined }, READ],
    ['read first where the shop sold since', { since: sold(3), qty: 7 }, READ],
    ['read first where the shop sold since, also where nothing seems to change', { since: sold(3) }, READ],
    ['set at once where the shop sold since', { since: sold(3), qty: 7, addOnce: false }, set(7)],
    [
      'set once more where the count is the quantity, but sales came between',
      { since: sold(3), addOnce: false },
      set(10),
    ],
    ['read first where the count cannot be told', { since: sold(null) }, READ],
    ['read first where the record does not say what is shown', { last: record({ shownQty: null }) }, READ],
    ['read because the rolling read-back asks, though all seems well', { verify: true }, READ],
    ['read for a platform that sets because the read-back asks', { verify: true, addOnce: false }, READ],
    ['set unread on the first push, though asked to read', { last: undefined, verify: true, addOnce: false }, set(10)],
    ['read on the first push that adds', { last: undefined, verify: true }, READ],
  ])('%s', (_, given, plan) => {
    expect(planPush(facts(given))).toEqual(plan);
  });

  describe('after a push whose outcome is not settled', () => {
    const inFlight = record({ status: 'in-flight', shownQty: null, deadlineMs: T + 60 * SECOND });
    const wait: PushPlan = { kind: 'wait', untilMs: T + 60 * SECOND, because: 'in-flight' };

    it.each([false, true])('waits until its deadline, whatever is asked (verify %s)', (verify) => {
      const given = { last: inFlight, verify, qty: 7 };
      expect(planPush(facts({ ...given, nowMs: T + 60 * SECOND - 1 }))).toEqual(wait);
      expect(planPush(facts({ ...given, nowMs: T + 60 * SECOND - 1, addOnce: false }))).toEqual(wait);
    });

    it('waits, too, when it has read meanwhile: another run is pushing', () => {
      expect(planPush(facts({ last: inFlight, readQty: 10, nowMs: T }))).toEqual(wait);
    });

    it('reads back from the deadline on, for a platform that sets too', () => {
      const given = { last: inFlight, nowMs: T + 60 * SECOND };
      expect(planPush(facts(given))).toEqual(READ);
      expect(planPush(facts({ ...given, addOnce: false }))).toEqual(READ);
    });

    it.each([true, false])('reads back an unknown outcome (addOnce %s)', (addOnce) => {
      expect(planPush(facts({ last: record({ status: 'unknown', shownQty: null }), addOnce }))).toEqual(READ);
    });
  });

  describe('after a push that was refused', () => {
    const failed = (retryAtMs: number | null) => record({ status: 'failed', shownQty: null, failures: 1, retryAtMs });

    it('pauses until the time of the retry', () => {
      const given = { last: failed(T + 60 * SECOND), qty: 7 };
      expect(planPush(facts({ ...given, nowMs: T + 60 * SECOND - 1 }))).toEqual({
        kind: 'wait',
        untilMs: T + 60 * SECOND,
        because: 'pause',
      });
      expect(planPush(facts({ ...given, nowMs: T + 60 * SECOND, addOnce: false }))).toEqual(set(7));
      expect(planPush(facts({ ...given, nowMs: T + 60 * SECOND }))).toEqual(READ);
    });

    it('tries a new quantity at once where only a person could have helped the old one', () => {
      expect(planPush(facts({ last: failed(null), qty: 7, addOnce: false }))).toEqual(set(7));
      expect(planPush(facts({ last: failed(null), qty: 7 }))).toEqual(READ);
    });
  });
});

describe('what to do for a listing, once it was read', () => {
  it.each<[string, Partial<Facts>, PushPlan]>([
    ['nothing where it shows the quantity', { last: undefined, readQty: 10 }, SKIP],
    [
      'nothing where an unknown push turns out to have arrived',
      { last: record({ status: 'unknown' }), readQty: 10 },
      SKIP,
    ],
    // 10 − 4 = +6, 10 − 12 = −2
    ['add from what is shown where nothing is counted', { last: undefined, readQty: 4 }, add(6)],
    ['add a minus from what is shown where nothing is counted', { last: undefined, readQty: 12 }, add(-2)],
    ['set where the platform only sets', { last: undefined, readQty: 4, addOnce: false }, set(10)],
    ['write again where an unknown push did not arrive', { last: record({ status: 'unknown' }), readQty: 4 }, add(6)],
    // Counted 10 − 3 = 7 and shown 7: 12 − 7 = +5
    ['add from the count where the platform shows the same', { since: sold(3), qty: 12, readQty: 7 }, add(5)],
    // Counted 7, shown 5: two are sold there and not told of. Adding 12 − 5 = 7 would sell them twice.
    [
      'add from the count where it shows less: those pieces are sold already',
      { since: sold(3), qty: 12, readQty: 5 },
      add(5),
    ],
    // Counted 7, shown 9: two came back there. 12 − 9 = +3
    ['add from what it shows where that is more', { since: sold(3), qty: 12, readQty: 9 }, add(3)],
    ['nothing where the count is the quantity, though it shows less', { since: sold(3), qty: 7, readQty: 5 }, SKIP],
    ['take down what it shows too much', { since: sold(3), qty: 7, readQty: 9 }, add(-2)],
    ['add from what it shows where the count cannot be told', { since: sold(null), qty: 12, readQty: 5 }, add(7)],
    ['set the quantity though it shows less', { since: sold(3), qty: 12, readQty: 5, addOnce: false }, set(12)],
  ])('%s', (_, given, plan) => {
    expect(planPush(facts(given))).toEqual(plan);
  });
});

describe('the rolling read-back', () => {
  const verify = (readQty: number, given: Partial<Facts> = {}): PushPlan =>
    planPush(facts({ verify: true, readQty, ...given }));

  it('does nothing where all is well', () => {
    expect(verify(10)).toEqual(SKIP);
  });

  it('only suspects where it shows less than counted: a sale may be on its way to us', () => {
    expect(verify(8)).toEqual({ kind: 'suspect', shownQty: 8 });
    expect(verify(8, { addOnce: false })).toEqual({ kind: 'suspect', shownQty: 8 });
  });

  it('repairs on the second look where it still shows the same', () => {
    const last = record({ suspectQty: 8 });
    // 10 − 8 = +2
    expect(verify(8, { last })).toEqual(add(2));
    expect(verify(8, { last, addOnce: false })).toEqual(set(10));
  });

  it('suspects anew where it shows another number on the second look: it is still selling', () => {
    expect(verify(7, { last: record({ suspectQty: 8 }) })).toEqual({ kind: 'suspect', shownQty: 7 });
    expect(verify(9, { last: record({ suspectQty: 8 }) })).toEqual({ kind: 'suspect', shownQty: 9 });
  });

  it('is content where the suspected pieces are heard of as sold in the meantime', () => {
    // 10 − 2 = 8 counted, 8 wanted, 8 shown
    expect(verify(8, { last: record({ suspectQty: 8 }), since: sold(2), qty: 8 })).toEqual(SKIP);
  });

  it('takes down at once what it shows too much: that could be sold twice', () => {
    // 10 − 12 = −2
    expect(verify(12)).toEqual(add(-2));
    expect(verify(12, { addOnce: false })).toEqual(set(10));
  });

  it('suspects none of what it cannot count, and repairs it', () => {
    expect(verify(8, { last: record({ status: 'failed', shownQty: null }) })).toEqual(add(2));
    expect(verify(8, { last: undefined })).toEqual(add(2));
  });
});

describe('any listing', () => {
  const anyRecord = fc.record({
    status: fc.constantFrom('in-flight', 'pushed', 'shown', 'failed', 'unknown'),
    shownQty: fc.option(fc.nat({ max: 5 })),
    suspectQty: fc.option(fc.nat({ max: 5 })),
    deadlineMs: fc.constantFrom(T - 1, T, T + 1),
    retryAtMs: fc.constantFrom(null, T - 1, T, T + 1),
  } as const);
  const anyFacts: fc.Arbitrary<Facts> = fc.record({
    last: fc.option(anyRecord.map(record), { nil: undefined }),
    since: fc.constantFrom(QUIET, sold(0), sold(1), sold(2), sold(null)),
    qty: fc.nat({ max: 5 }),
    addOnce: fc.boolean(),
    readQty: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
    verify: fc.boolean(),
    nowMs: fc.constant(T),
  });
  const RUNS = { ...FIXED_RUNS, numRuns: 5000 };

  it('is never written while another push of it may be on its way, nor during a pause', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { last } = given;
        const busy = last?.status === 'in-flight' && T < last.deadlineMs;
        const paused = last?.status === 'failed' && last.retryAtMs !== null && T < last.retryAtMs;
        expect(planPush(given).kind === 'wait').toBe(busy || paused);
      }),
      RUNS,
    );
  });

  it('is read at most once: with a number read, it is decided', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const plan = planPush(given);
        if (given.readQty !== undefined) expect(plan.kind).not.toBe('read-back');
        if (plan.kind === 'suspect') expect(given.verify).toBe(true);
      }),
      RUNS,
    );
  });

  it('is set only to its quantity, and changed only where that changes something', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const plan = planPush(given);
        if (plan.kind !== 'write') return;
        expect(plan.mode).toBe(given.addOnce ? 'add' : 'set');
        if (plan.mode === 'set') expect(plan.qty).toBe(given.qty);
        else expect(plan.qty).not.toBe(0);
      }),
      RUNS,
    );
  });

  it('is brought by an addition never above its quantity, where we know all that is sold', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const plan = planPush(given);
        if (plan.kind !== 'write' || plan.mode !== 'add' || given.readQty === undefined) return;
        expect(given.readQty + plan.qty).toBeLessThanOrEqual(given.qty);
      }),
      RUNS,
    );
  });
});

describe('a shop that sells while we push additions', () => {
  /** Stock comes in, the shop sells, we hear of it later, we push: in any order. */
  const events = fc.array(
    fc.oneof(
      fc.record({ what: fc.constant('receive'), pieces: fc.integer({ min: 1, max: 5 }) } as const),
      fc.record({ what: fc.constantFrom('sell', 'hear', 'push'), pieces: fc.constant(1) } as const),
    ),
    { maxLength: 60 },
  );

  it('never shows a piece that it has sold already, heard of or not', () => {
    fc.assert(
      fc.property(events, (history) => {
        let [available, shown, unheard, heardSince] = [0, 0, 0, 0];
        let last: SyncRecord | undefined;
        const push = (): void => {
          const since: ShopMovement = { moved: heardSince > 0, soldQty: heardSince };
          const given = facts({ last, since, qty: available });
          let plan = planPush(given);
          if (plan.kind === 'read-back') plan = planPush({ ...given, readQty: shown });
          if (plan.kind === 'write') shown += plan.qty;
          last = record({ status: plan.kind === 'skip' ? 'shown' : 'pushed', shownQty: available });
          heardSince = 0;
          // What is for sale is what is there, less what is sold and still on its way to us.
          expect(shown).toBe(available - unheard);
        };
        push();
        for (const { what, pieces } of history) {
          if (what === 'receive') available += pieces;
          else if (what === 'push') push();
          else if (what === 'sell' && shown > 0) {
            shown -= 1;
            unheard += 1;
          } else if (what === 'hear' && unheard > 0) {
            unheard -= 1;
            heardSince += 1;
            available -= 1;
          }
          expect(shown).toBeGreaterThanOrEqual(0);
        }
      }),
      FIXED_RUNS,
    );
  });
});

describe('the pause before a retry', () => {
  it.each([
    // 2 s doubling: 2, 4, 8 …; 2^8 = 256 s, 2^9 would be 512 s and is cut at 300 s.
    [1, 2],
    [2, 4],
    [3, 8],
    [8, 256],
    [9, 300],
    [12, 300],
    [13, 300],
    [10_000, 300],
  ])('number %i is %i seconds', (failures, seconds) => {
    expect(retryDelayMs(failures)).toBe(seconds * SECOND);
  });
});
