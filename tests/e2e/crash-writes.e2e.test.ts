import { readFunctionDefinitions } from '../../infra/huawei/function-definitions';
import { ApiError, NotInTime, until } from '../../infra/local/demo/api';
import { countStore } from '../../infra/local/demo/count-store';
import { settle } from '../../infra/local/demo/replay';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { deliveryOrderId } from '../../shared/domain/kernel/ids';
import type { StockEntry } from '../../shared/domain/stock/stock-entry';
import type { CheckOptions } from '../../shared/procedures/check-invariants';
import { keys } from '../../shared/procedures/keys';
import { PROJECT } from '../support/build-bundles';
import type { Death } from '../support/doomed-host';
import { violationsIn } from './invariants';
import { LocalWorld, testedCloud } from './local-world';
import type { Goods, Listing, Purchase } from './steps';
import { auditEverything, buy, offer, pause, shownOf, stockOf, syncWholeStock, untilShown } from './steps';

// Every function dies at its own writes. For each trigger of each function, host after host ends with SIGKILL right before
// or right after its first write, its second, and so on (tests/support/doomed-host.ts): what a trigger does for one order, one
// document or one listing is cut at each place where it can be cut. Each of the dead is looked into, and the next host goes on
// from what it left; after all of a function's, a host that lives must bring everything to its end.

interface Work {
  /** Writes of one unit of this work, to the store or the pool, as a test counts: it is cut before and after each. */
  readonly writes: number;
  /** One unit of it, if that is not an order of the shop whose messages are polled. */
  readonly unit?: () => Promise<unknown>;
  /** What must have been left for it to do. */
  readonly prepare?: () => Promise<void>;
  /** Ms until it has something to write, where that is long. */
  readonly patienceMs?: number;
}

/** A document that waits is left to its queue for so long before a sweep takes it, and so old are entries that are summed up. */
const SWEPT_AFTER_MS = 10_000;
const SUMMED_UP_AFTER_MS = 150_000;

const WORK: Readonly<Record<string, Work>> = {
  // The version, the order.
  'order-ingestion/http': { writes: 2, unit: () => buyOne(goods.doudian) },
  'order-ingestion/poll-messages': { writes: 2 },
  // And how far each shop has come.
  'order-ingestion/pull-modified': { writes: 4 },
  // The delivery order with its intent, the platform order, the ledger, the delivery order with what it holds.
  'document-conversion/queue': { writes: 4 },
  'document-conversion/http': { writes: 4, unit: buyAndConvert },
  'document-conversion/sweep': { writes: 4 },
  'auto-audit/queue': { writes: 1 },
  'auto-audit/sweep': { writes: 1 },
  // A receipt with its intent, the ledger, the receipt that is posted.
  'console/http': { writes: 3, unit: receiveOne },
  // Records of both shops, intended and done, and how far it has come.
  'ratio-sync-push/push': { writes: 5, unit: receiveOne },
  // The same, with how far each shop has come.
  'ratio-sync-push/read-back': { writes: 6, unit: receiveInTurn },
  // The pool.
  'stock-change-capture/queue': { writes: 1, unit: receiveOne },
  // The ledger and the receipt of a document that was left in motion, the pool.
  'stock-change-capture/sweep': { writes: 3, prepare: leaveReceiptInMotion, unit: nothingMore },
  // Last: the entries of this test must have become old.
  'stock-change-capture/summarise': { writes: 1, patienceMs: SUMMED_UP_AFTER_MS, unit: nothingMore },
};

/**
 * A host on a cloud's engines takes several times as long to start: there, a few that write to the table and to Redis, cut
 * after each write alone. What a run writes is the same everywhere, and counted on one machine. On Kafka a host takes twenty
 * seconds for each life, and the same table and Redis are written to.
 */
const ON_A_CLOUD = ['document-conversion/queue', 'ratio-sync-push/push', 'stock-change-capture/queue'];

const cloud = testedCloud();
const CUT_WHEN = cloud === undefined ? (['before', 'after'] as const) : (['after'] as const);
const CUT_HERE = Object.entries(WORK).filter(([work]) => cloud === undefined || ON_A_CLOUD.includes(work));

const ON_HAND = 1_000;
const DIES_WITHIN_MS = 30_000;
const STIRRED_EVERY_MS = 300;

/** A sweep takes what has waited for ten seconds. */
const COUNTED_WITHIN_MS = SWEPT_AFTER_MS + 5_000;
const MORE_WITHIN_MS = 1_000;

