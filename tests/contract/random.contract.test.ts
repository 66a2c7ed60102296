import { systemRandom } from '../../shared/adapters/system/system';
import type { Random } from '../../shared/ports/random';
import { SeededRandom } from '../support/seeded-random';

const DRAWS = 20_000;

function describeRandom(name: string, open: () => Random): void {
  describe(`random: ${name}`, () => {
    it('draws evenly from 0 up to, and not including, 1', () => {
      const random = open();
      const tenths = new Array<number>(10).fill(0);
      for (let i = 0; i < DRAWS; i += 1) {
        const drawn = random.next();
        expect(drawn >= 0 && drawn < 1).toBe(true);
        const tenth = Math.floor(drawn * 10);
        tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      }
      // 2,000 each are expected; 300 off is about seven standard deviations.
      for (const count of tenths) expect(Math.abs(count - DRAWS / 10)).toBeLessThan(300);
    });

    it('makes tokens of 128 bits, none like another', () => {
      const random = open();
      const tokens = Array.from({ length: 1_000 }, () => random.token());
      for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{32}$/);
      expect(new Set(tokens).size).toBe(1_000);
    });
  });
}

describeRandom('systemRandom', () => systemRandom);
describeRandom('SeededRandom', () => new SeededRandom(7));

it('a seed gives the same draws every time, another seed others', () => {
  const draws = (seed: number): number[] => {
    const random = new SeededRandom(seed);
    return Array.from({ length: 20 }, () => random.next());
  };
  expect(draws(1)).toEqual(draws(1));
  expect(draws(1)).not.toEqual(draws(2));
});
