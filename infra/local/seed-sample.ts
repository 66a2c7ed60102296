import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { storePlatformOrder } from '../../shared/procedures/store-platform-orders';
import { readConfig } from '../../shared/config';
import type { AuditStrategy } from '../../shared/domain/order/audit-order';
import type { Actor } from '../../shared/domain/kernel/log-line';
import { withLine } from '../../shared/domain/kernel/log-line';
import type { Shop, Sku, Warehouse } from '../../shared/domain/settings';
import type { AllocationOrder } from '../../shared/domain/stock/allocation-order';
import { allocationPlan, beginAllocationAudit } from '../../shared/domain/stock/allocation-order';
import type { StockEntry } from '../../shared/domain/stock/stock-entry';
import { stockEntryPlan } from '../../shared/domain/stock/stock-entry';
import { startStockWork } from '../../shared/domain/stock/stock-work';
import { resyncShops } from '../../shared/domain/sync/resync';
import type { RatioStrategy, ShopStrategy } from '../../shared/domain/sync/ratio-strategy';
import { connectBus } from '../../shared/platform/connect-bus';
import { connectPool } from '../../shared/platform/connect-pool';
import { instanceOf } from '../../shared/platform/profile';
import type { Clock } from '../../shared/ports/clock';
import type { Ports } from '../../shared/ports/ports';
import type { IndexPlaces, Key } from '../../shared/ports/store';
import { convertPlatformOrders } from '../../shared/procedures/convert-platform-orders';
import { driveStockDocument, stockDocumentPlaces } from '../../shared/procedures/drive-stock-documents';
import { keys } from '../../shared/procedures/keys';
import { skuPlaces } from '../../shared/procedures/map-new-skus';
import { resolveListings } from '../../shared/procedures/map-listings';
import { resyncPlaces } from '../../shared/procedures/resync-places';
import { SAMPLE } from './demo/sample-brand';

// Fills the store that `sls invoke local` works on in stage dev (serverless.yml) with the sample brand. What is there
// already stays as it is. Nothing is asked of a platform: the orders are those of seed/data.

/** Sweeps take up what waits for longer than ten seconds, sums what moved 150 s ago: the sample is that old at once. */
const AGE_MS = 240_000;

const BY: Actor = { kind: 'system', id: 'seed-sample' };
const SHOP_IDS = [SAMPLE.tmall.shopId, SAMPLE.doudian.shopId];

const SHOPS: readonly Shop[] = (
  [
    { id: SAMPLE.tmall.shopId, channel: 'taobao', title: 'IB 天猫旗舰店', platformShopId: '' },
    { id: SAMPLE.doudian.shopId, channel: 'doudian', title: 'IB 抖店', platformShopId: '4463798' },
  ] as const
).map((shop) => ({
  ...shop,
  warehouseIds: [SAMPLE.distributionWarehouse],
  ...{ active: true, writesPerSecond: 20, writeBurst: 20, version: 1 },
}));

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { store: { type: 'string', default: '.yipan/dev.db' } } });
  mkdirSync(dirname(values.store), { recursive: true });
  const settings: Readonly<Record<string, string>> = {
    YIPAN_STORE_FILE: values.store,
    YIPAN_SECRETS: '{"shops":{},"users":[]}',
    YIPAN_LOG_LEVEL: 'warn',
  };
  const config = readConfig((name) => settings[name]);
  const instance = await instanceOf(config);
  const clock: Clock = { nowMs: () => Date.now() - AGE_MS, sleep: (ms) => instance.clock.sleep(ms) };
  const store = instance.store.storeOf(() => Number.MAX_SAFE_INTEGER);
  const bus = (await connectBus(config, instance)).busOf(() => Number.MAX_SAFE_INTEGER);
  const ports: Ports = { ...instance, clock, store, bus, pool: (await connectPool(config, instance)).pool };
  await seedSettings(ports);
  await seedStock(ports);
  await seedOrders(ports);
  await ports.store.close();
  process.stdout.write(`the sample brand is in ${values.store}\n`);
}

