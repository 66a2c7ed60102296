import type { LedgerMovement } from '../../../../shared/domain/stock/ledger';
import type { PlacedEntry, StockSummary } from '../../../../shared/domain/stock/stock-summary';
import {
  countEntries,
  EMPTY_SUMMARY,
  FLOW_HOURS,
  hourOfMs,
  overviewOf,
  shanghaiDayMs,
} from '../../../../shared/domain/stock/stock-summary';

const HOUR = 3_600_000;
/** 2026-03-08 14:20:00 in Shanghai. */
const NOW = Date.UTC(2026, 2, 8, 6, 20, 0);
const THIS_HOUR = Date.UTC(2026, 2, 8, 6, 0, 0);

type Kind = LedgerMovement['kind'];
type Type = LedgerMovement['source']['type'];

let number = 0;

function entry(
  warehouseId: string,
  skuId: string,
  atMs: number,
  ...movements: [Kind, number, Type, LedgerMovement['void']?][]
): PlacedEntry {
  number += 1;
  const made = movements.map(([kind, qty, type, reason], i) => ({
    ...{ id: `m${number}.${i}`, kind, qty, source: { type, id: 'x' } },
    ...(reason && { void: reason }),
  }));
  const balance = { onHandQty: 0, heldQty: 0 };
  return { warehouseId, skuId, sort: `${atMs}#${number}`, entry: { number, movements: made, balance, atMs } };
}

const counted = (...entries: PlacedEntry[]): StockSummary => countEntries(EMPTY_SUMMARY, entries, NOW);

