import type { Page } from 'playwright-core';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { accessibilityFaults, screenshot, visit } from '../support/browser';
import { choose, toast } from './console-moves';
import { ConsoleWorld } from './console-world';
import { shownOf, stockOf, untilShown } from './steps';

jest.setTimeout(180_000);

// The two procedures that must work exactly, as a person clicks through them, in both languages: in Chinese with
// the shop on Tmall, in English with the one on Douyin. One person each with the roles that a small brand gives them.

/** A push this late leaves time to look at what waits in the pool. */
const PUSH_MS = 15_000;

const TMALL = { ...SAMPLE.tmall, skuId: SAMPLE.tmall.platformSkuId, title: 'IB 天猫旗舰店' };
const DOUDIAN = { ...SAMPLE.doudian, skuId: SAMPLE.doudian.platformSkuId, title: 'IB 抖店' };

/** What a person reads and presses. Numbers are worked out by hand: floor(97 × 60 %) = 58, floor((95 + 50) × 35 %) = 50. */
const SCENES = [
  {
    ...{ language: 'zh', listing: TMALL, ratio: '60', pieces: '97', shown: 58, orders: '/interfaces/taobao/orders' },
    ...{ strategy: '天猫 60%', order: 'FH-zh' },
    says: {
      ...{ name: '策略名称', shops: '店铺', warehouses: '配销仓', ratio: '同步比例', save: '保存', saved: '已保存' },
      ...{ sync: '启用平台库存同步', turnOn: '启用', number: '分货单号', source: '来源逻辑仓', target: '目标配销仓' },
      ...{ addSku: '添加商品', addQty: '添加数量', addLine: '添加一行', audit: '审核', audited: '已审核' },
      ...{
        pushed: '已推送',
        why: '显示',
        enableAudit: '启用自动审核',
        convert: '单据转换',
        close: '关闭',
        log: '操作日志',
      },
      ...{ paidAt: '付款后等待（分钟）' },
    },
  },
  {
    ...{ language: 'en', listing: DOUDIAN, ratio: '35', pieces: '50', shown: 50, orders: '/interfaces/doudian/orders' },
    ...{ strategy: 'Douyin 35%', order: 'FH-en' },
    says: {
      ...{ name: 'Name', shops: 'Shops', warehouses: 'Distribution warehouses', ratio: 'Ratio', save: 'Save' },
      ...{ saved: 'Saved', sync: 'Platform stock sync', turnOn: 'Switch on', number: 'Number' },
      ...{ source: 'From source warehouse', target: 'To distribution warehouse', addSku: 'SKU to add' },
      ...{ addQty: 'Quantity to add', addLine: 'Add a line', audit: 'Audit', audited: 'Audited', pushed: 'Pushed' },
      ...{ why: 'shows', enableAudit: 'Auto audit', convert: 'Convert', close: 'Close', log: 'Operation log' },
      ...{ paidAt: 'Wait after payment (minutes)' },
    },
  },
] as const;

let world: ConsoleWorld;

beforeAll(async () => {
  world = await ConsoleWorld.start({ timers: { 'ratio-sync-push/push': PUSH_MS } });
  const { sku, sourceWarehouse } = SAMPLE;
  await world.local.host.post('/api/stock-entries', {
    ...{ id: 'RK-walk', type: 'receipt', warehouseId: sourceWarehouse, lines: [{ skuId: sku.id, qty: 500 }] },
  });
}, 120_000);

afterAll(() => world.close());

/** antd puts a blank between two characters of a Chinese button. */
const named = (text: string): RegExp => new RegExp(`${Array.from(text).join('\\s?')}$`);

/** Presses what a dialog offers. */
async function agree(page: Page, button: string): Promise<void> {
  await page
    .getByRole('dialog')
    .getByRole('button', { name: named(button) })
    .click();
}

/** What the seller's back office shows of a listing, on its own page. */
async function onShelf(itemId: string): Promise<string> {
  const { page } = await visit(world.browser, world.local.sandboxProcess.url);
  await page.goto(world.local.sandboxProcess.url);
  const stock = await page.locator('#shops tbody tr').filter({ hasText: itemId }).locator('.stock').innerText();
  await page.context().close();
  return stock;
}

