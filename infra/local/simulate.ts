import { parseArgs } from 'node:util';
import { simulate } from '../../tests/simulation/run';
import { timelineOf } from '../../tests/simulation/timeline';

const HELP = `Plays seeded histories of orders and stock under crashes, lost messages and time-outs, and checks what must hold.

  npm run simulate -- [--seeds A..B] [--trace] [--first]

  --seeds A..B  seeds to play, both included (default 1..200); one number plays one
  --trace       every step on standard output: for one seed
  --first       ends with the first seed that fails
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1..200' },
      trace: { type: 'boolean', default: false },
      orders: { type: 'string' },
      first: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(values.seeds);
  if (values.help || !match) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
  const sums = { histories: 0, steps: 0, tasks: 0, crashed: 0, failed: 0, orders: 0, acknowledged: 0 };
  const bad: number[] = [];
  const startedMs = performance.now();
  for (let seed = from; seed <= to; seed += 1) {
    const { violations, stats } = await simulate(seed, {
      ...(values.trace && { onTrace: (line: string) => process.stdout.write(`${line}\n`) }),
      ...(values.orders !== undefined && { orders: Number(values.orders) }),
    });
    sums.histories += 1;
    for (const name of ['steps', 'tasks', 'crashed', 'failed', 'orders', 'acknowledged'] as const)
      sums[name] += stats[name];
    if (violations.length > 0) {
      bad.push(seed);
      process.stdout.write(await failureText(seed, violations));
      if (values.first) break;
    }
    if (sums.histories % 20 === 0)
      process.stderr.write(`\r${sums.histories} of ${to - from + 1} histories, ${bad.length} with violations`);
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  process.stderr.write('\n');
  process.stdout.write(
    `${Object.entries(sums)
      .map(([name, sum]) => `${name} ${sum}`)
      .join(', ')}\n`,
  );
  process.stdout.write(`${seconds.toFixed(1)} s, ${Math.round((sums.histories / seconds) * 60)} histories a minute\n`);
  process.stdout.write(bad.length === 0 ? 'no violation\n' : `violations with seeds ${bad.join(', ')}\n`);
  return bad.length === 0 ? 0 : 1;
}

/** What was violated, what led to it, and how to see everything of it. */
async function failureText(seed: number, violations: readonly string[]): Promise<string> {
  const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}\n`).join('');
  const timeline = await timelineOf(seed, violations[0] ?? '');
  const replay = `  every step: npm run simulate -- --seeds ${seed} --trace\n`;
  return `seed ${seed}:\n${indented(violations.slice(0, 10))}${indented(timeline)}${replay}`;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`simulate: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  },
);
