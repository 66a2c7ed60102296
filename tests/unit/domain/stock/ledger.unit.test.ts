import fc from 'fast-check';
import { InvariantBroken } from '../../../../shared/domain/kernel/assert';
import type { Balance, LedgerEntry, MovementRequest } from '../../../../shared/domain/stock/ledger';
import {
  availableDelta,
  availableQty,
  decideEntry,
  decideMovement,
  EMPTY_BALANCE,
  outcomesIn,
} from '../../../../shared/domain/stock/ledger';
import type { MovementKind } from '../../../../shared/domain/stock/movement';
import { FIXED_RUNS, present } from '../fixed-runs';
import { ledgerFaults } from './ledger-faults';

const AT = Date.parse('2026-03-08T06:00:00Z');
const source = { type: 'delivery-order', id: 'D1' } as const;

const request = (id: string, kind: MovementKind, qty: number, wanted = true): MovementRequest => ({
  intent: { id, kind, qty, warehouseId: 'SH-1', skuId: 'TEE', seenNumber: 0 },
  source,
  wanted,
});

const balance = (onHandQty: number, heldQty: number): Balance => ({ onHandQty, heldQty });

describe('one movement', () => {
  // Before: 10 on hand, 4 of them held, 6 available.
  it.each<[MovementKind, number, Balance]>([
    ['receipt', 3, balance(10 + 3, 4)],
    ['adjustment-in', 3, balance(10 + 3, 4)],
    ['transfer-in', 3, balance(10 + 3, 4)],
    ['hold', 3, balance(10, 4 + 3)],
    ['release', 3, balance(10, 4 - 3)],
    ['ship', 3, balance(10 - 3, 4 - 3)],
    ['transfer-out', 3, balance(10 - 3, 4 - 3)],
    ['adjustment-out', 3, balance(10 - 3, 4 - 3)],
  ])('%s of %i pieces is entered with its quantity and moves the balance', (kind, qty, after) => {
    expect(decideMovement(balance(10, 4), request('m', kind, qty))).toEqual({
      movement: { id: 'm', kind, qty, source },
      balance: after,
    });
  });

  it('takes a hold of the last available piece', () => {
    // 10 − 4 = 6 available
    const decided = decideMovement(balance(10, 4), request('m', 'hold', 6));
    expect(decided.movement.void).toBeUndefined();
    expect(availableQty(decided.balance)).toBe(0);
  });

  it('voids a hold of one piece more than is available, and leaves the balance', () => {
    expect(decideMovement(balance(10, 4), request('m', 'hold', 7))).toEqual({
      movement: { id: 'm', kind: 'hold', qty: 0, void: 'lack-of-stock', source },
      balance: balance(10, 4),
    });
  });

  it('voids what is no longer wanted, even where stock would suffice', () => {
    expect(decideMovement(balance(10, 4), request('m', 'hold', 1, false))).toEqual({
      movement: { id: 'm', kind: 'hold', qty: 0, void: 'cancelled', source },
      balance: balance(10, 4),
    });
  });

  it('says cancelled and not lack of stock where a hold is neither wanted nor possible', () => {
    expect(decideMovement(EMPTY_BALANCE, request('m', 'hold', 1, false)).movement.void).toBe('cancelled');
  });

  it.each<MovementKind>(['release', 'ship', 'transfer-out', 'adjustment-out'])(
    'takes by %s all that is held, and breaks off rather than take one piece more',
    (kind) => {
      expect(decideMovement(balance(10, 4), request('m', kind, 4)).balance.heldQty).toBe(0);
      expect(() => decideMovement(balance(10, 4), request('m', kind, 5))).toThrow(InvariantBroken);
    },
  );
});