describe('the stock summary of a shard', () => {
  it('sums the movements by warehouse: 9 in, 4 held of which 3 are sent and 1 given back', () => {
    const summary = counted(
      entry('DC', 'A', NOW, ['receipt', 9, 'receipt']),
      entry('DC', 'A', NOW, ['hold', 4, 'delivery-order']),
      entry('SRC', 'A', NOW, ['receipt', 7, 'receipt']),
      entry('DC', 'A', NOW, ['ship', 3, 'delivery-order'], ['release', 1, 'delivery-order']),
    );
    expect(summary.warehouses).toEqual([
      { warehouseId: 'DC', onHandQty: 6, heldQty: 0 },
      { warehouseId: 'SRC', onHandQty: 7, heldQty: 0 },
    ]);
    expect(summary.entries).toBe(4);
  });

  it('counts a refused hold as an entry that moved nothing', () => {
    const summary = counted(entry('DC', 'A', NOW, ['hold', 0, 'delivery-order', 'lack-of-stock']));
    expect(summary).toMatchObject({ entries: 1, hours: [], days: [] });
    expect(summary.warehouses).toEqual([{ warehouseId: 'DC', onHandQty: 0, heldQty: 0 }]);
  });

  it('tells what came and went from what was moved between warehouses', () => {
    const summary = counted(
      entry('SRC', 'A', NOW, ['receipt', 9, 'receipt'], ['hold', 5, 'allocation-order']),
      entry('SRC', 'A', NOW, ['transfer-out', 5, 'allocation-order']),
      entry('DC', 'A', NOW, ['transfer-in', 5, 'allocation-order'], ['adjustment-in', 2, 'adjustment']),
      entry('DC', 'A', NOW, ['hold', 3, 'delivery-order'], ['ship', 3, 'delivery-order']),
      entry('DC', 'A', NOW, ['hold', 1, 'adjustment'], ['adjustment-out', 1, 'adjustment']),
    );
    // In 9 + 2, out 3 + 1.
    expect(summary.hours).toEqual([{ hourMs: THIS_HOUR, inQty: 11, outQty: 4, transferredQty: 5 }]);
  });

  it('counts as movers what orders hold, not what allocations and adjustments do', () => {
    const summary = counted(
      entry('DC', 'A', NOW, ['hold', 2, 'delivery-order'], ['hold', 50, 'allocation-order']),
      entry('DC', 'B', NOW, ['hold', 3, 'delivery-order'], ['hold', 0, 'delivery-order', 'lack-of-stock']),
    );
    expect(overviewOf([summary], NOW).today).toEqual([
      { skuId: 'B', qty: 3, atLeastQty: 3 },
      { skuId: 'A', qty: 2, atLeastQty: 2 },
    ]);
  });

  it('parts the days at midnight in Shanghai', () => {
    const midnight = Date.UTC(2026, 2, 7, 16, 0, 0);
    expect(shanghaiDayMs(NOW)).toBe(midnight);
    expect(shanghaiDayMs(midnight)).toBe(midnight);
    const summary = counted(
      entry('DC', 'A', midnight - 24 * HOUR - 1, ['hold', 8, 'delivery-order']),
      entry('DC', 'A', midnight - 1, ['hold', 2, 'delivery-order']),
      entry('DC', 'A', midnight, ['hold', 5, 'delivery-order']),
    );
    const { todayFromMs, today, yesterday } = overviewOf([summary], NOW);
    expect({ todayFromMs, today, yesterday }).toEqual({
      todayFromMs: midnight,
      today: [{ skuId: 'A', qty: 5, atLeastQty: 5 }],
      yesterday: [{ skuId: 'A', qty: 2, atLeastQty: 2 }],
    });
  });

  it('forgets hours and days that are over, and never the sums', () => {
    const before = counted(
      entry('DC', 'A', NOW - 71 * HOUR, ['receipt', 1, 'receipt']),
      entry('DC', 'A', NOW, ['hold', 1, 'delivery-order'], ['receipt', 2, 'receipt']),
    );
    expect(before.hours.map(({ inQty }) => inQty)).toEqual([1, 2]);
    const later = NOW + 48 * HOUR;
    const after = countEntries(before, [entry('DC', 'A', later, ['receipt', 4, 'receipt'])], later);
    expect(after.hours.map(({ inQty }) => inQty)).toEqual([2, 4]);
    expect(after.days).toEqual([]);
    expect(after.warehouses).toEqual([{ warehouseId: 'DC', onHandQty: 7, heldQty: 1 }]);
  });

  it('goes on where it stopped: in two steps as in one', () => {
    const entries = [1, 2, 3, 4].map((n) => entry('DC', `S${n % 2}`, NOW + n, ['hold', n, 'delivery-order']));
    const stepwise = countEntries(countEntries(EMPTY_SUMMARY, entries.slice(0, 3), NOW), entries.slice(3), NOW);
    expect(stepwise).toEqual(counted(...entries));
    expect(stepwise.readTo).toBe(entries[3]?.sort);
    expect(countEntries(stepwise, [], NOW)).toBe(stepwise);
  });
});

describe('the stock of all shards', () => {
  it('adds up warehouses and hours, and shows hours in which nothing moved', () => {
    const [first, second] = [
      counted(entry('DC', 'A', NOW, ['receipt', 3, 'receipt'])),
      counted(entry('DC', 'B', NOW, ['receipt', 4, 'receipt']), entry('SRC', 'B', NOW, ['receipt', 1, 'receipt'])),
    ];
    const { warehouses, hours } = overviewOf([first, second, EMPTY_SUMMARY], NOW);
    expect(warehouses).toEqual([
      { warehouseId: 'DC', onHandQty: 7, heldQty: 0 },
      { warehouseId: 'SRC', onHandQty: 1, heldQty: 0 },
    ]);
    expect(hours).toHaveLength(FLOW_HOURS);
    expect(hours.at(-1)).toEqual({ hourMs: hourOfMs(NOW), inQty: 8, outQty: 0, transferredQty: 0 });
    expect(hours[0]).toEqual({ hourMs: hourOfMs(NOW) - 71 * HOUR, inQty: 0, outQty: 0, transferredQty: 0 });
  });
});