async function seedSettings(ports: Ports): Promise<void> {
  const nowMs = ports.clock.nowMs();
  const put = async <T>(key: Key, value: T, places: IndexPlaces = {}): Promise<void> => {
    await ports.store.put<T>({ key, expect: 0, value, places });
  };
  const { sku, sourceWarehouse, distributionWarehouse } = SAMPLE;
  const source: Warehouse = { id: sourceWarehouse, title: '总仓', kind: 'source', version: 1 };
  const distribution: Warehouse = { id: distributionWarehouse, title: '电商配销仓', kind: 'distribution', version: 1 };
  for (const warehouse of [source, distribution]) await put<Warehouse>(keys.warehouse(warehouse.id), warehouse);
  for (const shop of SHOPS) await put<Shop>(keys.shop(shop.id), shop);
  const skus: Sku[] = [
    { ...sku, version: 1 },
    { id: '010253885', title: 'IB蓝牙玩具耳机2代 充电盒', version: 1 },
    { id: '010253901', title: 'IB手机支架', version: 1 },
  ];
  for (const one of skus) await put<Sku>(keys.sku(one.id), one, skuPlaces(one));
  const ratio: RatioStrategy = {
    ...{ id: 'sample', name: '全店 60%', enabled: true, shopIds: SHOP_IDS, skuIds: null },
    ...{ warehouseIds: [distributionWarehouse], ratioBp: 6_000, priority: 0, validFromMs: null, validToMs: null },
    ...{ version: 1, resync: resyncShops(SHOP_IDS, null, { fromMs: nowMs, resumed: false }) },
  };
  await put(keys.ratioStrategy(ratio.id), ratio, resyncPlaces(ratio, nowMs));
  for (const shopId of SHOP_IDS) {
    const resync = resyncShops([shopId], null, { fromMs: nowMs, resumed: false });
    const switches: ShopStrategy = { shopId, stockSyncEnabled: true, reserveQty: 0, maxQty: null, version: 1, resync };
    await put(keys.shopStrategy(shopId), switches, resyncPlaces(switches, nowMs));
  }
  const limits = {
    buyerMemo: 'empty',
    sellerMemo: 'empty',
    amountFenMax: 500_000,
    quantityMax: 20,
    minutesSincePayment: 0,
  } as const;
  await put<AuditStrategy>(keys.auditStrategy('sample'), {
    ...{
      id: 'sample',
      name: '自动审核',
      enabled: true,
      shopIds: [],
      priority: 0,
      limits,
      version: 1,
      spreadPending: false,
    },
  });
  await resolveListings(
    ports,
    [SAMPLE.tmall, SAMPLE.doudian].map(({ shopId, itemId, platformSkuId }) => ({
      shopId,
      line: { itemId, platformSkuId, merchantCode: sku.id, title: sku.title },
    })),
  );
}

/** 100 pieces into the source warehouse, 60 of them on to the distribution warehouse. */
async function seedStock(ports: Ports): Promise<void> {
  const { store, clock } = ports;
  const atMs = clock.nowMs();
  const common = { id: 'sample', lacking: [], createdAtMs: atMs };
  const receipt: Omit<StockEntry, 'work' | 'log'> = {
    ...{ ...common, type: 'receipt', status: 'posting', reason: '期初', warehouseId: SAMPLE.sourceWarehouse },
    lines: [{ skuId: SAMPLE.sku.id, qty: 100 }],
  };
  const entry: StockEntry = {
    ...receipt,
    work: startStockWork(stockEntryPlan(receipt), 1, () => 0),
    log: withLine([], { type: '入库', content: '新建，1 行', actor: BY, atMs, status: 'posting' }),
  };
  const entryKey = keys.stockEntry(entry.id);
  await store.put({
    key: entryKey,
    expect: 0,
    value: entry,
    places: stockDocumentPlaces('stock-entry', entryKey, entry, atMs),
  });
  await driveStockDocument(ports, entryKey);

  const saved: AllocationOrder = {
    ...{ ...common, status: 'saved', attempt: 0, work: null },
    ...{ sourceWarehouseId: SAMPLE.sourceWarehouse, targetWarehouseId: SAMPLE.distributionWarehouse },
    lines: [{ skuId: SAMPLE.sku.id, qty: 60 }],
    log: withLine([], { type: '保存', content: '新建，1 行', actor: BY, atMs, status: 'saved' }),
  };
  const order = beginAllocationAudit(
    saved,
    startStockWork(allocationPlan(saved), 1, () => 0),
    { actor: BY, atMs },
  );
  const orderKey = keys.allocationOrder(order.id);
  await store.put({
    key: orderKey,
    expect: 0,
    value: order,
    places: stockDocumentPlaces('allocation-order', orderKey, order, atMs),
  });
  await driveStockDocument(ports, orderKey);
}

/** A Tmall order that waits for its conversion, and a Doudian order that is converted and waits for its audit. */
async function seedOrders(ports: Ports): Promise<void> {
  for (const shop of SHOPS) {
    const text = readFileSync(join(__dirname, `seed/data/${shop.channel}-order.json`), 'utf8');
    const { orderNo } = ports.channels[shop.channel].readOrder(text);
    const nowMs = ports.clock.nowMs();
    const outcome = await storePlatformOrder(ports, shop, { orderNo, text }, nowMs);
    if (outcome !== 'stored' || shop.channel !== 'doudian') continue;
    await convertPlatformOrders(ports, [{ shopId: shop.id, orderNo }], BY);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`seed-sample: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
