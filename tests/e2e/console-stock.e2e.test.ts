import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { choose, faultsOf, paste, rowWith, toast } from './console-moves';
import { ConsoleWorld } from './console-world';

jest.setTimeout(120_000);

const [SOURCE, TARGET] = [SAMPLE.sourceWarehouse, SAMPLE.distributionWarehouse];

/** 保存; antd puts a blank between its characters, and before them for a while the icon of a request that has ended. */
const SAVE = /保\s?存$/;

/** What must show as text and never run. */
const SCRIPT = '<img src=x onerror="document.title=1">';

let world: ConsoleWorld;

beforeAll(async () => {
  world = await ConsoleWorld.start();
  const titled = { 'EAR-01': '蓝牙耳机', 'EAR-02': SCRIPT, 'EAR-03': '耳机收纳盒', 'EAR-04': '充电线' };
  await world.local.host.post('/api/skus', { skus: Object.entries(titled).map(([id, title]) => ({ id, title })) });
});

afterAll(() => world.close());

/** 商品编码,数量 as a Chinese Excel writes it. */
const GBK_HEADER = Buffer.from('C9CCC6B7B1E0C2EB2CCAFDC1BF0D0A', 'hex');

async function receive(id: string, lines: { skuId: string; qty: number }[]): Promise<void> {
  await world.local.host.post('/api/stock-entries', { id, type: 'receipt', warehouseId: SOURCE, lines });
}

interface Balance {
  readonly onHandQty: number;
  readonly availableQty: number;
}

const balance = (warehouseId: string, skuId: string): Promise<Balance> =>
  world.local.host.get<Balance>(`/api/stock/${warehouseId}/${skuId}`);

it('enters a receipt pasted from Excel, and shows it in stock and ledger', async () => {
  const { page, complaints } = await world.enter('operator', '/stock/entries');
  await page.getByRole('link', { name: '新建入库单' }).first().click();
  await expect(page.getByLabel('单号', { exact: true }).inputValue()).resolves.toMatch(/^RK-\d{8}-001$/);
  await choose(page, '仓库', '总仓');
  await page.getByLabel('备注').fill(SCRIPT);
  await paste(page.getByLabel('添加数量'), 'EAR-01\t100\nEAR-02\t40\nEAR-99\t1\nEAR-03\t2.5\n');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('可导入 2 行，有问题 2 行').waitFor();
  expect(await dialog.locator('tr', { hasText: 'EAR-99' }).innerText()).toContain('商品编码不存在');
  expect(await dialog.locator('tr', { hasText: '2.5' }).innerText()).toContain('数量不是整数');
  expect(await faultsOf(page, 'stock-import')).toEqual([]);
  await dialog.getByRole('button', { name: '导入 2 行' }).click();
  await page.getByText('共 2 行，140 件').waitFor();
  expect(await faultsOf(page, 'stock-entry-new')).toEqual([]);
  await page.getByRole('button', { name: '保存并过账' }).click();
  await page.getByText('已过账').first().waitFor();
  expect(page.url()).toMatch(/\/stock\/entries\/RK-\d{8}-001$/);
  expect(await page.getByText(SCRIPT).count()).toBe(2);
  expect(await faultsOf(page, 'stock-entry')).toEqual([]);
  expect(await balance(SOURCE, 'EAR-01')).toMatchObject({ onHandQty: 100, availableQty: 100 });

  await page.getByRole('link', { name: '库存查询' }).click();
  await page.getByLabel('商品编码开头').fill('EAR-');
  await page.getByLabel('商品编码开头').press('Enter');
  expect(await rowWith(page, 'EAR-02').innerText()).toContain(SCRIPT);
  expect(await faultsOf(page, 'stock-balances')).toEqual([]);
  await page.getByRole('link', { name: '100，EAR-01 在总仓的库存流水' }).click();
  await page.getByRole('heading', { name: '库存流水' }).waitFor();
  const entry = page.locator('tr.ant-table-row').first();
  await entry.filter({ hasText: '+100' }).waitFor();
  expect(await entry.innerText()).toMatch(/入库 100 件 · RK-\d{8}-001[\s\S]*\+100/);
  expect(await faultsOf(page, 'stock-ledger')).toEqual([]);
  await entry.getByRole('link').click();
  await page.getByRole('heading', { name: /入库 RK-/ }).waitFor();
  expect(complaints).toEqual([]);
});

