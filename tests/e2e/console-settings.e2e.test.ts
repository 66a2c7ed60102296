import type { Page } from 'playwright-core';
import type {
  AuditStrategyRows,
  RatioStrategyRows,
  ShopRow,
  ShopStrategyRow,
  SkuView,
} from '../../functions/console/schema/settings';
import type * as z from 'zod';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { visit } from '../support/browser';
import { choose, faultsOf, rowWith, toast } from './console-moves';
import { ConsoleWorld, logIn, nameOf } from './console-world';

jest.setTimeout(120_000);

// Strategies and master data as people set them: what is typed arrives, what is wrong is said, who may not sees no action.

/** What must show as text and never run. */
const SCRIPT = '<img src=x onerror="document.title=1">';

const { tmall, doudian, distributionWarehouse } = SAMPLE;

let world: ConsoleWorld;

beforeAll(async () => {
  world = await ConsoleWorld.start();
});

afterAll(() => world.close());

const host = () => world.local.host;

const drawer = (page: Page) => page.locator('.ant-drawer-content-wrapper:visible, .ant-drawer-section:visible').last();

/** Presses a button of antd, which puts a blank between two Chinese characters and lets its sign of loading fade away. */
async function press(page: Page, name: string): Promise<void> {
  const spaced = name.replace(/^(\p{Script=Han})(?=\p{Script=Han}$)/u, '$1\\s*');
  await page.getByRole('button', { name: new RegExp(`^(loading )?${spaced}$`) }).click();
}

const saved = (page: Page) => toast(page, /^(已保存|Saved)$/);

const strategies = async () => (await host().get<RatioStrategyRows>('/api/ratio-strategies')).rows;

