import type { Page } from 'playwright-core';
import type { Home } from '../../functions/console/schema/home';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { faultsOf } from './console-moves';
import { ConsoleWorld } from './console-world';
import type { Goods } from './steps';
import { auditEverything, buy, newListing, offer, putListing, untilConversion, untilShown, untilStatus } from './steps';

jest.setTimeout(120_000);

// The first page of the console as people look at it: on a fresh install, with work waiting, and while things change.

let world: ConsoleWorld;

beforeAll(async () => {
  world = await ConsoleWorld.start();
});

afterAll(() => world.close());

const card = (page: Page, title: string) => page.locator('.attention-card', { hasText: title });

/** Bought in the shop whose stock is not synced: it shows what it was given. */
const bought = (goods: Goods, quantity: number) => buy(world.local, [{ listing: goods.doudian, quantity }]);

it('tells a fresh install the first steps in their order, with what is done already', async () => {
  const { page, complaints } = await world.enter('viewer', '/');
  const steps = page.getByRole('region', { name: '开始使用' }).getByRole('listitem');
  await steps.first().waitFor();
  const found = await steps.evaluateAll((items) =>
    items.map((item) => [item.querySelector('.step-state')?.textContent.trim(), item.querySelector('a')?.pathname]),
  );
  expect(found).toEqual([
    ['已完成', '/master/warehouses'],
    ['已完成', '/master/shops'],
    ['已完成', '/master/skus'],
    ['未完成', '/stock/entries'],
    ['未完成', '/operations/ratio-strategies'],
    ['未完成', '/strategies/shops'],
    ['未完成', '/stock/allocation-orders'],
    ['未完成', '/strategies/audit'],
  ]);
  await page.getByText('近 24 小时没有订单').waitFor();
  expect(await card(page, '发货单缺货').locator('.attention-count').innerText()).toBe('无');
  expect(await faultsOf(page, 'home-fresh')).toEqual([]);
  expect(complaints).toEqual([]);
});

it('counts what needs a person, leads to it, and changes in place as work comes in', async () => {
  const { host } = world.local;
  const { distributionWarehouse, tmall } = SAMPLE;
  const strategy = { name: '天猫 60%', enabled: true, shopIds: [tmall.shopId], skuIds: null, ratioBp: 6_000 };
  await host.put('/api/ratio-strategies/home', { ...strategy, warehouseIds: [distributionWarehouse], version: 0 });
  await host.put(`/api/shop-strategies/${tmall.shopId}`, { stockSyncEnabled: true, version: 0 });
  await auditEverything(world.local);
  const plenty = await offer(world.local, 'HOME-01', { shown: 100, onHand: 50 });
  const scarce = await offer(world.local, 'HOME-02', { shown: 100, onHand: 1 });
  const stranger = newListing(tmall.shopId);
  await putListing(world.local, stranger, { merchantCode: 'NOBODY', stockQty: 10 });
  await host.post(`/api/shops/${tmall.shopId}/download-items`);
  await untilShown(world.local, plenty.tmall, 30);
  await untilStatus(world.local, await bought(plenty, 7), 'audited');
  await untilStatus(world.local, await bought(scarce, 3), 'out-of-stock');
  const parked = await buy(world.local, [{ listing: stranger, quantity: 1 }]);
  await untilConversion(world.local, parked, 'unmapped');
  // floor((50 - 7) × 60 %) = 25
  await untilShown(world.local, plenty.tmall, 25);

  const { page, complaints } = await world.enter('operator', '/');
  await page.getByRole('heading', { name: '需要人处理' }).waitFor();
  const lacking = card(page, '发货单缺货').locator('.attention-count');
  expect(await lacking.innerText()).toBe('1');
  expect(await card(page, '平台订单未匹配商品').locator('.attention-count').innerText()).toBe('1');
  expect(await card(page, '发货单缺货').innerText()).toMatch(/最早 \d+ (秒|分钟)前/);
  expect(await card(page, '隔离区').locator('.attention-count').innerText()).toBe('无');

  const orders = page.getByRole('figure', { name: '近 24 小时每小时订单数' });
  await orders.getByText('查看数据').click();
  // Two were bought in the shop on Douyin, one, of what nobody has mapped, on Tmall.
  const hours = await orders
    .locator('tr.ant-table-row')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].slice(1).map((cell) => Number(cell.textContent))),
    );
  expect(hours).toHaveLength(24);
  expect(hours.reduce((sums, hour) => sums.map((sum, i) => sum + (hour[i] ?? 0)), [0, 0])).toEqual([2, 1]);
  expect(await page.locator('.figure', { hasText: '今日订单' }).locator('.figure-value').innerText()).toBe('3');
  await orders.locator('canvas').waitFor();
  await page.getByRole('figure', { name: '库存变动从发生到推送' }).locator('canvas').waitFor();
  const movers = page.getByRole('region', { name: '热销商品' });
  expect(await movers.locator('tr.ant-table-row', { hasText: 'HOME-01' }).locator('td').allInnerTexts()).toEqual([
    'HOME-01 HOME-01',
    '7',
    '–',
  ]);
  const warehouses = page.getByRole('region', { name: '各仓库存' });
  // Received 50 + 1; held 7 for the order with stock, nothing for the one without.
  expect(
    (await warehouses.locator('.ant-table-tbody tr.ant-table-row', { hasText: '电商配销仓' }).last().innerText()).split(
      /\s+/,
    ),
  ).toEqual(expect.arrayContaining(['51', '7', '44']));
  expect(await faultsOf(page, 'home-busy')).toEqual([]);

  await page.evaluate(() => Object.assign(window, { stillHere: true }));
  await untilStatus(world.local, await bought(scarce, 2), 'out-of-stock');
  await lacking.getByText('2').waitFor({ timeout: 20_000 });
  expect(await page.evaluate(() => 'stillHere' in window)).toBe(true);

  await card(page, '发货单缺货')
    .getByRole('link', { name: /发货单缺货/ })
    .click();
  await page.waitForURL((url) => url.pathname === '/orders/delivery-orders');
  expect(new URL(page.url()).searchParams.get('status')).toBe('out-of-stock');
  expect(complaints).toEqual([]);
});

it('keeps the other parts where one cannot be read, in English', async () => {
  const { page, complaints } = await world.enter('viewer', '/master/skus', { language: 'en' });
  await page.route('**/api/home', async (route) => {
    const answer = await route.fetch();
    const home = (await answer.json()) as Home;
    await route.fulfill({ json: { ...home, orders: { value: null, error: 'STORE_UNAVAILABLE' } } });
  });
  await page.getByRole('link', { name: 'Home', exact: true }).first().click();
  const orders = page.getByRole('region', { name: 'Orders of the last 24 hours' });
  await orders.getByText('This part cannot be read now: the store does not answer [STORE_UNAVAILABLE]').waitFor();
  await page.getByRole('region', { name: 'Top movers' }).getByText('HOME-01').first().waitFor();
  await page.getByText('Delivery orders out of stock').waitFor();
  expect(await faultsOf(page, 'home-en')).toEqual([]);
  expect(complaints).toEqual([]);
  // The page may be asking again just now.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});