describe('one entry for a batch', () => {
  it('opens an empty ledger with number 1', () => {
    expect(decideEntry(undefined, [request('m1', 'receipt', 5)], AT)).toEqual({
      number: 1,
      movements: [{ id: 'm1', kind: 'receipt', qty: 5, source }],
      balance: balance(5, 0),
      atMs: AT,
    });
  });

  it('goes behind the last entry, from its balance', () => {
    const last: LedgerEntry = { number: 41, movements: [], balance: balance(10, 4), atMs: AT };
    const entry = decideEntry(last, [request('m', 'hold', 2)], AT);
    expect([entry.number, entry.balance]).toEqual([42, balance(10, 6)]);
  });

  it('serves holds in their order: who comes first is held, who finds too little is refused, a smaller one still fits', () => {
    const last: LedgerEntry = { number: 1, movements: [], balance: balance(5, 0), atMs: AT };
    const batch = [request('A', 'hold', 3), request('B', 'hold', 3), request('C', 'hold', 2)];
    const entry = decideEntry(last, batch, AT);
    // 5 − 3 = 2 left: B's 3 do not fit, C's 2 do.
    expect(entry.movements.map((m) => [m.id, m.qty, m.void])).toEqual([
      ['A', 3, undefined],
      ['B', 0, 'lack-of-stock'],
      ['C', 2, undefined],
    ]);
    expect(entry.balance).toEqual(balance(5, 5));
  });

  it('lets a release earlier in the batch make room for a hold behind it', () => {
    const last: LedgerEntry = { number: 1, movements: [], balance: balance(1, 1), atMs: AT };
    const releaseFirst = decideEntry(last, [request('r', 'release', 1), request('h', 'hold', 1)], AT);
    const holdFirst = decideEntry(last, [request('h', 'hold', 1), request('r', 'release', 1)], AT);
    expect(releaseFirst.balance).toEqual(balance(1, 1));
    expect(holdFirst.balance).toEqual(balance(1, 0));
  });

  it('takes 200 movements and no more, and none is no entry', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => request(`m${i}`, 'receipt', 1));
    expect(decideEntry(undefined, many(200), AT).balance.onHandQty).toBe(200);
    expect(() => decideEntry(undefined, many(201), AT)).toThrow(InvariantBroken);
    expect(() => decideEntry(undefined, [], AT)).toThrow(InvariantBroken);
  });

  it('refuses a batch that names one movement twice', () => {
    expect(() => decideEntry(undefined, [request('m', 'receipt', 1), request('m', 'receipt', 1)], AT)).toThrow(
      InvariantBroken,
    );
  });

  it('tells what became of each movement', () => {
    const entry = decideEntry(undefined, [request('in', 'receipt', 1), request('h', 'hold', 2)], AT);
    expect(outcomesIn(entry)).toEqual([
      { id: 'in', number: 1 },
      { id: 'h', number: 1, void: 'lack-of-stock' },
    ]);
  });

  it('tells by how much the available stock changed, void movements left out', () => {
    const last: LedgerEntry = { number: 1, movements: [], balance: balance(4, 2), atMs: AT };
    const batch = [
      request('in', 'receipt', 5),
      request('h', 'hold', 3),
      request('lack', 'hold', 9),
      request('s', 'ship', 2),
      request('r', 'release', 1),
    ];
    // +5 −3 ±0 ±0 (shipped pieces were held before) +1 = 3
    const entry = decideEntry(last, batch, AT);
    expect(availableDelta(entry)).toBe(3);
    // 4 on hand − 2 held = 2 before; 4 + 5 − 2 = 7 on hand, 2 + 3 − 2 − 1 = 2 held, 5 after.
    expect(entry.balance).toEqual(balance(7, 2));
  });
});

