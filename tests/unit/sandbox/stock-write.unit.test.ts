import type { Tree } from './sandbox-client';
import { at, BAG, list, SHIRT, SHIRT_BLACK, SHIRT_WHITE, TestBench } from './sandbox-client';

let bench: TestBench;

beforeEach(async () => {
  bench = await TestBench.open();
});

afterEach(() => bench.close());

async function shirts(shopId: string): Promise<number[]> {
  return [await bench.stock(shopId, SHIRT, SHIRT_WHITE), await bench.stock(shopId, SHIRT, SHIRT_BLACK)];
}

describe('Taobao', () => {
  it('sets several SKUs of one item and answers with what is shown now', async () => {
    const skuid_quantities = `${SHIRT_WHITE}:12;${SHIRT_BLACK}:0`;
    const answer = await bench.topJson('taobao.skus.quantity.update', { num_iid: SHIRT, skuid_quantities, type: '1' });
    const item = at(answer, 'skus_quantity_update_response', 'item');
    expect(list(at(item, 'skus', 'sku')).map((sku) => [sku['sku_id'], sku['quantity']])).toEqual([
      [SHIRT_WHITE, '12'],
      [SHIRT_BLACK, '0'],
    ]);
    expect(at(item, 'num')).toBe('12');
    expect(await shirts('tmall-1')).toEqual([12, 0]);
  });

  it('writes none of several SKUs when one is unknown', async () => {
    const skuid_quantities = `${SHIRT_WHITE}:12;1:5`;
    expect(await bench.topError('taobao.skus.quantity.update', { num_iid: SHIRT, skuid_quantities })).toBe(
      '15 isv.sku-not-exist',
    );
    expect(await shirts('tmall-1')).toEqual([10, 3]);
  });

  it('takes at most 20 SKUs a call', async () => {
    const skuid_quantities = Array.from({ length: 21 }, () => `${SHIRT_WHITE}:1`).join(';');
    expect(await bench.topError('taobao.skus.quantity.update', { num_iid: SHIRT, skuid_quantities })).toMatch(/^41 /);
  });

  it('adds below zero silently to 0 with the call for many SKUs, but refuses it with the call for one', async () => {
    const outerid_quantities = 'SHIRT-W:-4;SHIRT-B:-4';
    await bench.topJson('taobao.skus.quantity.update', { num_iid: SHIRT, outerid_quantities, type: '2' });
    expect(await shirts('tmall-1')).toEqual([6, 0]); // 10 - 4, and 3 - 4 cut off at 0

    const one = { num_iid: SHIRT, sku_id: SHIRT_WHITE, type: '2' };
    expect(await bench.topError('taobao.item.quantity.update', { ...one, quantity: '-7' })).toBe(
      '15 isv.item-quantity-negative',
    );
    await bench.topJson('taobao.item.quantity.update', { ...one, quantity: '-6' });
    expect(await shirts('tmall-1')).toEqual([0, 0]);
  });

  it('wants the SKU named where an item has SKUs', async () => {
    expect(await bench.topError('taobao.item.quantity.update', { num_iid: SHIRT, quantity: '1' })).toBe(
      '15 isv.sku-not-exist',
    );
    await bench.topJson('taobao.item.quantity.update', { num_iid: BAG, quantity: '9' });
    expect(await bench.stock('tmall-1', BAG)).toBe(9);
  });

  it('counts a keyed Tmall addition once, and says so only by changing nothing', async () => {
    const params = {
      item_id: SHIRT,
      sku_quantities: `[{"sku_id":${SHIRT_WHITE},"quantity":5}]`,
      options: '{"type":2,"outer_biz_key":"push-1"}',
    };
    for (let count = 0; count < 2; count += 1) {
      const answer = await bench.topJson('tmall.item.quantity.update', params);
      expect(at(answer, 'tmall_item_quantity_update_response', 'quantity_update_result')).toBe(SHIRT);
    }
    expect(await bench.stock('tmall-1', SHIRT, SHIRT_WHITE)).toBe(15);
  });
});

