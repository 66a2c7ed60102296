import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { accessibilityFaults, screenshot, visit } from '../support/browser';
import { ConsoleWorld, logIn, nameOf, PASSWORD } from './console-world';
import { buy, offer, untilStatus } from './steps';
import type { Purchase } from './steps';

jest.setTimeout(120_000);

// What stands around every page: login, menu, search, keys, language, and what lists share.

let world: ConsoleWorld;
let purchase: Purchase;

beforeAll(async () => {
  world = await ConsoleWorld.start();
  const { doudian } = await offer(world.local, 'FRAME-1', { shown: 10, onHand: 0 });
  purchase = await buy(world.local, [{ listing: doudian, quantity: 1 }]);
  await untilStatus(world.local, purchase, 'out-of-stock');
  await world.local.host.post('/api/stock-entries', {
    ...{ id: 'RK-frame', type: 'receipt', warehouseId: SAMPLE.sourceWarehouse },
    lines: [{ skuId: SAMPLE.sku.id, qty: 1 }],
  });
}, 120_000);

afterAll(() => world.close());

const search = (page: Page) => page.getByRole('combobox', { name: /搜索订单号/ });

it('refuses a wrong password in words, keeps the page that was asked for, and leads there after the login', async () => {
  const { page, complaints } = await visit(world.browser, world.url);
  await page.goto(`${world.url}/stock/balances?skuId=01`);
  await page.waitForURL(/\/login\?to=/);
  expect(await accessibilityFaults(page)).toEqual([]);
  await logIn(page, nameOf('viewer'), 'not-the-password');
  const alert = page.getByRole('alert').first();
  await alert.waitFor();
  expect(await alert.innerText()).toContain('LOGIN_FAILED');
  await screenshot(page, 'frame-login-refused');
  await logIn(page, nameOf('viewer'), PASSWORD);
  await page.waitForURL((url) => url.pathname === '/stock/balances' && url.search === '?skuId=01');
  await page.getByRole('heading', { name: '库存查询' }).waitFor();
  expect(complaints).toEqual([]);
});

it('an expired session leads to the login, and from there back to where one was', async () => {
  const { page } = await world.enter('operator', '/orders/delivery-orders?order=oldest');
  await page.getByRole('heading', { name: '零售发货单' }).waitFor();
  await page.context().clearCookies();
  await page.getByRole('button', { name: '刷新' }).click();
  await page.waitForURL(/\/login\?to=/);
  await logIn(page, nameOf('operator'), PASSWORD);
  await page.waitForURL((url) => url.pathname === '/orders/delivery-orders' && url.search === '?order=oldest');
  await page.getByRole('heading', { name: '零售发货单' }).waitFor();
});

it('whoever comes with a one-time password sets their own first, told what is wrong with a weak one, and may change it later', async () => {
  const user = { name: '新同事', role: 'viewer', enabled: true, version: 0 };
  const { oneTimePassword } = await world.local.host.put<{ oneTimePassword: string }>('/api/users/newcomer', user);
  const { page, complaints } = await visit(world.browser, world.url);
  await page.goto(`${world.url}/login?to=${encodeURIComponent('/stock/ledger')}`);
  await logIn(page, 'newcomer', oneTimePassword);
  await page.waitForURL(/\/password\?to=/);
  await page.getByText('请先设置自己的密码').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await screenshot(page, 'frame-password');
  // No other page opens before.
  await page.goto(`${world.url}/stock/balances`);
  await page.waitForURL(/\/password\?to=/);
  const change = async (old: string, fresh: string): Promise<void> => {
    await page.locator('#oldPassword').fill(old);
    await page.locator('#newPassword').fill(fresh);
    await page.locator('#again').fill(fresh);
    await page.locator('button[type=submit]').click();
  };
  await change(oneTimePassword, 'password123');
  const alert = page.getByRole('alert').filter({ hasText: 'WEAK_PASSWORD' });
  await alert.waitFor();
  const own = 'seven-green-bottles';
  await change(oneTimePassword, own);
  await page.waitForURL((url) => url.pathname === '/stock/balances');
  await page.getByRole('button', { name: /^账号/ }).click();
  await page.getByRole('menuitem', { name: '修改密码' }).click();
  await page.waitForURL(/\/password$/);
  await change(own, 'eight-green-bottles');
  await page.waitForURL((url) => url.pathname === '/');
  expect(complaints).toEqual([]);
});

