import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { faultsOf, filterBy, rowWith, toast } from './console-moves';
import { ConsoleWorld } from './console-world';
import type { Goods, Purchase } from './steps';
import { act, buy, deliveryOrder, offer, onPlatform, refund, stockOf, untilStatus, untilStopped } from './steps';

jest.setTimeout(120_000);

// Delivery orders as people work with them: what a buyer does in the sandbox, seen and acted on in the console.

/** What must show as text and never run. */
const SCRIPT = '<img src=x onerror="document.title=1">';

const LIST = '/orders/delivery-orders';

let world: ConsoleWorld;
let goods: Goods;
let scarce: Goods;

beforeAll(async () => {
  world = await ConsoleWorld.start();
  const limits = {
    ...{ buyerMemo: 'any', sellerMemo: 'empty', amountFenMax: null, quantityMax: null, minutesSincePayment: 0 },
  };
  const strategy = { name: '自动审核', enabled: true, limits, version: 0 };
  await world.local.host.put('/api/audit-strategies/auto', strategy);
  goods = await offer(world.local, 'EAR-01', { shown: 200, onHand: 50 });
  scarce = await offer(world.local, 'EAR-02', { shown: 200, onHand: 1 });
});

afterAll(() => world.close());

const pathOf = ({ shopId, orderNo }: Purchase): string => `${LIST}/${shopId}/${orderNo}`;

const bought = (of: Goods, quantity: number, switches: object = {}, shop: 'tmall' | 'doudian' = 'tmall') =>
  buy(world.local, [{ listing: of[shop], quantity }], switches);

/** The sentence that says where an order stands and what is to do next. */
const sentence = (page: Page) => page.locator('.ant-alert[role=status]');

async function confirm(page: Page, says: string, ok: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByText(says).waitFor();
  await dialog.getByRole('button', { name: ok, exact: true }).click();
}

async function untilTag(page: Page, status: string): Promise<void> {
  await page.locator('.page-head .ant-tag', { hasText: status }).waitFor();
}

/** First rows of the log: 日志类型 and 日志内容. */
async function newestLines(page: Page, count: number): Promise<string[][]> {
  const rows = page.getByRole('region', { name: '操作日志' }).locator('tr.ant-table-row');
  const lines: string[][] = [];
  for (let i = 0; i < count; i += 1) lines.push((await rows.nth(i).locator('td').allInnerTexts()).slice(1, 5));
  return lines;
}

it('follows an audited order from its log to the warehouse and out of stock', async () => {
  const purchase = await bought(goods, 2);
  await untilStatus(world.local, purchase, 'audited');
  const { page, complaints } = await world.enter('operator', LIST);
  await page.getByRole('link', { name: purchase.orderNo }).click();
  await untilTag(page, '已审核');
  expect(await sentence(page).innerText()).toContain('等待仓库开始配货');
  expect(await newestLines(page, 2)).toEqual([
    ['规则', '更新配货', '配货仓库 DS：EAR-01×2', '规则 auto v1'],
    ['规则', '订单审核', '订单自动审核成功!', '规则 auto v1'],
  ]);
  expect(await faultsOf(page, 'delivery-order-audited')).toEqual([]);

  await page.getByRole('button', { name: '开始配货' }).click();
  await confirm(page, '占用的库存不变', '开始配货');
  await untilTag(page, '配货中');
  expect(
    await page
      .locator('.page-head')
      .getByRole('button', { name: /取\s*消/ })
      .count(),
  ).toBe(0);
  const before = await stockOf(world.local, goods.skuId);
  await page.getByRole('button', { name: '发货出库' }).click();
  await confirm(page, '从库存扣减 2 件', '发货出库');
  await untilTag(page, '已发货');
  expect(await stockOf(world.local, goods.skuId)).toEqual({
    onHandQty: before.onHandQty - 2,
    heldQty: before.heldQty - 2,
  });
  expect(await newestLines(page, 1)).toEqual([['系统', '发货', '已出库，库存已扣减', '系统']]);
  expect(await page.getByRole('link', { name: '查看流水 EAR-01' }).getAttribute('href')).toBe(
    '/stock/ledger?warehouseId=DS&skuId=EAR-01',
  );
  expect(complaints).toEqual([]);
});

