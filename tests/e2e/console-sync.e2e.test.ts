import { until } from '../../infra/local/demo/api';
import { SAMPLE, stockSample } from '../../infra/local/demo/sample-brand';
import { faultsOf, filterBy, rowWith } from './console-moves';
import { ConsoleWorld } from './console-world';

jest.setTimeout(180_000);

const { tmall, doudian, sku } = SAMPLE;
const WRITES = [
  'taobao.item.quantity.update',
  'taobao.skus.quantity.update',
  'sku.syncStock',
  'sku.syncStockBatchMultiProducts',
];
const WHY_DOUDIAN = `/operations/sync-queue/${doudian.shopId}/${doudian.itemId}?platformSkuId=${doudian.platformSkuId}`;

let world: ConsoleWorld;

beforeAll(async () => {
  // A push whose answer never comes keeps its SKU in the pool for so long that a person can see it there.
  world = await ConsoleWorld.start({ settings: { YIPAN_CHANNEL_TIMEOUT_MS: '6000' } });
  await stockSample(world.local.host);
  await untilSixtyForty();
});

afterAll(() => world.close());

interface Shelf {
  readonly stockQty?: number;
  readonly skus: readonly { readonly stockQty: number }[];
}

/** 100 pieces: floor(100 × 60 %) = 60 and floor(100 × 40 %) = 40. */
async function untilSixtyForty(): Promise<void> {
  await untilQty(tmall.shopId, 60);
  await untilQty(doudian.shopId, 40);
}

async function untilQty(shopId: string, qty: number): Promise<void> {
  await until(`${shopId} shows ${qty}`, 60_000, async () => {
    const { items } = await world.local.sandbox.get<{ items: Shelf[] }>(`/sandbox/items?shopId=${shopId}`);
    // An item that has no SKUs carries its stock itself.
    return (items[0]?.skus[0] ?? items[0])?.stockQty === qty;
  });
}

