import { ApiError, until } from '../../infra/local/demo/api';
import { settle } from '../../infra/local/demo/replay';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import type { CloudEngines, EngineName } from '../../infra/local/engines/cloud';
import { violationsIn } from './invariants';
import { LocalWorld } from './local-world';
import { ACKNOWLEDGED, expectStored, pushByHand } from './push-by-hand';
import type { Goods, Purchase } from './steps';
import { auditEverything, buy, offer, receive, stockOf, syncWholeStock, untilShown, untilStatus } from './steps';

jest.setTimeout(180_000);

// The engines of AWS's profile, killed one by one while orders come in: what cannot be served says so by 503, and heals by
// itself when the engine is back, the queue and the pool with nothing in them.

let world: LocalWorld;
let engines: CloudEngines;
let goods: Goods;
/** All that a receipt was acknowledged for, and all that was bought. */
let receivedQty = 1_000;
let boughtQty = 0;

beforeAll(async () => {
  world = await LocalWorld.start({ cloud: 'aws' });
  if (!world.engines) throw new Error('the engines were not started');
  engines = world.engines;
  goods = await offer(world, 'ENGINE-1', { shown: 200, onHand: receivedQty });
  await auditEverything(world);
  await syncWholeStock(world, goods.tmall.shopId);
  await untilShown(world, goods.tmall, receivedQty);
}, 90_000);

afterAll(() => world.close());

/** Buys before, while the engine is away, and after it has come back. */
async function buyAround(name: EngineName, meanwhile: () => Promise<void>): Promise<Purchase[]> {
  const purchases: Purchase[] = [];
  const buyOne = async (): Promise<void> => {
    for (const listing of [goods.tmall, goods.doudian]) purchases.push(await buy(world, [{ listing, quantity: 1 }]));
  };
  await buyOne();
  await engines.kill(name);
  try {
    await buyOne();
    await meanwhile();
    await buyOne();
  } finally {
    await engines.restart(name);
  }
  await buyOne();
  return purchases;
}

/** The refusal of a request, as status and code. */
async function refusalOf(request: Promise<unknown>): Promise<string> {
  try {
    await request;
    return 'done';
  } catch (error) {
    if (error instanceof ApiError) return `${error.status} ${error.code}`;
    throw error;
  }
}

/** Of the lists, these need no store: they are the pool's, or about who asks (a program's token is a setting). */
const WITHOUT_STORE = /^\/api\/(stock-change-pool|session(\/.*)?)$/;

/** What each of the API's lists answers that needs no id and has an answer when all is well. */
async function answersOfLists(): Promise<Record<string, string>> {
  const { paths } = await world.host.get<{ paths: Record<string, { get?: object }> }>('/api/openapi.json');
  const lists = Object.keys(paths).filter(
    (path) => paths[path]?.get && !path.includes('{') && !path.startsWith('/api/session/'),
  );
  expect(lists.length).toBeGreaterThan(15);
  const query = (path: string): string => (path === '/api/search' ? '?q=ENGINE-1' : '');
  const answer = async (path: string) => [path, await refusalOf(world.host.get(`${path}${query(path)}`))] as const;
  return Object.fromEntries(await Promise.all(lists.map(answer)));
}

/** What requests are answered that read one document, or change one. */
function answersToChanges({ shopId, orderNo }: Purchase): Promise<string[]> {
  const order = { shopId, orderNo };
  const sku = { id: goods.skuId, title: goods.skuId };
  const warehouses = { sourceWarehouseId: SAMPLE.sourceWarehouse, targetWarehouseId: SAMPLE.distributionWarehouse };
  const allocation = { ...warehouses, lines: [{ skuId: goods.skuId, qty: 1 }], version: 0 };
  return Promise.all(
    [
      world.host.get(`/api/stock/${SAMPLE.distributionWarehouse}/${goods.skuId}`),
      world.host.get(`/api/delivery-orders/${shopId}/${orderNo}`),
      world.host.post(`/api/delivery-orders/${shopId}/${orderNo}/cancel`, { reason: 'no stock' }),
      world.host.post('/api/conversions', { orders: [order] }),
      world.host.post('/api/skus', { skus: [sku] }),
      world.host.put('/api/allocation-orders/FH-engine', allocation),
      receive(world, goods.skuId, 1),
    ].map(refusalOf),
  );
}

