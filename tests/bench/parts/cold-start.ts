import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { projectFolder } from '../project-folder';
import type { Part } from '../result';
import { targetOf } from '../result';
import { spreadOf } from '../statistics';

/** What the part measures, and its targets. */
const STARTS = 20;
const RATIO_MAX = 2.5;

/** Serves people, not orders: its first request may take longer. */
const CONSOLE = 'console';

/** Milliseconds from the start of the process until the file is loaded, by the process's own clock. */
const LOAD = 'require(process.argv[1]); process.stdout.write(String(performance.now()))';

/** The part `cold-start`: what it takes to load each function's bundle, beside a handler that does nothing. */
export const COLD_START: Part = {
  name: 'cold-start',
  about: `size of each bundle, and its load time as a ratio to an empty handler, ${STARTS} starts each`,
  byDefault: true,
  run: async (progress) => {
    const folder = mkdtempSync(join(tmpdir(), 'yipan-bench-'));
    try {
      const empty = join(folder, 'handler.js');
      writeFileSync(empty, 'exports.handler = async () => ({});\n');
      const bundles = new Map([['empty handler', empty], ...bundlesOf(projectFolder())]);
      const startsMs = new Map([...bundles.keys()].map((name) => [name, [] as number[]]));
      // In turn, so that a machine that is busy for a while is so for all of them. The first round warms the disk's cache.
      for (let round = 0; round <= STARTS; round += 1) {
        progress(round / (STARTS + 1), `starting each ${STARTS} times`);
        for (const [name, path] of bundles) {
          const ms = Number(execFileSync(process.execPath, ['-e', LOAD, path], { encoding: 'utf8' }));
          if (round > 0) startsMs.get(name)?.push(ms);
        }
      }
      return resultOf(bundles, startsMs);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function bundlesOf(root: string): [string, string][] {
  const functions = join(root, 'dist/functions');
  return readdirSync(functions).map((name) => [name, join(functions, name, 'handler.js')]);
}

function resultOf(
  bundles: ReadonlyMap<string, string>,
  startsMs: ReadonlyMap<string, readonly number[]>,
): Awaited<ReturnType<Part['run']>> {
  const emptyMs = spreadOf(startsMs.get('empty handler') ?? []).median;
  const found = [...bundles].map(([name, path]) => {
    const bytes = readFileSync(path);
    const { median, min, max } = spreadOf(startsMs.get(name) ?? []);
    return { name, bytes: bytes.length, gzip: gzipSync(bytes).length, median, min, max, ratio: median / emptyMs };
  });
  return {
    tables: [
      {
        title: 'Cold start: process started and bundle loaded',
        head: ['function', 'KB', 'KB gzip', 'ms median', 'ms min', 'ms max', 'ratio'],
        rows: found.map(({ name, bytes, gzip, median, min, max, ratio }) => {
          const times = [median, min, max].map((ms) => ms.toFixed(1));
          return [name, (bytes / 1_024).toFixed(1), (gzip / 1_024).toFixed(1), ...times, ratio.toFixed(2)];
        }),
        notes: [
          'from the start of Node until the bundle is loaded, which is what a cloud does before the first event; settings and clients are opened by that event.',
        ],
      },
    ],
    figures: Object.fromEntries(
      found.flatMap(({ name, bytes, ratio }): [string, number][] => [
        [`cold-start ${name} bytes`, bytes],
        [`cold-start ${name} ratio`, ratio],
      ]),
    ),
    targets: found
      .filter(({ name }) => name !== 'empty handler' && name !== CONSOLE)
      .map(({ name, ratio }) =>
        targetOf(`load time of ${name} to an empty handler's`, ratio, { most: RATIO_MAX }, 'x'),
      ),
  };
}
