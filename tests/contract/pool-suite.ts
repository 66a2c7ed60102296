import * as fc from 'fast-check';
import type { Clock } from '../../shared/ports/clock';
import type { LeasedEntry, Pool, PoolEntry } from '../../shared/ports/pool';
import { POOL_PAGE_MAX } from '../../shared/ports/pool';
import { ManualClock } from '../support/manual-clock';

const LEASE_MS = 60_000;

/** What every pool does. `open` gives a new, empty one at each call; `open.lose` empties it as a loss would. */
export interface PoolMaker {
  open(clock: Clock): Pool;
  /** The pool after everything in it was lost. */
  lose(pool: Pool, clock: Clock): Promise<Pool>;
}

/** The contract of {@link Pool}. */
export function describePool(name: string, maker: PoolMaker): void {
  describe(`pool: ${name}`, () => {
    let clock: ManualClock;
    let pool: Pool;

    beforeEach(() => {
      clock = new ManualClock(1_000_000);
      pool = maker.open(clock);
    });

    const touch = (...skuIds: string[]): Promise<void> =>
      pool.touch(skuIds.map((skuId) => ({ skuId, atMs: clock.nowMs() })));
    const names = (entries: readonly PoolEntry[]): string[] => entries.map((entry) => entry.skuId);
    const lease = async (): Promise<LeasedEntry[]> => pool.lease(9, LEASE_MS);

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
      expect(await pool.list(0)).toEqual([]);
      expect((await pool.progress()).oldestMs).toBe(10);
    });

    it('is empty at first', async () => {
      expect(await pool.list(9)).toEqual([]);
      expect(await lease()).toEqual([]);
      expect(await pool.progress()).toEqual({ filledUpToMs: undefined, oldestMs: undefined });
      await pool.touch([]);
      expect(await pool.list(9)).toEqual([]);
    });

    it('leases the oldest first, whenever they came in, up to the number asked for', async () => {
      await pool.touch([
        { skuId: 'C', atMs: 30 },
        { skuId: 'B', atMs: 20 },
        { skuId: 'A', atMs: 40 },
        { skuId: 'D', atMs: 30 },
      ]);
      // An old change of A comes in late.
      await pool.touch([{ skuId: 'A', atMs: 10 }]);
      expect(await pool.lease(0, LEASE_MS)).toEqual([]);
      expect(names(await pool.lease(2, LEASE_MS))).toEqual(['A', 'B']);
      expect(names(await pool.lease(2, LEASE_MS))).toEqual(['C', 'D']);
      expect(names(await pool.list(9))).toEqual(['A', 'B', 'C', 'D']);
    });

    it('takes any number of changes, and gives out a thousand entries a call', async () => {
      const changes = Array.from({ length: POOL_PAGE_MAX + 5 }, (_, i) => ({ skuId: `SKU-${i}`, atMs: i }));
      await pool.touch(changes);
      const [first, second] = [await pool.lease(5_000, LEASE_MS), await pool.lease(5_000, LEASE_MS)];
      expect(names([...first, ...second])).toEqual(changes.map(({ skuId }) => skuId));
      expect([first.length, second.length, (await pool.list(5_000)).length]).toEqual([1_000, 5, 1_000]);
      await pool.giveBack([...first, ...second]);
      const again = [...(await pool.lease(5_000, LEASE_MS)), ...(await pool.lease(5_000, LEASE_MS))];
      expect(again).toHaveLength(1_005);
      await pool.clear(again);
      expect(await pool.list(9)).toEqual([]);
    });

    it('hands a leased entry to nobody else until the lease is over', async () => {
      await touch('A');
      expect(names(await lease())).toEqual(['A']);
      await clock.advance(LEASE_MS - 1);
      await touch('A');
      expect(await lease()).toEqual([]);
      await clock.advance(1);
      expect(await lease()).toMatchObject([{ skuId: 'A', counter: 2, sinceMs: 1_000_000 }]);
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
      await pool.clear(await lease());
      expect(await pool.list(9)).toEqual([]);
      expect((await pool.progress()).oldestMs).toBeUndefined();
      // The next change begins anew.
      await touch('A');
      expect(await lease()).toMatchObject([{ skuId: 'A', counter: 1 }]);
    });

    it('keeps an entry that moved while it was computed: free again, standing for the later changes only', async () => {
      await pool.touch([{ skuId: 'A', atMs: 10 }]);
      const leased = await lease();
      await pool.touch([
        { skuId: 'A', atMs: 70 },
        { skuId: 'A', atMs: 50 },
      ]);
      await pool.clear(leased);
      expect((await pool.progress()).oldestMs).toBe(50);
      expect(await lease()).toMatchObject([{ skuId: 'A', counter: 3, sinceMs: 50 }]);
    });

    it('still counts leased entries among the oldest', async () => {
      await pool.touch([{ skuId: 'A', atMs: 10 }]);
      await lease();
      await pool.touch([{ skuId: 'B', atMs: 20 }]);
      expect((await pool.progress()).oldestMs).toBe(10);
    });

    it('gives entries back unchanged, at once', async () => {
      await pool.touch([
        { skuId: 'A', atMs: 10 },
        { skuId: 'B', atMs: 20 },
      ]);
      const leased = await lease();
      await pool.giveBack(leased.slice(1));
      expect(await lease()).toMatchObject([{ skuId: 'B', counter: 1, sinceMs: 20 }]);
      expect((await pool.progress()).oldestMs).toBe(10);
    });

    it('gives back an entry that moved meanwhile with its oldest change still standing', async () => {
      await pool.touch([{ skuId: 'A', atMs: 10 }]);
      const leased = await lease();
      await pool.touch([{ skuId: 'A', atMs: 50 }]);
      await pool.giveBack(leased);
      const again = await lease();
      expect(again).toMatchObject([{ skuId: 'A', counter: 2, sinceMs: 10 }]);
      // Nothing came in during the second lease: it clears all that the entry stood for.
      await pool.clear(again);
      expect(await pool.list(9)).toEqual([]);
    });

    it('takes no harm from ending a lease twice, or one of an entry that is not there', async () => {
      await touch('A');
      const leased = await lease();
      await pool.clear(leased);
      await pool.clear(leased);
      await pool.giveBack(leased);
      expect(await pool.list(9)).toEqual([]);
      expect(await lease()).toEqual([]);
    });

    describe('fences', () => {
      it('a lease that another has taken over: neither clearing nor giving back frees what the other computes', async () => {
        await touch('A');
        const slow = await lease();
        await clock.advance(LEASE_MS);
        const quick = await lease();
        expect(quick).toMatchObject([{ skuId: 'A', counter: 1 }]);
        expect(quick[0]?.lease).not.toBe(slow[0]?.lease);
        await pool.giveBack(slow);
        await pool.clear(slow);
        expect(names(await pool.list(9))).toEqual(['A']);
        expect(await lease()).toEqual([]);
        await pool.clear(quick);
        expect(await pool.list(9)).toEqual([]);
      });

      it('what moved under the second lease, though the first one ends late', async () => {
        await pool.touch([{ skuId: 'A', atMs: 10 }]);
        const slow = await lease();
        await pool.touch([{ skuId: 'A', atMs: 20 }]);
        await clock.advance(LEASE_MS);
        const quick = await lease();
        await pool.touch([{ skuId: 'A', atMs: 30 }]);
        await pool.clear(slow);
        // Nothing the slow one read covers the change at 20, which the quick one computes now.
        expect((await pool.progress()).oldestMs).toBe(10);
        await pool.clear(quick);
        expect(await pool.list(9)).toEqual([{ skuId: 'A', counter: 3, sinceMs: 30 }]);
      });

      it('nothing where a lease has run out and nobody has taken it over: its holder was only slow', async () => {
        await touch('A', 'B');
        const [a, b] = await lease();
        await clock.advance(LEASE_MS * 2);
        await pool.clear(a ? [a] : []);
        await pool.giveBack(b ? [b] : []);
        expect(await lease()).toMatchObject([{ skuId: 'B', counter: 1 }]);
      });

      it('an entry given back: clearing it afterwards does nothing, whether somebody else has it or not', async () => {
        await touch('A');
        const first = await lease();
        await pool.giveBack(first);
        await pool.clear(first);
        expect(names(await pool.list(9))).toEqual(['A']);
        const second = await lease();
        await pool.clear(first);
        await pool.clear(second);
        expect(await pool.list(9)).toEqual([]);
      });

      it('a change that came in after the pool was lost, though it counts to the same number', async () => {
        await touch('A');
        const stale = await lease();
        pool = await maker.lose(pool, clock);
        await clock.advance(1);
        await touch('A');
        await pool.clear(stale);
        expect(await pool.list(9)).toEqual([{ skuId: 'A', counter: 1, sinceMs: 1_000_001 }]);
        const fresh = await lease();
        expect(fresh).toHaveLength(1);
        await pool.clear(stale);
        await pool.giveBack(stale);
        expect(await lease()).toEqual([]);
        await pool.clear(fresh);
        expect(await pool.list(9)).toEqual([]);
      });

      it('a fill in whose middle the pool was lost: nobody knows what it lacks', async () => {
        const fill = await pool.beginFill();
        await touch('A');
        pool = await maker.lose(pool, clock);
        await touch('B');
        await pool.endFill(fill, 500);
        expect((await pool.progress()).filledUpToMs).toBeUndefined();
        await pool.endFill(await pool.beginFill(), 700);
        await pool.endFill(fill, 900);
        expect((await pool.progress()).filledUpToMs).toBe(700);
      });
    });

    it('remembers how far it was filled, and never less than it was', async () => {
      const [early, late] = [await pool.beginFill(), await pool.beginFill()];
      await pool.endFill(late, 456);
      await pool.endFill(early, 123);
      expect((await pool.progress()).filledUpToMs).toBe(456);
      pool = await maker.lose(pool, clock);
      expect((await pool.progress()).filledUpToMs).toBeUndefined();
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

    it('grants nothing twice to a clock that was set back and comes to the same time again', async () => {
      const rate = { perSecond: 10, burst: 3 };
      expect((await pool.takeTokens('shop', 3, rate)).granted).toBe(3);
      await clock.advance(100);
      expect((await pool.takeTokens('shop', 3, rate)).granted).toBe(1);
      await clock.advance(-5_000);
      expect(await pool.takeTokens('shop', 1, rate)).toEqual({ granted: 0, nextInMs: 100 });
      await clock.advance(5_000);
      expect((await pool.takeTokens('shop', 1, rate)).granted).toBe(0);
      await clock.advance(100);
      expect((await pool.takeTokens('shop', 3, rate)).granted).toBe(1);
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
          const bucket = maker.open(time);
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
