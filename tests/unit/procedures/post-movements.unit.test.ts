import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import type { MovementRequest } from '../../../shared/domain/stock/ledger';
import type { MovementKind } from '../../../shared/domain/stock/movement';
import { postMovements, readLedgers, seenIn } from '../../../shared/procedures/post-movements';
import { ManualClock } from '../../support/manual-clock';

const SKU = { warehouseId: 'DC', skuId: 'A' };
const SOURCE = { type: 'allocation-order', id: 'T1' } as const;

const request = (kind: MovementKind, qty: number, seenNumber: number): MovementRequest => ({
  intent: { ...SKU, id: `T1/${kind}`, kind, qty, seenNumber },
  source: SOURCE,
  wanted: true,
});

describe('ledgers that a worker knows while it drives a document', () => {
  const deps = { store: new MemoryStore(), clock: new ManualClock() };

  it('are brought up to what a faster worker entered, so that what follows is not decided on the balance before', async () => {
    await postMovements(deps, [request('receipt', 5, 0)]);
    const known = await readLedgers(deps.store, [SKU]);
    // Somebody else enters the very hold that this worker is about to enter, and the worker finds it there.
    await postMovements(deps, [request('hold', 2, 1)]);
    const found = await postMovements(deps, [request('hold', 2, 1)], known);
    expect([...found.outcomes.keys()]).toEqual(['T1/hold']);
    expect(found.entries).toEqual([]);
    expect(seenIn(known)(SKU)).toBe(2);
    // Two of two held: on the balance from before the hold this would take two from none.
    const { entries } = await postMovements(deps, [request('release', 2, seenIn(known)(SKU))], known);
    expect(entries).toMatchObject([{ entry: { number: 3, balance: { onHandQty: 5, heldQty: 0 } } }]);
    expect(seenIn(known)(SKU)).toBe(3);
  });

  it('need no reading where a ledger is known to be empty', async () => {
    const empty = { warehouseId: 'DC', skuId: 'B' };
    const known = await readLedgers(deps.store, [empty]);
    const query = jest.spyOn(deps.store, 'query');
    const first = { ...request('receipt', 1, 0), intent: { ...request('receipt', 1, 0).intent, ...empty } };
    await postMovements(deps, [first], known);
    expect(query).not.toHaveBeenCalled();
    expect(known.get('DC#B')?.balance).toEqual({ onHandQty: 1, heldQty: 0 });
  });
});
