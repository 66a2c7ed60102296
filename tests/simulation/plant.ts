import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { PlantedBug } from './planted-bugs';

const run = promisify(execFile);

/** A history takes about half a second on a busy machine; one that never ends is a finding, too. */
const MS_PER_SEED_MAX = 5_000;

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
 * Bundles the simulation with one bug in the product and plays seeds in a process of their own until one of them fails.
 * `root` is the folder of the repository, `folder` takes the bundle. Undefined where no seed found the bug.
 */
export async function findPlanted(bug: PlantedBug, root: string, folder: string): Promise<Found | undefined> {
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
  const output = await playUntilItFails(bundle, bug.withinSeeds);
  const [, seed, violation] = /^seed (\d+):\n(.*)$/m.exec(output) ?? [];
  return seed === undefined ? undefined : { seed: Number(seed), violation: (violation ?? '').trim() };
}

/** What the simulation prints. Its exit code says whether a seed failed; any other end is an error. */
async function playUntilItFails(bundle: string, seeds: number): Promise<string> {
  const args = [bundle, '--seeds', `1..${seeds}`, '--first', '--shrink', '0'];
  try {
    return (await run(process.execPath, args, { timeout: seeds * MS_PER_SEED_MAX })).stdout;
  } catch (error) {
    const { code, stdout } = error as { code?: unknown; stdout?: unknown };
    if (code === 1 && typeof stdout === 'string') return stdout;
    throw error;
  }
}
