import { auditBatch, sweepAudits } from '../../functions/auto-audit/audit-delivery-orders';
import { convertBatch, sweepConversions } from '../../functions/document-conversion/convert-batch';
import { pollMessages } from '../../functions/order-ingestion/poll-messages';
import { pullModified } from '../../functions/order-ingestion/pull-modified';
import { receivePush } from '../../functions/order-ingestion/receive-push';
import { pushRatioStock } from '../../functions/ratio-sync-push/push-ratio-stock';
import { readBackStock } from '../../functions/ratio-sync-push/read-back-stock';
import { captureBatch } from '../../functions/stock-change-capture/capture-changes';
import { summariseLedgers } from '../../functions/stock-change-capture/summarise-stock';
import { sweepStock } from '../../functions/stock-change-capture/sweep-stock';
import { sortable } from '../../shared/domain/kernel/ids';
import type { Run } from '../../shared/platform/define-function';
import type { Finding } from './finding';
import { refsOfKey } from './finding';
import type { Platform } from './platform';
import { ordersMissed } from './platform-truth';
import type { HistoryOptions } from './plan';
import { BUSY_MS, ORDERS, planOf } from './plan';
import { sumUp } from './sum-up';
import { Workload } from './workload';
import { withoutAmbient } from './without-ambient';
import { World } from './world';

export interface Simulated {
  readonly seed: number;
  readonly traceHash: string;
  readonly violations: readonly Finding[];
  /** Who has saved which kind of document, such as `webhook platform-order`. */
  readonly written: readonly string[];
  /** Operations of the console that were answered with what was asked for, and how often. */
  readonly succeeded: ReadonlyMap<string, number>;
  /** How often each fault has happened. */
  readonly happened: World['faults']['happened'];
  /** Actions that could happen. */
  readonly actions: readonly string[];
  /** Faults that could happen, but for those left out. */
  readonly faults: readonly string[];
  readonly stats: World['stats'] & { readonly steps: number; readonly restedAfterS: number };
}

/** A timer of a function: as its trace names it, and as `‹function›/‹task›` of its function.yml. */
interface Timer {
  readonly name: string;
  readonly of: string;
  readonly everyMs: number;
  readonly step: (run: Run) => Promise<unknown>;
}

/** The functions' timers; a run may begin while the last one is still on its way. */
export const TIMERS: readonly Timer[] = [
  { name: 'poll', of: 'order-ingestion/poll-messages', everyMs: 6_000, step: pollMessages },
  { name: 'pull', of: 'order-ingestion/pull-modified', everyMs: 60_000, step: pullModified },
  { name: 'sweep-conversions', of: 'document-conversion/sweep', everyMs: 15_000, step: sweepConversions },
  { name: 'sweep-audits', of: 'auto-audit/sweep', everyMs: 20_000, step: sweepAudits },
  { name: 'sweep-stock', of: 'stock-change-capture/sweep', everyMs: 20_000, step: sweepStock },
  { name: 'summarise-stock', of: 'stock-change-capture/summarise', everyMs: 25_000, step: summariseLedgers },
  { name: 'push-stock', of: 'ratio-sync-push/push', everyMs: 6_000, step: pushRatioStock },
  { name: 'read-back', of: 'ratio-sync-push/read-back', everyMs: 45_000, step: readBackStock },
];

/** Looks at the whole store while things go wrong; the steps themselves are checked as they are saved. */
const CHECKS = 4;

/**
 * At rest timers run more slowly, so that a minute of waiting costs little. Two pulls are then further apart than their windows
 * overlap: what the one passes over the next does not find.
 */
const SLOWER = 4;

/** What stands there is driven on by a queue or a sweep: at once, or when its time has come. */
const DRIVEN = /^(conversion|holding|stock-work)#/;
const TIMED = /^(audit|resync|sync)#/;

/** After the faults end, everything must have come to its end within this: what stands in quarantine is read again hourly. */
const REST_MS_MAX = 7_200_000;

/** A platform gives up pushing after so many answers that were not 'ok'. */
const PUSHES_MAX = 4;

/** Plays one history: a working day gone wrong, then peace. The same seed gives the same history. */
export function simulate(seed: number, options: HistoryOptions = {}): Promise<Simulated> {
  return withoutAmbient(() => play(seed, options));
}

