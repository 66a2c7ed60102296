import type { Timer } from '../../../infra/local/host/schedule';
import { nameOf, TIMERS } from '../../../infra/local/host/schedule';
import { skuIdOf, WAREHOUSE } from '../brand';
import { callConsole } from '../console-calls';
import { projectFolder } from '../project-folder';
import { deployedTimers, stepOf } from '../timer-steps';
import { countingWorld } from './counting-world';
import type { Rows } from './row';
import { Tally } from './tally';

/** Minutes that are counted: a multiple of every timer's period, which are one, two and five minutes. */
const MINUTES = 10;

/** Before counting: longer than the stock sweep looks back, so that nothing of the setting-up is looked at any more. */
const SETTLE_MINUTES = 20;

/** Listings of each of the two shops: more than the read-back walks over in all, so that each run of it is full. */
const SKUS = 300;

/** A minute in which nothing happens, in a world of two shops that are in sync: all timers, and each by itself. */
export async function countIdle(): Promise<Rows> {
  const cloud = await countTimers(deployedTimers(projectFolder()));
  const local = await countTimers(TIMERS);
  const parts = [...cloud.byTimer].map(([name, tally]) => [`idle-minute/cloud/${name}`, tally.per(MINUTES)] as const);
  return {
    'idle-minute/cloud': cloud.all.per(MINUTES),
    ...Object.fromEntries(parts),
    'idle-minute/local': local.all.per(MINUTES),
  };
}

async function countTimers(timers: readonly Timer[]): Promise<{ all: Tally; byTimer: Map<string, Tally> }> {
  const { world, tally, clock } = await countingWorld({ skuCount: SKUS, stockQty: 0, shops: 'both' });
  const lines = Array.from({ length: SKUS }, (_, n) => ({ skuId: skuIdOf(n), qty: 100 }));
  const receipt = { id: 'R1', type: 'receipt', warehouseId: WAREHOUSE, lines };
  await world.invoke('console', (run) => callConsole(run, 'POST', '/api/stock-entries', receipt));
  await world.deliver();
  const countFromMs = clock.nowMs() + SETTLE_MINUTES * 60_000;
  const endMs = countFromMs + MINUTES * 60_000;
  const due = timers.map((timer) => ({ timer, atMs: clock.nowMs() }));
  const all = new Tally();
  const byTimer = new Map(timers.map((timer) => [nameOf(timer), new Tally()]));
  for (;;) {
    const [next] = due.filter(({ atMs }) => atMs < endMs).sort((a, b) => a.atMs - b.atMs);
    if (!next) return { all, byTimer };
    clock.pass(Math.max(0, next.atMs - clock.nowMs()));
    tally.reset();
    await world.invoke(next.timer.functionName, stepOf(next.timer));
    await world.deliver();
    if (next.atMs >= countFromMs) for (const sum of [all, byTimer.get(nameOf(next.timer))]) sum?.addAll(tally);
    next.atMs += next.timer.everyMs;
  }
}
