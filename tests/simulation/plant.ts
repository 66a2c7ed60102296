import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { PlantedBug } from './planted-bugs';

const run = promisify(execFile);

/** A history takes about half a second on a busy machine. */
const MS_PER_SEED_MAX = 5_000;

/** Starting Node and loading the bundle, on a busy machine. */
const START_MS_MAX = 20_000;

export interface Found {
  readonly seed: number;
  readonly violation: string;
}

/** One file's text with the bug in it. Throws where the place that the bug replaces is gone, or is no longer the only one. */
export function withBug(bug: PlantedBug, text: string): string {
  const parts = text.split(bug.find);
  if (parts.length !== 2)
    throw new Error(
      `planted bug ${bug.name}: its place occurs ${parts.length - 1} times in ${bug.file}, and must occur once; write the bug anew`,
    );
  return parts.join(bug.replace);
}

/**
 * Bundles the simulation with one bug in the product and plays seeds in a process of their own until one of them fails: first
 * the one at which it showed the last time, then all from 1 on. `root` is the folder of the repository, `folder` takes the
 * bundle. Undefined where no seed found the bug.
 */
export async function findPlanted(
  bug: PlantedBug,
  lastSeed: number | undefined,
  root: string,
  folder: string,
): Promise<Found | undefined> {
  const file = join(root, bug.file);
  const bundle = join(folder, `${bug.name}.js`);
  await build({
    ...{ absWorkingDir: root, entryPoints: ['infra/local/simulate.ts'], outfile: bundle, logLevel: 'error' },
    ...{ bundle: true, platform: 'node', target: 'node20', format: 'cjs' },
    plugins: [
      {
        name: 'plant',
        setup: (builder) =>
          builder.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            if (path !== file) return undefined;
            return { contents: withBug(bug, readFileSync(path, 'utf8')), loader: 'ts' };
          }),
      },
    ],
  });
  // A file that the simulation does not load would be left as it is, and no seed would find anything.
  const again = lastSeed === undefined ? undefined : await firstFailure(bundle, lastSeed, lastSeed);
  return again ?? firstFailure(bundle, 1, bug.withinSeeds);
}

/** The first of these seeds that fails, by what the simulation prints. An end that is neither success nor a finding is an error. */
async function firstFailure(bundle: string, from: number, to: number): Promise<Found | undefined> {
  const output = await play(bundle, from, to);
  const [, seed, violation] = /^seed (\d+):\n(.*)$/m.exec(output) ?? [];
  return seed === undefined ? undefined : { seed: Number(seed), violation: (violation ?? '').trim() };
}

async function play(bundle: string, from: number, to: number): Promise<string> {
  const args = [bundle, '--seeds', `${from}..${to}`, '--first', '--shrink', '0'];
  try {
    return (await run(process.execPath, args, { timeout: START_MS_MAX + (to - from + 1) * MS_PER_SEED_MAX })).stdout;
  } catch (error) {
    const { code, stdout } = error as { code?: unknown; stdout?: unknown };
    if (code === 1 && typeof stdout === 'string') return stdout;
    throw error;
  }
}