it('audits ticked orders together, and says of each whether it passed and why not', async () => {
  const [first, second] = [
    await bought(goods, 1, { sellerMemo: SCRIPT }),
    await bought(goods, 1, { sellerMemo: '送礼盒' }, 'doudian'),
  ];
  const unpaid = await bought(goods, 1, { pay: false });
  expect(await untilStopped(world.local, first)).toEqual(['seller-memo']);
  expect(await untilStopped(world.local, second)).toEqual(['seller-memo']);
  expect(await untilStopped(world.local, unpaid)).toEqual(['paid']);

  const { page, complaints } = await world.enter('operator', LIST);
  await filterBy(page, '状态', '待审核');
  await page.waitForURL(/status=pending-audit/);
  expect(await rowWith(page, first.orderNo).innerText()).toContain('有卖家备注');
  expect(await rowWith(page, unpaid.orderNo).innerText()).toContain('买家未付款');
  for (const { orderNo } of [first, second, unpaid])
    await page.getByRole('checkbox', { name: `选择订单 ${orderNo}` }).check();
  expect(await faultsOf(page, 'delivery-orders-pending')).toEqual([]);
  await page.getByRole('button', { name: '审核 (3)' }).click();
  const dialog = page.getByRole('dialog', { name: '审核 3 个订单' });
  await dialog.getByRole('button', { name: '开始审核' }).click();
  await dialog.getByText('通过 2 个，未通过 1 个').waitFor();
  const result = (orderNo: string) => dialog.locator('tr', { hasText: orderNo }).innerText();
  expect(await result(first.orderNo)).toContain('已审核');
  expect(await result(second.orderNo)).toContain('已审核');
  expect(await result(unpaid.orderNo)).toMatch(/未通过[\s\S]*买家未付款[\s\S]*AUDIT_REFUSED/);
  expect(await faultsOf(page, 'delivery-orders-audited')).toEqual([]);
  await dialog.locator('.ant-modal-footer').getByRole('button').click();
  for (const purchase of [first, second]) expect((await deliveryOrder(world.local, purchase))?.status).toBe('audited');
  expect((await deliveryOrder(world.local, unpaid))?.status).toBe('pending-audit');

  // Once paid it passes by itself; before, a person is told that they cannot pass it either.
  await page.goto(`${world.url}${pathOf(unpaid)}`);
  await sentence(page).getByText('人工也不能通过').waitFor();
  await page.getByRole('button', { name: /审\s*核/ }).click();
  await confirm(page, '释放给仓库', '审 核');
  await toast(page, 'AUDIT_REFUSED');
  await page.goto(`${world.url}${pathOf(first)}`);
  await page.getByText(SCRIPT).waitFor();
  expect(await page.title()).toBe('零售发货单 · 一盘货');
  expect(complaints).toEqual([]);
});

it('says what an order that lacks stock waits for, and gives its place back when it is cancelled', async () => {
  const purchase = await bought(scarce, 3);
  await untilStatus(world.local, purchase, 'out-of-stock');
  const { page, complaints } = await world.enter('operator', `${LIST}?status=out-of-stock`);
  expect(await rowWith(page, purchase.orderNo).innerText()).toContain('缺货 EAR-02 × 3');
  await page.getByRole('link', { name: purchase.orderNo }).click();
  await sentence(page).getByText('入库或分货到电商配销仓后会自动占用').waitFor();
  expect(await faultsOf(page, 'delivery-order-lacking')).toEqual([]);
  await page.getByRole('button', { name: /取\s*消/ }).click();
  const dialog = page.getByRole('dialog', { name: '取消发货单' });
  await dialog.getByRole('button', { name: '取消发货单' }).click();
  await dialog.getByText('请写明原因').waitFor();
  await dialog.getByLabel('取消原因').fill(SCRIPT);
  expect(await faultsOf(page, 'delivery-order-cancel')).toEqual([]);
  await dialog.getByRole('button', { name: '取消发货单' }).click();
  await untilTag(page, '已取消');
  expect((await deliveryOrder(world.local, purchase))?.log.find(({ type }) => type === '取消')?.content).toBe(SCRIPT);
  await page.getByRole('region', { name: '操作日志' }).getByText(SCRIPT).waitFor();
  expect(
    await page
      .locator('.page-head')
      .getByRole('button', { name: /取\s*消/ })
      .count(),
  ).toBe(0);
  expect(await page.title()).toBe('零售发货单 · 一盘货');
  expect(complaints).toEqual([]);
});

