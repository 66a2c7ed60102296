import pLimit from 'p-limit';
import type { SyncRecord } from '../../shared/domain/sync/sync-record';
import { countedShownQty } from '../../shared/domain/sync/sync-record';
import { AppError, hasCode } from '../../shared/errors';
import type { Run } from '../../shared/platform/define-function';
import type { StockWrite, StockWriteResult } from '../../shared/ports/channel';
import type { Stored } from '../../shared/ports/store';
import type { ListingTarget } from '../../shared/procedures/compute-quantities';
import type { Job, PushOutcome } from './push-job';
import { planJob, prepareJob } from './push-job';
import type { ShopTurn } from './shop-turns';
import { CALLS_AT_ONCE } from './shop-turns';
import { create, failed, keyOf, newRecord, update } from './sync-queue';
import { DEADLINE_SPARE_MS, writeOrSplit } from './write-stock';

/**
 * Brings listings of one shop to their quantities: decides, reads back where needed, claims each listing by creating the next
 * record of its sync queue 库存同步队列, pushes in calls as large as the platform takes, and saves the outcomes. What gets no
 * call in this turn of the shop is 'again'.
 */
export async function pushListings(
  run: Run,
  targets: readonly ListingTarget[],
  { verify, turn }: { verify: boolean; turn: ShopTurn },
): Promise<{ target: ListingTarget; outcome: PushOutcome }[]> {
  const jobs = await Promise.all(targets.map((target) => prepareJob(run, target, verify)));
  const limit = pLimit(CALLS_AT_ONCE);
  await Promise.all(
    jobs.filter((job) => job.plan.kind === 'read-back').map((job) => limit(() => readBack(run, job, turn))),
  );
  await Promise.all(
    jobs.filter((job) => job.plan.kind !== 'write' && !job.outcome).map((job) => settleWithoutWrite(run, job)),
  );
  const writes = jobs.filter((job) => job.plan.kind === 'write' && !job.outcome);
  await Promise.all(callsOf(run, writes).map((call) => limit(() => pushCall(run, call, turn))));
  return jobs.map((job) => ({ target: job.target, outcome: job.outcome ?? 'again' }));
}

async function readBack(run: Run, job: Job, turn: ShopTurn): Promise<void> {
  const { ports } = run;
  const { shop, mapping } = job.target;
  if (!(await turn.mayRead())) {
    job.outcome = 'again';
    return;
  }
  try {
    ports.log.count('sync.read-backs');
    job.readQty = await ports.channels[shop.channel].readStock(ports.access(shop), mapping);
    turn.ended('answered');
    job.plan = planJob(run, job);
  } catch (error) {
    const failure = error instanceof AppError ? error : new AppError('CHANNEL_UNREACHABLE', {}, { cause: error });
    turn.ended(hasCode(error, 'CHANNEL_UNREACHABLE') ? 'unanswered' : 'answered');
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
      if (last && !job.since.moved && countedShownQty(last.value, job.since) === job.target.qty) {
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

/** Groups writes as the platform takes them: where demanded one item, and not more than it takes at once. */
function callsOf(run: Run, jobs: readonly Job[]): Job[][] {
  const groups = new Map<string, Job[][]>();
  for (const job of jobs) {
    const { shop, mapping } = job.target;
    const { oneItemPerCall, writesPerCallMax } = run.ports.channels[shop.channel].stockWrite;
    const mode = job.plan.kind === 'write' ? job.plan.mode : '';
    const id = [mode, oneItemPerCall ? `${mapping.itemId}#${mapping.platformSkuId === null}` : ''].join('#');
    const calls = groups.get(id) ?? [];
    groups.set(id, calls);
    const open = calls.at(-1);
    if (open && open.length < writesPerCallMax) open.push(job);
    else calls.push([job]);
  }
  return [...groups.values()].flat();
}

async function pushCall(run: Run, jobs: readonly Job[], turn: ShopTurn): Promise<void> {
  const { ports, config } = run;
  const shop = jobs[0]?.target.shop;
  if (!shop) return;
  if (!(await turn.mayWrite({ wasRead: jobs.some((job) => job.readQty !== undefined) }))) {
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
  if (results.every(isUnanswered)) turn.ended('unanswered');
  else if (!results.every(isUnsent)) turn.ended('answered');
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

/** Whether the platform said nothing at all. One that says of a write that its outcome is not known can be reached. */
const isUnanswered = (result: StockWriteResult): boolean =>
  result.kind === 'unknown'
    ? result.unanswered === true
    : result.kind === 'refused' && result.code === 'CHANNEL_UNREACHABLE';

const isUnsent = (result: StockWriteResult): boolean => result.kind === 'refused' && result.code === 'DEADLINE';

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
