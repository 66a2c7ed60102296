import { until } from '../../infra/local/demo/api';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import { assetNames } from '../support/declared-routes';
import type { FuzzPool, LiveSession } from '../support/fuzz-request';
import { HttpBrowser } from '../support/http-browser';
import { LocalWorld } from './local-world';
import { paidMessage, push } from './raw-http';
import type { Goods, Listing, Purchase } from './steps';
import { buy, newListing, offer, putListing, refund, syncWholeStock, untilStatus } from './steps';

/** A world with a document of every kind in every state that some address wants to see. */
export interface FuzzedWorld {
  readonly world: LocalWorld;
  readonly purchase: Purchase;
  /** On sale and synchronised in a shop with a warehouse of its own, neither of which the fuzzer knows: what it saves elsewhere is its right. */
  readonly quiet: Listing;
  /** What the fuzzer knows, with a session of a new admin of this name: some of what is sent ends sessions. */
  poolOf(userId: string): Promise<FuzzPool>;
  /** Passwords and tokens of people that were made, which no log may hold. */
  readonly secrets: readonly string[];
}

/** Whose password the fuzzer knows; what it does to the account is its right. */
const VICTIM = 'fuzzed-person';

const PASSWORD = '春眠不觉晓 2026 处处';
const NEW_PASSWORD = '夜来风雨声 2026 花落';

/** Of all orders; the sandbox's own are too short to be looked for. */
export const RECEIVER = {
  ...{ receiverName: '诸葛不亮亮', receiverPhone: '0871-66778899', receiverAddress: '卧龙岗村茅庐巷一号院' },
};

const ALLOCATIONS = ['FH-1', 'FH-2', 'FH-3'];

/** Starts it; `onHostLine` is told what the host logs, and `more` are other settings of it. */
export async function startFuzzedWorld(
  onHostLine: (line: string) => void,
  more: Readonly<Record<string, string>> = {},
): Promise<FuzzedWorld> {
  const quiet = newListing('quiet-shop');
  const users = [{ token: 'token-of-the-viewer', id: 'v', name: '查看', role: 'viewer' as const }];
  const settings = { YIPAN_LOG_LEVEL: 'info', ...more };
  const world = await LocalWorld.start({ users, taobaoShops: [quiet.shopId], settings, onHostLine });
  try {
    return await filled(world, quiet);
  } catch (error) {
    // Nobody would have it to close.
    await world.close();
    throw error;
  }
}

async function filled(world: LocalWorld, quiet: Listing): Promise<FuzzedWorld> {
  const goods = await offer(world, 'FUZZ-1', { shown: 100, onHand: 100 });
  const limits = { amountFenMax: null, quantityMax: null, minutesSincePayment: 0 };
  const rules = { name: '自动审核', enabled: true, limits: { ...limits, buyerMemo: 'any', sellerMemo: 'empty' } };
  await world.host.put('/api/audit-strategies/auto', { ...rules, version: 0 });
  const bought = (listing: Listing, switches: object = {}): Promise<Purchase> =>
    buy(world, [{ listing, quantity: 1 }], { ...RECEIVER, ...switches });
  const { doudian, tmall } = goods;
  const purchase = await bought(doudian);
  const audited = [purchase, await bought(tmall, { buyerMemo: '请送到后门，谢谢您了' }), await bought(tmall)];
  const waiting = [await bought(doudian, { sellerMemo: '先问一下' }), await bought(tmall, { sellerMemo: '先问一下' })];
  const stopped = [await bought(doudian), await bought(tmall), await bought(tmall)];
  for (const order of waiting) await untilStatus(world, order, 'pending-audit');
  for (const order of [...audited, ...stopped]) await untilStatus(world, order, 'audited');
  for (const { shopId, orderNo } of stopped) await world.host.post(`/api/delivery-orders/${shopId}/${orderNo}/pick`);
  // A person may take up again what is stopped so; not an order that is over.
  for (const order of stopped) await refund(world, order, 'request');
  for (const order of stopped) await untilStatus(world, order, 'exception');
  await addQuietShop(world, quiet);
  await addAllocations(world, goods.skuId);
  await syncSample(world);
  const quarantine = await setAside(world);
  const orders = [...audited, ...waiting, ...stopped];
  const secrets: string[] = [];
  await logIn(world, VICTIM, secrets);
  const poolOf = async (userId: string): Promise<FuzzPool> =>
    poolWith(world, { goods, orders, quarantine }, await logIn(world, userId, secrets));
  return { world, purchase, quiet, poolOf, secrets };
}

async function addQuietShop(world: LocalWorld, quiet: Listing): Promise<void> {
  const shop = { warehouseIds: ['QT'], writesPerSecond: 200, writeBurst: 200, version: 0 };
  await world.host.put('/api/warehouses/QT', { title: '安静仓', kind: 'distribution', version: 0 });
  await world.host.put(`/api/shops/${quiet.shopId}`, { ...shop, channel: 'taobao', title: '安静店' });
  await world.host.post('/api/skus', { skus: [{ id: 'QUIET-1', title: 'QUIET-1' }] });
  await putListing(world, quiet, { merchantCode: 'QUIET-1', stockQty: 9 });
  await receiveInto(world, 'QT', 'QUIET-1');
  await world.host.post(`/api/shops/${quiet.shopId}/download-items`);
  await world.host.put(`/api/shop-strategies/${quiet.shopId}`, { stockSyncEnabled: true, version: 0 });
  const whole = { enabled: true, shopIds: [quiet.shopId], skuIds: null, warehouseIds: ['QT'], ratioBp: 10_000 };
  await world.host.put('/api/ratio-strategies/&quiet', { ...whole, name: '安静', version: 0 });
  // Before any that the fuzzer saves: of the same priority the first id decides.
  const limits = { buyerMemo: 'any', sellerMemo: 'any', amountFenMax: null, quantityMax: null, minutesSincePayment: 0 };
  const rules = { name: '安静', enabled: true, shopIds: [quiet.shopId], priority: 1_000_000, limits, version: 0 };
  await world.host.put('/api/audit-strategies/&quiet', rules);
}

