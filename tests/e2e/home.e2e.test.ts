import * as z from 'zod';
import { until } from '../../infra/local/demo/api';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import type { HomeAttention } from '../../functions/console/schema/home';
import { Home } from '../../functions/console/schema/home';
import { shanghaiDayMs } from '../../shared/domain/stock/stock-summary';
import { readSummaries } from '../../shared/procedures/summarise-stock';
import { violationsIn } from './invariants';
import { LocalWorld } from './local-world';
import { buy, newListing, offer, putListing, untilConversion, untilStatus } from './steps';

jest.setTimeout(120_000);

// The first page of the console, over real orders and movements of a host that is at work.

const { sourceWarehouse: SOURCE, distributionWarehouse: TARGET } = SAMPLE;

let world: LocalWorld;

beforeAll(async () => {
  world = await LocalWorld.start();
}, 60_000);

afterAll(() => world.close());

/** Unknown members are a fault, too: the page's types come from the schema. */
const Strict = strict(Home) as typeof Home;

function strict(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, of]) => [name, strict(of)]);
    return z.strictObject(Object.fromEntries(shape) as Record<string, z.ZodType>);
  }
  if (schema instanceof z.ZodArray) return z.array(strict(schema.element as z.ZodType));
  if (schema instanceof z.ZodNullable) return strict(schema.unwrap() as z.ZodType).nullable();
  if (schema instanceof z.ZodUnion) return z.union(schema.options.map((option) => strict(option as z.ZodType)));
  return schema;
}

async function home(): Promise<Home> {
  const answer = Strict.parse(await world.host.get<unknown>('/api/home'));
  const failed = Object.entries(answer).filter(([, part]) => typeof part === 'object' && part.error !== null);
  expect(failed).toEqual([]);
  return answer;
}

const counted = ({ attention }: Home, kind: HomeAttention['kind']): HomeAttention | undefined =>
  attention.value?.find((row) => row.kind === kind);

const stockOf = ({ stock }: Home, id: string) => stock.value?.warehouses.find(({ warehouseId }) => warehouseId === id);