async function play(seed: number, options: HistoryOptions): Promise<Simulated> {
  const plan = planOf(seed, options.orders ?? ORDERS);
  const world = new World(seed, plan, options);
  const { scheduler, violations } = world;
  const workload = new Workload(world, plan, options.only);
  world.queue.consume('platform-order-changed', { functionName: 'document-conversion', handle: convertBatch });
  world.queue.consume('delivery-order-ready', { functionName: 'auto-audit', handle: auditBatch });
  world.queue.consume('stock-changed', { functionName: 'stock-change-capture', handle: captureBatch });
  world.push = (orderNo, platform) => pushOrder(world, platform, orderNo, 1);
  let healed = false;
  for (const { name, everyMs, step } of TIMERS) {
    if (!plan.readsBack && step === readBackStock) continue;
    const fire = (): void => {
      world.spawn(name, step);
      if (world.faults.happens('twoRuns')) world.spawn(name, step);
      world.after((everyMs + world.random.below(everyMs / 2)) * (healed ? SLOWER : 1), name, fire);
    };
    world.after(world.random.below(everyMs), name, fire);
  }
  const startMs = world.nowMs();
  workload.setUp(seed);
  await scheduler.runUntil(startMs + 30_000);
  world.breakThings();
  const faults = world.faults.present;
  for (const action of plan.actions) world.after(action.atMs, `action ${action.id}`, () => workload.act(action));
  for (let part = 1; part <= CHECKS && violations.length === 0; part += 1) {
    await scheduler.runUntil(startMs + 30_000 + (part * BUSY_MS) / CHECKS);
    violations.push(...(await world.check(false)));
  }
  await scheduler.runUntil(world.nowMs() + 45_000);
  world.heal();
  healed = true;
  const healedMs = world.nowMs();
  violations.push(...(await world.check(false)));
  const rest = (minutes: number): Promise<Finding[]> => comeToRest(world, workload, minutes, options.restMs);
  if (violations.length === 0) violations.push(...(await rest(plan.restMinutes)));
  for (const action of plan.quiet) {
    if (violations.length > 0) break;
    workload.act(action);
    violations.push(...(await rest(1)));
  }
  if (violations.length === 0) violations.push(...(await sumUp(world)));
  const restedAfterS = Math.round((world.nowMs() - healedMs) / 1_000);
  return {
    seed,
    traceHash: scheduler.traceHash(),
    violations,
    actions: workload.met,
    faults,
    stats: { ...world.stats, steps: scheduler.steps, restedAfterS },
    written: [...world.store.written].sort(),
    succeeded: world.calls.succeeded,
    happened: world.faults.happened,
  };
}

/** Lets everybody finish what is on its way; answers what is not right after that, if anything. */
async function comeToRest(world: World, workload: Workload, minutes: number, restMs = REST_MS_MAX): Promise<Finding[]> {
  const { violations } = world;
  const untilMs = world.nowMs() + restMs;
  let unrest: Finding[] = [];
  for (let rested = 0; rested < minutes && violations.length === 0; ) {
    if (world.nowMs() >= untilMs)
      return unrest.length > 0 ? unrest : [{ what: 'it is never at rest for long', about: {} }];
    workload.finish();
    await world.scheduler.runUntil(world.nowMs() + 60_000);
    // A look at everything costs as much as thousands of steps: not while something is plainly on its way.
    unrest = onItsWay(world);
    if (unrest.length === 0) unrest = await world.check(true);
    rested = unrest.length === 0 ? rested + 1 : 0;
  }
  return [];
}

/** What waits to be driven on, or to be pulled: what no message told of is found when the pull comes. */
function onItsWay(world: World): Finding[] {
  const { now } = world.store;
  const open = now.waiting(DRIVEN, '~') ?? now.waiting(TIMED, sortable(world.nowMs()));
  if (open) return [{ what: `${open.pk}/${open.sk} waits`, about: refsOfKey(open) }];
  return ordersMissed(now, world.platforms);
}

/** The platform calls our webhook, again where it is not told that we have it. */
function pushOrder(world: World, platform: Platform, orderNo: string, attempt: number): void {
  world.after(world.random.below(attempt * 3_000), `push ${orderNo}`, () => {
    const modifiedAtMs = platform.orders.get(orderNo)?.modifiedAtMs ?? 0;
    const request = {
      method: 'POST',
      path: `/webhooks/${platform.id}/${platform.shopId}`,
      query: {},
      headers: {},
      rawBody: Buffer.from(orderNo),
    };
    world.spawn(
      'webhook',
      (run) => receivePush(request, run.ports),
      (end) => {
        if (end.kind === 'done' && end.value.statusCode === 200) world.acknowledged(platform, orderNo, modifiedAtMs);
        else if (attempt < PUSHES_MAX) pushOrder(world, platform, orderNo, attempt + 1);
      },
    );
  });
}
