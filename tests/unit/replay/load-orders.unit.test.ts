import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  demandBySku,
  loadReplayOrders,
  loadReplaySkus,
  type ReplayOrder,
} from '../../../infra/local/replay/load-orders';

const DATA = join(__dirname, '../../../infra/local/replay/data');

describe('the shipped replay data', () => {
  const orders = loadReplayOrders(DATA);
  const skus = loadReplaySkus(DATA);
  const lines = orders.flatMap((order) => order.lines);

  it('has the orders, lines, pieces and SKUs that its README states', () => {
    expect({
      orders: orders.length,
      lines: lines.length,
      pieces: lines.reduce((sum, line) => sum + line.quantity, 0),
      skus: skus.length,
    }).toEqual({
      orders: readmeFigure('orders'),
      lines: readmeFigure('order lines'),
      pieces: readmeFigure('pieces'),
      skus: readmeFigure('distinct SKUs'),
    });
  });

  it('has the baskets that its README states, from 1 to 5 lines of 1 to 4 pieces', () => {
    const withLines = (count: number) => orders.filter((order) => order.lines.length === count).length;
    const withPieces = (count: number) => lines.filter((line) => line.quantity === count).length;
    for (const count of [1, 2, 3, 4, 5])
      expect(withLines(count)).toBe(readmeFigure(`orders with ${count} ${count === 1 ? 'line' : 'lines'}`));
    for (const count of [1, 2, 3, 4])
      expect(withPieces(count)).toBe(readmeFigure(`lines of ${count} ${count === 1 ? 'piece' : 'pieces'}`));
    expect(Math.max(...orders.map((order) => order.lines.length))).toBe(5);
    expect(Math.max(...lines.map((line) => line.quantity))).toBe(4);
  });

  it('has the outcomes that its README states, and refunds in part only orders of two lines or more', () => {
    for (const outcome of ['paid', 'unpaid-closed', 'cancelled-after-payment', 'partial-refund']) {
      expect(orders.filter((order) => order.outcome === outcome)).toHaveLength(readmeFigure(`orders \`${outcome}\``));
    }
    const refunded = orders.filter((order) => order.outcome === 'partial-refund');
    expect(refunded.every((order) => order.lines.length >= 2)).toBe(true);
  });

  it('keeps orders that name one SKU on two lines, as many as its README states', () => {
    const repeating = orders.filter(
      (order) => new Set(order.lines.map((line) => line.skuId)).size < order.lines.length,
    );
    expect(repeating).toHaveLength(readmeFigure('orders that repeat a SKU'));
  });

  it('begins with invoice 567523, placed on 2011-09-21 at 08:27:39 in Shanghai', () => {
    // The source's minute is 08:27 local, which is 00:27 UTC; second 39 is chosen by the hash. 8.25 GBP is 825 fen.
    expect(orders[0]).toEqual({
      orderId: '567523',
      atMs: Date.UTC(2011, 8, 21, 0, 27, 39),
      outcome: 'paid',
      lines: [{ skuId: '23080', quantity: 1, priceFen: 825 }],
    });
  });

  it('lies within its days, 2011-09-21 to 2011-12-09 in Shanghai', () => {
    expect(orders[0]?.atMs).toBeGreaterThanOrEqual(Date.parse('2011-09-21T00:00:00+08:00'));
    expect(orders.at(-1)?.atMs).toBeLessThan(Date.parse('2011-12-10T00:00:00+08:00'));
  });

  it('lists exactly the SKUs that are ordered, in upper case', () => {
    expect(new Set(skus.map((sku) => sku.skuId))).toEqual(new Set(lines.map((line) => line.skuId)));
    expect(skus.filter((sku) => sku.skuId !== sku.skuId.toUpperCase())).toEqual([]);
  });

  it('reads titles that hold commas and quotes', () => {
    const titles = new Map(skus.map((sku) => [sku.skuId, sku.title]));
    expect(titles.get('21216')).toBe('SET 3 RETROSPOT TEA,COFFEE,SUGAR');
    expect(titles.get('22041')).toBe('RECORD FRAME 7" SINGLE SIZE');
  });

  it('gives the first orders when asked for a few, and all when asked for more than there are', () => {
    expect(loadReplayOrders(DATA, 3)).toEqual(orders.slice(0, 3));
    expect(loadReplayOrders(DATA, 0)).toEqual([]);
    expect(loadReplayOrders(DATA, 1_000_000)).toHaveLength(orders.length);
    expect(() => loadReplayOrders(DATA, 1.5)).toThrow(RangeError);
    expect(() => loadReplayOrders(DATA, -1)).toThrow(RangeError);
  });

  it('shows the best seller of its README in the demand', () => {
    const [first] = [...demandBySku(orders)].sort((a, b) => b[1] - a[1]);
    expect(first).toEqual(['23084', readmeFigure('pieces of 23084, the best seller')]);
  });

  it('stays within 600 KB compressed', () => {
    const bytes = ['orders.csv.gz', 'skus.csv.gz'].map((file) => readFileSync(join(DATA, file)).length);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(600_000);
  });
});

