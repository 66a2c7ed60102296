import { createHash } from 'node:crypto';
import cliProgress from 'cli-progress';
import { SAMPLE_SHOPS } from '../host/data-folder';
import type { ReplayOrder } from '../replay/load-orders';
import { demandBySku, loadReplayOrders, loadReplaySkus } from '../replay/load-orders';
import { ApiError, until } from './api';
import type { Report } from './report';
import { SAMPLE } from './sample-brand';
import type { World } from './walk-stock';

/** SKUs of one platform item: sellers put the variants of a product together, and stock is written item by item. */
const SKUS_PER_ITEM = 10;

/** Buyers at once, and orders a second: about 50,000 times the pace of the shop that the orders come from. */
const BUYERS = 16;
const ORDERS_PER_SECOND = 100;

/** A buyer pays after so many other orders (people take 8 s, at this pace 0.2 s), or changes their mind after so many. */
const PAYS_AFTER = 20;
const SECOND_THOUGHTS_AFTER = 60;

/** Every so many SKUs gets less stock than its buyers want. */
const SCARCE_EVERY = 8;

const FAULTS = { loseMessages: 0.02, duplicateMessages: 0.1, delayMessagesMs: [0, 300], reorderMessages: 0.2 };

interface Listing {
  readonly shopId: string;
  readonly itemId: string;
  readonly skuId: string;
}

/** What takes seconds on one machine's file can take minutes on a cloud's engines all on one busy machine. */
const PATIENCE_MS = 180_000;

/**
 * Replays real orders: bought in both shops' sandboxes while messages are lost, repeated, late and out of order; with
 * buyers who never pay, cancel, or send a line back. Stock is received beforehand so that some SKUs sell out.
 */
export async function replayOrders(
  world: World,
  report: Report,
  options: { orders: number; dataFolder: string },
): Promise<void> {
  const orders = loadReplayOrders(options.dataFolder, options.orders);
  const demand = demandBySku(orders);
  report.heading(
    `Replay of ${orders.length} real orders (${[...demand.values()].reduce((a, b) => a + b, 0)} pieces of ${demand.size} SKUs)`,
  );
  const listings = await offer(world, options.dataFolder, demand);
  const received = await receive(world, demand);
  await world.host.put('/api/ratio-strategies/tmall-60', await fullTmallShare(world));
  const onSale = await until(
    'every piece is on sale in exactly one shop',
    PATIENCE_MS,
    async () => {
      const pieces = await piecesShown(world, demand);
      return pieces === received ? pieces : undefined;
    },
    300,
  );
  report.step(
    'stock received, allocated and shown',
    `allocated ${received} pieces to the distribution warehouse`,
    received,
    onSale,
  );
  await world.sandbox.put('/sandbox/faults', FAULTS);
  report.line(`faults: ${JSON.stringify(FAULTS)}`);
  const sales = await buyAll(world, orders, listings, report);
  await world.sandbox.put('/sandbox/faults', {});
  report.line(
    `bought ${sales.bought}, moved to the other shop ${sales.otherShop}, turned away (both shelves empty) ${sales.turnedAway}`,
  );
  await settle(world);
  await checkNoneLost(world, report);
}

async function offer(
  world: World,
  dataFolder: string,
  demand: ReadonlyMap<string, number>,
): Promise<Map<string, Record<string, Listing>>> {
  const skus = loadReplaySkus(dataFolder).filter((sku) => demand.has(sku.skuId));
  for (let i = 0; i < skus.length; i += 500) {
    await world.host.post('/api/skus', {
      skus: skus.slice(i, i + 500).map(({ skuId, title }) => ({ id: skuId, title })),
    });
  }
  const listings = new Map<string, Record<string, Listing>>();
  for (const shopId of Object.values(SAMPLE_SHOPS)) {
    const items: object[] = [];
    for (let i = 0; i < skus.length; i += SKUS_PER_ITEM) {
      // Ids of 19 digits, as platforms have them: beyond 2^53.
      const itemId = `36000000000000${String(10_000 + i)}`;
      const group = skus.slice(i, i + SKUS_PER_ITEM).map((sku, j) => {
        const skuId = `17000000000000${String(10_000 + i + j)}`;
        listings.set(sku.skuId, { ...listings.get(sku.skuId), [shopId]: { shopId, itemId, skuId } });
        return { skuId, merchantCode: sku.skuId, title: sku.title, priceFen: sku.priceFen, stockQty: 0 };
      });
      items.push({ itemId, title: skus[i]?.title ?? itemId, priceFen: skus[i]?.priceFen ?? 0, skus: group });
    }
    for (let i = 0; i < items.length; i += 20)
      await world.sandbox.post('/sandbox/items', { shopId, items: items.slice(i, i + 20) });
    await world.host.post(`/api/shops/${shopId}/download-items`);
  }
  return listings;
}