it('lists what was pushed with its outcome and why, by shop, status and SKU', async () => {
  const { page, complaints } = await world.enter('operator', '/operations/sync-queue');
  const pushed = /IB 天猫旗舰店[\s\S]*已推送[\s\S]*显示 60 件：可用库存 DS 100 \(#\d+\) = 100，× 60% 向下取整得 60/;
  await rowWith(page, '设为 60').filter({ hasText: pushed }).first().waitFor();
  await filterBy(page, '店铺', 'IB 抖店');
  await page.waitForURL(/shopId=/);
  await rowWith(page, doudian.itemId).first().waitFor();
  await rowWith(page, 'IB 天猫旗舰店').first().waitFor({ state: 'detached' });
  await filterBy(page, '状态', '失败');
  await page.getByText('没有符合筛选条件的数据').waitFor();
  await page.getByRole('button', { name: '清除筛选' }).click();
  await page.getByLabel('商品编码', { exact: true }).fill(sku.id);
  await page.getByLabel('商品编码', { exact: true }).press('Enter');
  await rowWith(page, '设为 60').first().waitFor();
  expect(await faultsOf(page, 'sync-queue')).toEqual([]);
  expect(complaints).toEqual([]);
});

it('derives a quantity from the ledger to the platform, with a link to each part', async () => {
  const { page, complaints } = await world.enter('viewer', '/operations/sync-queue');
  await rowWith(page, '设为 60').first().getByRole('link', { name: '60', exact: true }).click();
  await page.getByText('显示 60 件：').first().waitFor();
  const step = (name: string) => page.getByRole('listitem', { name });
  await step('配销仓可用库存').getByText('电商配销仓').waitFor();
  expect(await step('配销仓可用库存').innerText()).toMatch(/分货入 100 件 · FH-sample[\s\S]*100/);
  expect(await step('同步比例').innerText()).toMatch(/× 60%[\s\S]*60/);
  expect(await step('推送到平台').innerText()).toMatch(/已推送[\s\S]*设为 60[\s\S]*60/);
  await page.getByText('现在重新计算，结果仍是 60 件').waitFor();
  expect(await page.getByRole('button', { name: '重新计算并同步' }).count()).toBe(0);
  expect(await faultsOf(page, 'sync-why')).toEqual([]);

  await step('配销仓可用库存')
    .getByRole('link', { name: /库存流水/ })
    .click();
  await page.getByText(/▸ \d+/).waitFor();
  await page.goBack();
  await step('配销仓可用库存').getByRole('link', { name: 'FH-sample' }).click();
  await page.getByRole('heading', { name: '分货单 FH-sample' }).waitFor();
  await page.goBack();
  await step('同步比例').getByRole('link').click();
  await page.waitForURL(new RegExp(`/operations/ratio-strategies/${tmall.shopId}`));
  expect(complaints).toEqual([]);
});

it('says in English what would be pushed now and why it is not, and why a listing was never pushed', async () => {
  const strategy = { stockSyncEnabled: false, reserveQty: 0, maxQty: null };
  await world.local.host.put(`/api/shop-strategies/${doudian.shopId}`, { ...strategy, version: 1 });
  const { page, complaints } = await world.enter('operator', WHY_DOUDIAN, { language: 'en' });
  await page
    .getByText(/shows 40:/)
    .first()
    .waitFor();
  await page.getByText('Nothing would be pushed to the platform now, because:').waitFor();
  await page.getByRole('listitem').getByRole('link', { name: 'Shop strategies' }).waitFor();
  expect(await faultsOf(page, 'sync-why-off-en')).toEqual([]);
  await world.local.host.put(`/api/shop-strategies/${doudian.shopId}`, {
    ...strategy,
    stockSyncEnabled: true,
    version: 2,
  });
  await page.getByText('Computed now, it is still 40.').waitFor();

  await page.goto(`${world.url}/operations/sync-queue/${doudian.shopId}/999`);
  await page.getByText('Nothing was ever pushed to the platform for this listing.').waitFor();
  await page.getByRole('link', { name: 'Item mapping' }).last().waitFor();
  expect(await faultsOf(page, 'sync-why-none-en')).toEqual([]);
  expect(complaints).toEqual([]);
});

it('shows what waits in the pool while a push hangs, its failure, and mends it by the buttons', async () => {
  await world.local.sandbox.put('/sandbox/faults', { timeoutAfterApply: 1, onlyMethods: WRITES });
  const { page, complaints } = await world.enter('operator', '/operations/stock-change-pool');
  await page.getByText('没有等待计算的商品').waitFor();
  const receipt = { id: 'RK-more', type: 'receipt', warehouseId: SAMPLE.distributionWarehouse };
  await world.local.host.post('/api/stock-entries', { ...receipt, lines: [{ skuId: sku.id, qty: 5 }] });
  await rowWith(page, sku.id).getByText(sku.title).waitFor();
  await page.getByText('1 个商品等待计算').waitFor();
  // The row goes when the push is given up, which may be before the pictures are taken.
  const records = await rowWith(page, sku.id).getByRole('link', { name: '查看' }).getAttribute('href');
  expect(records).toBe(`/operations/sync-queue?skuId=${sku.id}`);
  expect(await faultsOf(page, 'sync-pool')).toEqual([]);
  await page.goto(`${world.url}${records ?? ''}`);
  await rowWith(page, '结果未知').first().waitFor();
  expect(await faultsOf(page, 'sync-queue-unknown')).toEqual([]);

  await world.local.sandbox.put('/sandbox/faults', {});
  await page
    .getByRole('checkbox', { name: `勾选 ${sku.id} 在 IB 天猫旗舰店 的记录` })
    .first()
    .check();
  await page.getByRole('button', { name: '重新计算并同步' }).click();
  await page.getByText('已把 1 个商品放入缓存池').waitFor();
  await page.getByRole('button', { name: '核对平台库存' }).click();
  await page.getByText('已要求核对 2 个平台商品').waitFor();
  // 105 pieces: 63 and 42.
  await untilQty(tmall.shopId, 63);
  await untilQty(doudian.shopId, 42);
  await page.goto(`${world.url}/operations/stock-change-pool`);
  await page.getByText('缓存池为空').waitFor();
  expect(complaints).toEqual([]);
});

it('lets a viewer look at the queue and do nothing', async () => {
  const { page, complaints } = await world.enter('viewer', '/operations/sync-queue');
  await rowWith(page, tmall.itemId).first().waitFor();
  expect(await page.getByRole('button', { name: '重新计算并同步' }).count()).toBe(0);
  expect(await page.getByRole('checkbox').count()).toBe(0);
  expect(complaints).toEqual([]);
});
