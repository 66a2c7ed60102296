import { sortable } from '../../shared/domain/kernel/ids';
import { listingKey } from '../../shared/domain/order/item-mapping';
import type { SyncRecord } from '../../shared/domain/sync/sync-record';
import { retryDelayMs } from '../../shared/domain/sync/sync-record';
import type { Run } from '../../shared/platform/define-function';
import type { IndexPlace, IndexPlaces, Stored } from '../../shared/ports/store';
import { keys, openPlace, stuckPushPartition } from '../../shared/procedures/keys';
import type { Job } from './push-job';

export function failed(
  run: Run,
  job: Job,
  code: string,
  message: string,
  retry: 'never' | 'now' | 'later',
): Partial<SyncRecord> {
  const nowMs = run.ports.clock.nowMs();
  const failures = (job.last?.value.status === 'failed' ? job.last.value.failures : 0) + 1;
  run.ports.log.warn('sync.failed', {
    shopId: job.target.shop.id,
    skuId: job.target.skuId,
    listing: listingKey(job.target.mapping),
    code,
    retry,
  });
  return {
    failure: { code, message: message.slice(0, 300) },
    failures,
    finishedAtMs: nowMs,
    retryAtMs:
      retry === 'never' ? null : nowMs + Math.round(retryDelayMs(failures) * (0.5 + run.ports.random.next() / 2)),
  };
}

/** The next record of the listing. After a push of unknown outcome the platform is looked at again: it may come late. */
export function newRecord(run: Run, job: Job, state: Partial<SyncRecord> & Pick<SyncRecord, 'status'>): SyncRecord {
  const { ports } = run;
  const { target, last } = job;
  const number = (last?.value.number ?? 0) + 1;
  const nowMs = ports.clock.nowMs();
  const write =
    job.plan.kind === 'write'
      ? { mode: job.plan.mode, qty: job.plan.qty, key: `${target.shop.id}.${listingKey(target.mapping)}.${number}` }
      : null;
  return {
    number,
    shopId: target.shop.id,
    itemId: target.mapping.itemId,
    platformSkuId: target.mapping.platformSkuId,
    skuId: target.skuId,
    qty: target.qty,
    reason: target.reason,
    ...(job.elsewhere.length > 0 && { elsewhere: job.elsewhere }),
    write,
    token: ports.random.token(),
    deadlineMs: 0,
    shownQty: null,
    suspectQty: null,
    failure: null,
    failures: 0,
    retryAtMs: null,
    recheckAtMs: recheckAt(run, job),
    createdAtMs: nowMs,
    finishedAtMs: null,
    ...state,
  };
}

/**
 * When to look at the listing once more: after a push of unknown outcome, which may still be applied late. What such a
 * push has asked for stands over all records that follow, until somebody has looked when its time had come.
 */
function recheckAt(run: Run, { last, verify }: Job): number | null {
  if (!last) return null;
  const nowMs = run.ports.clock.nowMs();
  const { status, recheckAtMs } = last.value;
  if (status === 'in-flight' || status === 'unknown') return nowMs + run.config.recheckAfterMs;
  return verify && recheckAtMs !== null && nowMs >= recheckAtMs ? null : recheckAtMs;
}

export async function create(run: Run, job: Job, record: SyncRecord): Promise<boolean> {
  const saved = await run.ports.store.put({
    key: keyOf(record),
    expect: 0,
    value: record,
    places: syncRecordPlaces(record),
  });
  // The former record waits no longer: this one speaks for the listing now.
  if (saved === 'saved' && job.last?.places.open) await update(run, job.last, {});
  return saved === 'saved';
}

/** Saves a change of a record that this run owns or supersedes; a conflict means that somebody else settled it. */
export async function update(
  run: Run,
  stored: Stored<SyncRecord>,
  change: Partial<SyncRecord>,
): Promise<'saved' | 'conflict'> {
  const value = { ...stored.value, ...change };
  const superseded = Object.keys(change).length === 0;
  const places = superseded ? listPlace(value) : syncRecordPlaces(value);
  return run.ports.store.put({ key: stored.key, expect: stored.version, value, places });
}

export const keyOf = (record: SyncRecord) => keys.syncRecord(record.shopId, record, record.number);

const listPlace = (record: SyncRecord): { readonly list: IndexPlace } => ({
  list: { partition: `sync-queue#${record.shopId}`, sort: `${sortable(record.createdAtMs)}#${listingKey(record)}` },
});

/** A record is listed by time, and open while something about it is still to be done, by us or by a person. */
function syncRecordPlaces(record: SyncRecord): IndexPlaces {
  const { list } = listPlace(record);
  const dueMs =
    record.status === 'in-flight'
      ? record.deadlineMs
      : record.status === 'failed'
        ? record.retryAtMs
        : record.recheckAtMs;
  if (dueMs !== null) return { list, open: openPlace('sync', keyOf(record), dueMs) };
  if (record.status !== 'failed') return { list };
  return { list, open: { partition: stuckPushPartition(record.shopId), sort: list.sort } };
}
