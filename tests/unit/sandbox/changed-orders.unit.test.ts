import { beijingText } from '../../../infra/local/sandbox/platform-time';
import { at, list, SHIRT, SHIRT_WHITE, TestBench } from './sandbox-client';

// 2026-11-22 12:00:00 in GMT+8
const NOON_MS = Date.UTC(2026, 10, 22, 4, 0, 0);

let bench: TestBench;
let nowMs: number;

beforeEach(async () => {
  nowMs = NOON_MS;
  bench = await TestBench.open({}, { nowMs: () => nowMs });
});

afterEach(() => bench.close());

/** Five orders, one a second: 12:00:01 to 12:00:05. */
async function fiveOrders(shopId: string): Promise<string[]> {
  const orderNos: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    nowMs += 1_000;
    orderNos.push(await bench.buy(shopId, { lines: [{ itemId: SHIRT, skuId: SHIRT_WHITE, quantity: 1 }] }));
  }
  return orderNos;
}

async function topPage(pageNo: number, more: Record<string, string> = {}): Promise<string[]> {
  const answer = await bench.topJson('taobao.trades.sold.increment.get', {
    fields: 'tid',
    start_modified: beijingText(NOON_MS),
    end_modified: beijingText(NOON_MS + 3_600_000),
    page_no: pageNo.toString(),
    page_size: '2',
    ...more,
  });
  const trades = list(at(answer, 'trades_sold_increment_get_response', 'trades', 'trade'));
  return trades.map((trade) => String(trade['tid']));
}

it('lists Taobao trades newest change first', async () => {
  const [a, b, c, d, e] = await fiveOrders('tmall-1');
  expect([await topPage(1), await topPage(2), await topPage(3)]).toEqual([[e, d], [c, b], [a]]);
});

it('loses no trade when read from the last page to the first while trades change', async () => {
  const [a, b, c, d, e] = await fiveOrders('tmall-1');
  const seen = new Set(await topPage(3)); // a
  nowMs += 1_000;
  await bench.post(`/sandbox/orders/${d ?? ''}/memo`, { sellerMemo: 'moves to the front' }); // now d e c b a
  for (const pageNo of [2, 1]) for (const tid of await topPage(pageNo)) seen.add(tid);
  expect([...seen].sort()).toEqual([a, b, c, d, e].sort());
});

it('loses a trade when read from the first page to the last: changes shift what is still to come', async () => {
  const [a, b, c, d, e] = await fiveOrders('tmall-1');
  const seen = new Set(await topPage(1)); // e d
  nowMs += 3_600_000; // the change happens after the window's end, so b leaves the list: e d c a
  await bench.post(`/sandbox/orders/${b ?? ''}/memo`, { sellerMemo: 'leaves the window' });
  await bench.post(`/sandbox/orders/${e ?? ''}/memo`, { sellerMemo: 'leaves the window' }); // d c a: c slips to page 1
  for (const pageNo of [2, 3]) for (const tid of await topPage(pageNo)) seen.add(tid);
  expect(seen.has(c ?? '')).toBe(false);
  expect([...seen].sort()).toEqual([a, d, e].sort());
});

it('tells by has_next or by total whether there is more', async () => {
  await fiveOrders('tmall-1');
  const params = {
    fields: 'tid',
    start_modified: beijingText(NOON_MS),
    end_modified: beijingText(NOON_MS + 60_000),
    page_size: '5',
  };
  const method = 'taobao.trades.sold.increment.get';
  expect(at(await bench.topJson(method, params), 'trades_sold_increment_get_response', 'total_results')).toBe('5');
  const exact = await bench.topJson(method, { ...params, use_has_next: 'true' });
  expect(at(exact, 'trades_sold_increment_get_response', 'has_next')).toBe(false);
  const smaller = await bench.topJson(method, { ...params, page_size: '4', use_has_next: 'true' });
  expect(at(smaller, 'trades_sold_increment_get_response', 'has_next')).toBe(true);
});

it('includes both ends of the window, to the second', async () => {
  const [, b, c, d] = await fiveOrders('tmall-1');
  const window = { start_modified: beijingText(NOON_MS + 2_000), end_modified: beijingText(NOON_MS + 4_000) };
  expect(await topPage(1, { ...window, page_size: '10' })).toEqual([d, c, b]);
});

it('counts the whole last second in, since times are cut to seconds', async () => {
  nowMs += 4_999; // shown as 12:00:04
  const tid = await bench.buy('tmall-1', { lines: [{ itemId: SHIRT, skuId: SHIRT_WHITE, quantity: 1 }] });
  const window = { start_modified: beijingText(NOON_MS + 4_000), end_modified: beijingText(NOON_MS + 4_000) };
  expect(await topPage(1, window)).toEqual([tid]);
});

it('refuses a window over one day and pages over 100', async () => {
  const window = { start_modified: '2026-11-21 11:59:59', end_modified: '2026-11-22 12:00:00' };
  const method = 'taobao.trades.sold.increment.get';
  expect(await bench.topError(method, { fields: 'tid', ...window })).toBe('41 isv.invalid-parameter:end_modified');
  const day = { start_modified: '2026-11-21 12:00:00', end_modified: '2026-11-22 12:00:00' };
  expect(await bench.topError(method, { fields: 'tid', ...day, page_size: '101' })).toBe(
    '41 isv.invalid-parameter:page_size',
  );
});

it('lists Doudian orders by change in either direction, pages counted from 0', async () => {
  const [a, b, c, d, e] = await fiveOrders('dy-1');
  nowMs += 1_000;
  await bench.post(`/sandbox/orders/${a ?? ''}/ship`);
  const startS = NOON_MS / 1_000;
  const page = async (no: number, asc: boolean): Promise<unknown[]> => {
    const answer = await bench.doudian(
      'order.searchList',
      `{"order_asc":${asc},"order_by":"update_time","page":${no},"size":2,"update_time_end":${startS + 60},"update_time_start":${startS}}`,
    );
    expect(at(answer, 'data', 'total')).toBe('5');
    return list(at(answer, 'data', 'shop_order_list')).map((order) => order['order_id']);
  };
  expect([await page(0, false), await page(1, false), await page(2, false)]).toEqual([[a, e], [d, c], [b]]);
  expect([await page(0, true), await page(2, true)]).toEqual([[b, c], [a]]);
});

it('keeps apart the orders of the shops', async () => {
  await fiveOrders('dy-1');
  expect(await topPage(1)).toEqual([]);
});
