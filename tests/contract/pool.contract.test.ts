import * as fc from 'fast-check';
import { InProcessPool } from '../../shared/adapters/in-process/in-process-pool';
import type { Clock } from '../../shared/ports/clock';
import type { Pool, PoolEntry } from '../../shared/ports/pool';
import { ManualClock } from '../support/manual-clock';

const LEASE_MS = 60_000;

function describePool(name: string, open: (clock: Clock) => Pool): void {
  describe(`pool: ${name}`, () => {
    let clock: ManualClock;
    let pool: Pool;

    beforeEach(() => {
      clock = new ManualClock(1_000_000);
      pool = open(clock);
    });

    const touch = (...skuIds: string[]): Promise<void> =>
      pool.touch(skuIds.map((skuId) => ({ skuId, atMs: clock.nowMs() })));
    const names = (entries: readonly PoolEntry[]): string[] => entries.map((entry) => entry.skuId);

    it('keeps one entry for a SKU however often it moves, and counts the changes', async () => {
      await pool.touch([
        { skuId: 'A', atMs: 30 },
        { skuId: 'B', atMs: 20 },
        { skuId: 'A', atMs: 10 },
      ]);
      await pool.touch([{ skuId: 'A', atMs: 40 }]);
      // A moved three times, the oldest at 10.
      expect(await pool.list(9)).toEqual([
        { skuId: 'A', counter: 3, sinceMs: 10 },
        { skuId: 'B', counter: 1, sinceMs: 20 },
      ]);
      expect(await pool.list(1)).toHaveLength(1);
      expect(await pool.oldestMs()).toBe(10);
    });

    it('is empty at first', async () => {
      expect(await pool.list(9)).toEqual([]);
      expect(await pool.lease(9, LEASE_MS)).toEqual([]);
      expect(await pool.oldestMs()).toBeUndefined();
      expect(await pool.filledUpTo()).toBeUndefined();
    });

    it('leases the oldest first, up to the number asked for', async () => {
      for (const skuId of ['A', 'B', 'C']) {
        await touch(skuId);
        await clock.advance(1);
      }
      expect(names(await pool.lease(2, LEASE_MS))).toEqual(['A', 'B']);
      expect(names(await pool.lease(2, LEASE_MS))).toEqual(['C']);
    });

    it('hands a leased entry to nobody else until the lease is over', async () => {
      await touch('A');
      expect(names(await pool.lease(9, LEASE_MS))).toEqual(['A']);
      await clock.advance(LEASE_MS - 1);
      await touch('A');
      expect(await pool.lease(9, LEASE_MS)).toEqual([]);
      await clock.advance(1);
      expect(await pool.lease(9, LEASE_MS)).toEqual([{ skuId: 'A', counter: 2, sinceMs: 1_000_000 }]);
    });

    it('never leases an entry twice at once, to however many ask', async () => {
      await touch(...Array.from({ length: 100 }, (_, i) => `SKU-${i}`));
      const leases = await Promise.all(Array.from({ length: 20 }, () => pool.lease(7, LEASE_MS)));
      const leased = leases.flatMap(names);
      expect(leased).toHaveLength(100);
      expect(new Set(leased).size).toBe(100);
    });

    it('clears an entry that nothing has touched since it was leased', async () => {
      await touch('A', 'B');
      await pool.clear(await pool.lease(9, LEASE_MS));
      expect(await pool.list(9)).toEqual([]);
      expect(await pool.oldestMs()).toBeUndefined();
      // The next change begins anew.
      await touch('A');
      expect(await pool.lease(9, LEASE_MS)).toMatchObject([{ skuId: 'A', counter: 1 }]);
    });

    it('keeps an entry that moved while it was computed: free again, standing for the later changes only', async () => {
      await pool.touch([{ skuId: 'A', atMs: 10 }]);
      const leased = await pool.lease(9, LEASE_MS);
      await pool.touch([
        { skuId: 'A', atMs: 70 },
        { skuId: 'A', atMs: 50 },
      ]);
      await pool.clear(leased);
      expect(await pool.oldestMs()).toBe(50);
      expect(await pool.lease(9, LEASE_MS)).toEqual([{ skuId: 'A', counter: 3, sinceMs: 50 }]);
    });

    it('still counts leased entries among the oldest', async () => {
      await pool.touch([{ skuId: 'A', atMs: 10 }]);
      await pool.lease(9, LEASE_MS);
      await pool.touch([{ skuId: 'B', atMs: 20 }]);
      expect(await pool.oldestMs()).toBe(10);
    });

    it('gives entries back unchanged, at once', async () => {
      await pool.touch([
        { skuId: 'A', atMs: 10 },
        { skuId: 'B', atMs: 20 },
      ]);
      const leased = await pool.lease(9, LEASE_MS);
      await pool.giveBack(leased.slice(1));
      expect(await pool.lease(9, LEASE_MS)).toEqual([{ skuId: 'B', counter: 1, sinceMs: 20 }]);
      expect(await pool.oldestMs()).toBe(10);
    });

    it('takes no harm from clearing or giving back what is not there', async () => {
      const gone = { skuId: 'X', counter: 1, sinceMs: 0 };
      await pool.clear([gone]);
      await pool.giveBack([gone]);
      expect(await pool.list(9)).toEqual([]);
    });

    it('remembers how far it was filled', async () => {
      await pool.setFilledUpTo(123);
      await pool.setFilledUpTo(456);
      expect(await pool.filledUpTo()).toBe(456);
    });

    it('grants a burst at once, then as the rate says, each bucket by itself', async () => {
      const rate = { perSecond: 10, burst: 3 };
      expect(await pool.takeTokens('shop-1', 2, rate)).toEqual({ granted: 2, nextInMs: 0 });
      expect(await pool.takeTokens('shop-1', 2, rate)).toEqual({ granted: 1, nextInMs: 100 });
      expect(await pool.takeTokens('shop-2', 9, rate)).toEqual({ granted: 3, nextInMs: 100 });
      await clock.advance(50);
      expect(await pool.takeTokens('shop-1', 1, rate)).toEqual({ granted: 0, nextInMs: 50 });
      await clock.advance(50);
      expect(await pool.takeTokens('shop-1', 1, rate)).toEqual({ granted: 1, nextInMs: 100 });
      // A long pause fills the bucket to its burst and no further.
      await clock.advance(3_600_000);
      expect(await pool.takeTokens('shop-1', 9, rate)).toEqual({ granted: 3, nextInMs: 100 });
    });

    it('never grants more than burst + rate × time, and the next token is there when it says', async () => {
      const step = fc.record({ waitMs: fc.integer({ min: 0, max: 3_000 }), want: fc.integer({ min: 1, max: 20 }) });
      const rates = fc.record({
        perSecond: fc.constantFrom(0.5, 1, 3, 7, 20, 50),
        burst: fc.integer({ min: 1, max: 30 }),
      });
      await fc.assert(
        fc.asyncProperty(rates, fc.array(step, { maxLength: 40 }), async (rate, steps) => {
          const time = new ManualClock(0);
          const bucket = open(time);
          let granted = 0;
          for (const { waitMs, want } of steps) {
            await time.advance(waitMs);
            const taken = await bucket.takeTokens('shop', want, rate);
            granted += taken.granted;
            expect(taken.granted).toBeLessThanOrEqual(want);
            // A billionth is the slack of adding up fractions of a token.
            expect(granted).toBeLessThanOrEqual(rate.burst + (rate.perSecond * time.nowMs()) / 1_000 + 1e-9);
            if (taken.granted === want) continue;
            await time.advance(taken.nextInMs);
            const next = await bucket.takeTokens('shop', 1, rate);
            granted += next.granted;
            expect(next.granted).toBe(1);
          }
        }),
        { seed: 20_260_308, numRuns: 100 },
      );
    });
  });
}

describePool('InProcessPool', (clock) => new InProcessPool(clock));
