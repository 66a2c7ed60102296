import type { DeliveryOrder } from '../../shared/domain/order/delivery-order';
import { cancelOrder } from '../../shared/domain/order/apply-platform-update';
import { withIntents } from '../../shared/domain/order/delivery-order';
import type { LedgerEntry } from '../../shared/domain/stock/ledger';
import { LedgerReplay } from '../../shared/domain/stock/ledger-replay';
import type { MovementRequest } from '../../shared/domain/stock/ledger';
import type { Store } from '../../shared/ports/store';
import { deliveryOrderPlaces, driveDeliveryOrders } from '../../shared/procedures/drive-delivery-orders';
import { keys } from '../../shared/procedures/keys';
import type * as PostMovements from '../../shared/procedures/post-movements';
import { converted, person, platformLine, platformOrder, T, WAREHOUSE } from '../unit/domain/order/samples';
import type { Exploration, Model } from './explore';
import { explore } from './explore';
import type { Omission } from './omissions';
import { without } from './omissions';

// Every interleaving of a few workers with the procedures that post movements and drive orders, as they are deployed.

let omission: Omission | undefined;

// The one way to plant an omission where the code that is driven finds it.
jest.mock('../../shared/procedures/post-movements', () => {
  const real = jest.requireActual<typeof PostMovements>('../../shared/procedures/post-movements');
  const post: typeof real.postMovements = (...args) =>
    (omission === undefined ? real.postMovements : without(omission, real))(...args);
  return { ...real, postMovements: post };
});

const { postMovements } = jest.requireMock<typeof PostMovements>('../../shared/procedures/post-movements');

const clock = { nowMs: () => T, sleep: () => Promise.reject(new Error('nobody sleeps in a model')) };

type Worker = Model['workers'][number];

/** An order of one piece of each SKU, converted and not yet driven. */
function orderOf(orderNo: string, skuIds: readonly string[]): DeliveryOrder {
  const lines = skuIds.map((merchantCode, i) => platformLine({ lineNo: String(i + 1), itemId: `${i}`, merchantCode }));
  return converted(platformOrder({ orderNo, lines }));
}

/** Drives one order until nothing about its stock is due, as the queue, a sweep and a person's button do. */
const drive =
  (id: string, change: (order: DeliveryOrder) => DeliveryOrder = (order) => order): Worker =>
  async (store) => {
    for (;;) {
      const stored = await store.get<DeliveryOrder>(keys.deliveryOrder(id));
      if (!stored) throw new Error(`there is no order ${id}`);
      const order = change(stored.value);
      const draft = { version: stored.version, order, changed: order !== stored.value };
      const { results } = await driveDeliveryOrders({ store, clock }, [draft]);
      if (results[0]?.kind === 'done') return;
    }
  };

const cancel = (id: string): Worker =>
  drive(id, (order) =>
    order.status === 'cancelled' ? order : cancelOrder(order, { content: '买家取消', actor: person, atMs: T }),
  );

function receiptOf(skuId: string, qty: number): MovementRequest {
  const intent = { id: `RK-1/${skuId}`, warehouseId: WAREHOUSE, skuId, kind: 'receipt', qty, seenNumber: 0 } as const;
  return { intent, source: { type: 'receipt', id: 'RK-1' }, wanted: true };
}

const receive =
  (skuId: string, qty: number): Worker =>
  async (store) => {
    await postMovements({ store, clock }, [receiptOf(skuId, qty)]);
  };

interface Scene {
  readonly orders: readonly DeliveryOrder[];
  /** Pieces on the shelf before. */
  readonly stock: Readonly<Record<string, number>>;
  readonly workers: readonly Worker[];
  readonly crashesMax?: number;
}

function modelOf({ orders, stock, workers, crashesMax = 1 }: Scene): Model {
  return {
    ...{ workers, crashesMax },
    prepare: async (store) => {
      for (const [skuId, qty] of Object.entries(stock)) {
        const request = receiptOf(skuId, qty);
        await postMovements({ store, clock }, [{ ...request, intent: { ...request.intent, id: `RK-0/${skuId}` } }]);
      }
      for (const order of orders) {
        // With its intent saved, as a crash of an earlier worker would leave it.
        const value = withIntents(order, (skuId) => (stock[skuId] === undefined ? 0 : 1));
        await store.put({ key: keys.deliveryOrder(order.id), expect: 0, value, places: deliveryOrderPlaces(value, T) });
      }
    },
    faultsAtEnd: async (store) => {
      // What a sweep does: it drives on whatever a crash has left.
      for (const { id } of orders) await drive(id)(store);
      return (
        await Promise.all([...skusOf(orders), ...Object.keys(stock)].map((sku) => faultsOf(store, sku, orders)))
      ).flat();
    },
  };
}

