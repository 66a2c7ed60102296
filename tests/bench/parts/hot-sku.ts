import { systemClock } from '../../../shared/adapters/system/system';
import { availableQty, EMPTY_BALANCE } from '../../../shared/domain/stock/ledger';
import type { OrderRef } from '../../../shared/procedures/convert-platform-orders';
import { convertPlatformOrders } from '../../../shared/procedures/convert-platform-orders';
import { readLedgers } from '../../../shared/procedures/post-movements';
import { skuIdOf, WAREHOUSE } from '../brand';
import { doudianOrder } from '../doudian-orders';
import type { Part } from '../result';
import { targetOf } from '../result';
import { newSqliteWorld, storeOrders } from '../sqlite-world';
import { inFlight, msOf } from '../statistics';

/** What the part measures, and its targets. */
const ORDERS = 5_000;
const PIECES = 1_000;
const AT_ONCE = 64;
const APPENDS_PER_ORDER_MAX = 0.05;

/** Orders each by itself: fewer, since each loses races against all others that are in flight. */
const ORDERS_ALONE = 500;
const PIECES_ALONE = 100;

const HOT = 0;

/** What became of orders for one SKU. */
interface Sale {
  readonly how: string;
  readonly orders: number;
  readonly pieces: number;
  readonly accepted: number;
  readonly waiting: number;
  readonly availableQty: number;
  readonly appends: number;
  readonly ms: number;
}

/** The part `hot-sku`: everybody wants the same, and there is not enough of it. */
export const HOT_SKU: Part = {
  name: 'hot-sku',
  about: `${ORDERS} orders for one SKU with ${PIECES} in stock, ${AT_ONCE} at a time`,
  byDefault: true,
  run: async (progress) => {
    progress(0, `${ORDERS} orders in batches of ${AT_ONCE}`);
    const batches = await sell(`batches of ${AT_ONCE}`, ORDERS, PIECES, (refs, convert) =>
      inFlight(
        Array.from({ length: Math.ceil(refs.length / AT_ONCE) }, (_, i) => refs.slice(i * AT_ONCE, (i + 1) * AT_ONCE)),
        1,
        convert,
      ),
    );
    progress(0.7, `${ORDERS_ALONE} orders, each by itself`);
    const alone = await sell(`each by itself, ${AT_ONCE} in flight`, ORDERS_ALONE, PIECES_ALONE, (refs, convert) =>
      inFlight(refs, AT_ONCE, (ref) => convert([ref])),
    );
    const sales = [batches, alone];
    const oversold = sales.reduce((sum, { accepted, pieces }) => sum + Math.max(0, accepted - pieces), 0);
    return {
      tables: [
        {
          title: 'Hot SKU: one SKU, not enough for all',
          head: ['how', 'orders', 'in stock', 'accepted', 'waiting for stock', 'oversold', 'orders/s', 'appends/order'],
          rows: sales.map(({ how, orders, pieces, accepted, waiting, appends, ms }) => [
            ...[how, orders, pieces, accepted, waiting, Math.max(0, accepted - pieces), (orders * 1_000) / ms],
            (appends / orders).toFixed(3),
          ]),
          notes: [
            'accepted: holds its piece. waiting: out of stock, refused by the ledger, to be served when pieces come in.',
          ],
        },
      ],
      figures: Object.fromEntries(
        sales.flatMap(({ how, orders, ms, appends }): [string, number][] => [
          [`hot-sku ${how} orders/s`, (orders * 1_000) / ms],
          [`hot-sku ${how} appends/order`, appends / orders],
        ]),
      ),
      targets: [
        {
          what: `orders accepted of ${ORDERS}`,
          wanted: `exactly ${PIECES}, every other one waiting, nothing left`,
          found: `${batches.accepted}, ${batches.waiting} waiting, ${batches.availableQty} left`,
          met: batches.accepted === PIECES && batches.waiting === ORDERS - PIECES && batches.availableQty === 0,
        },
        targetOf('appends per order in batches', batches.appends / ORDERS, { most: APPENDS_PER_ORDER_MAX }),
        targetOf('oversold', oversold, { most: 0 }),
      ],
    };
  },
};

async function sell(
  how: string,
  orders: number,
  pieces: number,
  go: (refs: readonly OrderRef[], convert: (batch: readonly OrderRef[]) => Promise<void>) => Promise<void>,
): Promise<Sale> {
  const world = await newSqliteWorld({ skuCount: 1, stockQty: pieces, shops: 'doudian' });
  try {
    const atMs = systemClock.nowMs();
    const refs = await storeOrders(
      world,
      Array.from({ length: orders }, (_, n) => doudianOrder(n, [HOT], atMs)),
    );
    const statuses = new Map<string, number>();
    const convert = async (batch: readonly OrderRef[]): Promise<void> => {
      for (const result of await convertPlatformOrders(world.world.run.ports, batch)) {
        const status = result.kind === 'ok' ? (result.deliveryOrder?.status ?? result.state) : result.error.code;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    const ms = await msOf(() => go(refs, convert));
    const [last] = [...(await readLedgers(world.store, [{ warehouseId: WAREHOUSE, skuId: skuIdOf(HOT) }])).values()];
    return {
      ...{ how, orders, pieces, ms },
      accepted: statuses.get('pending-audit') ?? 0,
      waiting: statuses.get('out-of-stock') ?? 0,
      availableQty: availableQty(last?.balance ?? EMPTY_BALANCE),
      // The first entry is the receipt.
      appends: (last?.number ?? 1) - 1,
    };
  } finally {
    await world.close();
  }
}
