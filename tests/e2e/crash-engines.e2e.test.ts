import { ApiError, until } from '../../infra/local/demo/api';
import { settle } from '../../infra/local/demo/replay';
import type { CloudEngines, EngineName } from '../../infra/local/engines/cloud';
import { violationsIn } from './invariants';
import { LocalWorld } from './local-world';
import type { Goods, Purchase } from './steps';
import { auditEverything, buy, offer, pause, receive, stockOf, syncWholeStock, untilShown, untilStatus } from './steps';

jest.setTimeout(180_000);

// The engines of AWS's profile, killed one by one while orders come in: what cannot be served says so by 503, and heals by
// itself when the engine is back, the queue and the pool with nothing in them.

let world: LocalWorld;
let engines: CloudEngines;
let goods: Goods;

beforeAll(async () => {
  world = await LocalWorld.start({ cloud: 'aws' });
  if (!world.engines) throw new Error('the engines were not started');
  engines = world.engines;
  goods = await offer(world, 'ENGINE-1', { shown: 200, onHand: 1_000 });
  await auditEverything(world);
  await syncWholeStock(world, goods.tmall.shopId);
  await untilShown(world, goods.tmall, 1_000);
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
  await buyOne();
  await meanwhile();
  await buyOne();
  await engines.restart(name);
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

/** All orders are audited, the shop shows what is there, and a stopped store breaks no invariant. */
async function expectHealed(purchases: readonly Purchase[]): Promise<void> {
  for (const purchase of purchases) await untilStatus(world, purchase, 'audited');
  await settle(world);
  const { onHandQty, heldQty } = await stockOf(world, goods.skuId);
  await untilShown(world, goods.tmall, onHandQty - heldQty);
  await world.stopHost();
  expect(await violationsIn(world)).toEqual([]);
  await world.startHost();
}

it('without Redis orders are audited, what needs the pool answers 503, and an empty pool is filled again', async () => {
  const purchases = await buyAround('pool', async () => {
    expect(await refusalOf(world.host.get('/api/stock-change-pool'))).toBe('503 POOL_UNAVAILABLE');
    expect(await refusalOf(world.host.post('/api/sync-queue/retry', { skuIds: [goods.skuId] }))).toBe(
      '503 POOL_UNAVAILABLE',
    );
    const { poolSkus } = await world.host.get<{ poolSkus: number | null }>('/api/status');
    expect(poolSkus).toBeNull();
    const order = await buy(world, [{ listing: goods.doudian, quantity: 1 }]);
    await untilStatus(world, order, 'audited');
    await receive(world, goods.skuId, 7);
  });
  await expectHealed(purchases);
});

it('without the store everything answers 503, pushes are not acknowledged, and all orders arrive afterwards', async () => {
  const purchases = await buyAround('store', async () => {
    expect(await refusalOf(world.host.get(`/api/stock/DS/${goods.skuId}`))).toBe('503 STORE_UNAVAILABLE');
    expect(await refusalOf(receive(world, goods.skuId, 1))).toBe('503 STORE_UNAVAILABLE');
    const { ok } = await world.host.get<{ ok: boolean }>('/healthz');
    expect(ok).toBe(true);
  });
  await until('the store answers', 30_000, async () => (await refusalOf(stockOf(world, goods.skuId))) === 'done');
  await expectHealed(purchases);
});

it('without the queue orders are taken and stored, and all that its messages said is found without them', async () => {
  const purchases = await buyAround('bus', () => pause(1_500));
  await expectHealed(purchases);
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
