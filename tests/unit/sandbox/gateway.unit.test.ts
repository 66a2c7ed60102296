import { beijingText } from '../../../infra/local/sandbox/platform-time';
import { at, BAG, SHIRT, TAOBAO, TestBench, until } from './sandbox-client';

let bench: TestBench;
afterEach(() => bench.close());

const GET_BAG = { num_iid: BAG, fields: 'num' };

describe('Taobao gateway', () => {
  beforeEach(async () => {
    bench = await TestBench.open();
  });

  it.each([
    ['no method', { params: { method: '' } }, '21'],
    ['an unknown method', { params: { method: 'taobao.nothing.get' } }, '22 isv.method-not-exist'],
    ['a format other than JSON', { params: { format: 'xml' } }, '23 isv.format'],
    ['no signature', { without: ['sign'] }, '24'],
    ['a wrong signature', { params: { sign: 'A'.repeat(64) } }, '25'],
    ['no session', { without: ['session'] }, '26'],
    ['an unknown session', { params: { session: 'stolen' } }, '27 invalid-sessionkey'],
    ['no app key', { without: ['app_key'] }, '28'],
    ['an unknown app key', { params: { app_key: '1' } }, '29'],
    ['no timestamp', { without: ['timestamp'] }, '30'],
    ['a timestamp of another day', { params: { timestamp: '2020-01-01 00:00:00' } }, '31 isv.invalid-timestamp'],
    ['a timestamp in ISO form', { params: { timestamp: '2026-11-22T00:00:00Z' } }, '31 isv.invalid-timestamp'],
    ['a missing argument', { without: ['num_iid'] }, '40 isv.missing-parameter:num_iid'],
    ['an argument of the wrong kind', { params: { num_iid: 'x' } }, '41 isv.invalid-parameter:num_iid'],
    ['an item that is not there', { params: { num_iid: '1' } }, '15 isv.item-not-exist:num_iid'],
  ])('refuses %s', async (_, change, expected) => {
    expect(await bench.topError('taobao.item.seller.get', GET_BAG, change)).toBe(expected);
  });

  it('accepts a clock that is 9 minutes off, and all three sign methods', async () => {
    const timestamp = beijingText(Date.now() - 9 * 60_000);
    for (const sign_method of ['md5', 'hmac', 'hmac-sha256']) {
      const answer = await bench.topJson('taobao.item.seller.get', GET_BAG, { params: { sign_method, timestamp } });
      expect(at(answer, 'item_seller_get_response', 'item', 'num')).toBe('5');
    }
  });

  it('counts signature failures and outcomes', async () => {
    await bench.topError('taobao.item.seller.get', GET_BAG, { params: { sign: 'wrong' } });
    await bench.topJson('taobao.item.seller.get', GET_BAG);
    const stats = await bench.get('/sandbox/stats');
    expect(stats['signatureFailures']).toBe(1);
    expect(at(stats, 'gateway', 'byMethod')).toEqual({ 'taobao.item.seller.get': 2 });
    expect(at(stats, 'gateway', 'byOutcome')).toEqual({ 'error:25': 1, ok: 1 });
  });

  it('lists items page by page with ids as bare numbers', async () => {
    const params = { fields: 'num_iid,title,outer_id,num', page_no: '2', page_size: '1' };
    const text = await bench.top('taobao.items.onsale.get', params);
    expect(text).toContain(`{"num_iid":${BAG},"title":"帆布包","outer_id":"BAG","num":5}`);
    expect(text).toContain('"total_results":2');
  });
});

describe('Doudian gateway', () => {
  beforeEach(async () => {
    bench = await TestBench.open();
  });

  const code = async (method: string, paramJson: string, change?: Record<string, string>): Promise<unknown[]> => {
    const answer = await bench.doudian(method, paramJson, change);
    return [answer['code'], answer['sub_code']];
  };

  it('answers a call signed with either digest', async () => {
    for (const sign_method of ['hmac-sha256', 'md5']) {
      expect(await code('product.listV2', '{"page":1,"size":10}', { sign_method })).toEqual(['10000', '']);
    }
  });

  it.each([
    ['a wrong signature', { sign: '0'.repeat(64) }, ['40003', 'isv.signature-invalid']],
    ['an unknown token', { access_token: 'stolen' }, ['40003', 'isv.access-token-no-existed']],
    ['a clock that is off', { timestamp: '1500000000' }, ['40003', 'isv.timestamp-invalid']],
    ['an unknown app', { app_key: '1' }, ['40003', 'isv.app-id-invalid']],
    ['a method that is not the one of the path', { method: 'sku.list' }, ['40003', 'isv.signature-invalid']],
  ])('refuses %s', async (_, change, expected) => {
    expect(await code('product.listV2', '{"page":1,"size":10}', change)).toEqual(expected);
  });

  it('takes a body that is not in canonical form as wrongly signed, even with a signature over just that body', async () => {
    const sorted = `{"code":"BAG","sku_id":${BAG}}`;
    const unsorted = `{"sku_id":${BAG},"code":"BAG"}`;
    expect(await code('sku.stockNum', sorted)).toEqual(['10000', '']);
    expect(await code('sku.stockNum', unsorted)).toEqual(['40003', 'isv.signature-invalid']);
    expect(await code('sku.stockNum', sorted.replace(',', ', '))).toEqual(['40003', 'isv.signature-invalid']);
  });

  it('shows products and SKUs; an item without SKUs is its own SKU', async () => {
    const products = await bench.doudian('product.listV2', '{"page":1,"size":10}');
    expect(at(products, 'data', 'total')).toBe('2');
    expect(at(products, 'data', 'data', 0, 'product_id')).toBe(SHIRT);
    const skus = await bench.doudian('sku.list', `{"product_id":${SHIRT}}`);
    expect([at(skus, 'data', 1, 'code'), at(skus, 'data', 1, 'stock_num')]).toEqual(['SHIRT-B', '3']);
    const bag = await bench.doudian('sku.list', `{"product_id":${BAG}}`);
    expect(at(bag, 'data', 0, 'id')).toBe(BAG);
  });
});

