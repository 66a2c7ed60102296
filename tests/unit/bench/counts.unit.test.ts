import { countRows } from '../../bench/counting/count-rows';
import { changedCounts, readCounts, REWRITE_COMMAND } from '../../bench/counting/counts-file';
import type { Rows } from '../../bench/counting/row';
import { projectFolder } from '../../bench/project-folder';

/** Counts orders by the hundred and timers by the hundred; a busy machine takes a while. */
const COUNTING_MS = 120_000;

describe('counts per unit of work', () => {
  let rows: Rows;
  beforeAll(async () => {
    rows = await countRows();
  }, COUNTING_MS);

  it('are those of tests/bench/counts.json: a change of what an order costs is seen in review', () => {
    const changed = changedCounts(readCounts(projectFolder()), rows);
    if (changed.length > 0)
      throw new Error(`${changed.join('\n')}\nWhere this is meant: ${REWRITE_COMMAND}, and say why in the commit.`);
  });

  it('grow with the lines of an order, and fall where a batch shares its appends', () => {
    const writes = (row: string): number => rows[row]?.meters.storeWrites ?? Number.NaN;
    // Raw text, state twice, order three times, one ledger entry a line: 6 + lines.
    expect(['1', '2', '5'].map((lines) => writes(`order/${lines}-line/alone`))).toEqual([7, 8, 11]);
    // A hundred orders in two batches of fifty append twice for each of the two SKUs, not two hundred times.
    expect(writes('order/2-line/batch-100-hot')).toBe(6.04);
  });

  it('are of a whole world: every timer of the clouds is among them', () => {
    const timers = Object.keys(rows).filter((row) => row.startsWith('idle-minute/cloud/'));
    const sum = timers.reduce((total, row) => total + (rows[row]?.meters.storeReads ?? 0), 0);
    expect(timers).toHaveLength(8);
    expect(sum).toBeCloseTo(rows['idle-minute/cloud']?.meters.storeReads ?? 0);
  });
});

describe('a comparison of counts', () => {
  const row = (storeWrites: number, ledger: number): Rows[string] =>
    ({ meters: { storeWrites }, writeUnitsBy: { ledger }, readUnitsBy: {} }) as unknown as Rows[string];

  it('names the row and figure that changed, with both values, and no other', () => {
    const changed = changedCounts({ order: row(8, 2), idle: row(4, 1) }, { order: row(8, 3), idle: row(4, 1) });
    expect(changed).toEqual(['order: writeUnitsBy ledger: 2 -> 3']);
  });

  it('names rows that came and went', () => {
    expect(changedCounts({ old: row(1, 1) }, { fresh: row(2, 2) })).toEqual([
      'old: storeWrites: 1 -> none',
      'old: writeUnitsBy ledger: 1 -> none',
      'fresh: storeWrites: none -> 2',
      'fresh: writeUnitsBy ledger: none -> 2',
    ]);
  });
});
