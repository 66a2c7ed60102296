import { execFileSync } from 'node:child_process';
import fc from 'fast-check';

/** Of every run, so that what it found once it finds again. */
const FIXED_SEED = 20_261_125;

/**
 * What the abuse tests are run with, read here and nowhere else:
 * `YIPAN_FUZZ_SEED=7 YIPAN_FUZZ_RUNS=20 npx jest tests/e2e/abuse-http` fuzzes from seed 7 alone, twenty times as much.
 */
const { YIPAN_FUZZ_SEED: SEED, YIPAN_FUZZ_RUNS: TIMES = '1' } = process.env;

/** Unless one is asked for: the fixed seed, and one that the commit draws, so that every commit is tried with other inputs. */
export const SEEDS: readonly number[] = SEED === undefined ? [FIXED_SEED, ...seedOfCommit()] : [wholeNumber(SEED)];

const FACTOR = wholeNumber(TIMES);

/** Time for more runs than usual. */
export const fuzzMs = (usualMs: number): number => usualMs * FACTOR;

process.stdout.write(`fuzzing with the seeds ${SEEDS.join(', ')} (YIPAN_FUZZ_SEED), ${FACTOR} times the usual runs\n`);

/** Holds a property for inputs from every seed, `runs` of them together; a failure says its seed and what repeats it. */
export async function forSeeds<T>(
  inputs: fc.Arbitrary<T>,
  runs: number,
  check: (input: T) => Promise<void>,
): Promise<void> {
  const numRuns = Math.ceil((runs * FACTOR) / SEEDS.length);
  for (const seed of SEEDS) {
    await fc.assert(fc.asyncProperty(inputs, check), { seed, numRuns }).catch((cause: unknown) => {
      const repeat = `YIPAN_FUZZ_SEED=${seed}${FACTOR === 1 ? '' : ` YIPAN_FUZZ_RUNS=${FACTOR}`}`;
      throw new Error(`with ${repeat}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    });
  }
}

/** None where this is no working copy. */
function seedOfCommit(): number[] {
  try {
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: __dirname, encoding: 'utf8', stdio: 'pipe' });
    // Seeds are 32 bits with a sign.
    return [Number.parseInt(commit.slice(0, 7), 16)];
  } catch {
    return [];
  }
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${text} is no whole number from 1 on`);
  return value;
}