it('lets a person take an exception up again', async () => {
  const purchase = await bought(goods, 2);
  await untilStatus(world.local, purchase, 'audited');
  await act(world.local, purchase, 'pick');
  await refund(world.local, purchase, 'request');
  await untilStatus(world.local, purchase, 'exception');
  const { page, complaints } = await world.enter('operator', pathOf(purchase));
  await sentence(page).getByText('需要人工处理：配货中发生退款').waitFor();
  expect(await faultsOf(page, 'delivery-order-exception')).toEqual([]);
  await refund(world.local, purchase, 'refuse');
  await page.getByRole('button', { name: '恢复处理' }).click();
  await confirm(page, '重新占用或释放库存', '恢复处理');
  await untilTag(page, '已审核');
  await page.getByRole('region', { name: '操作日志' }).getByText('异常处理').waitFor();
  expect((await deliveryOrder(world.local, purchase))?.holds).toMatchObject([{ wantedQty: 2, heldQty: 2 }]);
  await onPlatform(world.local, purchase, 'cancel');
  await untilTag(page, '已取消');
  await sentence(page).getByText('已取消，未占用库存').waitFor();
  expect(complaints).toEqual([]);
});

it('exports what the filter leaves, order numbers as text', async () => {
  const purchase = await bought(goods, 1);
  await untilStatus(world.local, purchase, 'audited');
  const { page, complaints } = await world.enter('viewer', `${LIST}?orderNo=${purchase.orderNo}`);
  // Names come by themselves; before, ids stand in their place.
  await rowWith(page, purchase.orderNo).filter({ hasText: '天猫旗舰店' }).filter({ hasText: '电商配销仓' }).waitFor();
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出 CSV' }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toBe('零售发货单.csv');
  const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe('\uFEFF订单号,店铺,状态,卡住原因,件数,金额,仓库,收货地区,创建时间,付款时间');
  expect(lines[1]).toMatch(new RegExp(`^${purchase.orderNo}\\t,IB 天猫旗舰店,已审核,,1,1,电商配销仓,`));
  expect(complaints).toEqual([]);
});

it('shows a viewer everything and lets them do nothing, in English', async () => {
  const purchase = await bought(goods, 1, { sellerMemo: 'gift' });
  await untilStopped(world.local, purchase);
  const { page, complaints } = await world.enter('viewer', LIST, { language: 'en' });
  await page.getByRole('heading', { name: 'Delivery orders' }).waitFor();
  expect(await rowWith(page, purchase.orderNo).innerText()).toContain('has a seller memo');
  expect(await page.getByRole('checkbox').count()).toBe(0);
  expect(await page.getByRole('button', { name: /^Audit/ }).count()).toBe(0);
  expect(await faultsOf(page, 'delivery-orders-en')).toEqual([]);
  await page.getByRole('link', { name: purchase.orderNo }).click();
  await sentence(page).getByText('The rules stop it: has a seller memo.').waitFor();
  await untilTag(page, 'Pending audit');
  for (const name of ['Audit', 'Cancel', 'Begin picking', 'Ship', 'Resume'])
    expect(await page.getByRole('button', { name, exact: true }).count()).toBe(0);
  expect(await page.getByRole('link', { name: 'auto', exact: true }).getAttribute('href')).toBe(
    '/strategies/audit/auto',
  );
  expect(await page.getByRole('link', { name: purchase.orderNo }).getAttribute('href')).toBe(
    `/interfaces/taobao/orders/${purchase.shopId}/${purchase.orderNo}`,
  );
  expect(await faultsOf(page, 'delivery-order-en')).toEqual([]);
  await page.goto(`${world.url}${LIST}/${purchase.shopId}/000`);
  await page.getByText('NOT_FOUND').waitFor();
  expect(complaints).toEqual([]);
});
