import type { LedgerEntry } from '../../../shared/domain/stock/ledger';
import type { Shop } from '../../../shared/domain/settings';
import type { SyncRecord } from '../../../shared/domain/sync/sync-record';
import type { IndexHit, Store, Stored } from '../../../shared/ports/store';
import { keys } from '../../../shared/procedures/keys';
import type { SyncProgress } from '../../../shared/procedures/sync-progress';
import { SYNC_PROGRESS } from '../../../shared/procedures/sync-progress';
import type { HomeSyncDelay } from '../schema/home';
import { links } from './links';
import { spreadOf } from './spread';

/** Latest records of the sync queue that are looked at, over all shops. */
const RECORDS = 100;

/** Samples that an instance keeps: what a pushed record says never changes. */
const KEPT_MAX = 1_000;

export type DelaySample = HomeSyncDelay['samples'][number];

/** Samples by key of their record; null where no change of stock caused it. */
export type KeptSamples = Map<string, DelaySample | null>;

/**
 * How long the latest changes of stock took to the shops: from the newest ledger entry that a quantity was computed from, to
 * when it was computed, to when the platform had it. Records that no change of stock caused (a strategy was saved, a
 * read-back repaired) stand on the same entries as the listing's record before, and are left out.
 */
export async function readSyncDelay(store: Store, kept: KeptSamples, shops: readonly Shop[]): Promise<HomeSyncDelay> {
  const [progress, hits] = await Promise.all([
    store.get<SyncProgress>(keys.progress(SYNC_PROGRESS)),
    latestRecords(store, shops),
  ]);
  const unknown = hits.filter(({ key }) => !kept.has(idOf(key)));
  if (kept.size + unknown.length > KEPT_MAX) kept.clear();
  const pushed = (await store.getMany<SyncRecord>(unknown.map(({ key }) => key))).flatMap((stored) =>
    stored?.value.status === 'pushed' && stored.value.finishedAtMs !== null ? [stored] : [],
  );
  for (const { id, sample } of await sampled(store, pushed)) kept.set(id, sample);
  const samples = hits.flatMap(({ key }) => kept.get(idOf(key)) ?? []).sort((a, b) => a.pushedAtMs - b.pushedAtMs);
  return {
    computedUpToMs: progress?.value.computedUpToMs ?? null,
    changeToComputed: spreadOf(samples.map(({ changedAtMs, computedAtMs }) => computedAtMs - changedAtMs)),
    computedToPushed: spreadOf(samples.map(({ computedAtMs, pushedAtMs }) => pushedAtMs - computedAtMs)),
    changeToPushed: spreadOf(samples.map(({ changedAtMs, pushedAtMs }) => pushedAtMs - changedAtMs)),
    samples,
    link: links.syncQueue({}),
  };
}

const idOf = ({ pk, sk }: IndexHit['key']): string => `${pk}/${sk}`;

/** Newest first, whatever their shop. */
async function latestRecords(store: Store, shops: readonly Shop[]): Promise<IndexHit[]> {
  const pages = await Promise.all(
    shops.map(({ id }) => store.queryIndex('list', `sync-queue#${id}`, { limit: RECORDS, descending: true })),
  );
  return pages
    .flat()
    .sort((a, b) => (a.sort < b.sort ? 1 : -1))
    .slice(0, RECORDS);
}

async function sampled(
  store: Store,
  pushed: readonly Stored<SyncRecord>[],
): Promise<{ id: string; sample: DelaySample | null }[]> {
  const former = await store.getMany<SyncRecord>(
    pushed.map(({ value }) => keys.syncRecord(value.shopId, value, value.number - 1)),
  );
  const entryKeys = pushed.flatMap(({ value }) =>
    value.reason.balances.map((used) => keys.ledgerEntry({ ...used, skuId: value.skuId }, used.ledgerNumber)),
  );
  const entries = await store.getMany<LedgerEntry>(entryKeys);
  const atMs = new Map(entryKeys.map((key, i) => [idOf(key), entries[i]?.value.atMs]));
  return pushed.map(({ key, value }, i) => {
    const before = former[i]?.value;
    const moved = value.reason.balances.filter(
      ({ warehouseId, ledgerNumber }) =>
        before?.skuId === value.skuId &&
        before.reason.balances.some((used) => used.warehouseId === warehouseId && used.ledgerNumber !== ledgerNumber),
    );
    const times = moved.flatMap(
      (used) => atMs.get(idOf(keys.ledgerEntry({ ...used, skuId: value.skuId }, used.ledgerNumber))) ?? [],
    );
    return { id: idOf(key), sample: times.length === 0 ? null : sampleOf(value, Math.max(...times)) };
  });
}

/** Clocks differ a little: nothing is computed before it has changed. */
function sampleOf(record: SyncRecord, changedAtMs: number): DelaySample {
  const { shopId, skuId, itemId, platformSkuId, number, createdAtMs } = record;
  const computedAtMs = Math.max(createdAtMs, changedAtMs);
  const pushedAtMs = Math.max(record.finishedAtMs ?? computedAtMs, computedAtMs);
  const link = links.syncQueue({ shopId, skuId });
  return { shopId, skuId, itemId, platformSkuId, number, changedAtMs, computedAtMs, pushedAtMs, link };
}
