import pLimit from 'p-limit';
import { listingKey } from '../../shared/domain/order/item-mapping';
import type { Shop } from '../../shared/domain/settings';
import type { SyncRecord } from '../../shared/domain/sync/sync-record';
import { AppError } from '../../shared/errors';
import type { Run } from '../../shared/platform/define-function';
import { isolateFailures } from '../../shared/platform/isolate-failures';
import type { LeasedEntry } from '../../shared/ports/pool';
import type { Key } from '../../shared/ports/store';
import { keys } from '../../shared/procedures/keys';
import { askReadBack } from '../../shared/procedures/map-listings';
import { sweepOpen } from '../../shared/procedures/sweep-open';
import type { SyncProgress } from '../../shared/procedures/sync-progress';
import { SYNC_PROGRESS } from '../../shared/procedures/sync-progress';
import type { ListingTarget } from '../../shared/procedures/compute-quantities';
import { computeTargets, loadSyncSettings } from '../../shared/procedures/compute-quantities';
import type { PushOutcome } from './push-job';
import { pushListings } from './push-listings';
import { ShopTurns } from './shop-turns';
import type { SyncPage } from './walk-resyncs';
import { walkResyncs } from './walk-resyncs';

/** SKUs computed and pushed in one go: enough that a platform's batches fill, few enough that a crash repeats little. */
const SKUS_AT_ONCE = 200;

/** SKUs computed at once. */
const COMPUTING_AT_ONCE = 16;

/** Longer than a run may last: who holds a lease is alive, or its SKUs are free again. */
const LEASE_MS = 120_000;

/** A run ends with this much time left. */
const SPARE_MS = 15_000;

/**
 * The timer run of the sync: drains the stock change pool, computes each SKU once however often it moved, writes the sync
 * queue and pushes. Takes up, too, what waits in the queue (retries, unsettled pushes) and what saved strategies ask for.
 *
 * Each of the three has a third of the time for itself, and what the others leave. While a slow shop was cut short and there
 * is time, all have another turn; of the pool only its oldest then, since everybody else's was done.
 */
export async function pushRatioStock(run: Run): Promise<Record<string, number>> {
  const turns = new ShopTurns();
  const left = new Set<string>();
  const sum = { due: 0, walked: 0, computed: 0 };
  for (let round = 1; ; round += 1) {
    const shareMs = Math.max(0, Math.floor((run.remainingMs() - SPARE_MS) / 3));
    sum.due += await pushDueRecords(keeping(run, 2 * shareMs), turns);
    const dueCutShort = turns.anew();
    sum.walked += await walkSaved(keeping(run, shareMs), turns);
    const walkCutShort = turns.anew();
    sum.computed += await drainPool(run, turns, left, round === 1 ? Number.POSITIVE_INFINITY : 1);
    const cutShort = turns.anew() || dueCutShort || walkCutShort;
    if (!cutShort || !mayGoOn(run)) break;
  }
  await saveProgress(run);
  return { ...sum, again: left.size };
}

/** The run for a part of it: so much of its time is kept for the others. */
const keeping = (run: Run, keptMs: number): Run => ({ ...run, remainingMs: () => run.remainingMs() - keptMs });

const mayGoOn = (run: Run): boolean => run.remainingMs() > SPARE_MS;

function walkSaved(run: Run, turns: ShopTurns): Promise<number> {
  const syncPage: SyncPage = async (skuIds, readBack) => {
    const only = ({ shop, mapping }: ListingTarget): boolean =>
      !readBack || (shop.id === readBack.shopId && listingKey(mapping) === readBack.listing);
    const { again, listings } = await syncSkus(run, skuIds, { verify: readBack !== undefined, only, turns });
    if (again.size > 0) return 'again';
    return listings > 0 ? 'done' : 'not-synced';
  };
  return walkResyncs(run, syncPage, () => mayGoOn(run));
}

/** Computes what is in the pool, in so many batches at most. `left` is told of what must be computed again, and stays there. */
async function drainPool(run: Run, turns: ShopTurns, left: Set<string>, batchesMax: number): Promise<number> {
  const { pool, log, clock } = run.ports;
  let computed = 0;
  const later: LeasedEntry[] = [];
  for (let batch = 1; batch <= batchesMax && mayGoOn(run); batch += 1) {
    const entries = await pool.lease(SKUS_AT_ONCE, LEASE_MS);
    if (entries.length === 0) break;
    const { again } = await syncSkus(
      run,
      entries.map((entry) => entry.skuId),
      { verify: false, turns },
    );
    await pool.clear(entries.filter((entry) => !again.has(entry.skuId)));
    for (const { skuId, sinceMs } of entries) {
      if (again.has(skuId)) left.add(skuId);
      else {
        left.delete(skuId);
        log.gauge('sync.delay', clock.nowMs() - sinceMs);
      }
    }
    later.push(...entries.filter((entry) => again.has(entry.skuId)));
    computed += entries.length - again.size;
    log.count('sync.computed-skus', entries.length);
    log.count(
      'sync.coalesced-changes',
      entries.reduce((sum, entry) => sum + entry.counter, 0),
    );
  }
  await pool.giveBack(later);
  return computed;
}

