import fc from 'fast-check';
import { isolateFailures } from '../../../shared/platform/isolate-failures';

/** Fails every batch that holds one of the poisoned items; remembers the calls. */
function handler(...poisoned: string[]) {
  const calls: string[][] = [];
  const handle = async (batch: readonly string[]): Promise<void> => {
    calls.push([...batch]);
    const bad = batch.find((item) => poisoned.includes(item));
    if (bad !== undefined) throw new Error(`cannot do ${bad}`);
  };
  return { calls, handle };
}

describe('a batch', () => {
  it('is handled in one go where nothing fails', async () => {
    const { calls, handle } = handler();
    expect((await isolateFailures(['a', 'b', 'c'], handle)).size).toBe(0);
    expect(calls).toEqual([['a', 'b', 'c']]);
  });

  it('is not handled at all where it is empty', async () => {
    const { calls, handle } = handler();
    expect((await isolateFailures([], handle)).size).toBe(0);
    expect(calls).toEqual([]);
  });

  it('with one poisoned document does not fail its neighbours, each is tried alone in order', async () => {
    const { calls, handle } = handler('b');
    expect(await isolateFailures(['a', 'b', 'c'], handle)).toEqual(new Map([['b', new Error('cannot do b')]]));
    expect(calls).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });

  it('of one that fails is not tried twice', async () => {
    const { calls, handle } = handler('a');
    expect(await isolateFailures(['a'], handle)).toEqual(new Map([['a', new Error('cannot do a')]]));
    expect(calls).toEqual([['a']]);
  });

  it('that fails only as a whole fails nothing', async () => {
    const failures = await isolateFailures(['a', 'b'], async (batch) => {
      if (batch.length > 1) throw new Error('too large');
    });
    expect(failures.size).toBe(0);
  });

  it('keeps what was thrown, the very error', async () => {
    const poison = new Error('cannot');
    const failures = await isolateFailures(['a', 'b'], async () => Promise.reject(poison));
    expect([failures.get('a'), failures.get('b')].every((thrown) => thrown === poison)).toBe(true);
  });

  it('handles each sound item at least once and names exactly the poisoned ones', async () => {
    const items = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(items, fc.infiniteStream(fc.boolean()), async (given, coins) => {
        const poisoned = given.filter(() => coins.next().value);
        const { calls, handle } = handler(...poisoned);
        const failures = await isolateFailures(given, handle);
        expect([...failures.keys()]).toEqual(poisoned);
        expect([...new Set(calls.flat())].sort()).toEqual([...given].sort());
      }),
      { seed: 20_260_308, numRuns: 200 },
    );
  });
});