describe('flow control', () => {
  it('refuses what is over the limit until the next second, naming the ban', async () => {
    let nowMs = Date.UTC(2026, 10, 22, 4, 0, 0);
    bench = await TestBench.open({ rateLimitPerSecond: 3 }, { nowMs: () => nowMs });
    const call = (): Promise<string> => bench.topError('taobao.item.seller.get', { ...GET_BAG, num_iid: '1' });
    const known = '15 isv.item-not-exist:num_iid';
    expect([await call(), await call(), await call()]).toEqual([known, known, known]);
    const refused = await bench.topJson('taobao.item.seller.get', GET_BAG);
    expect(at(refused, 'error_response', 'code')).toBe('7');
    expect(at(refused, 'error_response', 'sub_msg')).toMatch(/^This ban will last for \d+ more seconds$/);
    expect((await bench.doudian('product.listV2', '{}'))['code']).toBe('10000'); // another app has its own limit
    nowMs += 1_000;
    expect(await call()).toBe(known);
  });

  it('can be set for some methods only', async () => {
    const nowMs = Date.UTC(2026, 10, 22, 4, 0, 0);
    bench = await TestBench.open({}, { nowMs: () => nowMs });
    await bench.put('/sandbox/faults', { rateLimitPerSecond: 1, onlyMethods: ['sku.stockNum'] });
    const calls = [`{"sku_id":${BAG}}`, `{"sku_id":${BAG}}`].map((body) => bench.doudian('sku.stockNum', body));
    expect((await Promise.all(calls)).map((answer) => answer['code']).sort()).toEqual(['10000', '60000']);
    expect((await bench.doudian('product.listV2', '{}'))['code']).toBe('10000');
  });
});

describe('gateway faults', () => {
  beforeEach(async () => {
    bench = await TestBench.open();
  });

  it('can apply a stock write and lose its answer', async () => {
    await bench.put('/sandbox/faults', { timeoutAfterApply: 1, onlyMethods: ['taobao.item.quantity.update'] });
    const write = bench.top(
      'taobao.item.quantity.update',
      { num_iid: BAG, quantity: '8' },
      { signal: AbortSignal.timeout(200) },
    );
    await expect(write).rejects.toThrow();
    await until(async () => (await bench.stock('tmall-1', BAG)) === 8);
    expect(at(await bench.get('/sandbox/stats'), 'gateway', 'byOutcome')).toEqual({ held: 1 });
  });

  it('can fail before it applies anything, with an error worth a retry', async () => {
    await bench.put('/sandbox/faults', { errorBeforeApply: 1 });
    const params = { num_iid: BAG, quantity: '8' };
    expect(await bench.topError('taobao.item.quantity.update', params)).toBe('15 isp.top-remote-service-unavailable');
    expect(await bench.stock('tmall-1', BAG)).toBe(5);
    await bench.put('/sandbox/faults', {});
    await bench.topJson('taobao.item.quantity.update', params);
    expect(await bench.stock('tmall-1', BAG)).toBe(8);
  });

  it('goes the same way again after the same faults are set again', async () => {
    const run = async (): Promise<string[]> => {
      await bench.put('/sandbox/faults', { errorBeforeApply: 0.5 });
      const outcomes: string[] = [];
      for (let count = 0; count < 20; count += 1)
        outcomes.push(await bench.topError('taobao.item.seller.get', { ...GET_BAG, num_iid: '1' }));
      return outcomes;
    };
    const first = await run();
    expect(new Set(first).size).toBe(2);
    expect(await run()).toEqual(first);
  });

  it('refuses faults it does not understand', async () => {
    expect((await bench.put('/sandbox/faults', { loseMessages: 2 })).status).toBe(400);
    expect((await bench.put('/sandbox/faults', { delayMessagesMs: [5, 1] })).status).toBe(400);
  });
});

it('serves several shops of one app, told apart by their session', async () => {
  const secondShop = {
    ...TAOBAO,
    shopId: 'tmall-2',
    channel: 'taobao' as const,
    title: '二店',
    accessToken: 'session-2',
  };
  const firstShop = { ...TAOBAO, shopId: 'tmall-1', channel: 'taobao' as const, title: '一店' };
  const doudianShop = {
    ...{ shopId: 'dy-1', channel: 'doudian' as const, title: '抖店', platformShopId: '1' },
    ...{ appKey: '7', appSecret: 's', accessToken: 't' },
  };
  bench = await TestBench.open({ shops: [firstShop, secondShop, doudianShop] });
  const other = { params: { session: 'session-2' } };
  expect(await bench.topError('taobao.item.seller.get', GET_BAG, other)).toBe('15 isv.item-not-exist:num_iid');
  expect(at(await bench.topJson('taobao.item.seller.get', GET_BAG), 'item_seller_get_response', 'item', 'num')).toBe(
    '5',
  );
});
