import pLimit from 'p-limit';
import { sortable } from '../../shared/domain/kernel/ids';
import { listingKey } from '../../shared/domain/order/item-mapping';
import type { Shop } from '../../shared/domain/settings';
import type { PushPlan, ShopMovement, SyncRecord } from '../../shared/domain/sync/sync-record';
import { planPush, retryDelayMs } from '../../shared/domain/sync/sync-record';
import { AppError } from '../../shared/errors';
import type { Run } from '../../shared/platform/define-function';
import type { StockWrite, StockWriteResult } from '../../shared/ports/channel';
import type { IndexPlaces, Stored } from '../../shared/ports/store';
import { keys, openPlace } from '../../shared/procedures/keys';
import { readBehind } from '../../shared/procedures/post-movements';
import type { ListingTarget } from '../../shared/procedures/compute-quantities';

/** Calls to one shop's platform at once. */
const CALLS_AT_ONCE = 4;

/** Between the platform's own time limit and the deadline after which another run may take over. */
const DEADLINE_SPARE_MS = 3_000;

/** What became of one listing; 'again' must be computed once more by a later run. */
export type PushOutcome = 'skipped' | 'pushed' | 'shown' | 'failed' | 'unknown' | 'again' | 'paused' | 'suspect';

interface Job {
  readonly target: ListingTarget;
  readonly verify: boolean;
  last: Stored<SyncRecord> | undefined;
  since: ShopMovement;
  readQty: number | undefined;
  plan: PushPlan;
  outcome: PushOutcome | undefined;
}

/**
 * Brings listings to their quantities: decides, reads back where needed, claims each listing by creating the next record
 * of its sync queue 库存同步队列, pushes in calls as large as the platform takes, and saves the outcomes.
 */
export async function pushListings(
  run: Run,
  targets: readonly ListingTarget[],
  options: { verify: boolean },
): Promise<{ target: ListingTarget; outcome: PushOutcome }[]> {
  const jobs = await Promise.all(targets.map((target) => prepare(run, target, options.verify)));
  const limits = new Map<string, ReturnType<typeof pLimit>>();
  const inShop = <R>(shop: Shop, call: () => Promise<R>): Promise<R> => {
    const limit = limits.get(shop.id) ?? pLimit(CALLS_AT_ONCE);
    limits.set(shop.id, limit);
    return limit(call);
  };
  await Promise.all(
    jobs.filter((job) => job.plan.kind === 'read-back').map((job) => inShop(job.target.shop, () => readBack(run, job))),
  );
  await Promise.all(
    jobs.filter((job) => job.plan.kind !== 'write' && !job.outcome).map((job) => settleWithoutWrite(run, job)),
  );
  const writes = jobs.filter((job) => job.plan.kind === 'write' && !job.outcome);
  await Promise.all(callsOf(run, writes).map((call) => inShop(call.shop, () => pushCall(run, call.jobs))));
  return jobs.map((job) => ({ target: job.target, outcome: job.outcome ?? 'again' }));
}

async function prepare(run: Run, target: ListingTarget, verify: boolean): Promise<Job> {
  const { store } = run.ports;
  const [last] = await store.query<SyncRecord>(keys.syncPartition(target.shop.id, target.mapping), {
    limit: 1,
    descending: true,
  });
  const since = last ? await movementSince(run, target, last.value) : { moved: false, soldQty: 0 };
  const job: Job = { target, verify, last, since, readQty: undefined, plan: { kind: 'skip' }, outcome: undefined };
  job.plan = plan(run, job);
  return job;
}

function plan(run: Run, job: Job): PushPlan {
  return planPush({
    last: job.last?.value,
    since: job.since,
    qty: job.target.qty,
    addOnce: run.ports.channels[job.target.shop.channel].stockWrite.idempotentAdd,
    readQty: job.readQty,
    verify: job.verify,
    nowMs: run.ports.clock.nowMs(),
  });
}

/** What orders of this shop did to the stock behind the ledger numbers that the last record was computed from. */
async function movementSince(run: Run, target: ListingTarget, last: SyncRecord): Promise<ShopMovement> {
  let moved = false;
  let soldQty: number | null = 0;
  for (const { warehouseId, ledgerNumber } of target.reason.balances) {
    const before = last.reason.balances.find((balance) => balance.warehouseId === warehouseId);
    if (!before) return { moved: true, soldQty: null };
    if (before.ledgerNumber === ledgerNumber) continue;
    const entries = await readBehind(run.ports.store, { warehouseId, skuId: target.skuId }, before.ledgerNumber);
    for (const movement of entries
      .filter((entry) => entry.number <= ledgerNumber)
      .flatMap((entry) => entry.movements)) {
      if (movement.source.shopId !== target.shop.id || movement.kind === 'ship') continue;
      moved = true;
      soldQty = movement.kind === 'hold' && !movement.void && soldQty !== null ? soldQty + movement.qty : null;
    }
  }
  return { moved, soldQty };
}