it('takes an allocation order from its lines to its audit, and marks the lines that the source lacks', async () => {
  await receive('RK-for-allocation', [
    { skuId: 'EAR-03', qty: 30 },
    { skuId: 'EAR-04', qty: 5 },
  ]);
  const { page, complaints } = await world.enter('operator', '/stock/allocation-orders');
  await page.getByRole('link', { name: '新建分货单' }).first().click();
  const id = await page.getByLabel('分货单号').inputValue();
  expect(id).toMatch(/^FH-\d{8}-001$/);
  await choose(page, '来源逻辑仓', '总仓');
  await choose(page, '目标配销仓', '电商配销仓');

  await choose(page, '添加商品', 'EAR-03', 'EAR-03');
  await page.getByLabel('添加数量').fill('20');
  await page.getByLabel('添加数量').press('Enter');
  await page.getByText('共 1 行，20 件').waitFor();
  const file = Buffer.concat([GBK_HEADER, Buffer.from('EAR-04,9\r\nEAR-03,1\r\nEAR-04,1\r\n')]);
  await page.locator('input[type=file]').setInputFiles({ name: '分货.csv', mimeType: 'text/csv', buffer: file });
  const dialog = page.getByRole('dialog');
  await dialog.getByText('可导入 1 行，有问题 2 行').waitFor();
  expect(await dialog.locator('tr', { hasText: 'EAR-03' }).innerText()).toContain('单据中已有该商品');
  expect(await dialog.locator('tbody tr').last().innerText()).toContain('与第 2 行重复');
  await dialog.getByRole('button', { name: '导入 1 行' }).click();
  await rowWith(page, 'EAR-04').getByText('超出可用库存 5').waitFor();

  await page.getByRole('button', { name: '保存草稿' }).click();
  await toast(page, '已保存');
  await page.getByRole('heading', { name: `分货单 ${id}` }).waitFor();
  await page.getByText('草稿：还不能审核').waitFor();
  expect(await page.getByRole('button', { name: /审\s?核$/ }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: SAVE }).click();
  await toast(page, '已保存');
  await page.getByText('已保存：审核后库存才会移动').waitFor();

  await page.getByRole('button', { name: /审\s?核$/ }).click();
  await page.getByRole('dialog').getByText('将把 2 行共 29 件从“总仓”移到“电商配销仓”').waitFor();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /审\s?核/ })
    .click();
  await page.getByText('上次审核未通过：逻辑仓库存不足（EAR-04）').waitFor();
  await rowWith(page, 'EAR-04').getByText('上次审核时库存不足').first().waitFor();
  expect(await faultsOf(page, 'stock-allocation-refused')).toEqual([]);
  expect(await balance(SOURCE, 'EAR-03')).toMatchObject({ onHandQty: 30, availableQty: 30 });

  await page.getByLabel('第 2 行数量').fill('5');
  expect(await page.getByRole('button', { name: /审\s?核$/ }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: SAVE }).click();
  await toast(page, '已保存');
  await page.getByRole('button', { name: /审\s?核$/, disabled: false }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /审\s?核/ })
    .click();
  await page.getByText('已审核：2 行共 25 件已从总仓移到电商配销仓').waitFor();
  expect(await balance(TARGET, 'EAR-03')).toMatchObject({ availableQty: 20 });
  expect(await balance(TARGET, 'EAR-04')).toMatchObject({ availableQty: 5 });
  expect(await balance(SOURCE, 'EAR-04')).toMatchObject({ availableQty: 0 });
  const log = page.getByRole('region', { name: '操作日志' });
  expect(await log.locator('tr.ant-table-row').first().innerText()).toContain('审核成功');
  expect(await page.getByRole('button', { name: SAVE }).count()).toBe(0);
  expect(await faultsOf(page, 'stock-allocation-audited')).toEqual([]);

  await page.goto(`${world.url}/stock/allocation-orders?status=audited`);
  await rowWith(page, id).getByText('已审核').waitFor();
  expect(await faultsOf(page, 'stock-allocation-list')).toEqual([]);
  expect(complaints).toEqual([]);
});

