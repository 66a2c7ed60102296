import pLimit from 'p-limit';
import { listingKey } from '../../shared/domain/order/item-mapping';
import type { SyncRecord } from '../../shared/domain/sync/sync-record';
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
 */
export async function pushRatioStock(run: Run): Promise<Record<string, number>> {
  const { pool, log, clock } = run.ports;
  const mayGoOn = (): boolean => run.remainingMs() > SPARE_MS;
  const due = await pushDueRecords(run, mayGoOn);
  const syncPage: SyncPage = async (skuIds, readBack) => {
    const only = ({ shop, mapping }: ListingTarget): boolean =>
      !readBack || (shop.id === readBack.shopId && listingKey(mapping) === readBack.listing);
    const { again, listings } = await syncSkus(run, skuIds, { verify: readBack !== undefined, only });
    if (again.size > 0) return 'again';
    return listings > 0 ? 'done' : 'not-synced';
  };
  const walked = await walkResyncs(run, syncPage, mayGoOn);
  let computed = 0;
  const later: LeasedEntry[] = [];
  while (mayGoOn()) {
    const entries = await pool.lease(SKUS_AT_ONCE, LEASE_MS);
    if (entries.length === 0) break;
    const { again } = await syncSkus(
      run,
      entries.map((entry) => entry.skuId),
      { verify: false },
    );
    await pool.clear(entries.filter((entry) => !again.has(entry.skuId)));
    for (const { skuId, sinceMs } of entries) if (!again.has(skuId)) log.gauge('sync.delay', clock.nowMs() - sinceMs);
    later.push(...entries.filter((entry) => again.has(entry.skuId)));
    computed += entries.length - again.size;
    log.count('sync.computed-skus', entries.length);
    log.count(
      'sync.coalesced-changes',
      entries.reduce((sum, entry) => sum + entry.counter, 0),
    );
  }
  await pool.giveBack(later);
  await saveProgress(run);
  return { due, walked, computed, again: later.length };
}

/**
 * Computes and pushes SKUs, by the settings as they are now: a run may last a minute, and who switches a shop's sync off
 * means now. Returns the SKUs that a later run must compute again, and how many listings are synced.
 */
export async function syncSkus(
  run: Run,
  skuIds: readonly string[],
  options: { verify: boolean; only?: (target: ListingTarget) => boolean },
): Promise<{ again: ReadonlySet<string>; listings: number }> {
  const limit = pLimit(COMPUTING_AT_ONCE);
  const { store, clock, log } = run.ports;
  const unique = [...new Set(skuIds)];
  if (unique.length === 0) return { again: new Set(), listings: 0 };
  const settings = await loadSyncSettings(store);
  const computed = await Promise.all(
    unique.map((skuId) => limit(() => computeTargets(store, settings, skuId, clock.nowMs()))),
  );
  const targets = computed.flat().filter((target) => options.only?.(target) ?? true);
  const again = new Set<string>();
  const failures = await isolateFailures(targets, async (part) => {
    for (const { target, outcome } of await pushListings(run, part, options)) {
      countOutcome(run, outcome);
      if (outcome === 'again') again.add(target.skuId);
    }
  });
  for (const [target, error] of failures) {
    again.add(target.skuId);
    log.error('sync.listing-failed', { shopId: target.shop.id, skuId: target.skuId, reason: String(error) });
  }
  return { again, listings: targets.length };
}

function countOutcome(run: Run, outcome: PushOutcome): void {
  if (outcome === 'skipped' || outcome === 'shown') run.ports.log.count('sync.saved-pushes');
}

/** Records whose time has come: retries with a fresh quantity, pushes of unknown outcome, second looks. */
async function pushDueRecords(run: Run, mayGoOn: () => boolean): Promise<number> {
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
        { verify: false },
      );
      const listings = new Set(looks.map(({ key }) => key.pk));
      await syncSkus(
        run,
        looks.map(({ value }) => value.skuId),
        {
          verify: true,
          only: ({ shop, mapping }) => listings.has(keys.syncPartition(shop.id, mapping)),
        },
      );
      // A listing that is synced no longer, or whose record was overtaken, waits for nothing.
      await Promise.all(due.map((stored) => closeOvertaken(run, stored.key)));
    },
    mayGoOn,
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
