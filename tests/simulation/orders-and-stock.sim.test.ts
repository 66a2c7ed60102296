import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { consoleApp } from '../../functions/console/handler';
import { FOUND_BUGS } from './found-bugs';
import { FAULT_NAMES } from './faults';
import REGRESSION_SEEDS from './regression-seeds.json';
import { simulate } from './run';
import { OPERATIONS_NOT_CALLED, SELDOM, WRITES } from './write-paths';

/** Histories played on every push, those at which bugs showed among them, found and planted; `npm run simulate -- --seeds A..B` plays more. */
const SEEDS = [
  ...new Set([
    ...Array.from({ length: 150 }, (_, i) => i + 1),
    ...Object.values(REGRESSION_SEEDS),
    ...FOUND_BUGS.flatMap(({ seed }) => seed ?? []),
  ]),
];

/** Seeds of which a second process plays the histories, too. */
const PLAYED_TWICE = [1, 2, 3, 4, 5, 6, 7, 8];

describe('orders and stock under crashes, lost messages, time-outs and races', () => {
  const sums = { orders: 0, acknowledged: 0, crashed: 0, failed: 0 };
  const happened: Partial<Record<string, number>> = {};
  const succeeded = new Set<string>();
  const written = new Set<string>();

  it.each(SEEDS)('everything that must hold holds in the history of seed %i', async (seed) => {
    const played = await simulate(seed);
    const { violations, stats } = played;
    expect({ seed, violations: violations.map(({ what }) => what) }).toEqual({ seed, violations: [] });
    for (const name of ['orders', 'acknowledged', 'crashed', 'failed'] as const) sums[name] += stats[name];
    for (const name of FAULT_NAMES) happened[name] = (happened[name] ?? 0) + played.happened[name];
    for (const operation of played.succeeded.keys()) succeeded.add(operation);
    for (const who of played.written) written.add(who);
  });

  it('the histories were eventful', () => {
    expect(sums.orders).toBeGreaterThan(SEEDS.length * 10);
    expect(sums.acknowledged).toBeGreaterThan(SEEDS.length * 10);
    expect(sums.crashed).toBeGreaterThan(SEEDS.length);
    expect(sums.failed).toBeGreaterThan(SEEDS.length);
    expect(FAULT_NAMES.filter((name) => (happened[name] ?? 0) < 10)).toEqual([]);
  });

  it('whatever people can do was done, and not only refused', () => {
    const { paths = {} } = consoleApp().getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '1' } });
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const changing = operations.filter((operation) => !operation.startsWith('GET '));
    expect(changing.filter((operation) => !(operation in OPERATIONS_NOT_CALLED)).sort()).toEqual([...succeeded].sort());
    expect(Object.keys(OPERATIONS_NOT_CALLED).filter((operation) => !operations.includes(operation))).toEqual([]);
  });

  it('every function and every action saved what tests/simulation/write-paths.ts says, and nothing else', () => {
    const listed = Object.entries(WRITES).flatMap(([who, kinds]) => kinds.map((kind) => `${who} ${kind}`));
    expect([...written].filter((path) => !listed.includes(path)).sort()).toEqual([]);
    expect(listed.filter((path) => !written.has(path) && !SELDOM.has(path))).toEqual([]);
  });
});

describe('one seed is one history', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'yipan-twice-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('in two processes, down to what each document says', async () => {
    const outfile = join(folder, 'hashes.js');
    const contents = `
      import { simulate } from './tests/simulation/run';
      const play = async () => {
        const hashes = [];
        for (const seed of ${JSON.stringify(PLAYED_TWICE)})
          hashes.push((await simulate(seed, { hashValues: true })).traceHash);
        process.stdout.write(JSON.stringify(hashes));
      };
      play();`;
    buildSync({
      ...{ stdin: { contents, resolveDir: join(__dirname, '../..') }, outfile, logLevel: 'error' },
      ...{ bundle: true, platform: 'node', target: 'node20', format: 'cjs' },
    });
    const there = JSON.parse(execFileSync(process.execPath, [outfile], { encoding: 'utf8' })) as string[];
    const here: string[] = [];
    for (const seed of PLAYED_TWICE) here.push((await simulate(seed, { hashValues: true })).traceHash);
    expect(here).toEqual(there);
    expect(new Set(here).size).toBe(PLAYED_TWICE.length);
  }, 60_000);
});