it('loses nothing that was typed: a draft stays in the browser, and a taken number or a conflict is told', async () => {
  const path = '/api/allocation-orders/FH-taken';
  const order = { sourceWarehouseId: SOURCE, targetWarehouseId: TARGET, lines: [{ skuId: 'EAR-01', qty: 1 }] };
  await world.local.host.put(path, { ...order, version: 0 });
  const { page, complaints } = await world.enter('operator', '/stock/allocation-orders/new');
  await choose(page, '来源逻辑仓', '总仓');
  await choose(page, '目标配销仓', '电商配销仓');
  await paste(page.getByLabel('添加数量'), 'EAR-01\t7\n');
  await page.getByRole('button', { name: '导入 1 行' }).click();
  await page.getByLabel('第 1 行数量').fill('7x');
  await page.getByText('有 1 行的数量不正确').waitFor();
  await page.waitForFunction(() => localStorage.getItem('yipan.draft.allocation-order.new')?.includes('7x'));
  await page.reload();
  await page.getByRole('button', { name: '恢复草稿' }).click();
  expect(await page.getByLabel('第 1 行数量').inputValue()).toBe('7x');
  await page.getByLabel('第 1 行数量').fill('7');
  await page.getByLabel('分货单号').fill('FH-taken');
  await page.getByRole('button', { name: SAVE }).click();
  await page.getByText('该单号已被使用，请换一个单号').waitFor();
  expect(await world.local.host.get(path)).toMatchObject({ lines: order.lines });
  await page.getByLabel('分货单号').fill('FH-mine');
  await page.getByRole('button', { name: SAVE }).click();
  await toast(page, '已保存');
  await page.getByRole('heading', { name: '分货单 FH-mine' }).waitFor();

  await page.getByLabel('第 1 行数量').fill('8');
  await world.local.host.put('/api/allocation-orders/FH-mine', { ...order, version: 1 });
  await page.getByRole('button', { name: SAVE }).click();
  await page.getByText('在您编辑期间，他人已修改').waitFor();
  expect(await page.getByLabel('第 1 行数量').inputValue()).toBe('8');
  await page.getByRole('button', { name: '用我的内容覆盖' }).click();
  await toast(page, '已保存');
  expect(await world.local.host.get('/api/allocation-orders/FH-mine')).toMatchObject({
    lines: [{ skuId: 'EAR-01', qty: 8 }],
  });
  expect(complaints).toEqual([]);
});

it('keeps an order of 500 lines editable, and refuses the 501st', async () => {
  const ids = Array.from({ length: 501 }, (_, i) => `BULK-${String(i + 1).padStart(3, '0')}`);
  for (const part of [ids.slice(0, 300), ids.slice(300)])
    await world.local.host.post('/api/skus', { skus: part.map((id) => ({ id, title: id })) });
  const { page, complaints } = await world.enter('operator', '/stock/allocation-orders/new');
  await choose(page, '来源逻辑仓', '总仓');
  await choose(page, '目标配销仓', '电商配销仓');
  const buffer = Buffer.from(ids.map((id) => `${id},2`).join('\n'));
  await page.locator('input[type=file]').setInputFiles({ name: 'bulk.csv', mimeType: 'text/csv', buffer });
  const dialog = page.getByRole('dialog');
  await dialog.getByText('可导入 500 行，有问题 1 行').waitFor();
  await dialog.getByLabel('只看有问题的行').check();
  expect(await dialog.locator('tbody').innerText()).toContain('BULK-501');
  await dialog.getByRole('button', { name: '导入 500 行' }).click();
  await page.getByText('共 500 行，1,000 件').waitFor();
  expect(await page.getByLabel('添加数量').count()).toBe(0);
  await page.getByLabel('第 100 行数量').fill('12');
  await page.getByText('共 500 行，1,010 件').waitFor();
  await page.getByLabel('分货单号').fill('FH-bulk');
  await page.getByRole('button', { name: '保存草稿' }).click();
  await page.getByRole('heading', { name: '分货单 FH-bulk' }).waitFor();
  const { lines } = await world.local.host.get<{ lines: { skuId: string; qty: number }[] }>(
    '/api/allocation-orders/FH-bulk',
  );
  expect(lines).toHaveLength(500);
  expect(lines[99]).toEqual({ skuId: 'BULK-100', qty: 12 });
  expect(complaints).toEqual([]);
});