describe('比例同步策略', () => {
  it('makes one, warned while typing of what it can oversell, and keeps what pasted codes are known', async () => {
    await host().put('/api/ratio-strategies/all-tmall', {
      ...{ name: '天猫 60%', enabled: true, shopIds: [tmall.shopId], skuIds: null, ratioBp: 6_000, version: 0 },
      warehouseIds: [distributionWarehouse],
    });
    const { page, complaints } = await world.enter('strategist', '/operations/ratio-strategies');
    await press(page, '新建策略');
    await page.getByRole('heading', { name: '新建比例同步策略' }).waitFor();
    await page.getByLabel('策略名称').fill(SCRIPT);
    await choose(page, '店铺', 'IB 抖店');
    await page.keyboard.press('Escape');
    await choose(page, '配销仓', '电商配销仓');
    await page.keyboard.press('Escape');
    await page.getByLabel('同步比例').fill('55.55');
    // 60 % and 55.55 % of one stock: of 100 pieces 115 are shown, 15 of them twice.
    await page.getByText('比例合计 115.55%，每 100 件可用库存最多可超卖').waitFor();
    await page.getByText('IB 抖店 未启用平台库存同步，只计算不推送').waitFor();
    await page.getByText('指定商品').click();
    await page.getByLabel('粘贴商品编码').fill(`${SAMPLE.sku.id}\nNO-SUCH-SKU\n${SAMPLE.sku.id}`);
    await press(page, '加入清单');
    await page.getByText('1 个编码不是已有商品，未加入清单').waitFor();
    await page.getByText('已选 1 个商品').waitFor();
    // What was wrong before the list had any fades away.
    await page.getByText('至少一个商品，或选择“全部商品”').waitFor({ state: 'detached' });
    expect(await faultsOf(page, 'ratio-strategy-form')).toEqual([]);
    await press(page, '保存');
    await saved(page);
    await page.waitForURL((url) => url.pathname === '/operations/ratio-strategies');
    const made = (await strategies()).find(({ id }) => id !== 'all-tmall');
    expect(made).toMatchObject({
      ...{ name: SCRIPT, enabled: true, shopIds: [doudian.shopId], skuIds: [SAMPLE.sku.id], ratioBp: 5_555 },
      ...{ warehouseIds: [distributionWarehouse], validFromMs: null, validToMs: null, version: 1 },
    });
    await rowWith(page, SCRIPT).waitFor();
    expect(await page.title()).toContain('比例同步策略');
    expect(await faultsOf(page, 'ratio-strategies')).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('shows who was first, and lets the person overwrite or take what stands there', async () => {
    const { page, complaints } = await world.enter('strategist', '/operations/ratio-strategies/all-tmall');
    await page.getByLabel('同步比例').fill('70');
    const [before] = (await strategies()).filter(({ id }) => id === 'all-tmall');
    if (!before) throw new Error('the strategy is gone');
    await host().put(`/api/ratio-strategies/${before.id}`, { ...before, ratioBp: 6_500 });
    await press(page, '保存');
    await page.getByText('保存失败：在您编辑期间，他人已修改').waitFor();
    await page.getByRole('row', { name: 'ratioBp 7000 6500' }).waitFor();
    await press(page, '查看最新内容');
    await page.getByText('第 2 版').waitFor();
    expect(await page.getByLabel('同步比例').inputValue()).toBe('65.00');
    await page.getByLabel('同步比例').fill('120');
    await page.getByText('比例合计 175.55%').waitFor();
    await press(page, '保存');
    await saved(page);
    expect((await strategies()).find((row) => row.id === 'all-tmall')).toMatchObject({ ratioBp: 12_000, version: 3 });
    expect(complaints).toEqual([]);
  });

  it('refuses a wrong ratio and a time that ends before it begins while one types', async () => {
    const { page } = await world.enter('strategist', '/operations/ratio-strategies/all-tmall', { language: 'en' });
    await page.getByLabel('Name').fill('');
    await page.getByText('Needed, 200 characters at most').waitFor();
    const [from, to] = [page.getByLabel('Valid from (Shanghai time)'), page.getByLabel('Valid to (Shanghai time)')];
    await from.fill('2026-12-02 00:00:00');
    await page.keyboard.press('Enter');
    await to.fill('2026-12-01 00:00:00');
    await page.keyboard.press('Enter');
    await page.getByText('It must end after it begins').waitFor();
    await to.fill('2026-12-03 00:00:00');
    await page.keyboard.press('Enter');
    await page.getByText('It must end after it begins').waitFor({ state: 'detached' });
    await page.getByLabel('Name').fill('Tmall 120%');
    await press(page, 'Save');
    await saved(page);
    // Midnight in Shanghai is 16:00 UTC of the day before.
    expect((await strategies()).find(({ id }) => id === 'all-tmall')).toMatchObject({
      ...{ validFromMs: Date.UTC(2026, 11, 1, 16), validToMs: Date.UTC(2026, 11, 2, 16), name: 'Tmall 120%' },
    });
  });

  it('sets an exception for one SKU in one shop', async () => {
    const { page, complaints } = await world.enter('strategist', '/operations/ratio-strategies');
    await page.getByRole('tab', { name: '单品例外比例' }).click();
    await choose(page, '商品编码', SAMPLE.sku.id, '0102');
    await page.getByText('这个商品没有例外比例').waitFor();
    await press(page, '新增例外比例');
    await choose(page, '店铺', 'IB 天猫旗舰店');
    await drawer(page).getByLabel('例外比例', { exact: true }).fill('12.5');
    expect(await faultsOf(page, 'ratio-exception-drawer')).toEqual([]);
    await press(page, '保存');
    await rowWith(page, '12.5%').waitFor();
    const { rows } = await host().get<{ rows: object[] }>(`/api/ratio-exceptions/${SAMPLE.sku.id}`);
    expect(rows).toMatchObject([{ shopId: tmall.shopId, ratioBp: 1_250, enabled: true }]);
    expect(await faultsOf(page, 'ratio-exceptions')).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

it('switches platform stock sync after asking, and sets the caps of a shop', async () => {
  const { page, complaints } = await world.enter('strategist', '/strategies/shops');
  const strategyOf = async () =>
    (await host().get<{ rows: ShopStrategyRow[] }>('/api/shop-strategies')).rows.find(
      ({ shopId }) => shopId === doudian.shopId,
    );
  const flip = page.getByRole('switch', { name: 'IB 抖店：启用平台库存同步' });
  await flip.click();
  await page.getByText('覆盖平台上现有的库存数').waitFor();
  await press(page, '取消');
  expect((await strategyOf())?.stockSyncEnabled).toBe(false);
  await flip.click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /启\s*用/ })
    .click();
  await rowWith(page, 'IB 抖店').getByText('已启用').waitFor();
  expect((await strategyOf())?.stockSyncEnabled).toBe(true);
  await page.getByRole('button', { name: '修改 IB 抖店 的安全库存和上限' }).click();
  await drawer(page).getByLabel('安全库存（件）').fill('20');
  await drawer(page).getByLabel('上限（件）').fill('50');
  // 100 less 20 is 80, and no more than 50.
  await page.getByText('例：按比例得 100 件时，店铺显示 50 件').waitFor();
  expect(await faultsOf(page, 'shop-caps')).toEqual([]);
  await press(page, '保存');
  await saved(page);
  expect(await strategyOf()).toMatchObject({ reserveQty: 20, maxQty: 50, stockSyncEnabled: true, version: 2 });
  await rowWith(page, 'IB 抖店').getByText('50 件').waitFor();
  expect(await faultsOf(page, 'shop-strategies')).toEqual([]);
  expect(complaints).toEqual([]);
});

it('makes an auto-audit strategy and says in plain words what it lets through', async () => {
  const { page, complaints } = await world.enter('strategist', '/strategies/audit');
  await page.getByRole('link', { name: '新建第一个策略' }).click();
  await page.getByRole('heading', { name: '新建自动审核策略' }).waitFor();
  await page.getByLabel('策略名称').fill(SCRIPT);
  await choose(page, '店铺', 'IB 抖店');
  await page.keyboard.press('Escape');
  await choose(page, '买家留言', '有无皆可');
  await page.getByLabel('订单金额上限（元）').fill('299.9');
  await page.getByLabel('订单件数上限').fill('5');
  await page.getByLabel('付款后等待（分钟）').fill('30');
  const sentence =
    'IB 抖店的订单，付款满 30 分钟后，没有卖家备注、金额不超过 ¥299.90、件数不超过 5 件的自动审核并下发仓库，其余等待人工审核。';
  await page.getByText(sentence).waitFor();
  expect(await faultsOf(page, 'audit-strategy')).toEqual([]);
  await press(page, '保存');
  await saved(page);
  const { rows } = await host().get<z.infer<typeof AuditStrategyRows>>('/api/audit-strategies');
  expect(rows).toMatchObject([
    {
      ...{ name: SCRIPT, enabled: true, shopIds: [doudian.shopId], priority: 0 },
      limits: {
        ...{ buyerMemo: 'any', sellerMemo: 'empty', amountFenMax: 29_990, quantityMax: 5, minutesSincePayment: 30 },
      },
    },
  ]);
  await rowWith(page, sentence).getByText(SCRIPT).waitFor();
  expect(await faultsOf(page, 'audit-strategies')).toEqual([]);
  expect(complaints).toEqual([]);
});

it('sets up a warehouse and a shop that ships from it, and refuses an id that exists', async () => {
  const { page, complaints } = await world.enter('admin', '/master/warehouses');
  await press(page, '新增仓库');
  await drawer(page).getByLabel('仓库编码').fill('SH');
  await drawer(page).getByLabel('仓库名称').fill(SCRIPT);
  await page.getByText('配销仓（分给店铺销售的货）').click();
  await press(page, '保存');
  await rowWith(page, SCRIPT).getByText('配销仓').waitFor();
  expect(await faultsOf(page, 'warehouses')).toEqual([]);

  await page.goto(`${world.url}/master/shops`);
  await press(page, '新增店铺');
  await page.getByRole('heading', { name: '新增店铺' }).waitFor();
  await page.getByLabel('店铺编码').fill(tmall.shopId);
  await choose(page, '平台', '抖店');
  await page.getByLabel('店铺名称').fill(SCRIPT);
  await choose(page, '发货配销仓', SCRIPT);
  await page.keyboard.press('Escape');
  await press(page, '保存');
  await page.getByText('没有保存：这个编码已存在').waitFor();
  expect(await page.getByRole('button', { name: '用我的内容覆盖' }).count()).toBe(0);
  await page.getByLabel('店铺编码').fill('dy-2');
  expect(await faultsOf(page, 'shop-form')).toEqual([]);
  await press(page, '保存');
  await saved(page);
  const shops = (await host().get<{ rows: ShopRow[] }>('/api/shops')).rows;
  expect(shops.find(({ id }) => id === 'dy-2')).toMatchObject({
    ...{ channel: 'doudian', title: SCRIPT, warehouseIds: ['SH'], active: true, writesPerSecond: 20, hasKeys: false },
  });
  expect(shops.find(({ id }) => id === tmall.shopId)?.title).toBe('IB 天猫旗舰店');
  await rowWith(page, SCRIPT).getByText('未配置').waitFor();
  expect(await faultsOf(page, 'shops')).toEqual([]);
  await page.getByRole('link', { name: SCRIPT }).click();
  await page.getByText('这个店铺的密钥尚未配置').waitFor();
  expect(await faultsOf(page, 'shop')).toEqual([]);
  expect(complaints).toEqual([]);
});

it('adds SKUs one by one and from a file, telling each wrong row, in English', async () => {
  const { page, complaints } = await world.enter('admin', '/master/skus', { language: 'en' });
  await press(page, 'Add a SKU');
  await drawer(page).getByLabel('SKU', { exact: true }).fill('A/B');
  await page.getByText('1 to 80 letters, digits').waitFor();
  await drawer(page).getByLabel('SKU', { exact: true }).fill('SET-1');
  await drawer(page).getByLabel('Title').fill(SCRIPT);
  await press(page, 'Save');
  await rowWith(page, 'SET-1').getByText(SCRIPT).waitFor();

  await press(page, 'Add many');
  const rows = ['SKU,Title', 'SET-2,二号', 'SET-1,already there', 'BAD#,x', 'SET-3,', 'SET-2,again'];
  await page.locator('input[type=file]').setInputFiles({
    ...{ name: 'skus.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\r\n')) },
  });
  await page.getByText('2 SKUs can be added').waitFor();
  const dialog = page.getByRole('dialog');
  const problems = await dialog.locator('tr.ant-table-row').allInnerTexts();
  expect(problems.map((text) => text.split('\t'))).toEqual([
    ['4', 'BAD#', 'the SKU is empty, too long or has characters that are not allowed'],
    ['5', 'SET-3', 'there is no title'],
    ['6', 'SET-2', 'it stands in the file twice; the first counts'],
  ]);
  expect(await faultsOf(page, 'sku-batch')).toEqual([]);
  await press(page, 'Add 2 SKUs');
  await page.getByText('1 added; 1 existed and stay as they are; 0 listings were mapped').waitFor();
  await press(page, 'Done');
  await page.getByRole('button', { name: 'Edit SET-2' }).click();
  await drawer(page).getByLabel('Title').fill('Number two');
  await press(page, 'Save');
  await rowWith(page, 'Number two').waitFor();
  expect(await host().get<SkuView>('/api/skus/SET-1')).toMatchObject({ title: SCRIPT });
  await page.getByLabel('Beginning of the SKU').fill('SET-');
  await page.keyboard.press('Enter');
  await rowWith(page, SAMPLE.sku.id).waitFor({ state: 'detached' });
  expect(await page.locator('tr.ant-table-row').count()).toBe(2);
  expect(await faultsOf(page, 'skus')).toEqual([]);
  expect(complaints).toEqual([]);
});

it('adds a user whose one-time password is shown once and works, and logs them out by disabling them', async () => {
  const { page, complaints } = await world.enter('admin', '/master/users');
  await press(page, '新增用户');
  await drawer(page).getByLabel('用户名').fill('li-lei');
  await drawer(page).getByLabel('姓名').fill(SCRIPT);
  await drawer(page).getByText('另可处理订单').click();
  await drawer(page).getByLabel('单点登录标识（sub）').fill('sub-77');
  await press(page, '保存');
  const field = page.getByRole('textbox', { name: '一次性密码' });
  const password = await field.inputValue();
  expect(password.length).toBeGreaterThanOrEqual(10);
  expect(await faultsOf(page, 'one-time-password')).toEqual([]);
  await press(page, '我已记下，关闭');
  expect(await page.content()).not.toContain(password);
  await rowWith(page, 'li-lei').getByText('待首次登录修改').waitFor();
  await rowWith(page, 'li-lei').getByText(SCRIPT).waitFor();
  expect(await faultsOf(page, 'users')).toEqual([]);

  const theirs = (await visit(world.browser, world.url)).page;
  await theirs.goto(`${world.url}/login`);
  await logIn(theirs, 'li-lei', password);
  await theirs.getByText('您正在使用一次性密码').waitFor();

  await page.getByRole('button', { name: '修改用户 li-lei' }).click();
  await drawer(page).getByRole('switch').click();
  await drawer(page).getByLabel('单点登录标识（sub）').fill('');
  await press(page, '保存');
  await rowWith(page, 'li-lei').getByText('停用').waitFor();
  const { rows } = await host().get<{ rows: { id: string }[] }>('/api/users');
  expect(rows.find(({ id }) => id === 'li-lei')).toMatchObject({ enabled: false, role: 'operator', oidcSubject: null });
  await theirs.reload();
  await theirs.getByRole('button', { name: /登\s*录/ }).waitFor();

  await page.getByRole('button', { name: `重置密码：${nameOf('viewer')}` }).click();
  await page.getByText('原密码立即失效').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '重置密码' }).click();
  expect(await page.getByRole('textbox', { name: '一次性密码' }).inputValue()).not.toBe(password);
  await press(page, '我已记下，关闭');
  await rowWith(page, nameOf('viewer')).getByText('待首次登录修改').waitFor();
  expect(complaints).toEqual([]);
});

