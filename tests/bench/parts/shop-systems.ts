import { systemClock } from '../../../shared/adapters/system/system';
import { stockEntryPlan } from '../../../shared/domain/stock/stock-entry';
import type { StockEntry } from '../../../shared/domain/stock/stock-entry';
import { startStockWork } from '../../../shared/domain/stock/stock-work';
import type { OrderRef } from '../../../shared/procedures/convert-platform-orders';
import { convertPlatformOrders } from '../../../shared/procedures/convert-platform-orders';
import { driveStockEntry, stockDocumentPlaces } from '../../../shared/procedures/drive-stock-documents';
import { keys } from '../../../shared/procedures/keys';
import { readLedgers, seenIn } from '../../../shared/procedures/post-movements';
import { SeededRandom } from '../../support/seeded-random';
import { skuIdOf, WAREHOUSE } from '../brand';
import { rushInProcesses } from '../buyers';
import { doudianOrder } from '../doudian-orders';
import type { Part, Progress, Table, Target } from '../result';
import { shortNumber, targetOf } from '../result';
import type { SqliteWorld } from '../sqlite-world';
import { newSqliteWorld, storeOrders } from '../sqlite-world';
import type { Spread } from '../statistics';
import { inFlight, msOf, spreadOf } from '../statistics';

const SKUS = 5_000;
const ORDERS = 500;
const ROUNDS = 3;
/** Thrown away: code that runs for the first time is slow. */
const WARM_UP_ORDERS = 100;

const IN_FLIGHT = [1, 8, 32] as const;

/** Orders of one call where the queue brings them together: infra/local/host/queues.ts. */
const BATCH = 50;
const BATCHES_AT_ONCE = 2;

const BUYERS = 200;
const PIECES = 100;

/** SKUs whose stock is set one at a time: three commits each, so that all 5,000 could take minutes. */
const SET_ALONE = 300;

/** Lines of one stock entry at most: functions/console/routes/stock-routes.ts. */
const LINES_MAX = 500;

/** Measured by hand on two cores: others' figures, to be seen beside ours. */
const OTHERS = [
  ['Medusa 2.21', '17 by workflow, 64 by bare services', '72 oversold', '3,400'],
  ['Vendure 3.7', '21 on Postgres, 46 on SQLite', '100 oversold on Postgres', '2,600'],
  ['better-sqlite3 by hand', '5,300 full sync, 24,600 normal', '', ''],
] as const;

/** The part `shop-systems`: the same three jobs that shop systems were measured at, in process, without HTTP. */
export const SHOP_SYSTEMS: Part = {
  name: 'shop-systems',
  about: 'J1 orders with stock held, J2 buyers at once, J3 stock set: like for like with shop systems',
  byDefault: true,
  run: async (progress) => {
    const orders = await convertOrders(progress);
    progress(0.6, 'J2: buyers at once');
    const rushes = [await rushInProcesses(1, BUYERS, PIECES), await rushInProcesses(2, BUYERS, PIECES)];
    progress(0.75, 'J3: setting stock');
    const stock = await setStock();
    return {
      tables: [
        ratesTable(
          'J1: orders of two lines converted with their stock held, 5,000 SKUs, full sync',
          'orders/s',
          orders,
          [
            `${ORDERS} orders a round, ${ROUNDS} rounds; stored before, read, mapped, held and saved as a delivery order. "in flight": calls for one order each; "queue": calls for ${BATCH} orders, ${BATCHES_AT_ONCE} at once, as messages come.`,
          ],
        ),
        rushTable(rushes),
        ratesTable('J3: stock of SKUs set', 'SKUs/s', stock, [
          `each a stock entry, saved, moved in its ledger and ended: one line each (${SET_ALONE} SKUs), or ${LINES_MAX} lines (${SKUS} SKUs).`,
        ]),
        {
          title: 'Beside it: shop systems on a machine of two cores',
          head: ['system', 'J1 orders/s', 'J2 with two processes', 'J3 SKUs/s'],
          rows: OTHERS,
          notes: ['measured once, by hand, on another machine of that size: an order of magnitude, no race.'],
        },
      ],
      figures: {
        ...Object.fromEntries([...orders, ...stock].map(({ how, rate }) => [`shop-systems ${how}`, rate.median])),
        ...Object.fromEntries(rushes.map(({ processes, held }) => [`shop-systems J2 ${processes} processes`, held])),
      },
      targets: targetsOf(orders, rushes, stock),
    };
  },
};

interface Rate {
  readonly how: string;
  readonly rate: Spread;
}