let world: LocalWorld;
let goods: Goods;
/** Receipts of one piece. */
const asked: string[] = [];
const acknowledged: string[] = [];
const converted: Purchase[] = [];

beforeAll(async () => {
  const timers = {
    ...{ 'order-ingestion/pull-modified': 400, 'stock-change-capture/sweep': 500, 'ratio-sync-push/read-back': 1_000 },
    ...{ 'document-conversion/sweep': 500, 'auto-audit/sweep': 500 },
  };
  world = await LocalWorld.start({ timers });
  goods = await offer(world, 'WRITE-1', { shown: 1_000, onHand: ON_HAND });
  await auditEverything(world);
  for (const { shopId } of [goods.tmall, goods.doudian]) await syncWholeStock(world, shopId);
  await expectAtRest();
}, 60_000);

afterAll(() => world.close());

it('knows each trigger of each function', () => {
  const triggers = readFunctionDefinitions(PROJECT).flatMap(({ name, queues, routes, timers }) => [
    ...(queues.length > 0 ? [`${name}/queue`] : []),
    ...(routes.length > 0 ? [`${name}/http`] : []),
    ...timers.map(({ task }) => `${name}/${task}`),
  ]);
  expect(Object.keys(WORK).sort()).toEqual(triggers.sort());
});

// On a cloud the counts are the same.
if (cloud === undefined) {
  it.each(CUT_HERE)(
    '%s makes as many writes as it is cut at, for one unit of its work',
    async (work, { writes, prepare, unit = () => buyOne(goods.tmall), patienceMs = 0 }) => {
      await world.startHost();
      await settle(world);
      await world.stopHost();
      await prepare?.();
      const { runs } = await world.startDoomedHost({ work, write: 0, when: 'after' });
      await unit();
      const hasWritten = (): Promise<boolean> => Promise.resolve(runs.some((count) => count >= writes));
      await until(`${work} writes`, patienceMs + COUNTED_WITHIN_MS, hasWritten).catch(() => undefined);
      await pause(MORE_WITHIN_MS);
      await world.killHost();
      expect(Math.max(0, ...runs)).toBe(writes);
    },
    SUMMED_UP_AFTER_MS + 120_000,
  );
}

it.each([...new Set(CUT_HERE.map(([work]) => functionOf(work)))])(
  'killed before and after each write of each trigger of %s, the host loses nothing and does nothing twice',
  async (name) => {
    for (const [work, { writes, prepare, patienceMs = 0 }] of CUT_HERE) {
      if (functionOf(work) !== name) continue;
      await prepare?.();
      for (let write = 1; write <= writes; write += 1) {
        for (const when of CUT_WHEN) {
          const died = await liveUntil({ work, write, when }, patienceMs + DIES_WITHIN_MS);
          expect({ died, lost: await lost() }).toEqual({ died, lost: [] });
          const violations = await violationsIn(world, { atRest: false });
          expect({ died, violations }).toEqual({ died, violations: [] });
        }
      }
    }
    await endLeases();
    await world.startHost();
    await expectAtRest();
  },
  300_000,
);

function functionOf(work: string): string {
  return work.split('/')[0] ?? '';
}

/** Leaves a receipt of which the intent alone is stored, for so long that it is swept up. */
async function leaveReceiptInMotion(): Promise<void> {
  await liveUntil({ work: 'console/http', write: 1, when: 'after' }, DIES_WITHIN_MS);
  await pause(SWEPT_AFTER_MS);
}

/** What a dead host had taken from a Redis is leased to it for two minutes. One that was emptied is filled again from the store. */
async function endLeases(): Promise<void> {
  await world.engines?.kill('pool');
  await world.engines?.restart('pool');
}

/** Runs a host until it has died, and gives it work all the while; what it said of its end. */
async function liveUntil(death: Death, withinMs: number): Promise<string> {
  const endsAtMs = Date.now() + withinMs;
  await endLeases();
  const { died } = await world.startDoomedHost(death);
  let told: string | undefined;
  const dead = died.then((line) => (told = line));
  let bought: Purchase[] = [];
  while (told === undefined) {
    if (Date.now() > endsAtMs) throw new NotInTime(`${JSON.stringify(death)} was not reached`);
    bought = await stir(bought);
    await Promise.race([dead, pause(STIRRED_EVERY_MS)]);
  }
  expect(told).toContain('"event":"host-dies"');
  return told;
}

