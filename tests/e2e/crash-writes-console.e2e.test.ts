import { ApiError, until } from '../../infra/local/demo/api';
import { settle } from '../../infra/local/demo/replay';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import type { CheckOptions } from '../../shared/procedures/check-invariants';
import type { Death } from '../support/doomed-host';
import { violationsIn } from './invariants';
import { LocalWorld } from './local-world';
import type { Goods, Purchase } from './steps';
import {
  act,
  auditEverything,
  buy,
  deliveryOrder,
  newListing,
  offer,
  pause,
  putListing,
  shownOf,
  stockOf,
  syncWholeStock,
  untilConversion,
  untilStatus,
} from './steps';

// What a person does in the console, cut before and after each of its writes (crash-writes has a receipt). Each cut has something
// of its own to be done: the host that does it dies, the next one dies over the next, and at last a host that lives is asked
// for all of them once more.

/** One thing that a person asks for. */
interface Wish {
  readonly ask: () => Promise<unknown>;
  readonly isDone: () => Promise<boolean>;
}

interface Request {
  /** Its method and path. */
  readonly path: string;
  /** Its writes, as a test counts. */
  readonly writes: number;
  /** What it is refused with once it is done. */
  readonly doneCode: 'WRONG_STATUS' | 'VERSION_CONFLICT';
  /** Makes everything ready to ask for it. */
  readonly ready: (number: number) => Promise<Wish>;
}

const ON_HAND = 1_000;
const DONE_WITHIN_MS = 30_000;
const SKUS_OF_AN_ALLOCATION = 2;

let world: LocalWorld;
let goods: Goods;
let allocated: readonly string[];

beforeAll(async () => {
  world = await LocalWorld.start();
  goods = await offer(world, 'DESK-1', { shown: 1_000, onHand: ON_HAND });
  await auditEverything(world);
  for (const { shopId } of [goods.tmall, goods.doudian]) await syncWholeStock(world, shopId);
  allocated = Array.from({ length: SKUS_OF_AN_ALLOCATION }, (_, i) => `DESK-A-${i}`);
  await world.host.post('/api/skus', { skus: [...allocated, 'DESK-M'].map((id) => ({ id, title: id })) });
  const lines = allocated.map((skuId) => ({ skuId, qty: ON_HAND }));
  const receipt = { id: 'RK-desk', type: 'receipt', warehouseId: SAMPLE.sourceWarehouse, lines };
  await world.host.post('/api/stock-entries', receipt);
  await world.host.post('/api/stock-entries', {
    ...{ id: 'RK-desk-m', type: 'receipt', warehouseId: SAMPLE.distributionWarehouse },
    lines: [{ skuId: 'DESK-M', qty: ON_HAND }],
  });
}, 60_000);

afterAll(() => world.close());

const auditedOrder = async (): Promise<Purchase> => {
  const order = await buy(world, [{ listing: goods.tmall, quantity: 1 }]);
  await untilStatus(world, order, 'audited');
  return order;
};

const hasStatus = async (order: Purchase, status: string, heldQty: number): Promise<boolean> => {
  const { status: now, holds = [] } = (await deliveryOrder(world, order)) ?? {};
  return now === status && holds.every((hold) => hold.heldQty === heldQty);
};