async function addAllocations(world: LocalWorld, skuId: string): Promise<void> {
  const [sourceWarehouseId, targetWarehouseId] = [SAMPLE.sourceWarehouse, SAMPLE.distributionWarehouse];
  await receiveInto(world, sourceWarehouseId, skuId);
  const order = { sourceWarehouseId, targetWarehouseId, lines: [{ skuId, qty: 1 }], version: 0 };
  for (const id of ALLOCATIONS) await world.host.put(`/api/allocation-orders/${id}`, order);
}

/** A listing whose shop shows what it should. */
async function syncSample(world: LocalWorld): Promise<void> {
  const { shopId, itemId } = SAMPLE.tmall;
  await receiveInto(world, SAMPLE.distributionWarehouse, SAMPLE.sku.id);
  await syncWholeStock(world, shopId);
  const read = (): Promise<unknown> => world.host.get(`/api/sync-queue/${shopId}/${itemId}`).catch(() => undefined);
  await until('the listing is synchronised', 30_000, read);
}

/** Orders that the platform is said to have and does not know: their ids in quarantine. */
async function setAside(world: LocalWorld): Promise<string[]> {
  await push(world, paidMessage('6999999999999999999'));
  const { rows } = await world.host.get<{ rows: { id: string; orderNo: string | null }[] }>('/api/quarantine');
  return rows.flatMap(({ id, orderNo }) => (orderNo === null ? [] : [id]));
}

async function receiveInto(world: LocalWorld, warehouseId: string, skuId: string): Promise<void> {
  const entry = { id: `RK-${warehouseId}`, type: 'receipt', warehouseId, lines: [{ skuId, qty: 9 }] };
  await world.host.post('/api/stock-entries', entry);
}

/** Makes the person an admin with a password that the fuzzer knows, and logs in as a browser does. */
async function logIn(world: LocalWorld, userId: string, secrets: string[]): Promise<LiveSession> {
  const person = { name: userId, role: 'admin', enabled: true, version: 0 };
  const { oneTimePassword } = await world.host.put<{ oneTimePassword: string }>(`/api/users/${userId}`, person);
  const browser = new HttpBrowser();
  const post = async (path: string, body: object, csrfToken = ''): Promise<{ csrfToken: string }> => {
    const headers = { 'content-type': 'application/json', 'x-csrf-token': csrfToken };
    const sent = { method: 'POST', headers, body: JSON.stringify(body) };
    const { status, text } = await browser.send(`${world.hostUrl}${path}`, sent);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return JSON.parse(text) as { csrfToken: string };
  };
  const { csrfToken } = await post('/api/session', { userId, password: oneTimePassword });
  await post('/api/session/password', { oldPassword: oneTimePassword, newPassword: PASSWORD }, csrfToken);
  const token = browser.cookie(world.hostUrl, 'yipan_session') ?? '';
  secrets.push(oneTimePassword, PASSWORD, NEW_PASSWORD, csrfToken, token);
  return { cookie: `yipan_session=${token}`, csrfToken };
}

function poolWith(
  world: LocalWorld,
  { goods, orders, quarantine }: { goods: Goods; orders: readonly Purchase[]; quarantine: readonly string[] },
  session: LiveSession,
): FuzzPool {
  const skus = [goods.skuId, SAMPLE.sku.id];
  const warehouses = [SAMPLE.sourceWarehouse, SAMPLE.distributionWarehouse];
  const shops = Object.values(SAMPLE_SHOPS);
  const orderNos = orders.map(({ orderNo }) => orderNo);
  const news = (prefix: string): string[] => Array.from({ length: 20 }, (_, i) => `${prefix}-new-${i}`);
  const named = {
    ...{ skus, skuId: skus, skuIds: skus, 'ratio-exceptions': skus },
    // What stands is left as it is; new ones may be anything.
    ...{ warehouses: news('CK'), shops: news('DP'), 'shop-strategies': shops, shopId: shops, shopIds: shops },
    ...{ 'ratio-strategies': news('BL'), 'audit-strategies': news('SH'), orderNo: orderNos },
    ...{ warehouseId: [SAMPLE.distributionWarehouse], warehouseIds: [SAMPLE.distributionWarehouse] },
    ...{ sourceWarehouseId: [SAMPLE.sourceWarehouse], targetWarehouseId: [SAMPLE.distributionWarehouse] },
    ...{
      'allocation-orders': [...ALLOCATIONS, ...news('FH').slice(0, 4)],
      'stock-entries': [`RK-${SAMPLE.sourceWarehouse}`],
    },
    ...{ quarantine, itemId: [goods.doudian.itemId, SAMPLE.tmall.itemId], asset: assetNames() },
    ...{ users: [VICTIM], userId: [VICTIM] },
    ...{ password: [PASSWORD], oldPassword: [PASSWORD], newPassword: [NEW_PASSWORD] },
  };
  const admin = world.secrets.users[0]?.token ?? '';
  const known = [...skus, ...warehouses, ...shops, ...orderNos.slice(0, 2), ...ALLOCATIONS.slice(0, 1)];
  return {
    tokens: [...Array.from({ length: 5 }, () => admin), ...world.secrets.users.map(({ token }) => token)],
    session,
    words: { ids: [...known, 'ZZ-1', 'a#b', '__proto__'], named },
  };
}