async function receive(world: World, demand: ReadonlyMap<string, number>): Promise<number> {
  const lines = [...demand].map(([skuId, wanted], i) => ({
    skuId,
    qty: i % SCARCE_EVERY === 0 ? Math.max(1, Math.floor(wanted * 0.6)) : Math.ceil(wanted * 1.3) + 2,
  }));
  const { sourceWarehouse, distributionWarehouse } = SAMPLE;
  for (let i = 0; i < lines.length; i += 500) {
    const part = lines.slice(i, i + 500);
    await world.host.post('/api/stock-entries', {
      id: `RK-replay-${i}`,
      type: 'receipt',
      warehouseId: sourceWarehouse,
      lines: part,
    });
    const id = `FH-replay-${i}`;
    await world.host.put(`/api/allocation-orders/${id}`, {
      sourceWarehouseId: sourceWarehouse,
      targetWarehouseId: distributionWarehouse,
      lines: part,
      version: 0,
    });
    await postPatiently(world, `/api/allocation-orders/${id}/audit`);
  }
  return lines.reduce((sum, line) => sum + line.qty, 0);
}

/** A large document on slow engines can take longer than a request may: 503 says so, and the same call goes on with it. */
async function postPatiently(world: World, path: string): Promise<void> {
  await until(
    `POST ${path}`,
    PATIENCE_MS,
    async () => {
      try {
        await world.host.post(path);
        return true;
      } catch (error) {
        if (error instanceof ApiError && error.status === 503) return false;
        throw error;
      }
    },
    1_000,
  );
}

async function fullTmallShare(world: World): Promise<object> {
  const { rows } = await world.host.get<{ rows: { id: string; version: number }[] }>('/api/ratio-strategies');
  return {
    ...{ name: 'tmall-main 60%', enabled: true, shopIds: [SAMPLE_SHOPS.tmall], skuIds: null, ratioBp: 6_000 },
    ...{
      warehouseIds: [SAMPLE.distributionWarehouse],
      version: rows.find((row) => row.id === 'tmall-60')?.version ?? 0,
    },
  };
}

async function piecesShown(world: World, demand: ReadonlyMap<string, number>): Promise<number> {
  let pieces = 0;
  for (const shopId of Object.values(SAMPLE_SHOPS)) {
    const { items } = await world.sandbox.get<{ items: { skus: { merchantCode: string; stockQty: number }[] }[] }>(
      `/sandbox/items?shopId=${shopId}`,
    );
    for (const item of items) for (const sku of item.skus) if (demand.has(sku.merchantCode)) pieces += sku.stockQty;
  }
  return pieces;
}

async function buyAll(
  world: World,
  orders: readonly ReplayOrder[],
  listings: ReadonlyMap<string, Record<string, Listing>>,
  report: Report,
): Promise<{ bought: number; otherShop: number; turnedAway: number }> {
  const sales = { bought: 0, otherShop: 0, turnedAway: 0 };
  const later: { after: number; act: () => Promise<void> }[] = [];
  const bar = progressBar(orders.length, report);
  const startedAtMs = Date.now();
  let next = 0;
  const buyer = async (): Promise<void> => {
    for (;;) {
      const i = next;
      next += 1;
      const order = orders[i];
      if (!order) return;
      const dueMs = startedAtMs + (i * 1_000) / ORDERS_PER_SECOND;
      if (dueMs > Date.now()) await new Promise((resolve) => setTimeout(resolve, dueMs - Date.now()));
      const sold = await buy(world, order, listings);
      if (!sold) {
        sales.turnedAway += 1;
      } else {
        sales.bought += 1;
        if (sold.otherShop) sales.otherShop += 1;
        const { orderNo } = sold;
        let paid = Promise.resolve();
        if (order.outcome !== 'unpaid-closed') {
          let done = (): void => undefined;
          paid = new Promise<void>((resolve) => (done = resolve));
          later.push({
            after: i + PAYS_AFTER,
            act: () => world.sandbox.post(`/sandbox/orders/${orderNo}/pay`).then(done),
          });
        }
        const act = secondThoughts(world, order, orderNo);
        if (act) later.push({ after: i + SECOND_THOUGHTS_AFTER, act: () => paid.then(act) });
      }
      const due = later.filter((item) => item.after <= i);
      for (const item of due) later.splice(later.indexOf(item), 1);
      for (const { act } of due) await act();
      bar.update(i + 1);
    }
  };
  await Promise.all(Array.from({ length: BUYERS }, buyer));
  for (const { act } of later.sort((a, b) => a.after - b.after)) await act();
  bar.stop();
  return sales;
}

