import { pushRatioStock } from '../../../functions/ratio-sync-push/push-ratio-stock';
import { DOUDIAN_SHOP, listingOf, skuIdOf, WAREHOUSE } from '../brand';
import { callConsole } from '../console-calls';
import { doudianOrder } from '../doudian-orders';
import type { CountingWorld } from './counting-world';
import { countingWorld } from './counting-world';
import type { Rows } from './row';

const SKUS = [1, 100] as const;

/** Each SKU is listed once in each of the two shops. */
const LISTINGS_PER_SKU = 2;

/** A minute, the timer's period in the clouds. */
const LATER_MS = 60_000;

/**
 * One run of the push timer over SKUs whose stock has moved, per listing that is brought to its quantity: set on Taobao,
 * added under a key on Doudian. After a sale Doudian's own number has moved by itself, so it is read first.
 */
export async function countSync(): Promise<Rows> {
  const rows: Rows = {};
  for (const skus of SKUS) {
    rows[`sync-push/restock-of-${skus}`] = await countPush(skus, restock);
    rows[`sync-push/sale-of-${skus}`] = await countPush(skus, sale);
  }
  return rows;
}

async function countPush(
  skus: number,
  move: (counting: CountingWorld, skus: number) => Promise<void>,
): Promise<Rows[string]> {
  const counting = await countingWorld({ skuCount: skus, stockQty: 100, shops: 'both' });
  const { world, tally, clock } = counting;
  const push = (): Promise<void> => world.invoke('ratio-sync-push', pushRatioStock);
  // What the shops show is known before: the first push of a listing reads it.
  await restock(counting, skus);
  await push();
  clock.pass(LATER_MS);
  await move(counting, skus);
  clock.pass(LATER_MS);
  tally.reset();
  await push();
  return tally.per(skus * LISTINGS_PER_SKU);
}

let receipts = 0;

async function restock({ world }: CountingWorld, skus: number): Promise<void> {
  receipts += 1;
  const lines = Array.from({ length: skus }, (_, n) => ({ skuId: skuIdOf(n), qty: 100 }));
  const body = { id: `R${String(receipts).padStart(6, '0')}`, type: 'receipt', warehouseId: WAREHOUSE, lines };
  await world.invoke('console', (run) => callConsole(run, 'POST', '/api/stock-entries', body));
  await world.deliver();
}

/** Of 200 pieces 120 are shown; three sold leave 118 to show where Doudian, by itself, shows 117: each shop is written to. */
const BUYERS_PER_SKU = 3;

/** Buyers of each SKU, all in the shop on Doudian. */
async function sale({ world, clock, platform }: CountingWorld, skus: number): Promise<void> {
  for (let n = 0; n < skus * BUYERS_PER_SKU; n += 1) {
    const order = doudianOrder(n, [n % skus], clock.nowMs());
    platform.place(order, clock.nowMs());
    platform.buy(DOUDIAN_SHOP.shopId, listingOf(n % skus));
    await world.push(order);
  }
  await world.deliver();
}