/** Buttons that change nothing: icons, the export, pages of a list. */
const LOOKING = new Set(['', '导出 CSV', '上一页', '下一页']);

it('offers no action to those who may not act', async () => {
  const { page } = await world.enter('operator', '/strategies/shops');
  const actions = async (path: string, shown: string): Promise<string[]> => {
    await page.goto(`${world.url}${path}`);
    await page.getByText(shown).first().waitFor();
    const names = await page.getByRole('main').getByRole('button').allInnerTexts();
    const switches = await page.getByRole('main').locator('[role=switch]:not([disabled])').count();
    return [...names.filter((name) => !LOOKING.has(name)), ...Array<string>(switches).fill('switch')];
  };
  expect(await actions('/strategies/shops', 'IB 抖店')).toEqual([]);
  expect(await actions('/strategies/audit', '付款满 30 分钟')).toEqual([]);
  expect(await actions('/operations/ratio-strategies', 'Tmall 120%')).toEqual([]);
  expect(await actions('/operations/ratio-strategies/all-tmall', '全部商品')).toEqual([]);
  expect(await actions('/master/warehouses', '电商配销仓')).toEqual([]);
  expect(await actions('/master/skus', 'SET-1')).toEqual([]);
  expect(await actions('/master/users', '只有管理员可以查看和维护用户')).toEqual([]);
  // Who handles orders may read a shop's items again, and change nothing of the shop.
  expect(await actions(`/master/shops/${tmall.shopId}`, '平台店铺号')).toEqual(['下载平台商品']);
});
