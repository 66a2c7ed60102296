import type { Line } from '../../../../functions/console/web/pages/stock/lines/line';
import { appended, readQty, repeatedRows } from '../../../../functions/console/web/pages/stock/lines/line';
import { checkRows, findRows } from '../../../../functions/console/web/pages/stock/lines/read-rows';
import { proposeId } from '../../../../functions/console/web/pages/stock/propose-id';

describe('a quantity as people type and paste it', () => {
  it.each([
    ['12', 12],
    [' 12 ', 12],
    ['1,200', 1200],
    ['１２', 12],
    ['1000000', 1_000_000],
  ])('takes %j as %d pieces', (text, qty) => {
    expect(readQty(text, 'positive')).toEqual({ qty });
  });

  it.each([
    ['', 'no-qty'],
    ['1.5', 'not-whole'],
    ['12 pcs', 'not-whole'],
    ['1e3', 'not-whole'],
    ['12,00', 'not-whole'],
    ['0', 'zero'],
    ['-3', 'negative'],
    ['1000001', 'too-large'],
  ])('refuses %j: %s', (text, problem) => {
    expect(readQty(text, 'positive')).toEqual({ problem });
  });

  it('may be negative in an adjustment, never zero', () => {
    expect(readQty('-3', 'signed')).toEqual({ qty: -3 });
    expect(readQty('0', 'signed')).toEqual({ problem: 'zero' });
    expect(readQty('-1000001', 'signed')).toEqual({ problem: 'too-large' });
  });
});

describe('rows of a file', () => {
  it('are taken by the names of the columns, in whatever order these are', () => {
    expect(
      findRows([
        ['商品名称', '数量', '商品编码'],
        ['耳机', '5', 'A01'],
      ]),
    ).toEqual([{ rowNo: 2, skuId: 'A01', qtyText: '5' }]);
  });

  it('are SKU and quantity where no header stands above', () => {
    expect(findRows([['A01', '5', '备注'], ['A02']])).toEqual([
      { rowNo: 1, skuId: 'A01', qtyText: '5' },
      { rowNo: 2, skuId: 'A02', qtyText: '' },
    ]);
  });

  it('keep a first row that is wrong and no header', () => {
    expect(findRows([['A01', '五']])).toEqual([{ rowNo: 1, skuId: 'A01', qtyText: '五' }]);
  });

  it('read back what our export has disarmed for spreadsheets', () => {
    expect(findRows([["'-A01\t", "'-5"]])).toEqual([{ rowNo: 1, skuId: '-A01', qtyText: '-5' }]);
  });

  it('are each told the first thing that is wrong with them', () => {
    const rows = findRows([
      ['A01', '5'],
      ['', '5'],
      ['A#1', '5'],
      ['ZZZ', '5'],
      ['A02', 'five'],
      ['A01', '6'],
      ['A03', '1'],
      ['A04', '1'],
      ['A05', '1'],
    ]);
    const checked = checkRows(rows, {
      ...{ rule: 'positive', isKnown: (skuId) => skuId.startsWith('A0') },
      ...{ present: new Set(['A03']), room: 2 },
    });
    expect(checked.map(({ problem }) => problem)).toEqual([
      null,
      { kind: 'no-sku' },
      { kind: 'bad-sku' },
      { kind: 'unknown-sku' },
      { kind: 'not-whole' },
      { kind: 'duplicate', ofRowNo: 1 },
      { kind: 'in-document' },
      null,
      { kind: 'too-many' },
    ]);
  });

  it('with a wrong quantity do not stand in the way of a later row of the same SKU', () => {
    const rows = findRows([
      ['A01', ''],
      ['A01', '6'],
    ]);
    const checked = checkRows(rows, { rule: 'positive', isKnown: () => true, present: new Set(), room: 9 });
    expect(checked.map(({ problem }) => problem)).toEqual([{ kind: 'no-qty' }, null]);
  });
});

describe('lines of a document', () => {
  const lines: Line[] = [
    { key: 4, skuId: 'A01', qtyText: '1' },
    { key: 7, skuId: 'A02', qtyText: '1' },
    { key: 2, skuId: 'A01', qtyText: '3' },
  ];

  it('point out each SKU that stands in an earlier row', () => {
    expect([...repeatedRows(lines)]).toEqual([[2, 1]]);
  });

  it('get keys that no other line has', () => {
    expect(appended(lines, [{ skuId: 'A03', qtyText: '' }]).map(({ key }) => key)).toEqual([4, 7, 2, 8]);
  });
});

describe('a proposed number', () => {
  // 2026-11-10 16:30 UTC is half past midnight of the 11th in Shanghai.
  const nowMs = Date.UTC(2026, 10, 10, 16, 30);

  it('begins each day in Shanghai with 001', () => {
    expect(proposeId('FH', nowMs, ['FH-20261110-007', 'FH-sample'])).toBe('FH-20261111-001');
  });

  it('is one more than the highest of the day, whatever else people have called theirs', () => {
    const taken = ['FH-20261111-009', 'FH-20261111-002', 'FH-20261111-x', 'FH-20261111-'];
    expect(proposeId('FH', nowMs, taken)).toBe('FH-20261111-010');
  });
});
