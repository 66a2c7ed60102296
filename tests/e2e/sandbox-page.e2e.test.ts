import type { Browser, Locator, Page } from 'playwright-core';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { openBrowser, screenshot as picture } from '../support/browser';
import { LocalWorld } from './local-world';
import type { Goods } from './steps';
import { auditEverything, newListing, offer, onPlatform, putListing, untilStatus } from './steps';

jest.setTimeout(60_000);

// The sandbox's page in a real browser: what a person sees and presses.

const EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

describe('the page of the sandbox', () => {
  let world: LocalWorld;
  let browser: Browser;
  let page: Page;
  let goods: Goods;
  const complaints: string[] = [];

  beforeAll(async () => {
    world = await LocalWorld.start();
    await auditEverything(world);
    goods = await offer(world, '010253885', { shown: 12, onHand: 12 });
    await putListing(world, goods.tmall, { merchantCode: goods.skuId, title: '降噪耳机', priceFen: 12_345 });
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => complaints.push(`${request.url()} ${request.failure()?.errorText ?? ''}`));
    await page.goto(world.sandboxProcess.url);
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  /** The row of a listing in its shop's card; the text is found anywhere in it. */
  const row = (text: string): Locator => page.locator('#shops tbody tr').filter({ hasText: text });
  const order = (orderNo: string): Locator => page.locator('#orders tr').filter({ hasText: orderNo });
  const screenshot = (name: string): Promise<void> => picture(page, name);

  it('shows both shops, the item with its stock, code and price', async () => {
    const item = row(goods.tmall.itemId);
    await item.waitFor();
    await expect(item.locator('.stock').innerText()).resolves.toBe('12');
    const text = await item.innerText();
    for (const part of ['降噪耳机', goods.skuId, '¥123.45', goods.tmall.skuId]) expect(text).toContain(part);
    await expect(page.locator('#shops article').count()).resolves.toBe(2);
    await expect(page.locator('#shops').innerText()).resolves.toContain('IB 天猫旗舰店');
    await expect(page.locator('#pulse').innerText()).resolves.toContain('实时');
    await screenshot('sandbox-1-items');
  });

  it('购买: stock falls by one, the order appears, later with its next status', async () => {
    const item = row(goods.tmall.itemId);
    await item.getByRole('button', { name: '购买' }).click();
    await item.locator('.stock', { hasText: /^11$/ }).waitFor();
    const notice = page.locator('#notice');
    await notice.filter({ hasText: '下单成功' }).waitFor();
    const orderNo = /\d{19}/.exec(await notice.innerText())?.[0] ?? '';
    await order(orderNo).waitFor();
    const text = await order(orderNo).innerText();
    for (const part of ['待发货', 'WAIT_SELLER_SEND_GOODS', '降噪耳机', '× 1', '¥123.45']) expect(text).toContain(part);
    await screenshot('sandbox-2-bought');

    // What the buyer pressed has gone all the way through our back office.
    const purchase = { shopId: goods.tmall.shopId, orderNo };
    await untilStatus(world, purchase, 'audited');
    await onPlatform(world, purchase, 'ship');
    await order(orderNo).filter({ hasText: '已发货' }).waitFor();
    await screenshot('sandbox-3-shipped');
  });

  it('an unpaid order is paid, another one is cancelled, by their buttons', async () => {
    const item = row(goods.doudian.itemId);
    await item.getByRole('combobox').selectOption('unpaid');
    await item.getByRole('spinbutton').fill('3');
    await item.getByRole('button', { name: '购买' }).click();
    await item.locator('.stock', { hasText: /^9$/ }).waitFor();
    const orders = page.locator('#orders tr').filter({ hasText: goods.doudian.shopId });
    await orders.filter({ hasText: '待付款' }).waitFor();
    const orderNo = /\d{19}/.exec(await orders.first().innerText())?.[0] ?? '';
    const purchase = { shopId: goods.doudian.shopId, orderNo };
    await untilStatus(world, purchase, 'pending-audit');
    await order(orderNo).getByRole('button', { name: '付款' }).click();
    await order(orderNo).filter({ hasText: '待发货' }).waitFor();
    await untilStatus(world, purchase, 'audited');
    await order(orderNo).getByRole('button', { name: '取消' }).click();
    await order(orderNo).filter({ hasText: '已关闭 已退款' }).waitFor();
    await item.locator('.stock', { hasText: /^12$/ }).waitFor();
    await untilStatus(world, purchase, 'cancelled');
  });

  it('more than there is: says that it is sold out, and takes nothing', async () => {
    const item = row(goods.tmall.itemId);
    await item.getByRole('spinbutton').fill('500');
    await item.getByRole('button', { name: '购买' }).click();
    await page.locator('#notice.bad').filter({ hasText: '库存不足' }).waitFor();
    await expect(item.locator('.stock').innerText()).resolves.toBe('11');
    // The browser reports the refusal of the call by itself.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('409')]);
  });

  it('a script in a title shows as text', async () => {
    const listing = newListing(SAMPLE.tmall.shopId);
    await putListing(world, listing, { merchantCode: EVIL.slice(0, 40), title: EVIL, stockQty: 3 });
    const item = row(listing.itemId);
    await item.waitFor();
    await expect(item.innerText()).resolves.toContain(EVIL);
    await item.getByRole('button', { name: '购买' }).click();
    await page.locator('#orders .line').filter({ hasText: EVIL }).waitFor();
    await expect(page.evaluate('window.hacked')).resolves.toBeUndefined();
    await expect(page.locator('img').count()).resolves.toBe(0);
    await screenshot('sandbox-4-script-as-text');
  });

  it('the search finds an item by its code', async () => {
    await page.getByRole('searchbox').fill(goods.skuId);
    await row('IB蓝牙').first().waitFor({ state: 'detached' });
    await expect(row(goods.tmall.itemId).count()).resolves.toBe(1);
    await page.getByRole('searchbox').fill('');
    await row('IB蓝牙').first().waitFor();
  });

  it('fits a narrow window without scrolling sideways', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await row(goods.tmall.itemId).waitFor();
    const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    await expect(page.evaluate(wider)).resolves.toBe(0);
    await screenshot('sandbox-5-narrow');
  });

  it('complained of nothing', () => {
    expect(complaints).toEqual([]);
  });
});