const skusOf = (orders: readonly DeliveryOrder[]): string[] => [
  ...new Set(orders.flatMap(({ holds }) => holds.map(({ skuId }) => skuId))),
];

/** The ledger of one SKU, replayed from its first entry, against what the orders say that they hold. */
async function faultsOf(store: Store, skuId: string, orders: readonly DeliveryOrder[]): Promise<string[]> {
  const ledger = { warehouseId: WAREHOUSE, skuId };
  const entries = await store.query<LedgerEntry>(keys.ledgerPartition(ledger), { limit: 100 });
  const replay = new LedgerReplay();
  const faults = entries.flatMap(({ value }) => replay.next(value));
  const held = new Map(replay.heldBySource().map(({ source, qty }) => [source.id, qty]));
  for (const { id } of orders) {
    const order = (await store.get<DeliveryOrder>(keys.deliveryOrder(id)))?.value;
    const hold = order?.holds.find((one) => one.skuId === skuId);
    const [said, has] = [hold?.heldQty ?? 0, held.get(id) ?? 0];
    if (said !== has) faults.push(`order ${id} says that it holds ${said} of ${skuId}, the ledger has ${has}`);
    if (hold?.intent) faults.push(`order ${id} has an intent left`);
    if (order?.status === 'cancelled' && has !== 0) faults.push(`cancelled order ${id} holds ${has} of ${skuId}`);
  }
  return faults;
}

const [A, B] = [orderOf('1', ['TEE', 'CAP']), orderOf('2', ['TEE'])];
const TEE_ONLY = orderOf('3', ['TEE']);

const SCENES: Readonly<Record<string, Scene>> = {
  'two orders compete for the last piece, one of them with a second SKU': {
    ...{ orders: [A, B], stock: { TEE: 1, CAP: 1 } },
    workers: [drive(A.id), drive(B.id)],
  },
  'two workers drive the same order': {
    ...{ orders: [TEE_ONLY], stock: { TEE: 1 } },
    workers: [drive(TEE_ONLY.id), drive(TEE_ONLY.id)],
  },
  'an order is cancelled while it is driven': {
    ...{ orders: [TEE_ONLY], stock: { TEE: 1 } },
    workers: [drive(TEE_ONLY.id), cancel(TEE_ONLY.id)],
  },
  'an order that lacks stock is driven twice while its stock comes in': {
    ...{ orders: [TEE_ONLY], stock: {} },
    workers: [drive(TEE_ONLY.id), drive(TEE_ONLY.id), receive('TEE', 1)],
    // Three workers at once: whoever crashes is one of two in the other scenes.
    crashesMax: 0,
  },
  'a receipt is posted twice while an order waits for it': {
    ...{ orders: [TEE_ONLY], stock: {} },
    workers: [receive('TEE', 1), receive('TEE', 1), drive(TEE_ONLY.id)],
  },
};

const found = new Map<string, Exploration>();

async function exploreScene(name: string, left: Omission | undefined): Promise<Exploration> {
  const scene = SCENES[name];
  if (!scene) throw new Error(`there is no scene ${name}`);
  omission = left;
  try {
    return await explore(modelOf(scene), { firstFault: left !== undefined });
  } finally {
    omission = undefined;
  }
}

describe('in every interleaving, with one crash at any step', () => {
  it.each(Object.keys(SCENES))(
    '%s: every movement is in its ledger once, and orders hold what the ledger says',
    async (name) => {
      const exploration = await exploreScene(name, undefined);
      found.set(name, exploration);
      process.stdout.write(`${exploration.states} states, ${exploration.ends} ends: ${name}\n`);
      expect([...exploration.faults]).toEqual([]);
      // Fewer would mean that the workers did not get in each other's way.
      expect(exploration.states).toBeGreaterThan(100);
      expect(exploration.ends).toBeGreaterThan(2);
    },
    60_000,
  );

  it('says how many states that were', () => {
    const all = [...found.values()].reduce((sum, { states }) => sum + states, 0);
    process.stdout.write(`${all} states in all\n`);
    expect(found.size).toBe(Object.keys(SCENES).length);
  });
});

describe('what the procedure could leave out', () => {
  it.each<[Omission, string]>([
    ['scan on repeat', 'two workers drive the same order'],
    ['void on refusal', 'an order that lacks stock is driven twice while its stock comes in'],
    ['void on cancel', 'an order is cancelled while it is driven'],
  ])(
    '%s: it is missed',
    async (left, name) => {
      const { faults } = await exploreScene(name, left);
      expect(faults.size).toBeGreaterThan(0);
      const [first] = faults;
      process.stdout.write(`without ${left}: ${first?.join('\n    after ') ?? ''}\n`);
    },
    60_000,
  );
});
