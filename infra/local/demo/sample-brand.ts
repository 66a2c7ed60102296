import { SAMPLE_SHOPS } from '../host/data-folder';
import type { Api } from './api';
import { Api as SandboxApi, ApiError } from './api';

/** The brand that the demo and `npm start` begin with: one earphone, two shops, a source and a distribution warehouse. */
export const SAMPLE = {
  sku: { id: '010253884', title: 'IB蓝牙玩具耳机2代' },
  priceFen: 1,
  sourceWarehouse: 'ZC',
  distributionWarehouse: 'DS',
  tmall: { shopId: SAMPLE_SHOPS.tmall, itemId: '694524764316', platformSkuId: null },
  doudian: { shopId: SAMPLE_SHOPS.doudian, itemId: '3473196049974326153', platformSkuId: '1736502463777799' },
} as const;

/** Saves what does not exist yet, and leaves the rest as it is: may be run at every start. */
export async function setUpSample(api: Api, sandboxUrl: string): Promise<void> {
  const { sku, sourceWarehouse, distributionWarehouse } = SAMPLE;
  await once(api, `/api/warehouses/${sourceWarehouse}`, { title: '总仓', kind: 'source' });
  await once(api, `/api/warehouses/${distributionWarehouse}`, { title: '电商配销仓', kind: 'distribution' });
  const shop = { warehouseIds: [distributionWarehouse], writesPerSecond: 200, writeBurst: 200 };
  await once(api, `/api/shops/${SAMPLE_SHOPS.tmall}`, { ...shop, channel: 'taobao', title: 'IB 天猫旗舰店' });
  await once(api, `/api/shops/${SAMPLE_SHOPS.doudian}`, {
    ...shop,
    channel: 'doudian',
    title: 'IB 抖店',
    platformShopId: '4463798',
  });
  await api.post('/api/skus', { skus: [sku] });
  await putSampleItems(sandboxUrl);
  await api.post(`/api/shops/${SAMPLE_SHOPS.tmall}/download-items`);
  await api.post(`/api/shops/${SAMPLE_SHOPS.doudian}/download-items`);
}

/** Gives the sample brand 100 pieces, 60 % and 40 % of them for its shops, and auto audit: something to play with. */
export async function stockSample(api: Api): Promise<void> {
  const { sku, sourceWarehouse, distributionWarehouse } = SAMPLE;
  for (const [shopId, ratioBp] of [
    [SAMPLE_SHOPS.tmall, 6_000],
    [SAMPLE_SHOPS.doudian, 4_000],
  ] as const) {
    const strategy = { name: `${shopId} ${ratioBp / 100}%`, enabled: true, shopIds: [shopId], skuIds: null, ratioBp };
    await once(api, `/api/ratio-strategies/${shopId}`, { ...strategy, warehouseIds: [distributionWarehouse] });
    await once(api, `/api/shop-strategies/${shopId}`, { stockSyncEnabled: true });
  }
  const limits = {
    buyerMemo: 'any',
    sellerMemo: 'empty',
    amountFenMax: 1_000_000,
    quantityMax: 500,
    minutesSincePayment: 0,
  };
  await once(api, '/api/audit-strategies/auto', { name: '自动审核', enabled: true, limits });
  const lines = [{ skuId: sku.id, qty: 100 }];
  await api.post('/api/stock-entries', { id: 'RK-sample', type: 'receipt', warehouseId: sourceWarehouse, lines });
  await once(api, '/api/allocation-orders/FH-sample', {
    sourceWarehouseId: sourceWarehouse,
    targetWarehouseId: distributionWarehouse,
    lines,
  });
  const { status } = await api.get<{ status: string }>('/api/allocation-orders/FH-sample');
  if (status === 'saved') await api.post('/api/allocation-orders/FH-sample/audit');
  // The sandbox forgets at every start what its shelves held.
  await api.post('/api/sync-queue/read-back', { skuIds: [sku.id] });
}

/** Puts the item on sale in both shops' sandboxes, with nothing in stock. */
async function putSampleItems(sandboxUrl: string): Promise<void> {
  const { sku, priceFen, tmall, doudian } = SAMPLE;
  const sandbox = new SandboxApi(sandboxUrl);
  await sandbox.post('/sandbox/items', {
    shopId: tmall.shopId,
    items: [{ itemId: tmall.itemId, title: sku.title, merchantCode: sku.id, priceFen, stockQty: 0 }],
  });
  const listing = { skuId: doudian.platformSkuId, merchantCode: sku.id, title: '标准版', priceFen, stockQty: 0 };
  await sandbox.post('/sandbox/items', {
    shopId: doudian.shopId,
    items: [{ itemId: doudian.itemId, title: sku.title, priceFen, skus: [listing] }],
  });
}

async function once(api: Api, path: string, body: object): Promise<void> {
  try {
    await api.put(path, { ...body, version: 0 });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'VERSION_CONFLICT') throw error;
  }
}
