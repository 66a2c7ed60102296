import fc from 'fast-check';
import { mutated } from '../../support/fuzz-json';

const SAMPLE = { id: 'A', lines: [{ skuId: 'S1', qty: 2 }], more: '{"p_id":"1","list":[[1],[2]]}' };

describe('values with a few things in them changed', () => {
  const drawn = (): string[] =>
    fc.sample(mutated(SAMPLE), { seed: 7, numRuns: 5_000 }).map((value) => JSON.stringify(value));

  it('are the same for the same seed: what one draws is changed in it alone', () => {
    const again = drawn();
    // Some are thousands of levels deep: how many differ says enough.
    expect(drawn().filter((text, i) => text !== again[i]).length).toBe(0);
  });
});