async function readBack(run: Run, job: Job): Promise<void> {
  const { ports } = run;
  const { shop, mapping } = job.target;
  try {
    if (!(await takeToken(run, shop))) {
      job.outcome = 'again';
      return;
    }
    ports.log.count('sync.read-backs');
    job.readQty = await ports.channels[shop.channel].readStock(ports.access(shop), mapping);
    job.plan = plan(run, job);
  } catch (error) {
    const failure = error instanceof AppError ? error : new AppError('CHANNEL_UNREACHABLE', {}, { cause: error });
    const record = newRecord(run, job, {
      status: 'failed',
      ...failed(run, job, failure.code, failure.message, failure.retry),
    });
    job.outcome = (await create(run, job, record)) ? 'failed' : 'again';
  }
}

async function settleWithoutWrite(run: Run, job: Job): Promise<void> {
  const { plan: decided, last } = job;
  switch (decided.kind) {
    case 'wait':
      job.outcome = decided.because === 'in-flight' ? 'again' : 'paused';
      return;
    case 'suspect': {
      run.ports.log.count('sync.suspects');
      const recheckAtMs = run.ports.clock.nowMs() + run.config.recheckAfterMs;
      const kept = last && (await update(run, last, { suspectQty: decided.shownQty, recheckAtMs }));
      // Where another run has gone on from this record meanwhile, the suspicion would be lost.
      job.outcome = kept === 'conflict' ? 'again' : 'suspect';
      return;
    }
    case 'skip': {
      const settled = last?.value.status === 'pushed' || last?.value.status === 'shown';
      if (settled && !job.since.moved) {
        const looked =
          last.value.recheckAtMs !== null && job.verify && run.ports.clock.nowMs() >= last.value.recheckAtMs;
        if (looked) await update(run, last, { recheckAtMs: null, suspectQty: null });
        job.outcome = 'skipped';
        return;
      }
      // Read back and found right: the next count starts from here.
      const record = newRecord(run, job, {
        status: 'shown',
        shownQty: job.target.qty,
        finishedAtMs: run.ports.clock.nowMs(),
      });
      job.outcome = (await create(run, job, record)) ? 'shown' : 'again';
      return;
    }
    case 'read-back':
    case 'write':
      return;
  }
}

/** Groups writes as the platform takes them: one shop, where demanded one item, and not more than it takes at once. */
function callsOf(run: Run, jobs: readonly Job[]): { shop: Shop; jobs: Job[] }[] {
  const groups = new Map<string, { shop: Shop; jobs: Job[] }[]>();
  for (const job of jobs) {
    const { shop, mapping } = job.target;
    const { oneItemPerCall, writesPerCallMax } = run.ports.channels[shop.channel].stockWrite;
    const mode = job.plan.kind === 'write' ? job.plan.mode : '';
    const id = [shop.id, mode, oneItemPerCall ? `${mapping.itemId}#${mapping.platformSkuId === null}` : ''].join('#');
    const calls = groups.get(id) ?? [];
    groups.set(id, calls);
    const open = calls.at(-1);
    if (open && open.jobs.length < writesPerCallMax) open.jobs.push(job);
    else calls.push({ shop, jobs: [job] });
  }
  return [...groups.values()].flat();
}

async function pushCall(run: Run, jobs: readonly Job[]): Promise<void> {
  const { ports, config } = run;
  const shop = jobs[0]?.target.shop;
  if (!shop) return;
  if (!(await takeToken(run, shop))) {
    for (const job of jobs) job.outcome = 'again';
    return;
  }
  const deadlineMs = ports.clock.nowMs() + config.channelTimeoutMs + DEADLINE_SPARE_MS;
  const claimed = await Promise.all(
    jobs.map(async (job) => {
      const record = newRecord(run, job, { status: 'in-flight', deadlineMs });
      const created = await create(run, job, record);
      if (!created) job.outcome = 'again';
      return created ? [{ job, record }] : [];
    }),
  );
  const mine = claimed.flat();
  if (mine.length === 0) return;
  const writes = mine.flatMap(({ job, record }): StockWrite[] =>
    record.write
      ? [
          {
            listing: { itemId: job.target.mapping.itemId, platformSkuId: job.target.mapping.platformSkuId },
            ...record.write,
          },
        ]
      : [],
  );
  const results = await writeOrSplit(run, shop, writes, deadlineMs);
  await Promise.all(
    mine.map(async ({ job, record }, i) => {
      const result = results[i] ?? { kind: 'unknown', message: 'the platform said nothing of this write' };
      const outcome = outcomeOf(run, job, record, result);
      ports.log.count(`sync.${outcome.status}`);
      job.outcome = outcome.status === 'in-flight' ? 'again' : outcome.status;
      const stored: Stored<SyncRecord> = { key: keyOf(record), version: 1, value: record, places: {} };
      await update(run, stored, outcome);
    }),
  );
}