async function convertOrders(progress: Progress): Promise<Rate[]> {
  progress(0, 'J1: a brand of 5,000 SKUs');
  const world = await newSqliteWorld({ skuCount: SKUS, stockQty: 1_000_000, shops: 'doudian' });
  const random = new SeededRandom(1);
  let made = 0;
  const freshOrders = (count: number): Promise<OrderRef[]> =>
    storeOrders(
      world,
      Array.from({ length: count }, () =>
        doudianOrder((made += 1), [random.below(SKUS), random.below(SKUS)], systemClock.nowMs()),
      ),
    );
  const measure = async (how: string, convert: (refs: OrderRef[]) => Promise<unknown>): Promise<Rate> => {
    progress(0.1 + made / 15_000, how);
    await convert(await freshOrders(WARM_UP_ORDERS));
    const rates: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const refs = await freshOrders(ORDERS);
      const ms = await msOf(() => convert(refs));
      rates.push((ORDERS * 1_000) / ms);
    }
    return { how, rate: spreadOf(rates) };
  };
  try {
    const rates: Rate[] = [];
    for (const atOnce of IN_FLIGHT) {
      rates.push(
        await measure(`J1 ${atOnce} in flight`, (refs) =>
          inFlight(refs, atOnce, async (ref) => requireConverted(world, [ref])),
        ),
      );
    }
    rates.push(
      await measure('J1 queue', (refs) =>
        inFlight(chunksOf(refs, BATCH), BATCHES_AT_ONCE, (batch) => requireConverted(world, batch)),
      ),
    );
    return rates;
  } finally {
    await world.close();
  }
}

/** Converts, and fails where an order did not get its stock: a rate of refusals would be no rate. */
async function requireConverted({ world }: SqliteWorld, refs: readonly OrderRef[]): Promise<void> {
  const results = await convertPlatformOrders(world.run.ports, refs);
  const held = results.filter((result) => result.kind === 'ok' && result.deliveryOrder?.status === 'pending-audit');
  if (held.length !== refs.length)
    throw new Error(`${refs.length - held.length} of ${refs.length} orders hold nothing`);
}

async function setStock(): Promise<Rate[]> {
  const world = await newSqliteWorld({ skuCount: SKUS, stockQty: 10, shops: 'doudian' });
  const numbers = Array.from({ length: SKUS }, (_, n) => n);
  try {
    const alone: number[] = [];
    const batches: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const some = numbers.slice(0, SET_ALONE);
      const aloneMs = await msOf(() => inFlight(some, 1, (n) => addStock(world, `alone-${round}-${n}`, [n])));
      alone.push((SET_ALONE * 1_000) / aloneMs);
      const batchesMs = await msOf(() =>
        inFlight(chunksOf(numbers, LINES_MAX), BATCHES_AT_ONCE, (batch, i) =>
          addStock(world, `batch-${round}-${i}`, batch),
        ),
      );
      batches.push((SKUS * 1_000) / batchesMs);
    }
    return [
      { how: 'J3 one at a time', rate: spreadOf(alone) },
      { how: 'J3 in batches', rate: spreadOf(batches) },
    ];
  } finally {
    await world.close();
  }
}

/** The steps behind POST /api/stock-entries, one piece more of each SKU. */
async function addStock({ store, world }: SqliteWorld, id: string, skus: readonly number[]): Promise<void> {
  const lines = skus.map((n) => ({ skuId: skuIdOf(n), qty: 1 }));
  const body = { id, type: 'receipt', warehouseId: WAREHOUSE, reason: '', lines } as const;
  const plan = stockEntryPlan(body);
  const ledgers = await readLedgers(store, plan.incoming);
  const work = startStockWork(plan, 1, seenIn(ledgers));
  const atMs = systemClock.nowMs();
  const value: StockEntry = { ...body, status: 'posting', work, lacking: [], createdAtMs: atMs, log: [] };
  const key = keys.stockEntry(id);
  const places = stockDocumentPlaces('stock-entry', key, value, atMs);
  await store.put({ key, expect: 0, value, places });
  const ports = { ...world.run.ports, bus: { publish: async () => undefined } };
  const driven = await driveStockEntry(ports, { key, version: 1, value, places }, ledgers);
  if (driven.status !== 'posted') throw new Error(`stock entry ${id} is ${driven.status}`);
}

function ratesTable(title: string, unit: string, rates: readonly Rate[], notes: readonly string[]): Table {
  return {
    title,
    head: ['how', `${unit} median`, 'min', 'max'],
    rows: rates.map(({ how, rate }) => [how, rate.median, rate.min, rate.max]),
    notes,
  };
}

type Rush = Awaited<ReturnType<typeof rushInProcesses>>;

function rushTable(rushes: readonly Rush[]): Table {
  return {
    title: `J2: ${BUYERS} buyers at once, ${PIECES} pieces in stock`,
    head: ['processes on one store', 'orders that hold a piece', 'pieces held by the ledger', 'oversold', 'ms'],
    rows: rushes.map(({ processes, held, ledgerQty, ms }) => [
      ...[processes, held, ledgerQty, Math.max(0, held - PIECES)].map((value) => shortNumber(value)),
      shortNumber(ms),
    ]),
    notes: ['each buyer is a conversion of its own, all begun at the same moment.'],
  };
}

function targetsOf(orders: readonly Rate[], rushes: readonly Rush[], stock: readonly Rate[]): Target[] {
  const best = Math.max(...orders.map(({ rate }) => rate.median));
  const batches = stock.find(({ how }) => how === 'J3 in batches')?.rate.median ?? Number.NaN;
  const exact = rushes.every(({ held, ledgerQty }) => held === PIECES && ledgerQty === PIECES);
  return [
    targetOf('J1 with full sync, at its best', best, { least: 3_000 }, ' orders/s'),
    {
      what: 'J2',
      wanted: `exactly ${PIECES} in every set-up`,
      found: rushes.map(({ held }) => held).join(', '),
      met: exact,
    },
    targetOf('J3 in batches', batches, { least: 20_000 }, ' SKUs/s'),
  ];
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
