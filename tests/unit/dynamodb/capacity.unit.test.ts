import {
  getUnits,
  indexQueryUnits,
  itemBytes,
  queryUnits,
  refusedWriteUnits,
  writeUnits,
} from '../../../shared/adapters/dynamodb/capacity';
import type { Item } from '../../../shared/adapters/dynamodb/item';

/** An item of exactly so many bytes: `pk`, `sk` and `j` are five characters of names. */
const sized = (bytes: number, places: Item = {}): Item => {
  const rest = itemBytes({ pk: { S: 'p' }, sk: { S: 's' }, j: { S: '' }, ...places });
  return { pk: { S: 'p' }, sk: { S: 's' }, j: { S: 'x'.repeat(bytes - rest) }, ...places };
};
const open = (sort: string): Item => ({ op: { S: 'audit#0' }, os: { S: sort } });
const list = (sort: string): Item => ({ lp: { S: 'orders' }, ls: { S: sort } });

describe('bytes of an item', () => {
  it('count names and values, letters outside ASCII by their bytes in UTF-8', () => {
    // 2 + 3 and 2 + 6: 店铺 has two letters of three bytes.
    expect(itemBytes({ pk: { S: 'abc' }, sk: { S: '店铺' } })).toBe(13);
    expect(itemBytes({ z: { B: new Uint8Array(40) } })).toBe(41);
  });

  it('count a number a byte for two digits, and one more', () => {
    const bytesOf = (N: string): number => itemBytes({ v: { N } }) - 1;
    expect(['1', '12', '123', '1795561877270', '-5', '0'].map(bytesOf)).toEqual([2, 2, 3, 8, 3, 1]);
  });
});

describe('write units', () => {
  it('are one for each begun KB', () => {
    const unitsOf = (bytes: number): number => writeUnits(undefined, sized(bytes)).table;
    expect([200, 1024, 1025, 2048, 2049].map(unitsOf)).toEqual([1, 1, 2, 2, 3]);
  });

  it('are those of the larger item, before or after', () => {
    expect(writeUnits(sized(2500), sized(100)).table).toBe(3);
    expect(writeUnits(sized(100), sized(2500)).table).toBe(3);
  });

  it('count an index where the item comes in, moves or goes, and not where it stays', () => {
    const out = sized(300);
    const [one, other] = [sized(300, open('1')), sized(300, open('2'))];
    expect(writeUnits(undefined, one).open).toBe(1);
    expect(writeUnits(out, one).open).toBe(1);
    expect(writeUnits(one, out).open).toBe(1);
    // The entry leaves its place and enters another.
    expect(writeUnits(one, other).open).toBe(2);
    expect(writeUnits(one, sized(2500, open('1'))).open).toBe(0);
    expect(writeUnits(out, out).open).toBe(0);
  });

  it('count each index for itself: 2.5 KB that come into both are 3 + 1 + 1', () => {
    expect(writeUnits(undefined, sized(2500, { ...open('1'), ...list('1') }))).toEqual({ table: 3, open: 1, list: 1 });
  });

  it('are due for a put whose condition failed', () => {
    expect(refusedWriteUnits(sized(2500), sized(100))).toBe(3);
    expect(refusedWriteUnits(undefined, sized(100))).toBe(1);
  });
});

describe('read units', () => {
  it('of a consistent get are one for each begun 4 KB, and one for nothing', () => {
    expect([undefined, sized(100), sized(4096), sized(5000)].map(getUnits)).toEqual([1, 1, 1, 2]);
  });

  it('of a query are rounded up once: ten items of 1 KB are three', () => {
    expect(queryUnits(Array.from({ length: 10 }, () => sized(1024)))).toBe(3);
    expect(queryUnits([])).toBe(1);
  });

  it('of an index are half as many, for its keys alone', () => {
    expect(
      indexQueryUnits(
        'open',
        Array.from({ length: 10 }, () => sized(3000, open('1'))),
      ),
    ).toBe(0.5);
  });
});