describe('any history of batches', () => {
  interface Step {
    readonly kind: 'receipt' | 'hold' | 'undo' | 'ship';
    readonly qty: number;
    readonly wanted: boolean;
  }
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('receipt', 'hold', 'undo', 'ship'),
    qty: fc.integer({ min: 1, max: 9 }),
    wanted: fc.boolean(),
  });

  /** Turns steps into batches as documents make them: only what a hold was granted is given back or shipped, once. */
  function historyOf(batches: readonly (readonly Step[])[]): LedgerEntry[] {
    const entries: LedgerEntry[] = [];
    const granted: number[] = [];
    let id = 0;
    for (const batch of batches) {
      const requests = batch.flatMap(({ kind, qty, wanted }): MovementRequest[] => {
        id += 1;
        if (kind === 'receipt' || kind === 'hold') return [request(`m${id}`, kind, qty, kind === 'receipt' || wanted)];
        const held = granted.shift();
        return held === undefined ? [] : [request(`m${id}`, kind === 'undo' ? 'release' : 'ship', held)];
      });
      if (requests.length === 0) continue;
      const entry = decideEntry(entries.at(-1), requests, AT);
      entries.push(entry);
      granted.push(...entry.movements.filter((m) => m.kind === 'hold' && !m.void).map((m) => m.qty));
    }
    return entries;
  }

  const batches = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 25 });

  it('leaves a ledger without faults, where held is never negative and never more than on hand', () => {
    fc.assert(
      fc.property(batches, (steps) => {
        const entries = historyOf(steps);
        expect(ledgerFaults(entries)).toEqual([]);
        for (const { balance: after } of entries) {
          expect(after.heldQty).toBeGreaterThanOrEqual(0);
          expect(after.onHandQty).toBeGreaterThanOrEqual(after.heldQty);
        }
      }),
      FIXED_RUNS,
    );
  });

  it('keeps the books: on hand is what came in less what was shipped, held is what was granted and not ended', () => {
    fc.assert(
      fc.property(batches, (steps) => {
        const entries = historyOf(steps);
        const total = (kind: MovementKind): number =>
          entries.flatMap((entry) => entry.movements).reduce((sum, m) => sum + (m.kind === kind ? m.qty : 0), 0);
        expect(entries.at(-1)?.balance ?? EMPTY_BALANCE).toEqual({
          onHandQty: total('receipt') - total('ship'),
          heldQty: total('hold') - total('release') - total('ship'),
        });
      }),
      FIXED_RUNS,
    );
  });

  it('gives one outcome to every request, applied in full or void', () => {
    fc.assert(
      fc.property(batches, (steps) => {
        for (const entry of historyOf(steps)) {
          expect(entry.movements.every((m) => (m.void ? m.qty === 0 : m.qty > 0))).toBe(true);
          expect(outcomesIn(entry).map((outcome) => outcome.id)).toEqual(entry.movements.map((m) => m.id));
        }
      }),
      FIXED_RUNS,
    );
  });

  it('agrees with the balances on how much became available', () => {
    fc.assert(
      fc.property(batches, (steps) => {
        let before = EMPTY_BALANCE;
        for (const entry of historyOf(steps)) {
          expect(availableDelta(entry)).toBe(availableQty(entry.balance) - availableQty(before));
          before = entry.balance;
        }
      }),
      FIXED_RUNS,
    );
  });

  it('shows a fault wherever one balance, one number or one id is tampered with', () => {
    const tampered = fc.tuple(batches, fc.nat(), fc.constantFrom('number', 'on hand', 'held', 'id'));
    fc.assert(
      fc.property(tampered, ([steps, at, what]) => {
        const entries = historyOf(steps);
        fc.pre(entries.length > 1);
        const index = at % entries.length;
        const other = present(entries[(index + 1) % entries.length]);
        const spoilt = entries.map((entry, i): LedgerEntry => {
          if (i !== index) return entry;
          const { onHandQty, heldQty } = entry.balance;
          if (what === 'number') return { ...entry, number: entry.number + 1 };
          if (what === 'on hand') return { ...entry, balance: balance(onHandQty + 1, heldQty) };
          if (what === 'held') return { ...entry, balance: balance(onHandQty, heldQty - 1) };
          const [first, ...rest] = entry.movements;
          return { ...entry, movements: [{ ...present(first), id: present(other.movements[0]).id }, ...rest] };
        });
        expect(ledgerFaults(spoilt)).not.toEqual([]);
      }),
      FIXED_RUNS,
    );
  });
});
