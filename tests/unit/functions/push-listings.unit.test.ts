import { pushListings } from '../../../functions/ratio-sync-push/push-listings';
import { ShopTurns } from '../../../functions/ratio-sync-push/shop-turns';
import type { SyncRecord } from '../../../shared/domain/sync/sync-record';
import type { ListingTarget } from '../../../shared/procedures/compute-quantities';
import { keys } from '../../../shared/procedures/keys';
import { LISTING, SHOP, StubRun } from '../../support/stub-run';

const RECHECK_MS = 60_000;

const turnOf = (run: StubRun) => new ShopTurns().begin(run, SHOP);

/** TEE shall show so many pieces. */
function target(qty: number): ListingTarget {
  const mapping = {
    shopId: SHOP.id,
    ...LISTING,
    skuId: 'TEE',
    merchantCode: 'TEE',
    title: '短袖',
    source: 'manual',
  } as const;
  return {
    ...{ shop: SHOP, skuId: 'TEE', qty, mapping: { ...mapping, version: 1, resync: null } },
    reason: {
      ...{
        balances: [],
        availableQty: qty,
        ratioBp: 10_000,
        ratioFrom: 'strategy',
        strategyId: 'R1',
        strategyVersion: 1,
      },
      ...{ flooredQty: qty, remainderQty: 0, ratioSumBp: 10_000, reserveQty: 0, maxQty: null },
    },
  };
}

describe('pushing a listing whose last push may still be applied late', () => {
  let run: StubRun;

  beforeEach(() => {
    run = new StubRun();
  });

  const push = async (qty: number, options = { verify: false }) =>
    (await pushListings(run, [target(qty)], { ...options, turn: turnOf(run) }))[0]?.outcome;
  const last = async () =>
    (await run.store.query<SyncRecord>(keys.syncPartition(SHOP.id, LISTING), { limit: 1, descending: true }))[0];

  /** A push of 5 times out unapplied; a read-back finds 0 and 5 is pushed again; then come `more` pushes. */
  async function pushes(more: readonly number[]): Promise<number> {
    run.channel.answer = { kind: 'unknown', message: 'time-out' };
    expect(await push(5)).toBe('unknown');
    run.channel.answer = undefined;
    expect(await push(5)).toBe('pushed');
    const recheckAtMs = run.clock.nowMs() + RECHECK_MS;
    for (const qty of more) {
      await run.clock.advance(1_000);
      expect(await push(qty)).toBe('pushed');
    }
    return recheckAtMs;
  }

  it('asks for a second look when its time limit is over', async () => {
    const recheckAtMs = await pushes([]);
    expect((await last())?.value.recheckAtMs).toBe(recheckAtMs);
  });

  it('keeps asking for it over all records that follow', async () => {
    const recheckAtMs = await pushes([6, 7, 8]);
    const stored = await last();
    expect(stored?.value).toMatchObject({ number: 5, qty: 8, recheckAtMs });
    expect(stored?.places.open?.sort.startsWith(String(recheckAtMs).padStart(16, '0'))).toBe(true);
  });

  it('keeps asking for it where somebody looks too early', async () => {
    const recheckAtMs = await pushes([6]);
    expect(await push(6, { verify: true })).toBe('skipped');
    expect((await last())?.value.recheckAtMs).toBe(recheckAtMs);
  });

  it('is done with it once somebody has looked in time, and repairs what came late', async () => {
    await pushes([6]);
    await run.clock.advance(RECHECK_MS);
    // The first push of 5 was applied at last, over the 6.
    run.channel.shownQty = 5;
    await push(6, { verify: true });
    await run.clock.advance(RECHECK_MS);
    expect(await push(6, { verify: true })).toBe('pushed');
    expect(run.channel.shownQty).toBe(6);
    expect((await last())?.value.recheckAtMs).toBeNull();
  });

  // Found by the simulation: the count stood at what the former record had brought it to, and the difference was added twice.
  it('counts from what was read where that is the new quantity already', async () => {
    run.channel.stockWrite = { ...run.channel.stockWrite, idempotentAdd: true };
    expect(await push(1)).toBe('pushed');
    // A push of 2 more was applied at last.
    run.channel.shownQty = 3;
    expect(await push(3, { verify: true })).toBe('shown');
    expect(await push(3)).toBe('skipped');
    expect(run.channel.shownQty).toBe(3);
  });
});

describe('a quantity that another run has overtaken', () => {
  const of = (ledgerNumber: number, qty: number, skuId = 'TEE'): ListingTarget => {
    const { reason, ...rest } = target(qty);
    const balances = [{ warehouseId: 'DC', ledgerNumber, availableQty: qty }];
    return { ...rest, skuId, reason: { ...reason, balances } };
  };
  const outcomes = async (run: StubRun, ...targets: ListingTarget[]) => {
    const results: unknown[] = [];
    for (const each of targets)
      results.push((await pushListings(run, [each], { verify: false, turn: turnOf(run) }))[0]?.outcome);
    return results;
  };

  it('is not pushed, but computed again', async () => {
    const run = new StubRun();
    expect(await outcomes(run, of(7, 5), of(6, 9))).toEqual(['pushed', 'again']);
    expect(run.channel.shownQty).toBe(5);
  });

  it('is not pushed where it follows an older version of the strategy', async () => {
    const run = new StubRun();
    const second = of(7, 5);
    const newer = { ...second, reason: { ...second.reason, strategyVersion: 2 } };
    expect(await outcomes(run, newer, of(8, 9))).toEqual(['pushed', 'again']);
    expect(run.channel.shownQty).toBe(5);
  });

  it('is pushed where the listing sells another SKU by now, whose ledger has numbers of its own', async () => {
    const run = new StubRun();
    expect(await outcomes(run, of(7, 5), of(1, 9, 'CAP'))).toEqual(['pushed', 'pushed']);
    expect(run.channel.shownQty).toBe(9);
  });
});

describe('a listing that shows less than counted', () => {
  it('is looked at again, and computed again where another run went on from its record meanwhile', async () => {
    const run = new StubRun();
    await pushListings(run, [target(5)], { verify: false, turn: turnOf(run) });
    run.channel.shownQty = 4;
    expect((await pushListings(run, [target(5)], { verify: true, turn: turnOf(run) }))[0]?.outcome).toBe('suspect');
    run.channel.shownQty = 3;
    run.channel.before = async () => {
      const [stored] = await run.store.query<SyncRecord>(keys.syncPartition(SHOP.id, LISTING), { limit: 1 });
      if (stored) await run.store.put({ ...stored, expect: stored.version });
    };
    expect((await pushListings(run, [target(5)], { verify: true, turn: turnOf(run) }))[0]?.outcome).toBe('again');
  });
});