describe.each([...SCENES])(
  'in $language',
  ({ language, listing, ratio, pieces, shown, orders, strategy, order, says }) => {
    let page: Page;
    let complaints: string[];

    const look = async (name: string): Promise<void> => {
      // What a select offers stays for a moment after it was chosen.
      await page.waitForFunction(
        () =>
          document.querySelector('.ant-select-open, .ant-select-dropdown:not(.ant-select-dropdown-hidden)') === null,
      );
      await screenshot(page, `procedure-${language}-${name}`);
      expect(await accessibilityFaults(page)).toEqual([]);
    };

    beforeAll(async () => {
      ({ page, complaints } = await world.enter('admin', '/', { language: language === 'zh' ? 'zh' : 'en' }));
      page.setDefaultTimeout(20_000);
    });

    afterAll(async () => page.context().close());

    it('stock: from a shop that shows nothing to one that shows floor(available × ratio)', async () => {
      // 1 The shop's item shows no stock in the seller's back office.
      expect(await onShelf(listing.itemId)).toBe('0');

      // 2 Create and save a ratio sync strategy.
      await page.goto(`${world.url}/operations/ratio-strategies/new`);
      await page.getByLabel(says.name, { exact: true }).fill(strategy);
      await choose(page, says.shops, listing.title);
      await choose(page, says.warehouses, SAMPLE.distributionWarehouse);
      await page.keyboard.press('Escape');
      await page.getByRole('spinbutton', { name: says.ratio }).fill(ratio);
      await look('1-ratio-strategy');
      await page.getByRole('button', { name: named(says.save) }).click();
      await toast(page, says.saved);

      // 3 Tick 'enable platform stock sync' in the shop strategy.
      await page.goto(`${world.url}/strategies/shops`);
      const shop = page.getByRole('row').filter({ hasText: listing.title });
      await shop.getByRole('switch').click();
      await agree(page, says.turnOn);
      await shop.getByRole('switch', { checked: true }).waitFor();
      await look('2-shop-strategy');

      // 4 Create an allocation order with lines, save, audit.
      await page.goto(`${world.url}/stock/allocation-orders/new`);
      await page.getByLabel(says.number, { exact: true }).fill(order);
      await choose(page, says.source, SAMPLE.sourceWarehouse);
      await choose(page, says.target, SAMPLE.distributionWarehouse);
      await choose(page, says.addSku, SAMPLE.sku.id, SAMPLE.sku.id.slice(0, 4));
      await page.getByLabel(says.addQty).fill(pieces);
      await page.getByRole('button', { name: says.addLine }).click();
      await page.getByRole('button', { name: named(says.save) }).click();
      await page.waitForURL(new RegExp(`/stock/allocation-orders/${order}$`));
      await page
        .locator('.page-head')
        .getByRole('button', { name: named(says.audit) })
        .click();
      await agree(page, says.audit);
      await page.locator('.page-head').getByText(says.audited, { exact: true }).waitFor();
      await look('3-allocation-order');

      // 5 The change is visible in the stock change pool.
      await page.goto(`${world.url}/operations/stock-change-pool`);
      await page.getByRole('row').filter({ hasText: SAMPLE.sku.id }).waitFor();
      await look('4-stock-change-pool');

      // 6 After the timer ran, the sync queue holds a record with the quantity, and says why.
      await untilShown(world.local, listing, shown);
      await page.goto(`${world.url}/operations/sync-queue?shopId=${listing.shopId}`);
      const record = page.getByRole('row').filter({ hasText: listing.itemId }).filter({ hasText: says.pushed }).first();
      await record.getByRole('link', { name: String(shown), exact: true }).waitFor();
      await look('5-sync-queue');
      await record.getByRole('link', { name: String(shown), exact: true }).click();
      await page
        .getByText(new RegExp(`${says.why}:? ?${shown}`))
        .first()
        .waitFor();
      await look('6-why');

      // 7 The seller's back office shows that quantity.
      expect(await onShelf(listing.itemId)).toBe(String(shown));
      expect(complaints).toEqual([]);
    });

    it('order: from a buyer to an audited delivery order with its log', async () => {
      // 1 Tick 'enable auto audit' in an auto-audit strategy.
      await page.goto(`${world.url}/strategies/audit/new`);
      await page.getByLabel(says.name, { exact: true }).fill(strategy);
      await page.getByLabel(says.paidAt).fill('0');
      const tick = page.getByRole('switch', { name: says.enableAudit });
      if (!(await tick.isChecked())) await tick.click();
      await page.getByRole('button', { name: named(says.save) }).click();
      await toast(page, says.saved);

      // 2 A buyer orders on the platform.
      const buyer = await visit(world.browser, world.local.sandboxProcess.url);
      await buyer.page.goto(world.local.sandboxProcess.url);
      const item = buyer.page.locator('#shops tbody tr').filter({ hasText: listing.itemId });
      await item.getByRole('spinbutton').fill('2');
      await item.getByRole('button', { name: '购买' }).click();
      const notice = buyer.page.locator('#notice').filter({ hasText: '下单成功' });
      await notice.waitFor();
      const orderNo = /\d{18,19}/.exec(await notice.innerText())?.[0] ?? 'none';
      await buyer.page.context().close();

      // 3 The pushed order is listed among the platform orders; conversion runs by itself, and by pressing 'convert'.
      await page.goto(`${world.url}${orders}?orderNo=${orderNo}`);
      const row = page.getByRole('row').filter({ hasText: orderNo });
      await row.waitFor({ timeout: 60_000 });
      await row.getByRole('button', { name: `${says.convert} ${orderNo}` }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('link').filter({ hasText: says.audited }).or(dialog.getByRole('link')).first().waitFor();
      await look('7-platform-order');
      await dialog
        .getByRole('button', { name: named(says.close) })
        .last()
        .click();

      await dialog.waitFor({ state: 'hidden' });
      // A dialog gives the focus back some time after it is gone: whoever types that fast is no person.
      await page.reload();
      await row.waitFor();

      // 4 The delivery order is found with status audited; its log, newest first: update of picking, order audit.
      await page.keyboard.press('/');
      await page.keyboard.insertText(orderNo);
      await page.locator('.ant-select-item-option').filter({ hasText: orderNo }).last().waitFor();
      await page.goto(`${world.url}/orders/delivery-orders?orderNo=${orderNo}`);
      await page.getByRole('link', { name: orderNo }).first().click();
      await page.locator('.page-head').getByText(says.audited, { exact: true }).waitFor({ timeout: 30_000 });
      const log = page.getByRole('region', { name: says.log }).locator('tbody tr:not([aria-hidden])');
      expect(await log.nth(0).innerText()).toContain('更新配货');
      expect(await log.nth(1).innerText()).toContain('订单审核');
      expect(await log.nth(1).innerText()).toContain('订单自动审核成功!');
      await look('8-delivery-order');

      const { heldQty } = await stockOf(world.local, SAMPLE.sku.id);
      expect(heldQty).toBe(language === 'zh' ? 2 : 4);
      expect(await shownOf(world.local, listing)).toBeLessThanOrEqual(shown);
      expect(complaints).toEqual([]);
    });
  },
);