const buyOne = (listing: Listing): Promise<Purchase> => buy(world, [{ listing, quantity: 1 }]);

function nothingMore(): Promise<void> {
  return Promise.resolve();
}

async function receiveOne(): Promise<void> {
  const id = `RK-write-${asked.length}`;
  asked.push(id);
  const lines = [{ skuId: goods.skuId, qty: 1 }];
  const entry = { id, type: 'receipt', warehouseId: SAMPLE.distributionWarehouse, lines };
  if (await isAcknowledged(world.host.post('/api/stock-entries', entry))) acknowledged.push(id);
}

/** Apart from each other: a run that has read one shop before a receipt and the other behind it finds half of what it has to do. */
async function receiveInTurn(): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    await receiveOne();
    await pause(1_300);
  }
}

async function convert(order: Purchase): Promise<boolean> {
  const isConverted = await isAcknowledged(world.host.post('/api/conversions', { orders: [order] }));
  if (isConverted) converted.push(order);
  return isConverted;
}

async function buyAndConvert(): Promise<void> {
  const order = await buyOne(goods.tmall);
  await until('the order is known', DIES_WITHIN_MS, () => convert(order));
}

/** Buys in both shops, receives a piece, and presses the button 单据转换 for what was bought before. */
async function stir(before: readonly Purchase[]): Promise<Purchase[]> {
  const bought: Purchase[] = [];
  for (const listing of [goods.tmall, goods.doudian]) bought.push(await buyOne(listing));
  await receiveOne();
  for (const order of before) await convert(order);
  return bought;
}

/** False where the host died over it, was dead, refuses it in this life, or does not know the order yet. */
async function isAcknowledged(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status < 500 && error.code !== 'NOT_FOUND') throw error;
    return false;
  }
}

interface SandboxOrder extends Purchase {
  readonly messages: readonly { readonly state: string }[];
}

async function sandboxOrders(): Promise<SandboxOrder[]> {
  const { orders } = await world.sandbox.get<{ orders: SandboxOrder[] }>('/sandbox/orders?limit=1000');
  expect(orders.length).toBeLessThan(1_000);
  return orders;
}

/** What a platform or a person was told is stored, and is not. */
async function lost(): Promise<string[]> {
  const orders = (await sandboxOrders()).filter(({ messages }) => messages.some(({ state }) => state === 'confirmed'));
  const wanted = [
    ...orders.map(({ shopId, orderNo }) => keys.platformOrder(shopId, orderNo)),
    ...converted.map(({ shopId, orderNo }) => keys.deliveryOrder(deliveryOrderId(shopId, orderNo))),
  ];
  const { store, close } = await world.openStore();
  try {
    const found = await store.getMany(wanted);
    const entries = await store.getMany<StockEntry>(acknowledged.map(keys.stockEntry));
    return [
      ...wanted.filter((_, i) => !found[i]).map(({ pk }) => pk),
      ...acknowledged.filter((_, i) => entries[i]?.value.status !== 'posted'),
    ];
  } finally {
    await close();
  }
}

/** Everything has come to its end, once, and the shops show it; leaves the host stopped. */
async function expectAtRest(): Promise<void> {
  await settle(world);
  const { onHandQty, heldQty } = await stockOf(world, goods.skuId);
  for (const listing of [goods.tmall, goods.doudian]) await untilShown(world, listing, onHandQty - heldQty);
  await world.stopHost();
  expect(await lost()).toEqual([]);
  const readShown: CheckOptions['readShown'] = ({ id: shopId }, { itemId, platformSkuId: skuId }) =>
    shownOf(world, { shopId, itemId, skuId });
  expect(await violationsIn(world, { readShown })).toEqual([]);
  const bought = (await sandboxOrders()).length;
  const { store, close } = await world.openStore();
  const { platformOrders, ordersByStatus } = await countStore(store);
  const entries = await store.getMany<StockEntry>(asked.map(keys.stockEntry));
  await close();
  expect({ platformOrders, ordersByStatus }).toEqual({
    platformOrders: bought,
    ordersByStatus: bought > 0 ? { audited: bought } : {},
  });
  expect(heldQty).toBe(bought);
  // One that was not acknowledged is posted or unknown: the intent alone would have been driven on.
  const statuses = entries.flatMap((entry) => entry?.value.status ?? []);
  expect(new Set(statuses)).toEqual(new Set(statuses.length > 0 ? ['posted'] : []));
  expect(onHandQty).toBe(ON_HAND + statuses.length);
}