/** All orders are audited and hold their pieces, no receipt is lost, the shop shows it, and a stopped store breaks no invariant. */
async function expectHealed(purchases: readonly Purchase[]): Promise<void> {
  for (const purchase of purchases) await untilStatus(world, purchase, 'audited');
  await settle(world);
  boughtQty += purchases.length;
  expect(await stockOf(world, goods.skuId)).toMatchObject({ onHandQty: receivedQty, heldQty: boughtQty });
  await untilShown(world, goods.tmall, receivedQty - boughtQty);
  await world.stopHost();
  expect(await violationsIn(world)).toEqual([]);
  await world.startHost();
}

it('without Redis orders are audited, what needs the pool answers 503, and an empty pool is filled again', async () => {
  const pushed: Purchase[] = [];
  const purchases = await buyAround('pool', async () => {
    expect(await refusalOf(world.host.get('/api/stock-change-pool'))).toBe('503 POOL_UNAVAILABLE');
    expect(await refusalOf(world.host.post('/api/sync-queue/retry', { skuIds: [goods.skuId] }))).toBe(
      '503 POOL_UNAVAILABLE',
    );
    const { poolSkus } = await world.host.get<{ poolSkus: number | null }>('/api/status');
    expect(poolSkus).toBeNull();
    const { '/api/stock-change-pool': ofPool, ...others } = await answersOfLists();
    expect(ofPool).toBe('503 POOL_UNAVAILABLE');
    expect(new Set(Object.values(others))).toEqual(new Set(['done']));
    const { purchase, answer } = await pushByHand(world, goods);
    expect(answer).toBe(ACKNOWLEDGED);
    await expectStored(world, purchase);
    await untilStatus(world, purchase, 'audited');
    pushed.push(purchase);
    await receive(world, goods.skuId, 7);
    receivedQty += 7;
  });
  await expectHealed([...purchases, ...pushed]);
});

it('without the store everything that needs it answers 503, pushes are not acknowledged, and all orders arrive afterwards', async () => {
  const pushed: Purchase[] = [];
  const purchases = await buyAround('store', async () => {
    const answers = Object.entries(await answersOfLists());
    const needing = answers.filter(([path]) => !WITHOUT_STORE.test(path) && path !== '/api/home');
    expect(needing.filter(([, answer]) => answer !== '503 STORE_UNAVAILABLE')).toEqual([]);
    // The home page shows what it can: here no part of it.
    const away = { value: null, error: 'STORE_UNAVAILABLE' };
    const parts = { attention: away, silentShops: away, waiting: away, orders: away, sync: away, stock: away };
    expect(await world.host.get('/api/home')).toMatchObject(parts);
    for (let i = 0; i < 3; i += 1) {
      const { purchase, answer } = await pushByHand(world, goods);
      expect(answer).toBe('503 STORE_UNAVAILABLE');
      pushed.push(purchase);
    }
    const [any] = pushed;
    expect(new Set(any && (await answersToChanges(any)))).toEqual(new Set(['503 STORE_UNAVAILABLE']));
    const { ok } = await world.host.get<{ ok: boolean }>('/healthz');
    expect(ok).toBe(true);
  });
  await until('the store answers', 30_000, async () => (await refusalOf(stockOf(world, goods.skuId))) === 'done');
  // Those that were pushed by hand alone are told of by nobody any more: the pull brings them.
  await expectHealed([...purchases, ...pushed]);
});

it('without the queue pushes are acknowledged once their orders are stored, and all that messages said is found without them', async () => {
  const pushed: Purchase[] = [];
  const purchases = await buyAround('bus', async () => {
    for (let i = 0; i < 3; i += 1) {
      const { purchase, answer } = await pushByHand(world, goods);
      expect(answer).toBe(ACKNOWLEDGED);
      await expectStored(world, purchase);
      pushed.push(purchase);
    }
    expect(new Set(Object.values(await answersOfLists()))).toEqual(new Set(['done']));
    await receive(world, goods.skuId, 3);
    receivedQty += 3;
  });
  for (const purchase of pushed) await expectStored(world, purchase);
  await expectHealed([...purchases, ...pushed]);
});

it('the pool emptied in the middle of pushes is filled from the ledgers', async () => {
  const purchases: Purchase[] = [];
  for (let i = 0; i < 5; i += 1) {
    purchases.push(await buy(world, [{ listing: i % 2 ? goods.tmall : goods.doudian, quantity: 1 }]));
    await engines.kill('pool');
    await engines.restart('pool');
  }
  await expectHealed(purchases);
});