it('adjusts a count in English, and says what cannot be taken away', async () => {
  await receive('RK-for-count', [{ skuId: SAMPLE.sku.id, qty: 3 }]);
  const { page, complaints } = await world.enter('operator', '/stock/entries/new?type=adjustment', { language: 'en' });
  const id = await page.getByLabel('Number', { exact: true }).inputValue();
  await choose(page, 'Warehouse', '总仓');
  await choose(page, 'SKU to add', SAMPLE.sku.id, SAMPLE.sku.id.slice(0, 4));
  await page.getByLabel('Quantity to add').fill('-5');
  await page.getByRole('button', { name: 'Add a line' }).click();
  await page.getByText('More than the 3 available').waitFor();
  await page.getByRole('button', { name: 'Save and post' }).click();
  await page.getByText('LACK_OF_STOCK').first().waitFor();
  await page.getByText('Too few in stock at the last audit').first().waitFor();
  expect(await page.getByLabel('Number', { exact: true }).inputValue()).not.toBe(id);
  expect(await balance(SOURCE, SAMPLE.sku.id)).toMatchObject({ onHandQty: 3 });
  await page.getByLabel('Quantity of row 1').fill('-2');
  await page.getByRole('button', { name: 'Save and post' }).click();
  await page.getByText('Posted', { exact: true }).first().waitFor();
  expect(await balance(SOURCE, SAMPLE.sku.id)).toMatchObject({ onHandQty: 1 });
  expect(await faultsOf(page, 'stock-adjustment-en')).toEqual([]);

  await page.goto(`${world.url}/stock/ledger?warehouseId=${SOURCE}&skuId=${SAMPLE.sku.id}`);
  await page.getByText('void: too few in stock').first().waitFor();
  await page.getByText(/Adjusted down 2 pcs/).waitFor();
  expect(await faultsOf(page, 'stock-ledger-en')).toEqual([]);
  await page.goto(`${world.url}/stock/entries`);
  await rowWith(page, id).getByText('Not posted').waitFor();
  expect(await faultsOf(page, 'stock-entries-en')).toEqual([]);
  expect(complaints).toEqual([]);
});

it('shows a viewer everything and lets them change nothing', async () => {
  await world.local.host.put('/api/allocation-orders/FH-look', {
    ...{ sourceWarehouseId: SOURCE, targetWarehouseId: TARGET, version: 0 },
    lines: [{ skuId: 'EAR-01', qty: 3 }],
  });
  const { page, complaints } = await world.enter('viewer', '/stock/allocation-orders');
  await rowWith(page, 'FH-look').waitFor();
  expect(await page.getByRole('link', { name: '新建分货单' }).count()).toBe(0);
  await page.getByRole('link', { name: 'FH-look' }).click();
  await page.getByText('共 1 行，3 件').waitFor();
  for (const name of [/审\s?核$/, SAVE, '保存草稿', '导入 CSV', '添加一行'])
    expect(await page.getByRole('button', { name }).count()).toBe(0);
  await page.goto(`${world.url}/stock/entries`);
  await page.getByRole('heading', { name: '出入库单' }).waitFor();
  expect(await page.getByRole('link', { name: '新建入库单' }).count()).toBe(0);
  expect(complaints).toEqual([]);
});