describe('Doudian', () => {
  const add = (stockNum: number, key: string): Promise<Tree> =>
    bench.doudian(
      'sku.syncStock',
      `{"idempotent_id":"${key}","incremental":true,"product_id":${SHIRT},"sku_id":${SHIRT_WHITE},"stock_num":${stockNum}}`,
    );

  it('applies an addition once per key; the repeat is an error that means: done before', async () => {
    expect((await add(5, 'push-1'))['code']).toBe('10000');
    const repeat = await add(5, 'push-1');
    expect([repeat['code'], repeat['sub_code']]).toEqual(['40004', 'isv.parameter-invalid:40010']);
    expect(await bench.stock('dy-1', SHIRT, SHIRT_WHITE)).toBe(15);
    await add(5, 'push-2');
    expect(await bench.stock('dy-1', SHIRT, SHIRT_WHITE)).toBe(20);
    expect(at(await bench.get('/sandbox/stats'), 'stockWrites')).toEqual({ set: 0, add: 2, idempotentRepeats: 1 });
  });

  it('refuses an addition below zero and leaves its key unused', async () => {
    expect((await add(-11, 'push-1'))['code']).toBe('50002');
    expect(await bench.stock('dy-1', SHIRT, SHIRT_WHITE)).toBe(10);
    expect((await add(-10, 'push-1'))['code']).toBe('10000');
    expect(await bench.stock('dy-1', SHIRT, SHIRT_WHITE)).toBe(0);
  });

  it('wants a key for an addition', async () => {
    const answer = await bench.doudian('sku.syncStock', `{"incremental":true,"sku_id":${SHIRT_WHITE},"stock_num":1}`);
    expect(answer['code']).toBe('40002');
  });

  it('sets by SKU id or by seller code and reads back what is shown', async () => {
    await bench.doudian('sku.syncStock', `{"incremental":false,"sku_id":${SHIRT_WHITE},"stock_num":7}`);
    await bench.doudian('sku.syncStock', '{"code":"BAG","stock_num":8}');
    const white = await bench.doudian('sku.stockNum', `{"sku_id":${SHIRT_WHITE}}`);
    expect([at(white, 'data', 'stock_num'), at(white, 'data', 'code')]).toEqual(['7', 'SHIRT-W']);
    expect(await bench.stock('dy-1', BAG)).toBe(8);
  });

  it('writes a batch of one product all or nothing', async () => {
    const batch = (blackId: string): Promise<Tree> =>
      bench.doudian(
        'sku.syncStockBatch',
        `{"incremental":false,"product_id":${SHIRT},"sku_sync_list":[{"sku_id":${SHIRT_WHITE},"sku_type":0,"stock_num":12},{"sku_id":${blackId},"sku_type":0,"stock_num":4}]}`,
      );
    expect((await batch('1'))['sub_code']).toBe('isv.parameter-invalid:5');
    expect(await shirts('dy-1')).toEqual([10, 3]);
    expect((await batch(SHIRT_BLACK))['code']).toBe('10000');
    expect(await shirts('dy-1')).toEqual([12, 4]);
  });

  it('applies a keyed batch once', async () => {
    const batch = `{"idempotent_id":"k","incremental":true,"product_id":${SHIRT},"sku_sync_list":[{"sku_id":${SHIRT_WHITE},"stock_num":-2},{"sku_id":${SHIRT_BLACK},"stock_num":1}]}`;
    await bench.doudian('sku.syncStockBatch', batch);
    await bench.doudian('sku.syncStockBatch', batch);
    expect(await shirts('dy-1')).toEqual([8, 4]); // 10 - 2, 3 + 1
  });
});

it('lets a set write overwrite what buyers took in between, as the platforms do', async () => {
  await bench.buy('tmall-1', { lines: [{ itemId: BAG, quantity: 2 }] });
  await bench.topJson('taobao.item.quantity.update', { num_iid: BAG, quantity: '5' });
  expect(await bench.stock('tmall-1', BAG)).toBe(5);
  const { items } = await bench.get('/sandbox/items?shopId=tmall-1');
  expect(list(items).find((item) => item['itemId'] === BAG)?.['soldQty']).toBe(2);
});
