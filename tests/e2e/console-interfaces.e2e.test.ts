import type { Page } from 'playwright-core';
import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import { choose, faultsOf, filterBy, rowWith, toast } from './console-moves';
import { ConsoleWorld } from './console-world';
import { paidMessage, push } from './raw-http';
import type { Goods, Listing, Purchase } from './steps';
import { buy, newListing, offer, putListing, receive, untilConversion, untilStatus, untilStopped } from './steps';

jest.setTimeout(120_000);

// 接口中心: what platforms sent, what became of it, and which SKU each listing is.

/** What must show as text and never run. */
const SCRIPT = '<img src=x onerror="document.title=1">';

const TMALL = SAMPLE_SHOPS.tmall;

let world: ConsoleWorld;
let goods: Goods;
/** A listing whose merchant code is none of our SKUs; its title is script text. */
let strange: Listing;

beforeAll(async () => {
  world = await ConsoleWorld.start();
  goods = await offer(world.local, 'CASE-01', { shown: 50, onHand: 20 });
  strange = newListing(TMALL);
  await putListing(world.local, strange, { merchantCode: 'NOBODY-KNOWS', stockQty: 50, title: SCRIPT });
  await world.local.host.post('/api/skus', { skus: [{ id: 'CASE-02', title: '手机壳 黑色' }] });
  await receive(world.local, 'CASE-02', 10);
  await world.local.host.post(`/api/shops/${TMALL}/download-items`);
});

afterAll(() => world.close());

const of = (listing: Listing, quantity = 1) => [{ listing, quantity }];

const list = (channel: string): string => `/interfaces/${channel}/orders`;

const untilTag = (page: Page, text: string) => page.locator('.page-head .ant-tag', { hasText: text }).waitFor();