describe('demand by SKU', () => {
  it('sums lines that share a SKU, within an order and over orders', () => {
    const line = (skuId: string, quantity: number) => ({ skuId, quantity, priceFen: 100 });
    const order = (orderId: string, lines: ReplayOrder['lines']): ReplayOrder => {
      return { orderId, atMs: 1, outcome: 'paid', lines };
    };
    const demand = demandBySku([order('1', [line('A', 2), line('B', 1), line('A', 1)]), order('2', [line('A', 4)])]);
    expect([...demand]).toEqual([
      ['A', 7], // 2 + 1 + 4
      ['B', 1],
    ]);
  });
});

describe('malformed replay data', () => {
  const HEADER = 'order_id,at_ms,outcome,sku_id,quantity,price_fen';
  const GOOD = '1,1000,paid,A,1,100';
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'replay-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (file: string, rows: string[]) => writeFileSync(join(folder, file), gzipSync(`${rows.join('\n')}\n`));

  it.each([
    ['a missing column', '2,2000,paid,A,1', '5 columns instead of 6'],
    ['a column too many', '2,2000,paid,A,1,100,', '7 columns instead of 6'],
    ['an empty line', '', '1 columns instead of 6'],
    ['no SKU', '2,2000,paid,,1,100', 'sku_id is empty'],
    ['quantity 0', '2,2000,paid,A,0,100', 'quantity "0" is not a whole number above 0'],
    ['half a piece', '2,2000,paid,A,0.5,100', 'quantity "0.5" is not'],
    ['a negative price', '2,2000,paid,A,1,-5', 'price_fen "-5" is not'],
    ['a time beyond exact numbers', '2,99999999999999999999,paid,A,1,100', 'at_ms "99999999999999999999" is not'],
    ['an unknown outcome', '2,2000,lost,A,1,100', 'unknown outcome "lost"'],
    ['an open quote', '2,2000,paid,"A,1,100', 'a quote is not closed'],
    ['a quote inside a plain field', '2,2000,paid,A"B",1,100', 'a quote is not closed'],
    ['an order with two outcomes', '1,1000,partial-refund,B,1,100', 'order 1 has another time or outcome'],
    ['an order before the last one', '2,999,paid,A,1,100', 'order 2 is earlier than the one before'],
  ])('names file and line of %s', (_, row, problem) => {
    write('orders.csv.gz', [HEADER, GOOD, row]);
    expect(() => loadReplayOrders(folder)).toThrow(`orders.csv.gz line 3: ${problem}`);
  });

  it('refuses an order whose rows are apart', () => {
    write('orders.csv.gz', [HEADER, GOOD, '2,1000,paid,A,1,100', '1,1000,paid,B,1,100']);
    expect(() => loadReplayOrders(folder)).toThrow('orders.csv.gz line 4: order 1 was already complete');
  });

  it('finds a malformed row behind the limit too', () => {
    write('orders.csv.gz', [HEADER, GOOD, '2,2000,paid,A,x,100']);
    expect(() => loadReplayOrders(folder, 1)).toThrow('orders.csv.gz line 3: quantity "x"');
  });

  it('refuses another header, a SKU listed twice, and a file that is cut off', () => {
    write('orders.csv.gz', ['order_id,at_ms', GOOD]);
    expect(() => loadReplayOrders(folder)).toThrow('orders.csv.gz line 1: the header is not order_id,at_ms,outcome');
    write('skus.csv.gz', ['sku_id,title,price_fen', 'A,"Tea, ""green""",100', 'A,Tea,100']);
    expect(() => loadReplaySkus(folder)).toThrow('skus.csv.gz line 3: SKU A appears twice');
    writeFileSync(join(folder, 'skus.csv.gz'), gzipSync('sku_id,title,price_fen\nA,Tea,100\n').subarray(0, 30));
    expect(() => loadReplaySkus(folder)).toThrow('skus.csv.gz: not a whole gzip file');
  });

  it('accepts Windows line ends and a last line without one', () => {
    writeFileSync(join(folder, 'skus.csv.gz'), gzipSync('sku_id,title,price_fen\r\nA,"Tea, ""green""",100'));
    expect(loadReplaySkus(folder)).toEqual([{ skuId: 'A', title: 'Tea, "green"', priceFen: 100 }]);
  });
});

/** The number in the README's table row of this name, written with thousands separators: `| orders | 6,018 | … |`. */
function readmeFigure(name: string): number {
  const rows = readFileSync(join(DATA, 'README.md'), 'utf8').split('\n');
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim())).find((row) => row[1] === name);
  if (cells?.[2] === undefined) throw new Error(`the README has no figure "${name}"`);
  return Number(cells[2].replaceAll(',', ''));
}