/**
 * One call; where the platform refuses it as a whole for good, perhaps because of one deleted listing among twenty, each
 * write by itself, as long as the claim on the listings lasts.
 */
async function writeOrSplit(
  run: Run,
  shop: Shop,
  writes: readonly StockWrite[],
  deadlineMs: number,
): Promise<StockWriteResult[]> {
  const results = await write(run, shop, writes);
  if (writes.length === 1 || !results.every((result) => result.kind === 'refused' && result.retry === 'never'))
    return results;
  const alone: StockWriteResult[] = [];
  for (const one of writes) {
    const inTime = run.ports.clock.nowMs() + run.config.channelTimeoutMs < deadlineMs && (await takeToken(run, shop));
    const [result] = inTime ? await write(run, shop, [one]) : [];
    alone.push(
      result ?? {
        kind: 'refused',
        code: 'DEADLINE',
        message: 'refused in company, not tried alone yet',
        retry: 'later',
      },
    );
  }
  return alone;
}

async function write(run: Run, shop: Shop, writes: readonly StockWrite[]): Promise<StockWriteResult[]> {
  const { ports } = run;
  ports.log.count('sync.calls');
  try {
    return await ports.channels[shop.channel].writeStock(ports.access(shop), writes);
  } catch (error) {
    return writes.map(() => ({ kind: 'unknown', message: String(error) }));
  }
}

function outcomeOf(
  run: Run,
  job: Job,
  record: SyncRecord,
  result: StockWriteResult,
): Partial<SyncRecord> & Pick<SyncRecord, 'status'> {
  const finishedAtMs = run.ports.clock.nowMs();
  switch (result.kind) {
    case 'applied': {
      // An addition leaves what is sold meanwhile off the platform's number; by our count it shows the target.
      const differs = record.write?.mode === 'set' && result.shownQty !== null && result.shownQty !== record.qty;
      return {
        status: 'pushed',
        shownQty: record.qty,
        finishedAtMs,
        ...(differs && { recheckAtMs: finishedAtMs + run.config.recheckAfterMs }),
      };
    }
    case 'unknown':
      return {
        status: 'unknown',
        failure: { code: 'UNKNOWN_OUTCOME', message: result.message },
        finishedAtMs,
        recheckAtMs: finishedAtMs,
      };
    case 'refused':
      return { status: 'failed', ...failed(run, job, result.code, result.message, result.retry) };
  }
}

function failed(
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
function newRecord(run: Run, job: Job, state: Partial<SyncRecord> & Pick<SyncRecord, 'status'>): SyncRecord {
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

async function create(run: Run, job: Job, record: SyncRecord): Promise<boolean> {
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
async function update(
  run: Run,
  stored: Stored<SyncRecord>,
  change: Partial<SyncRecord>,
): Promise<'saved' | 'conflict'> {
  const value = { ...stored.value, ...change };
  const superseded = Object.keys(change).length === 0;
  const places = superseded ? listPlace(value) : syncRecordPlaces(value);
  return run.ports.store.put({ key: stored.key, expect: stored.version, value, places });
}

const keyOf = (record: SyncRecord) => keys.syncRecord(record.shopId, record, record.number);

const listPlace = (record: SyncRecord): IndexPlaces => ({
  list: { partition: `sync-queue#${record.shopId}`, sort: `${sortable(record.createdAtMs)}#${listingKey(record)}` },
});

/** A record is listed by time, and open while something about it is still to be done. */
function syncRecordPlaces(record: SyncRecord): IndexPlaces {
  const dueMs =
    record.status === 'in-flight'
      ? record.deadlineMs
      : record.status === 'failed'
        ? record.retryAtMs
        : record.recheckAtMs;
  return dueMs === null ? listPlace(record) : { ...listPlace(record), open: openPlace('sync', keyOf(record), dueMs) };
}

/** A token of the shop's rate limit, waited for as long as this run has time. */
async function takeToken(run: Run, shop: Shop): Promise<boolean> {
  const rate = { perSecond: shop.writesPerSecond, burst: shop.writeBurst };
  for (;;) {
    const { granted, nextInMs } = await run.ports.pool.takeTokens(`writes#${shop.id}`, 1, rate);
    if (granted > 0) return true;
    if (run.remainingMs() < nextInMs + run.config.channelTimeoutMs + DEADLINE_SPARE_MS * 2) return false;
    await run.ports.clock.sleep(Math.max(1, nextInMs));
  }
}