async function buy(
  world: World,
  order: ReplayOrder,
  listings: ReadonlyMap<string, Record<string, Listing>>,
): Promise<{ orderNo: string; otherShop: boolean } | undefined> {
  const tmallFirst = (createHash('sha256').update(order.orderId).digest()[0] ?? 0) % 10 < 6;
  const shops = tmallFirst ? [SAMPLE_SHOPS.tmall, SAMPLE_SHOPS.doudian] : [SAMPLE_SHOPS.doudian, SAMPLE_SHOPS.tmall];
  for (const [attempt, shopId] of shops.entries()) {
    const lines = order.lines.map((line) => {
      const listing = listings.get(line.skuId)?.[shopId];
      return { itemId: listing?.itemId, skuId: listing?.skuId, quantity: line.quantity };
    });
    try {
      const { orderNo } = await world.sandbox.post<{ orderNo: string }>('/sandbox/orders', {
        shopId,
        lines,
        pay: false,
      });
      return { orderNo, otherShop: attempt > 0 };
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'SOLD_OUT') throw error;
    }
  }
  return undefined;
}

function secondThoughts(world: World, order: ReplayOrder, orderNo: string): (() => Promise<void>) | undefined {
  if (order.outcome === 'paid') return undefined;
  if (order.outcome !== 'partial-refund')
    return () => world.sandbox.post<undefined>(`/sandbox/orders/${orderNo}/cancel`).then(() => undefined);
  return async () => {
    const { lines } = await world.sandbox.get<{ lines: { lineNo: string }[] }>(`/sandbox/orders/${orderNo}`);
    const lineNo = lines[0]?.lineNo;
    await world.sandbox.post(`/sandbox/orders/${orderNo}/refund`, { lineNo, action: 'request' });
    await world.sandbox.post(`/sandbox/orders/${orderNo}/refund`, { lineNo, action: 'agree' });
  };
}

interface Status {
  readonly waiting: Readonly<Record<string, number>>;
  readonly poolSkus: number;
  readonly coverage: readonly { toMs?: number }[];
}

/** Waits until the pull has covered the last purchase and nothing is open any more, three looks in a row. */
export async function settle(world: World): Promise<void> {
  const lastChangeMs = Date.now();
  let quiet = 0;
  await until(
    'everything is settled',
    PATIENCE_MS,
    async () => {
      const status = await world.host.get<Status>('/api/status');
      const { busMessages } = await world.host.get<{ busMessages: number }>('/metrics');
      const covered = status.coverage.every((shop) => (shop.toMs ?? 0) > lastChangeMs + 1_000);
      const still =
        covered &&
        busMessages === 0 &&
        status.poolSkus === 0 &&
        Object.values(status.waiting).every((count) => count === 0);
      quiet = still ? quiet + 1 : 0;
      return quiet >= 3;
    },
    500,
  );
}

async function checkNoneLost(world: World, report: Report): Promise<void> {
  const bought: string[] = [];
  const held: string[] = [];
  for (const shopId of Object.values(SAMPLE_SHOPS)) {
    for (let after = ''; ; ) {
      const { orders } = await world.sandbox.get<{ orders: { orderNo: string }[] }>(
        `/sandbox/orders?shopId=${shopId}&limit=1000${after && `&after=${after}`}`,
      );
      bought.push(...orders.map((order) => order.orderNo));
      after = orders.at(-1)?.orderNo ?? '';
      if (orders.length < 1_000) break;
    }
    for (let after = ''; ; ) {
      const page = await world.host.get<{ rows: { orderNo: string }[]; next: string | null }>(
        `/api/platform-orders?shopId=${shopId}&limit=200${after && `&after=${encodeURIComponent(after)}`}`,
      );
      held.push(...page.rows.map((row) => row.orderNo));
      if (page.next === null) break;
      after = page.next;
    }
  }
  const known = new Set(held);
  const missing = bought.filter((orderNo) => !known.has(orderNo));
  report.step(
    'no order is lost',
    `compared ${bought.length} orders of the platforms with ours`,
    { missing: [], ours: bought.length },
    { missing: missing.slice(0, 5), ours: known.size },
  );
}

function progressBar(total: number, report: Report): { update: (done: number) => void; stop: () => void } {
  if (process.stdout.isTTY) {
    const bar = new cliProgress.SingleBar(
      { format: '  buying [{bar}] {percentage}% | {value}/{total} | {duration_formatted}' },
      cliProgress.Presets.shades_classic,
    );
    bar.start(total, 0);
    return { update: (done) => bar.update(done), stop: () => bar.stop() };
  }
  let shownTenths = 0;
  return {
    update: (done) => {
      const tenths = Math.floor((done * 10) / total);
      if (tenths > shownTenths) report.line(`buying ${tenths * 10} % (${done} of ${total})`);
      shownTenths = Math.max(shownTenths, tenths);
    },
    stop: () => undefined,
  };
}