async function closeDialog(page: Page): Promise<void> {
  await page.getByRole('dialog').locator('.ant-modal-footer').getByRole('button').first().click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

describe('platform orders', () => {
  let mapped: Purchase;
  let unpaid: Purchase;
  let parked: Purchase;

  beforeAll(async () => {
    mapped = await buy(world.local, of(goods.doudian, 2), { buyerMemo: SCRIPT });
    unpaid = await buy(world.local, of(goods.doudian), { pay: false });
    parked = await buy(world.local, of(strange, 3));
    await untilStopped(world.local, mapped);
    await untilConversion(world.local, mapped, 'converted');
    await untilConversion(world.local, parked, 'unmapped');
    await untilStopped(world.local, unpaid);
  });

  it('are listed by platform, and converted one by one or together', async () => {
    const { page, complaints } = await world.enter('operator', list('doudian'));
    await page.getByRole('heading', { name: '抖店订单接口' }).waitFor();
    expect(await rowWith(page, mapped.orderNo).innerText()).toContain('已转换');
    expect(await page.getByRole('link', { name: `零售发货单 ${mapped.orderNo}` }).getAttribute('href')).toBe(
      `/orders/delivery-orders/${mapped.shopId}/${mapped.orderNo}`,
    );
    expect(await rowWith(page, parked.orderNo).count()).toBe(0);
    for (const { orderNo } of [mapped, unpaid])
      await page.getByRole('checkbox', { name: `选择订单 ${orderNo}` }).check();
    await page.getByRole('button', { name: '单据转换 (2)' }).click();
    const dialog = page.getByRole('dialog', { name: '单据转换结果' });
    await dialog.getByText('2 个订单中 2 个已转换').waitFor();
    expect(await dialog.locator('tr', { hasText: mapped.orderNo }).innerText()).toContain('零售发货单 · 待审核');
    expect(await faultsOf(page, 'platform-orders-converted')).toEqual([]);
    await closeDialog(page);

    await page.getByRole('link', { name: '淘宝订单接口' }).click();
    await page.getByRole('heading', { name: '淘宝订单接口' }).waitFor();
    await filterBy(page, '转换状态', '未匹配');
    await rowWith(page, parked.orderNo).waitFor();
    await rowWith(page, mapped.orderNo).waitFor({ state: 'detached' });
    expect(await faultsOf(page, 'platform-orders-unmapped')).toEqual([]);
    await page.getByRole('button', { name: `单据转换 ${parked.orderNo}` }).click();
    const parkedResult = dialog.locator('tr', { hasText: parked.orderNo });
    await parkedResult.getByText('请先对应商品').waitFor();
    expect(await parkedResult.innerText()).toContain('未匹配');
    await closeDialog(page);
    expect(complaints).toEqual([]);
  });

  it('show the text of the platform as it came, script text included', async () => {
    const path = `${list('doudian')}/${mapped.shopId}/${mapped.orderNo}`;
    const { raw } = await world.local.host.get<{ raw: string }>(
      `/api/platform-orders/${mapped.shopId}/${mapped.orderNo}`,
    );
    const { page, complaints } = await world.enter('viewer', path);
    await untilTag(page, '已转换');
    const text = page.getByLabel('原文', { exact: true });
    // Platform ids exceed 2^53: a parsed number would be another one.
    expect(await text.innerText()).toContain(goods.doudian.itemId);
    expect(await text.innerText()).toMatch(/^\{\n {2}"/);
    await page.getByRole('switch', { name: '格式化显示' }).click();
    expect(await text.textContent()).toBe(raw);
    expect(await page.getByText(SCRIPT, { exact: true }).count()).toBe(1);
    expect(await page.title()).toBe('抖店订单接口 · 一盘货');
    expect(await page.getByRole('button', { name: '单据转换' }).count()).toBe(0);
    expect(await page.getByRole('region', { name: '操作日志' }).locator('tr.ant-table-row').count()).toBeGreaterThan(0);
    await page.getByRole('link', { name: `${mapped.orderNo} · 待审核` }).click();
    await page.getByRole('heading', { name: `零售发货单 ${mapped.orderNo}` }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('lead to the mapping that they wait for, whose saving revives them', async () => {
    const { page, complaints } = await world.enter('operator', `${list('taobao')}/${parked.shopId}/${parked.orderNo}`);
    await untilTag(page, '未匹配');
    await page.getByText('有商品未匹配，订单搁置').waitFor();
    expect(await faultsOf(page, 'platform-order-unmapped')).toEqual([]);
    const listing = `${strange.itemId}#${strange.skuId}`;
    await page.locator('.ant-alert').getByRole('link', { name: listing }).click();
    const dialog = page.getByRole('dialog', { name: '商品对应' });
    await dialog.getByText(SCRIPT).waitFor();
    await dialog.getByText('NOBODY-KNOWS').waitFor();
    await dialog.getByRole('button', { name: /保\s*存/ }).click();
    await dialog.getByText('请选择商品编码').waitFor();
    await choose(page, '商品编码（我方 SKU）', 'CASE-02 手机壳 黑色', 'CASE-0');
    expect(await faultsOf(page, 'mapping-dialog')).toEqual([]);
    await dialog.getByRole('button', { name: /保\s*存/ }).click();
    await toast(page, '已唤醒 1 个等待的订单');
    await dialog.waitFor({ state: 'hidden' });
    await rowWith(page, strange.skuId)
      .filter({ hasText: /CASE-02[\s\S]*人工/ })
      .waitFor();
    const order = await untilStatus(world.local, parked, 'pending-audit');
    expect(order.holds).toMatchObject([{ skuId: 'CASE-02', wantedQty: 3, heldQty: 3 }]);
    expect(await page.title()).toBe('商品对应 · 一盘货');
    expect(complaints).toEqual([]);
  });
});

describe('mappings', () => {
  it('come from a download, and show what still lacks its SKU', async () => {
    const unknown = newListing(TMALL);
    await putListing(world.local, unknown, { merchantCode: 'NEW-CODE', stockQty: 1, title: '新品 充电宝' });
    const { page, complaints } = await world.enter('operator', '/interfaces/mappings');
    await page.getByRole('button', { name: '商品下载' }).click();
    const dialog = page.getByRole('dialog', { name: '商品下载' });
    await dialog.getByRole('button', { name: '开始下载' }).click();
    await dialog.getByText('请选择店铺').waitFor();
    await dialog.getByRole('combobox', { name: '店铺' }).click();
    await page.locator('.ant-select-dropdown:visible').getByText('IB 天猫旗舰店').click();
    await dialog.getByRole('button', { name: '开始下载' }).click();
    await dialog.getByText(/读到 \d+ 个平台商品，已对应 \d+ 个/).waitFor();
    expect(await faultsOf(page, 'mapping-download')).toEqual([]);
    await dialog.getByRole('link', { name: /查看未匹配的 \d+ 个/ }).click();
    await page.waitForURL(/unmapped=true/);
    await rowWith(page, unknown.itemId).waitFor();
    expect(await rowWith(page, unknown.itemId).innerText()).toContain('未匹配');
    await rowWith(page, goods.tmall.itemId).waitFor({ state: 'detached' });

    await page.getByRole('textbox', { name: '平台商品编号' }).fill(strange.itemId);
    await page.keyboard.press('Enter');
    await page.getByText('没有符合筛选条件的数据').waitFor();
    await page.getByRole('button', { name: '清除筛选' }).click();
    await rowWith(page, goods.tmall.itemId).waitFor();
    expect(await faultsOf(page, 'mappings')).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('keep what somebody else saved first, and let the person decide', async () => {
    const contested = newListing(TMALL);
    await putListing(world.local, contested, { merchantCode: 'CONTESTED', stockQty: 1, title: '数据线' });
    await world.local.host.post(`/api/shops/${TMALL}/download-items`);
    const body = { shopId: TMALL, itemId: contested.itemId, platformSkuId: contested.skuId };
    const query = `shopId=${TMALL}&itemId=${contested.itemId}`;
    const read = async (): Promise<{ version: number; skuId: string | null }> => {
      const { rows } = await world.local.host.get<{ rows: { version: number; skuId: string | null }[] }>(
        `/api/mappings?${query}`,
      );
      expect(rows).toHaveLength(1);
      return rows[0] ?? { version: -1, skuId: null };
    };
    const edit = encodeURIComponent(`${TMALL}#${contested.itemId}#${contested.skuId}`);
    const { page, complaints } = await world.enter('operator', `/interfaces/mappings?${query}&edit=${edit}`);
    const dialog = page.getByRole('dialog', { name: '商品对应' });
    await choose(page, '商品编码（我方 SKU）', 'CASE-01', 'CASE-01');
    const { version } = await read();
    await world.local.host.put('/api/mappings', { ...body, skuId: 'CASE-02', version });
    await dialog.getByRole('button', { name: /保\s*存/ }).click();
    await dialog.getByText('他人已修改').waitFor();
    expect((await read()).skuId).toBe('CASE-02');
    await dialog.getByRole('button', { name: '用我的内容覆盖' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect((await read()).skuId).toBe('CASE-01');
    expect(complaints).toEqual([]);
  });

  it('show a viewer everything and let them change nothing, in English', async () => {
    const { page, complaints } = await world.enter('viewer', '/interfaces/mappings', { language: 'en' });
    await page.getByRole('heading', { name: 'Item mapping' }).waitFor();
    await rowWith(page, goods.tmall.itemId).waitFor();
    for (const name of [/^Map/, /^Change/, 'Download items'])
      expect(await page.getByRole('button', { name }).count()).toBe(0);
    expect(await faultsOf(page, 'mappings-en')).toEqual([]);
    await page.goto(`${world.url}${list('taobao')}`);
    await page.getByRole('heading', { name: 'Taobao orders' }).waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Convert/ }).count()).toBe(0);
    expect(await faultsOf(page, 'platform-orders-en')).toEqual([]);
    await page.goto(`${world.url}/interfaces/nowhere/orders`);
    await page.getByText('There is no such page').waitFor();
    expect(complaints).toEqual([]);
  });
});

it('quarantine shows what could not be read, with the reason and the text, and the parked messages beside it', async () => {
  const text = `[{"tag":"101","memo":"${SCRIPT.replaceAll('"', '\\"')}"}]`;
  expect((await push(world.local, text)).status).toBe(200);
  const { page, complaints } = await world.enter('viewer', '/interfaces/quarantine');
  const row = rowWith(page, 'without tag or data');
  await row.waitFor();
  expect(await row.innerText()).toContain('平台推送');
  expect(await page.getByRole('button', { name: /^重新读取/ }).count()).toBe(0);
  await row.getByRole('button').click();
  await page.getByRole('switch', { name: '格式化显示' }).click();
  expect(await page.getByLabel('原文', { exact: true }).textContent()).toBe(text);
  expect(await faultsOf(page, 'quarantine')).toEqual([]);
  expect(await page.title()).toBe('隔离区 · 一盘货');
  await page.getByRole('tab', { name: '搁置的消息' }).click();
  await page.waitForURL(/tab=parked/);
  await page.getByText('没有搁置的消息').waitFor();
  expect(await faultsOf(page, 'quarantine-parked')).toEqual([]);
  expect(complaints).toEqual([]);
});

it('an order in quarantine is read again by an operator, who is told what became of it; a push cannot be', async () => {
  expect((await push(world.local, '[{"tag":"101"}]')).status).toBe(200);
  expect((await push(world.local, paidMessage('6900000000000000008'))).status).toBe(200);
  const { page, complaints } = await world.enter('operator', '/interfaces/quarantine');
  const row = rowWith(page, '6900000000000000008');
  await row.waitFor();
  expect(
    await rowWith(page, '平台推送')
      .first()
      .getByRole('button', { name: /^重新读取/ })
      .count(),
  ).toBe(0);
  const before = await row.innerText();
  // The time of the look is shown in seconds.
  await page.waitForTimeout(1_100);
  await row.getByRole('button', { name: '重新读取订单 6900000000000000008' }).click();
  await toast(page, '订单 6900000000000000008 仍留在隔离区：the platform does not know this order');
  await page.waitForFunction(
    ([no, text]) =>
      [...document.querySelectorAll('tr')].some((tr) => tr.innerText.includes(no) && tr.innerText !== text),
    ['6900000000000000008', before] as const,
  );
  expect(await faultsOf(page, 'quarantine-operator')).toEqual([]);
  expect(complaints).toEqual([]);
});
