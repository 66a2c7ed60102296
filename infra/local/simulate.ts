import { parseArgs } from 'node:util';
import type { HistoryOptions } from '../../tests/simulation/plan';
import { planOf, ORDERS } from '../../tests/simulation/plan';
import type { Simulated } from '../../tests/simulation/run';
import { simulate } from '../../tests/simulation/run';
import type { Shrunk } from '../../tests/simulation/shrink';
import { shrink } from '../../tests/simulation/shrink';
import { timelineOf } from '../../tests/simulation/timeline';

const HELP = `Plays seeded histories of orders and stock under crashes, lost messages and time-outs, and checks what must hold.

  npm run simulate -- [--seeds A..B] [--orders N] [--trace] [--first] [--shrink SECONDS]

  --seeds A..B      seeds to play, both included (default 1..200); one number plays one
  --orders N        orders that a history tries to place (default ${ORDERS})
  --trace           every step on standard output: for one seed
  --first           ends with the first seed that fails
  --shrink SECONDS  looks so long for a shorter history that fails in the same way (default 20; 0: not at all)

What a failure prints to play its short history again:

  --only 3,12,12.1  the only actions that happen
  --without crash   faults that do not happen
  --schedule N      another order of steps
`;

/** Failures that are shrunk in one go: those that follow mostly fail for the same reason. */
const SHRUNK_MAX = 3;

const OPTIONS = {
  seeds: { type: 'string', default: '1..200' },
  orders: { type: 'string' },
  trace: { type: 'boolean', default: false },
  first: { type: 'boolean', default: false },
  shrink: { type: 'string', default: '20' },
  only: { type: 'string' },
  without: { type: 'string' },
  schedule: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(values.seeds);
  const numbers = [values.orders, values.schedule, values.shrink].every((text) => /^\d+$/.test(text ?? '0'));
  if (values.help || !match || !numbers) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const options: HistoryOptions = {
    ...(values.orders !== undefined && { orders: Number(values.orders) }),
    ...(values.schedule !== undefined && { schedule: Number(values.schedule) }),
    ...(values.only !== undefined && { only: new Set(values.only.split(',')) }),
    ...(values.without !== undefined && { without: new Set(values.without.split(',')) }),
  };
  const onTrace = (line: string): void => void process.stdout.write(`${line}\n`);
  const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
  const sums = { histories: 0, steps: 0, tasks: 0, crashed: 0, failed: 0, orders: 0, acknowledged: 0 };
  const bad: number[] = [];
  const startedMs = performance.now();
  for (let seed = from; seed <= to; seed += 1) {
    const played = await simulate(seed, { ...options, ...(values.trace && { onTrace }) });
    const { violations, stats } = played;
    sums.histories += 1;
    for (const name of ['steps', 'tasks', 'crashed', 'failed', 'orders', 'acknowledged'] as const)
      sums[name] += stats[name];
    if (violations.length > 0) {
      bad.push(seed);
      const shrinkMs = values.only !== undefined || bad.length > SHRUNK_MAX ? 0 : Number(values.shrink) * 1_000;
      process.stdout.write(await failureText(played, options, shrinkMs));
      if (values.first) break;
    }
    if (sums.histories % 20 === 0)
      tell(`${sums.histories} of ${to - from + 1} histories, ${bad.length} with violations`);
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  const cpu = process.cpuUsage();
  const cpuSeconds = (cpu.user + cpu.system) / 1_000_000;
  if (process.stderr.isTTY) process.stderr.write('\n');
  const counted = Object.entries(sums).map(([name, sum]) => `${name} ${sum}`);
  process.stdout.write(`${counted.join(', ')}\n`);
  process.stdout.write(
    `${seconds.toFixed(1)} s, ${Math.round((sums.histories / seconds) * 60)} histories a minute; ` +
      `${cpuSeconds.toFixed(1)} s of CPU, ${Math.round(sums.orders / cpuSeconds)} orders and ` +
      `${Math.round(sums.steps / cpuSeconds)} steps a second of it\n`,
  );
  process.stdout.write(bad.length === 0 ? 'no violation\n' : `violations with seeds ${bad.join(', ')}\n`);
  return bad.length === 0 ? 0 : 1;
}

/** In a log, a line of progress each half minute. */
const LOGGED_EVERY_MS = 30_000;

let loggedAtMs = performance.now();

/** Progress: on a terminal one line that the next overwrites. */
function tell(what: string): void {
  if (process.stderr.isTTY) {
    process.stderr.write(`\r${what.slice(0, 150).padEnd(150)}`);
  } else if (performance.now() - loggedAtMs >= LOGGED_EVERY_MS) {
    loggedAtMs = performance.now();
    process.stderr.write(`${what}\n`);
  }
}

/** What was violated, the shortest history found, what led to it, and how to see everything of it. */
async function failureText(played: Simulated, base: HistoryOptions, shrinkMs: number): Promise<string> {
  const { seed, violations } = played;
  const texts = (found: Simulated['violations']): string[] => found.map(({ what }) => what);
  const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}\n`).join('');
  if (shrinkMs === 0) {
    const timeline = await timelineOf(seed, violations[0], base);
    return `seed ${seed}:\n${indented(texts(violations.slice(0, 10)))}${indented(timeline)}  every step: ${command(seed, base)}\n`;
  }
  const untilMs = performance.now() + shrinkMs;
  const shrunk = await shrink(
    (cut) => simulate(seed, { ...base, ...cut }),
    played,
    () => performance.now() < untilMs,
    (what) => tell(`seed ${seed}: ${what}`),
  );
  const short: HistoryOptions = { ...base, ...shrunk.cut };
  const timeline = await timelineOf(seed, shrunk.violations[0], short);
  return [
    `seed ${seed}:\n${indented(texts(violations.slice(0, 10)))}`,
    `  the shortest of ${shrunk.played} cuts that fails in the same way: ${contentsOf(seed, base, shrunk)}\n`,
    indented(texts(shrunk.violations.slice(0, 3))),
    indented(timeline),
    `  every step: ${command(seed, short)}\n`,
  ].join('');
}

function contentsOf(seed: number, { orders = ORDERS }: HistoryOptions, { cut, faults }: Shrunk): string {
  const { actions: planned, quiet } = planOf(seed, orders);
  const kinds = new Map([...planned, ...quiet].map(({ id, kind }) => [id, kind]));
  const actions = [...cut.only].map((id) => `${id} ${kinds.get(id) ?? 'what follows'}`);
  return `${actions.length} actions (${actions.join(', ')}), faults ${faults.join(', ') || 'none'}`;
}

function command(seed: number, { orders, only, without, schedule }: HistoryOptions): string {
  return [
    `npm run simulate -- --seeds ${seed}`,
    ...(orders === undefined ? [] : [`--orders ${orders}`]),
    ...(only ? [`--only ${[...only].join(',') || '-'}`] : []),
    ...(without && without.size > 0 ? [`--without ${[...without].join(',')}`] : []),
    ...(schedule ? [`--schedule ${schedule}`] : []),
    '--trace',
  ].join(' ');
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`simulate: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  },
);