/**
 * Computes and pushes SKUs, by the settings as they are now: a run may last a minute, and who switches a shop's sync off
 * means now. Each shop goes its own way, and fails by itself. Returns the SKUs that a later run must compute again, those of
 * them of which no later try is known to help, and how many listings are synced.
 */
export async function syncSkus(
  run: Run,
  skuIds: readonly string[],
  options: { verify: boolean; turns: ShopTurns; only?: (target: ListingTarget) => boolean },
): Promise<{ again: ReadonlySet<string>; poisoned: ReadonlySet<string>; listings: number }> {
  const limit = pLimit(COMPUTING_AT_ONCE);
  const { store, clock } = run.ports;
  const again = new Set<string>();
  const poisoned = new Set<string>();
  const unique = [...new Set(skuIds)];
  if (unique.length === 0) return { again, poisoned, listings: 0 };
  const settings = await loadSyncSettings(store);
  const computed = await Promise.all(
    unique.map((skuId) => limit(() => computeTargets(store, settings, skuId, clock.nowMs()))),
  );
  const targets = computed.flat().filter((target) => options.only?.(target) ?? true);
  await Promise.all(
    [...byShop(targets)].map(async ([shop, ofShop]) => {
      if (options.turns.isOver(shop.id)) {
        for (const { skuId } of ofShop) again.add(skuId);
        return;
      }
      const turn = options.turns.begin(run, shop);
      const failures = await isolateFailures(ofShop, async (part) => {
        for (const { target, outcome } of await pushListings(run, part, { verify: options.verify, turn })) {
          countOutcome(run, outcome);
          if (outcome === 'again') again.add(target.skuId);
        }
      });
      for (const [{ skuId }, error] of failures) {
        again.add(skuId);
        if (!(error instanceof AppError) || error.retry === 'never') poisoned.add(skuId);
        run.ports.log.error('sync.listing-failed', { shopId: shop.id, skuId, reason: String(error) });
      }
    }),
  );
  return { again, poisoned, listings: targets.length };
}

function byShop(targets: readonly ListingTarget[]): Map<Shop, ListingTarget[]> {
  const shops = new Map<Shop, ListingTarget[]>();
  for (const target of targets) {
    const ofShop = shops.get(target.shop) ?? [];
    shops.set(target.shop, ofShop);
    ofShop.push(target);
  }
  return shops;
}

function countOutcome(run: Run, outcome: PushOutcome): void {
  if (outcome === 'skipped' || outcome === 'shown') run.ports.log.count('sync.saved-pushes');
}

/** Records whose time has come: retries with a fresh quantity, pushes of unknown outcome, second looks. */
async function pushDueRecords(run: Run, turns: ShopTurns): Promise<number> {
  const { store, clock } = run.ports;
  return sweepOpen(
    run.ports,
    'sync',
    clock.nowMs(),
    async (page: readonly Key[]) => {
      const records = await store.getMany<SyncRecord>(page);
      const due = records.flatMap((stored) => (stored ? [stored] : []));
      const looks = due.filter(({ value }) => value.status === 'pushed' || value.status === 'shown');
      const retries = due.filter((stored) => !looks.includes(stored));
      await syncSkus(
        run,
        retries.map(({ value }) => value.skuId),
        { verify: false, turns },
      );
      const listings = new Set(looks.map(({ key }) => key.pk));
      await syncSkus(
        run,
        looks.map(({ value }) => value.skuId),
        {
          ...{ verify: true, turns },
          only: ({ shop, mapping }) => listings.has(keys.syncPartition(shop.id, mapping)),
        },
      );
      // A listing that is synced no longer, or whose record was overtaken, waits for nothing.
      await Promise.all(due.map((stored) => closeOvertaken(run, stored.key)));
    },
    () => mayGoOn(run),
  );
}

async function closeOvertaken(run: Run, key: Key): Promise<void> {
  const { store, clock } = run.ports;
  const stored = await store.get<SyncRecord>(key);
  if (!stored?.places.open) return;
  const [last] = await store.query<SyncRecord>(key.pk, { limit: 1, descending: true });
  const { value } = stored;
  const overtaken = last !== undefined && last.value.number > value.number;
  const unmanaged = Number(stored.places.open.sort.slice(0, 16)) < clock.nowMs() - 10 * LEASE_MS;
  if (!overtaken && !unmanaged) return;
  // Somebody still has to look at what it shows: when it is synced again.
  if (!overtaken && value.recheckAtMs !== null) await askReadBack(run.ports, value.shopId, [value]);
  const { list } = stored.places;
  await store.put({ key, expect: stored.version, value, places: list ? { list } : {} });
}

/**
 * Every ledger entry up to this time is in the shops' quantities: the sweep had put all of them into the pool, and
 * nothing as old is in it any more.
 */
async function saveProgress(run: Run): Promise<void> {
  const { store, pool } = run.ports;
  const { filledUpToMs, oldestMs } = await pool.progress();
  if (filledUpToMs === undefined) return;
  const computedUpToMs = Math.min(filledUpToMs, oldestMs ?? filledUpToMs);
  const stored = await store.get<SyncProgress>(keys.progress(SYNC_PROGRESS));
  if (stored && stored.value.computedUpToMs >= computedUpToMs) return;
  await store.put<SyncProgress>({
    key: keys.progress(SYNC_PROGRESS),
    expect: stored?.version ?? 0,
    value: { computedUpToMs },
  });
}
