import { doudianSign, eventSign } from '../../../infra/local/sandbox/doudian/sign';
import { parseExact, writeCanonical } from '../../../infra/local/sandbox/json';
import { topSign } from '../../../infra/local/sandbox/taobao/sign';

// Known vectors of both platforms: each was produced by running published client libraries.
const TOP_SECRET = '6d1f5b0ac2de4c1f9a77e8b1b2c3d4e5';
const DY_KEY = '7012345678901234567';
const DY_SECRET = '3f2b1a0c-1111-4222-8333-444455556666';

describe('Taobao request signature', () => {
  it('agrees with taobao-sheet-1: MD5, stock of two SKUs', () => {
    const params = new Map([
      ['method', 'taobao.skus.quantity.update'],
      ['app_key', '23400001'],
      ['session', '6100b20c6b8e2f3d4a5b6c7d8e9f0a1b2c3d4e5f60718293'],
      ['timestamp', '2026-03-08 14:05:09'],
      ['format', 'json'],
      ['v', '2.0'],
      ['sign_method', 'md5'],
      ['num_iid', '654321098765'],
      ['skuid_quantities', '4711000000001:12;4711000000002:0'],
      ['type', '1'],
    ]);
    expect(topSign(params, TOP_SECRET, 'md5')).toBe('522F4D7868F16253A022526059B17AAC');
  });

  it('agrees with taobao-sheet-2: HMAC-MD5 over Chinese text', () => {
    const params = new Map([
      ['method', 'taobao.trades.sold.increment.get'],
      ['app_key', '23400001'],
      ['session', '6100b20c6b8e2f3d'],
      ['timestamp', '2026-03-08 14:06:00'],
      ['format', 'json'],
      ['v', '2.0'],
      ['sign_method', 'hmac'],
      ['fields', 'tid,status,modified'],
      ['start_modified', '2026-03-08 13:30:00'],
      ['end_modified', '2026-03-08 14:00:00'],
      ['page_no', '1'],
      ['page_size', '40'],
      ['use_has_next', 'true'],
      ['buyer_nick', '小明同学'],
    ]);
    expect(topSign(params, TOP_SECRET, 'hmac')).toBe('993CBF279277F5386C112D51C2808392');
  });

  it('agrees with taobao-sheet-3: HMAC-SHA256, and leaves a sign parameter out', () => {
    const params = new Map([
      ['method', 'taobao.logistics.offline.send'],
      ['app_key', '23400001'],
      ['session', '6100b20c6b8e2f3d'],
      ['timestamp', '2026-03-08 14:07:30'],
      ['format', 'json'],
      ['v', '2.0'],
      ['sign_method', 'hmac-sha256'],
      ['tid', '3724567890123456789'],
      ['company_code', 'SF'],
      ['out_sid', 'SF1234567890123'],
      ['sign', 'whatever was sent'],
    ]);
    const expected = 'DDE7211B836E4A66606EF9E8B8177488BE59AE0B681D5E996210D75CBDF08243';
    expect(topSign(params, TOP_SECRET, 'hmac-sha256')).toBe(expected);
  });
});

describe('Doudian request signature', () => {
  it('agrees with doudian-sheet-1: keys sorted at every level, ids digit for digit', () => {
    const given =
      '{"product_id":3473196049974326153,"incremental":false,"sku_sync_list":[{"stock_num":12,"sku_id":1736502463777799,"sku_type":0},{"stock_num":0,"sku_id":1736502463777800,"sku_type":0}]}';
    const canonical =
      '{"incremental":false,"product_id":3473196049974326153,"sku_sync_list":[{"sku_id":1736502463777799,"sku_type":0,"stock_num":12},{"sku_id":1736502463777800,"sku_type":0,"stock_num":0}]}';
    const paramJson = writeCanonical(parseExact(given));
    expect(paramJson).toBe(canonical);
    const fields = { appKey: DY_KEY, method: 'sku.syncStockBatch', paramJson, timestamp: '1772949909', v: '2' };
    expect(doudianSign(fields, DY_SECRET, 'hmac-sha256')).toBe(
      '822e56ff5e3a2ff03d77213752dca38303a39f6c360a893d6099a11fc8ba31e0',
    );
  });

  it('agrees with doudian-sheet-2: no parameters are {}', () => {
    const fields = {
      appKey: DY_KEY,
      method: 'order.logisticsCompanyList',
      paramJson: '{}',
      timestamp: '1772949910',
      v: '2',
    };
    expect(doudianSign(fields, DY_SECRET, 'hmac-sha256')).toBe(
      '8db15fa8dd412e3da4b3142b9a726ebf3f3e30a893646ab6fcf214cfea7b93a6',
    );
  });

  it('agrees with doudian-sheet-3 and -4: the push proof covers every byte of the body', () => {
    const body =
      '[{"tag":"101","msg_id":"6917525312345678901101:1772949909:6917525312345678901:1772949900","data":"{\\"p_id\\":6917525312345678901,\\"s_ids\\":[6917525312345678902],\\"shop_id\\":4463798,\\"order_status\\":105,\\"order_type\\":0,\\"biz\\":2,\\"pay_amount\\":19900,\\"pay_time\\":1772949900,\\"pay_type\\":1}"}]';
    const proof = '6e1d3b2b6b4742f2a8a3ae59e720cfc0';
    expect(eventSign(DY_KEY, body, DY_SECRET)).toBe(proof);
    expect(eventSign(DY_KEY, body.replace('19900', '1'), DY_SECRET)).not.toBe(proof);
  });
});

describe('canonical JSON', () => {
  it('keeps integer-like keys in byte order, where a JavaScript object would move them to the front', () => {
    expect(writeCanonical(parseExact('{"b":1,"a":2,"10":3,"9":4,"B":5}'))).toBe('{"10":3,"9":4,"B":5,"a":2,"b":1}');
  });

  it('leaves list order, slashes, markup and Chinese text alone, and numbers as they were written', () => {
    const text = '{"list":[3,1,2],"price":10.50,"text":"</b>&小明\\n"}';
    expect(writeCanonical(parseExact(text))).toBe(text);
  });
});