const REQUESTS: Readonly<Record<string, Request>> = {
  'the cancel of a delivery order': {
    ...{ path: '^POST /api/delivery-orders/.*/cancel$', doneCode: 'WRONG_STATUS' },
    // The order that wants its pieces back, the ledger, the order that holds none.
    writes: 3,
    ready: async () => {
      const order = await auditedOrder();
      const ask = (): Promise<unknown> => act(world, order, 'cancel', { reason: '买家改变主意' });
      return { ask, isDone: () => hasStatus(order, 'cancelled', 0) };
    },
  },
  'the shipment of a delivery order': {
    ...{ path: '^POST /api/delivery-orders/.*/ship$', doneCode: 'WRONG_STATUS' },
    writes: 3,
    ready: async () => {
      const order = await auditedOrder();
      await act(world, order, 'pick');
      return { ask: () => act(world, order, 'ship'), isDone: () => hasStatus(order, 'shipped', 0) };
    },
  },
  'a mapping for which an order waits': {
    ...{ path: '^PUT /api/mappings$', doneCode: 'VERSION_CONFLICT' },
    // The mapping, the order that it revives.
    writes: 2,
    ready: async (number) => {
      const { shopId, itemId, skuId: platformSkuId } = newListing(goods.tmall.shopId);
      const listing = { shopId, itemId, skuId: platformSkuId };
      await putListing(world, listing, { merchantCode: `UNKNOWN-${number}`, stockQty: 10 });
      const order = await buy(world, [{ listing, quantity: 1 }]);
      await untilConversion(world, order, 'unmapped');
      type Row = { readonly version: number };
      const { rows } = await world.host.get<{ rows: Row[] }>(`/api/mappings?shopId=${shopId}&itemId=${itemId}`);
      const body = { shopId, itemId, platformSkuId, skuId: 'DESK-M', version: rows[0]?.version ?? 0 };
      const ask = (): Promise<unknown> => world.host.put('/api/mappings', body);
      return { ask, isDone: () => hasStatus(order, 'audited', 1) };
    },
  },
  'a ratio sync strategy': {
    ...{ path: '^PUT /api/ratio-strategies/', doneCode: 'VERSION_CONFLICT', writes: 1 },
    ready: (number) => {
      const [id, shopId] = [`BL-desk-${number}`, goods.tmall.shopId];
      const strategy = { name: id, enabled: true, shopIds: [shopId], skuIds: [goods.skuId], ratioBp: 5_000 + number };
      const body = { ...strategy, warehouseIds: [SAMPLE.distributionWarehouse], version: 0 };
      const isDone = async (): Promise<boolean> => {
        const { rows } = await world.host.get<{ rows: { id: string; ratioBp: number }[] }>('/api/ratio-strategies');
        return rows.some((row) => row.id === id && row.ratioBp === body.ratioBp);
      };
      return Promise.resolve({ ask: () => world.host.put(`/api/ratio-strategies/${id}`, body), isDone });
    },
  },
  'the audit of an allocation order': {
    ...{ path: '^POST /api/allocation-orders/.*/audit$', doneCode: 'WRONG_STATUS' },
    // Three rounds over the ledgers of its SKUs, hold, take out and bring in, and the order before each and behind the last.
    writes: 4 + 3 * SKUS_OF_AN_ALLOCATION,
    ready: async (number) => {
      const [address, warehouses] = [
        `/api/allocation-orders/FH-desk-${number}`,
        { sourceWarehouseId: SAMPLE.sourceWarehouse, targetWarehouseId: SAMPLE.distributionWarehouse },
      ];
      const lines = allocated.map((skuId) => ({ skuId, qty: 1 }));
      await world.host.put(address, { ...warehouses, lines, version: 0 });
      const isDone = async (): Promise<boolean> =>
        (await world.host.get<{ status: string }>(address)).status === 'audited';
      return { ask: () => world.host.post(`${address}/audit`), isDone };
    },
  },
};

let made = 0;

it.each(Object.entries(REQUESTS))(
  '%s, cut before and after each write, is ended by the same request once more, and done once',
  async (_, { path, writes, doneCode, ready }) => {
    const next = (): Promise<Wish> => ready((made += 1));
    const cuts = Array.from({ length: writes }, (__, i) =>
      (['before', 'after'] as const).map((when): Omit<Death, 'work' | 'request'> => ({ write: i + 1, when })),
    ).flat();
    const counted = await next();
    const wishes: Wish[] = [];
    for (let i = 0; i < cuts.length; i += 1) wishes.push(await next());
    await settle(world);
    await world.stopHost();

    const inPeace = await world.startDoomedHost({ work: 'console/http', request: path, write: 0, when: 'after' });
    await counted.ask();
    await until('the host tells its writes', DONE_WITHIN_MS, () => Promise.resolve(inPeace.runs.length > 0));
    expect(inPeace.runs).toEqual([writes]);
    await world.killHost();

    for (const [i, cut] of cuts.entries()) {
      const { died } = await world.startDoomedHost({ work: 'console/http', request: path, ...cut });
      await expect(wishes[i]?.ask()).rejects.toThrow();
      const told = await Promise.race([died, pause(DONE_WITHIN_MS)]);
      expect(told).toContain('"event":"host-dies"');
      const violations = await violationsIn(world, { atRest: false });
      expect({ told, violations }).toEqual({ told, violations: [] });
    }

    await world.startHost();
    for (const { ask } of wishes) {
      await ask().catch((error: unknown) => {
        // It was written, or a sweep has ended it.
        if (!(error instanceof ApiError) || error.code !== doneCode) throw error;
      });
    }
    for (const [i, { isDone }] of [counted, ...wishes].entries()) {
      await until(`number ${i} of ${path} is done`, DONE_WITHIN_MS, isDone);
    }
    await settle(world);
    // Each has moved its pieces once: one more would be another sum.
    for (const skuId of allocated) {
      const [left, given] = [await stockOf(world, skuId, SAMPLE.sourceWarehouse), await stockOf(world, skuId)];
      expect(left.onHandQty + given.onHandQty).toBe(ON_HAND);
      if (path.includes('allocation')) expect(given.onHandQty).toBe(1 + cuts.length);
    }
    await world.stopHost();
    const readShown: CheckOptions['readShown'] = ({ id: shopId }, { itemId, platformSkuId: skuId }) =>
      shownOf(world, { shopId, itemId, skuId });
    expect(await violationsIn(world, { readShown })).toEqual([]);
    await world.startHost();
  },
  240_000,
);
