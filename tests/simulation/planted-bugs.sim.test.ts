import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPlanted, withBug } from './plant';
import { PLANTED_BUGS } from './planted-bugs';
import REGRESSION_SEEDS from './regression-seeds.json';
import { simulate } from './run';
import { FOUND_BUGS } from './found-bugs';

const ROOT = join(__dirname, '../..');

/** Building takes seconds on a busy machine, a seed half of one; {@link findPlanted} ends its process before. */
const timeLimitMs = (seeds: number): number => 60_000 + seeds * 6_000;

/** At which seed each bug showed the last time that it was looked for. */
const LAST_SEEDS: Readonly<Record<string, number>> = REGRESSION_SEEDS;

describe('a mistake in the product is found by the simulation', () => {
  let folder: string;
  const foundAt = new Map<string, number>();

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'yipan-planted-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  // A change of the product's awaits makes each seed play another history: the list is kept as jest keeps snapshots.
  afterAll(() => {
    if (process.env['CI'] || foundAt.size === 0) return;
    const present = PLANTED_BUGS.flatMap(({ name }) => {
      const seed = foundAt.get(name) ?? LAST_SEEDS[name];
      return seed === undefined ? [] : [[name, seed]];
    });
    writeFileSync(
      join(__dirname, 'regression-seeds.json'),
      `${JSON.stringify(Object.fromEntries(present), null, 2)}\n`,
    );
  });

  for (const bug of PLANTED_BUGS) {
    it(
      `within ${bug.withinSeeds} seeds: ${bug.what}`,
      async () => {
        const found = await findPlanted(bug, LAST_SEEDS[bug.name], ROOT, folder);
        if (found) foundAt.set(bug.name, found.seed);
        expect(found).toEqual({ seed: expect.any(Number) as number, violation: expect.stringMatching(/\S/) as string });
        // It is the bug that shows there.
        if (found) expect((await simulate(found.seed)).violations).toEqual([]);
      },
      timeLimitMs(bug.withinSeeds),
    );
  }

  it('each has a name of its own', () => {
    expect(new Set(PLANTED_BUGS.map(({ name }) => name)).size).toBe(PLANTED_BUGS.length);
  });

  it('is planted in exactly one place, and says so where that place is gone', () => {
    const bug = { name: 'b', what: '', file: 'f.ts', find: 'a', replace: 'b', withinSeeds: 1 };
    expect(withBug(bug, 'x a y')).toBe('x b y');
    expect(() => withBug(bug, 'x y')).toThrow('planted bug b: its place occurs 0 times in f.ts');
    expect(() => withBug(bug, 'a a')).toThrow('planted bug b: its place occurs 2 times in f.ts');
  });
});

describe('a bug that the simulation has found in the product', () => {
  it.each(FOUND_BUGS.map(({ what, heldBy }) => [what, heldBy]))('would be found today: %s', (_what, heldBy) => {
    const [file = '', title] = heldBy.split(': ');
    if (title === undefined) expect(PLANTED_BUGS.map(({ name }) => name)).toContain(heldBy);
    else {
      const tests = readFileSync(join(ROOT, file), 'utf8');
      // By itself, or as a row of a table of tests.
      expect(['it(', '['].filter((before) => tests.includes(`${before}'${title}'`))).toHaveLength(1);
    }
  });
});