it('a login address that names another site leads home', async () => {
  for (const to of ['//evil.test/x', 'https://evil.test', '/\\evil.test']) {
    const { page } = await visit(world.browser, world.url);
    await page.goto(`${world.url}/login?to=${encodeURIComponent(to)}`);
    await logIn(page, nameOf('viewer'), PASSWORD);
    await page.waitForURL((url) => url.pathname === '/');
    expect(new URL(page.url()).origin).toBe(world.url);
    await page.context().close();
  }
});

it('finds an order, a SKU, a shop and a stock entry from anywhere, by the keyboard alone', async () => {
  const { page, complaints } = await world.enter('operator', '/strategies/shops');
  await page.getByRole('heading', { name: '店铺策略' }).waitFor();
  for (const [typed, kind, path] of [
    [purchase.orderNo, '零售发货单', `/orders/delivery-orders/${purchase.shopId}/${purchase.orderNo}`],
    [purchase.orderNo, '平台订单', `/interfaces/doudian/orders/${purchase.shopId}/${purchase.orderNo}`],
    [SAMPLE.sku.id, '商品', '/stock/balances'],
    ['天猫', '店铺', `/master/shops/${SAMPLE.tmall.shopId}`],
    ['RK-frame', '出入库单', '/stock/entries/RK-frame'],
  ] as const) {
    await page.keyboard.press('/');
    // At once, as from an input method: what is found for the first letters is no answer to all.
    await page.keyboard.insertText(typed);
    const hits = page.locator('.ant-select-dropdown:visible .ant-select-item-option');
    await hits.filter({ hasText: kind }).first().waitFor();
    const texts = await hits.allInnerTexts();
    for (let i = 0; i < texts.findIndex((text) => text.includes(kind)); i += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => decodeURIComponent(url.pathname) === path);
    await search(page).waitFor();
  }
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: '快捷键' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  // Keys act again once the focus has left the dialog, a moment after it is out of sight.
  await page.waitForFunction(() => !document.activeElement?.closest('[role="dialog"]'));
  await page.keyboard.press('o');
  await page.waitForURL(/\/orders\/delivery-orders$/);
  expect(complaints).toEqual([]);
});

it.each([true, false])('opens and closes a dialog with movement: %p, as the person wants it', async (motion) => {
  const { page } = await world.enter('viewer', '/stock/ledger', { motion });
  await page.getByRole('heading', { name: '库存流水' }).waitFor();
  await page.evaluate(() => {
    for (const name of ['animationstart', 'transitionrun'])
      document.addEventListener(name, ({ target }) => {
        if (target instanceof Element && target.closest('.ant-modal-root')) document.title = 'moved';
      });
  });
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: '快捷键' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  expect((await page.title()) === 'moved').toBe(motion);
});

it('speaks English by a switch, and remembers it', async () => {
  const { page } = await world.enter('viewer', '/stock/ledger');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Stock ledger' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Stock ledger' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('heading', { name: '库存流水' }).waitFor();
});

it('shows users to admins alone, and says of an unknown address that there is no such page', async () => {
  const { page } = await world.enter('strategist', '/nowhere');
  await page.getByText('没有这个页面').waitFor();
  await expect(page.getByRole('link', { name: '用户与角色' }).count()).resolves.toBe(0);
  const admin = await world.enter('admin', '/master/users');
  await admin.page.getByRole('link', { name: '用户与角色' }).first().waitFor();
  // Whoever types the address anyway is told why not.
  await page.goto(`${world.url}/master/users`);
  await page.getByText('只有管理员可以查看和维护用户').waitFor();
});

it('exports a list as CSV that Excel reads: its mark, whole order numbers, the filter that is set', async () => {
  const { page } = await world.enter('viewer', `/orders/delivery-orders?orderNo=${purchase.orderNo}`);
  await page.getByRole('link', { name: purchase.orderNo }).first().waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '导出 CSV' }).click(),
  ]);
  const text = readFileSync(await download.path(), 'utf8');
  expect(download.suggestedFilename()).toBe('零售发货单.csv');
  expect(text.startsWith('\uFEFF')).toBe(true);
  const [head, ...rows] = text.slice(1).split('\r\n').filter(Boolean);
  expect(head).toContain('订单号');
  expect(rows).toHaveLength(1);
  // A tab behind the number keeps Excel from rounding it.
  expect(rows[0]).toContain(`${purchase.orderNo}\t`);
});

it('logs out, and the session is over for its cookie, too', async () => {
  const { page } = await world.enter('viewer', '/');
  const cookies = await page.context().cookies();
  await page.getByRole('button', { name: /^账号/ }).click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await page.waitForURL(/\/login/);
  await page.context().addCookies(cookies);
  await page.goto(`${world.url}/stock/balances`);
  await page.waitForURL(/\/login\?to=/);
});
