import fc from 'fast-check';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import type { IndexPlaces, Range, Store } from '../../../shared/ports/store';
import { FrozenStore } from '../../simulation/frozen-store';

const name = fc.constantFrom('a', 'b', 'c', 'd');

const range: fc.Arbitrary<Range> = fc.record(
  { after: name, upTo: name, limit: fc.integer({ min: 1, max: 4 }), descending: fc.boolean() },
  { requiredKeys: ['limit'] },
);

type Step = (store: Store) => Promise<unknown>;

const put: fc.Arbitrary<Step> = fc
  .record({ pk: name, sk: name, expect: fc.integer({ min: 0, max: 3 }), qty: fc.nat(9), open: fc.option(name) })
  .map(({ pk, sk, expect, qty, open }) => {
    // Sorts differ from document to document, as ours do: engines may order equal ones as they like.
    const places: IndexPlaces = open === null ? {} : { open: { partition: open, sort: sk + pk } };
    return (store) => store.put({ key: { pk, sk }, expect, value: { qty, gone: undefined, lines: [{ sk }] }, places });
  });
const read: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ pk: name, sk: name }).map(
    (key): Step =>
      (store) =>
        store.get(key),
  ),
  fc.array(fc.record({ pk: name, sk: name })).map(
    (keys): Step =>
      (store) =>
        store.getMany(keys),
  ),
  fc.record({ pk: name, range }).map(
    ({ pk, range }): Step =>
      (store) =>
        store.query(pk, range),
  ),
  fc.record({ name, range }).map(
    ({ name, range }): Step =>
      (store) =>
        store.queryIndex('open', name, range),
  ),
  fc.record({ pk: name, sk: name }).map(
    (after): Step =>
      (store) =>
        store.scan(after, 3),
  ),
  fc.constant((store: Store) => store.scan(undefined, 100)),
);

describe('the store of the simulation', () => {
  it('answers whatever is put and asked as the other stores do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(put, put, read), { maxLength: 60 }), async (steps) => {
        const [simulated, twin] = [new FrozenStore(), new MemoryStore()];
        for (const step of steps) expect(await step(simulated)).toEqual(await step(twin));
      }),
      { numRuns: 300, seed: 20_260_308 },
    );
  });

  it('lets nobody change a document that was read', async () => {
    const store = new FrozenStore();
    const value = { lines: [{ qty: 1 }] };
    await store.put({ key: { pk: 'p', sk: 's' }, expect: 0, value });
    value.lines.push({ qty: 2 });
    const stored = await store.get<typeof value>({ pk: 'p', sk: 's' });
    expect(stored?.value).toEqual({ lines: [{ qty: 1 }] });
    expect(() => stored?.value.lines.push({ qty: 3 })).toThrow(TypeError);
  });
});
