/**
 * Signing vectors of Taobao and Doudian, each produced by running third-party implementations and recomputed from the
 * rule. Secrets and ids are made up.
 */
export const TAOBAO_SIGN_VECTORS = {
  'taobao-sheet-1': {
    input: {
      appSecret: '6d1f5b0ac2de4c1f9a77e8b1b2c3d4e5',
      params: {
        method: 'taobao.skus.quantity.update',
        app_key: '23400001',
        session: '6100b20c6b8e2f3d4a5b6c7d8e9f0a1b2c3d4e5f60718293',
        timestamp: '2026-03-08 14:05:09',
        format: 'json',
        v: '2.0',
        sign_method: 'md5',
        num_iid: '654321098765',
        skuid_quantities: '4711000000001:12;4711000000002:0',
        type: '1',
      },
    },
    expect: {
      sign: '522F4D7868F16253A022526059B17AAC',
    },
  },
  'taobao-sheet-2': {
    input: {
      appSecret: '6d1f5b0ac2de4c1f9a77e8b1b2c3d4e5',
      params: {
        method: 'taobao.trades.sold.increment.get',
        app_key: '23400001',
        session: '6100b20c6b8e2f3d',
        timestamp: '2026-03-08 14:06:00',
        format: 'json',
        v: '2.0',
        sign_method: 'hmac',
        fields: 'tid,status,modified',
        start_modified: '2026-03-08 13:30:00',
        end_modified: '2026-03-08 14:00:00',
        page_no: '1',
        page_size: '40',
        use_has_next: 'true',
        buyer_nick: '小明同学',
      },
    },
    expect: {
      sign: '993CBF279277F5386C112D51C2808392',
    },
  },
  'taobao-sheet-3': {
    input: {
      appSecret: '6d1f5b0ac2de4c1f9a77e8b1b2c3d4e5',
      params: {
        method: 'taobao.logistics.offline.send',
        app_key: '23400001',
        session: '6100b20c6b8e2f3d',
        timestamp: '2026-03-08 14:07:30',
        format: 'json',
        v: '2.0',
        sign_method: 'hmac-sha256',
        tid: '3724567890123456789',
        company_code: 'SF',
        out_sid: 'SF1234567890123',
      },
    },
    expect: {
      sign: 'DDE7211B836E4A66606EF9E8B8177488BE59AE0B681D5E996210D75CBDF08243',
    },
  },
};

export const DOUDIAN_SIGN_VECTORS = {
  'doudian-sheet-1': {
    input: {
      appKey: '7012345678901234567',
      appSecret: '3f2b1a0c-1111-4222-8333-444455556666',
      method: 'sku.syncStockBatch',
      timestamp: '1772949909',
      v: '2',
      signMethod: 'hmac-sha256',
      paramsJsonText:
        '{"product_id":3473196049974326153,"incremental":false,"sku_sync_list":[{"stock_num":12,"sku_id":1736502463777799,"sku_type":0},{"stock_num":0,"sku_id":1736502463777800,"sku_type":0}]}',
    },
    expect: {
      paramJson:
        '{"incremental":false,"product_id":3473196049974326153,"sku_sync_list":[{"sku_id":1736502463777799,"sku_type":0,"stock_num":12},{"sku_id":1736502463777800,"sku_type":0,"stock_num":0}]}',
      sign: '822e56ff5e3a2ff03d77213752dca38303a39f6c360a893d6099a11fc8ba31e0',
    },
  },
  'doudian-sheet-2': {
    input: {
      appKey: '7012345678901234567',
      appSecret: '3f2b1a0c-1111-4222-8333-444455556666',
      method: 'order.logisticsCompanyList',
      timestamp: '1772949910',
      v: '2',
      signMethod: 'hmac-sha256',
      paramsJsonText: '{}',
    },
    expect: {
      paramJson: '{}',
      sign: '8db15fa8dd412e3da4b3142b9a726ebf3f3e30a893646ab6fcf214cfea7b93a6',
    },
  },
};

export const DOUDIAN_PUSH_VECTORS = {
  'doudian-sheet-3': {
    input: {
      appKey: '7012345678901234567',
      appSecret: '3f2b1a0c-1111-4222-8333-444455556666',
      headers: {
        'app-id': '7012345678901234567',
        'event-sign': '6e1d3b2b6b4742f2a8a3ae59e720cfc0',
        'content-type': 'application/json',
      },
      rawBody:
        '[{"tag":"101","msg_id":"6917525312345678901101:1772949909:6917525312345678901:1772949900","data":"{\\"p_id\\":6917525312345678901,\\"s_ids\\":[6917525312345678902],\\"shop_id\\":4463798,\\"order_status\\":105,\\"order_type\\":0,\\"biz\\":2,\\"pay_amount\\":19900,\\"pay_time\\":1772949900,\\"pay_type\\":1}"}]',
    },
    expect: {
      valid: true,
    },
  },
  'doudian-sheet-4': {
    input: {
      appKey: '7012345678901234567',
      appSecret: '3f2b1a0c-1111-4222-8333-444455556666',
      headers: {
        'app-id': '7012345678901234567',
        'event-sign': '6e1d3b2b6b4742f2a8a3ae59e720cfc0',
        'content-type': 'application/json',
      },
      rawBody:
        '[{"tag":"101","msg_id":"6917525312345678901101:1772949909:6917525312345678901:1772949900","data":"{\\"p_id\\":6917525312345678901,\\"s_ids\\":[6917525312345678902],\\"shop_id\\":4463798,\\"order_status\\":105,\\"order_type\\":0,\\"biz\\":2,\\"pay_amount\\":1,\\"pay_time\\":1772949900,\\"pay_type\\":1}"}]',
    },
    expect: {
      valid: false,
    },
  },
};