describe('GET /api/home', () => {
  it('shows stock by warehouse, pieces in and out and movers at once, before anything is summed up', async () => {
    const before = await home();
    const was = stockOf(before, TARGET) ?? { onHandQty: 0, heldQty: 0 };
    const goods = await offer(world, 'HOME', { shown: 20, onHand: 20 });
    const purchase = await buy(world, [{ listing: goods.tmall, quantity: 3 }]);
    await untilStatus(world, purchase, 'pending-audit');
    const after = await home();
    expect(stockOf(after, TARGET)).toMatchObject({
      ...{ onHandQty: was.onHandQty + 20, heldQty: was.heldQty + 3, kind: 'distribution' },
      availableQty: was.onHandQty + 20 - was.heldQty - 3,
    });
    const lastHours = (page: Home): number => sumOf(page.stock.value?.hours.slice(-2).map(({ inQty }) => inQty) ?? []);
    expect(lastHours(after) - lastHours(before)).toBe(20);
    expect(after.stock.value?.complete).toBe(true);
    expect(after.stock.value?.movers.todayFromMs).toBe(shanghaiDayMs(after.nowMs));
    expect(after.stock.value?.movers.today).toContainEqual({
      ...{ skuId: 'HOME', title: 'HOME', qty: 3, atLeastQty: 3, link: '/stock/balances?skuId=HOME' },
    });
  });

  it('counts orders by shop and hour, and what a platform has pushed a moment ago is among them', async () => {
    const before = await home();
    const goods = await offer(world, 'HOURLY', { shown: 20, onHand: 20 });
    const purchases = [];
    for (const listing of [goods.tmall, goods.tmall, goods.doudian]) {
      purchases.push(await buy(world, [{ listing, quantity: 1 }]));
    }
    for (const purchase of purchases) await untilStatus(world, purchase, 'pending-audit');
    const after = await home();
    const ofShop = (page: Home, shopId: string) => page.orders.value?.shops.find((shop) => shop.shopId === shopId);
    const more = (shopId: string): number =>
      sumOf(ofShop(after, shopId)?.perHour ?? []) - sumOf(ofShop(before, shopId)?.perHour ?? []);
    expect([more(SAMPLE_SHOPS.tmall), more(SAMPLE_SHOPS.doudian)]).toEqual([2, 1]);
    expect(after.orders.value?.hoursMs).toHaveLength(24);
  });

  it('counts the orders that wait for a mapping, for stock or for a person, and says of which shop', async () => {
    const goods = await offer(world, 'LACK', { shown: 9, onHand: 1 });
    const lacking = await buy(world, [{ listing: goods.doudian, quantity: 2 }]);
    await untilStatus(world, lacking, 'out-of-stock');
    const unknown = newListing(SAMPLE_SHOPS.tmall);
    await putListing(world, unknown, { merchantCode: 'NOBODY-KNOWS-IT', stockQty: 5 });
    const parked = await buy(world, [{ listing: unknown, quantity: 1 }]);
    await untilConversion(world, parked, 'unmapped');
    const page = await home();
    expect(counted(page, 'out-of-stock')).toMatchObject({
      ...{ count: 1, orMore: false, link: '/orders/delivery-orders?status=out-of-stock' },
      byShop: [{ shopId: SAMPLE_SHOPS.doudian, count: 1 }],
    });
    expect(counted(page, 'unmapped-orders')).toMatchObject({
      ...{ count: 1, byShop: [{ shopId: SAMPLE_SHOPS.tmall, count: 1 }] },
    });
    for (const kind of ['out-of-stock', 'unmapped-orders'] as const) {
      const oldestAtMs = counted(page, kind)?.oldestAtMs ?? 0;
      expect(Math.abs(page.nowMs - oldestAtMs)).toBeLessThan(120_000);
    }
    expect(counted(page, 'quarantine')).toMatchObject({ count: 0, oldestAtMs: null });
  });

  it('wakes the orders that it counts as lacking stock when stock comes in', async () => {
    const goods = await offer(world, 'CURED', { shown: 9, onHand: 1 });
    const lacking = await buy(world, [{ listing: goods.tmall, quantity: 2 }]);
    await untilStatus(world, lacking, 'out-of-stock');
    const lines = [{ skuId: 'CURED', qty: 5 }];
    await world.host.post('/api/stock-entries', { id: 'RK-cure', type: 'receipt', warehouseId: TARGET, lines });
    await untilStatus(world, lacking, 'pending-audit');
    const out = counted(await home(), 'out-of-stock');
    expect(out?.byShop.find(({ shopId }) => shopId === SAMPLE_SHOPS.tmall)).toBeUndefined();
  });

  it('shows how long changes of stock took to the shops', async () => {
    const goods = await offer(world, 'SYNCED', { shown: 0, onHand: 10 });
    await world.host.put('/api/ratio-strategies/home', {
      ...{ name: 'home', enabled: true, shopIds: [SAMPLE_SHOPS.tmall], skuIds: ['SYNCED'], warehouseIds: [TARGET] },
      ...{ ratioBp: 10_000, version: 0 },
    });
    await world.host.post(`/api/shops/${SAMPLE_SHOPS.tmall}/download-items`);
    const { rows } = await world.host.get<{ rows: { shopId: string; version: number }[] }>('/api/shop-strategies');
    const version = rows.find(({ shopId }) => shopId === SAMPLE_SHOPS.tmall)?.version ?? 0;
    await world.host.put(`/api/shop-strategies/${SAMPLE_SHOPS.tmall}`, { stockSyncEnabled: true, version });
    const shows = (qty: number) =>
      until(`the shop shows ${qty}`, 30_000, async () => {
        const { itemId, skuId } = goods.tmall;
        const path = `/api/sync-queue/${SAMPLE_SHOPS.tmall}/${itemId}?platformSkuId=${skuId}&limit=1`;
        const page = await world.host
          .get<{ rows: { qty: number; status: string }[] }>(path)
          .catch(() => ({ rows: [] }));
        return page.rows[0]?.qty === qty && page.rows[0].status === 'pushed' ? true : undefined;
      });
    await shows(10);
    const lines = [{ skuId: 'SYNCED', qty: 7 }];
    await world.host.post('/api/stock-entries', { id: 'RK-more', type: 'receipt', warehouseId: TARGET, lines });
    await shows(17);
    const { sync } = await home();
    const sample = sync.value?.samples.filter(({ skuId }) => skuId === 'SYNCED').at(-1);
    expect(sample?.link).toBe(`/operations/sync-queue?shopId=${SAMPLE_SHOPS.tmall}&skuId=SYNCED`);
    expect(sample && sample.changedAtMs <= sample.computedAtMs && sample.computedAtMs <= sample.pushedAtMs).toBe(true);
    expect(sync.value?.changeToPushed?.medianMs).toBeLessThan(30_000);
  });

  it('moves pieces between warehouses without calling them in or out', async () => {
    const lines = [{ skuId: 'HOME', qty: 6 }];
    await world.host.post('/api/stock-entries', { id: 'RK-src', type: 'receipt', warehouseId: SOURCE, lines });
    const before = await home();
    const order = { sourceWarehouseId: SOURCE, targetWarehouseId: TARGET, lines, version: 0 };
    await world.host.put('/api/allocation-orders/FH-home', order);
    await world.host.post('/api/allocation-orders/FH-home/audit');
    const after = await home();
    const flows = (page: Home) => {
      const hours = page.stock.value?.hours.slice(-2) ?? [];
      return [
        sumOf(hours.map(({ inQty }) => inQty)),
        sumOf(hours.map(({ outQty }) => outQty)),
        sumOf(hours.map(({ transferredQty }) => transferredQty)),
      ];
    };
    const [inQty = 0, outQty = 0, transferredQty = 0] = flows(before);
    expect(flows(after)).toEqual([inQty, outQty, transferredQty + 6]);
    const onHand = (page: Home, id: string): number => stockOf(page, id)?.onHandQty ?? 0;
    expect(onHand(after, TARGET) - onHand(before, TARGET)).toBe(6);
    expect(onHand(after, SOURCE) - onHand(before, SOURCE)).toBe(-6);
  });

  it('is refused without a login', async () => {
    const response = await fetch(`${world.hostUrl}/api/home`);
    expect(response.status).toBe(401);
  });

  it('says of stock what the ledgers do, once all is at rest', async () => {
    const page = await home();
    await world.stopHost();
    const { store, close } = await world.openStore();
    try {
      const balances = new Map<string, { onHandQty: number; heldQty: number }>();
      const last = new Map<string, { warehouseId: string; onHandQty: number; heldQty: number }>();
      for (let after: { pk: string; sk: string } | undefined; ; ) {
        const found = await store.scan(after, 500);
        for (const { key, value } of found) {
          const [kind, warehouseId = ''] = key.pk.split('#');
          if (kind !== 'ledger') continue;
          const { balance } = value as { balance: { onHandQty: number; heldQty: number } };
          last.set(key.pk, { warehouseId, ...balance });
        }
        after = found.at(-1)?.key;
        if (!after) break;
      }
      for (const { warehouseId, onHandQty, heldQty } of last.values()) {
        const sum = balances.get(warehouseId) ?? { onHandQty: 0, heldQty: 0 };
        balances.set(warehouseId, { onHandQty: sum.onHandQty + onHandQty, heldQty: sum.heldQty + heldQty });
      }
      const said = (page.stock.value?.warehouses ?? []).map(({ warehouseId, onHandQty, heldQty }) => [
        warehouseId,
        { onHandQty, heldQty },
      ]);
      expect(Object.fromEntries(said)).toEqual(Object.fromEntries(balances));
      // The summaries are young: they have counted what is older than 150 s, if the tests before took so long.
      expect(await readSummaries(store)).toHaveLength(4);
    } finally {
      await close();
    }
    expect((await violationsIn(world)).filter((fault) => fault.startsWith('1:'))).toEqual([]);
  });
});

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
