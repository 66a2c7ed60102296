import type { Balance, LedgerEntry, LedgerMovement } from '../../../../shared/domain/stock/ledger';
import { LedgerReplay } from '../../../../shared/domain/stock/ledger-replay';
import type { MovementKind, MovementSource } from '../../../../shared/domain/stock/movement';
import { ledgerFaults } from './ledger-faults';

const AT = Date.parse('2026-03-08T06:00:00Z');
const source: MovementSource = { type: 'delivery-order', id: 'D1' };
const balance = (onHandQty: number, heldQty: number): Balance => ({ onHandQty, heldQty });

describe('the replay of a ledger', () => {
  const moved = (id: string, kind: MovementKind, qty: number): LedgerMovement => ({ id, kind, qty, source });
  const sound: readonly LedgerEntry[] = [
    { number: 1, movements: [moved('in', 'receipt', 10)], balance: balance(10, 0), atMs: AT },
    { number: 2, movements: [moved('h1', 'hold', 3), moved('h2', 'hold', 2)], balance: balance(10, 5), atMs: AT },
    { number: 3, movements: [moved('s1', 'ship', 3)], balance: balance(7, 2), atMs: AT },
    {
      number: 4,
      movements: [{ id: 'h3', kind: 'hold', qty: 0, void: 'lack-of-stock', source }],
      balance: balance(7, 2),
      atMs: AT,
    },
  ];
  const withEntry = (index: number, change: Partial<LedgerEntry>): LedgerEntry[] =>
    sound.map((entry, i) => (i === index ? { ...entry, ...change } : entry));

  it('finds nothing wrong with a sound ledger, nor with an empty one', () => {
    expect(ledgerFaults(sound)).toEqual([]);
    expect(ledgerFaults([])).toEqual([]);
  });

  it('finds a gap', () => {
    expect(ledgerFaults(withEntry(3, { number: 5 }))).toEqual(['entry 4 has number 5']);
  });

  it('finds an entry that is gone, though its neighbours are sound', () => {
    expect(ledgerFaults(sound.filter((entry) => entry.number !== 3))).toEqual([
      'entry 3 has number 4',
      // 10/5 after entry 2; the void changes nothing, but the entry says 7/2.
      'entry 4 says 7/2, its movements give 10/5',
    ]);
  });

  it('finds a wrong quantity on hand, and a wrong quantity held', () => {
    // The balance of the next entry is replayed from what this entry says: 11/5 less 3 shipped is 8/2.
    expect(ledgerFaults(withEntry(1, { balance: balance(11, 5) }))).toEqual([
      'entry 2 says 11/5, its movements give 10/5',
      'entry 3 says 7/2, its movements give 8/2',
    ]);
    expect(ledgerFaults(withEntry(3, { balance: balance(7, 3) }))).toEqual([
      'entry 4 says 7/3, its movements give 7/2',
    ]);
  });

  it('finds a movement that was entered twice', () => {
    const again = { movements: [moved('h1', 'hold', 3)], balance: balance(7, 5) };
    expect(ledgerFaults(withEntry(3, again))).toEqual(['movement h1 entered twice (again in entry 4)']);
  });

  it('finds an id that was voided first and applied later', () => {
    const late: LedgerEntry = { number: 5, movements: [moved('h3', 'hold', 1)], balance: balance(7, 3), atMs: AT };
    expect(ledgerFaults([...sound, late])).toEqual(['movement h3 entered twice (again in entry 5)']);
  });

  it('finds that more is held than is there', () => {
    const over = { movements: [moved('h4', 'hold', 6)], balance: balance(7, 8) };
    expect(ledgerFaults(withEntry(3, over))).toEqual(['after h4 in entry 4: on hand 7, held 8']);
  });

  it('finds that more was released than was held', () => {
    const under = { movements: [moved('r', 'release', 3)], balance: balance(7, -1) };
    expect(ledgerFaults(withEntry(3, under))).toEqual(['after r in entry 4: on hand 7, held -1']);
  });

  it('finds a lack that a later movement of the same entry covers up', () => {
    const dip = { movements: [moved('h4', 'hold', 6), moved('in2', 'receipt', 1)], balance: balance(8, 8) };
    expect(ledgerFaults(withEntry(3, dip))).toEqual(['after h4 in entry 4: on hand 7, held 8']);
  });
});

describe('what documents hold by the count of a ledger', () => {
  const D1: MovementSource = { type: 'delivery-order', id: 'D1', shopId: 'tmall-1' };
  const D2: MovementSource = { type: 'delivery-order', id: 'D2', shopId: 'tmall-1' };
  const A1: MovementSource = { type: 'allocation-order', id: 'D1' };
  const replayed = (...movements: LedgerMovement[]): LedgerReplay => {
    const replay = new LedgerReplay();
    movements.forEach((movement, i) => {
      replay.next({ number: i + 1, movements: [movement], balance: balance(0, 0), atMs: AT });
    });
    return replay;
  };
  const move = (id: string, kind: MovementKind, qty: number, of: MovementSource): LedgerMovement => ({
    ...{ id, kind, qty },
    source: of,
  });

  it('adds up per document what was held, released and shipped, and forgets who holds nothing', () => {
    const replay = replayed(
      move('in', 'receipt', 10, { type: 'receipt', id: 'R1' }),
      move('h1', 'hold', 3, D1),
      move('h2', 'hold', 2, D2),
      move('h3', 'hold', 2, D1),
      move('r1', 'release', 1, D1),
      move('s2', 'ship', 2, D2),
    );
    // D1: 3 + 2 − 1 = 4; D2: 2 − 2 = 0
    expect(replay.heldBySource()).toEqual([{ source: D1, qty: 4 }]);
  });

  it('keeps a delivery order and an allocation order of one number apart', () => {
    const replay = replayed(move('h1', 'hold', 3, D1), move('h2', 'hold', 1, A1));
    expect(replay.heldBySource()).toEqual([
      { source: D1, qty: 3 },
      { source: A1, qty: 1 },
    ]);
  });

  it('names a document that gave back more than it held', () => {
    expect(replayed(move('h1', 'hold', 1, D1), move('r1', 'release', 2, D1)).heldBySource()).toEqual([
      { source: D1, qty: -1 },
    ]);
  });

  it('counts a void movement as entered and not as applied', () => {
    const replay = replayed({ ...move('h1', 'hold', 0, D1), void: 'cancelled' }, move('h2', 'hold', 2, D1));
    expect(['h1', 'h2', 'h3'].map((id) => replay.hasApplied(id))).toEqual([false, true, false]);
    expect(replay.heldBySource()).toEqual([{ source: D1, qty: 2 }]);
  });

  it('holds in sum what its last entry says', () => {
    const replay = new LedgerReplay();
    expect(replay.heldQty).toBe(0);
    replay.next({ number: 1, movements: [move('in', 'receipt', 9, A1)], balance: balance(9, 0), atMs: AT });
    replay.next({ number: 2, movements: [move('h', 'hold', 4, D1)], balance: balance(9, 4), atMs: AT });
    expect(replay.heldQty).toBe(4);
  });
});
