import { pullModified } from '../../../functions/order-ingestion/pull-modified';
import { DOUDIAN_SHOP, listingOf } from '../brand';
import { doudianOrder } from '../doudian-orders';
import type { CountingWorld } from './counting-world';
import { countingWorld } from './counting-world';
import type { Rows } from './row';

/** Lines of an order: one, the two that targets are set for, and a long one. */
const LINES = [1, 2, 5] as const;
const BATCHES = [10, 100] as const;

/** Stock of every SKU: more than any row sells. */
const STOCK_QTY = 1_000;

/** Longer than the platforms' clocks may differ, so that an order read now is known to be whole (its store step). */
const SETTLED_AFTER_MS = 60_000;

/**
 * Orders from the signed push to the audited delivery order, and their stock changes into the pool. Cold: no two orders
 * share a SKU. Hot: all orders of the batch are for the same SKUs.
 */
export async function countOrders(): Promise<Rows> {
  const rows: Rows = {};
  for (const lines of LINES) {
    rows[`order/${lines}-line/alone`] = await countBatch(lines, 1, 'cold');
    for (const batch of BATCHES) {
      for (const heat of ['cold', 'hot'] as const)
        rows[`order/${lines}-line/batch-${batch}-${heat}`] = await countBatch(lines, batch, heat);
    }
  }
  rows['order/second-look/batch-100'] = await countSecondLook(100);
  return rows;
}

async function countBatch(lines: number, batch: number, heat: 'cold' | 'hot'): Promise<Rows[string]> {
  const counting = await worldFor(lines * batch);
  await sell(counting, lines, batch, heat);
  await counting.world.deliver();
  return counting.tally.per(batch);
}

/** The pull comes by and looks once more at orders that were read in the second in which they were made. */
async function countSecondLook(batch: number): Promise<Rows[string]> {
  const counting = await worldFor(2 * batch);
  await counting.world.invoke('order-ingestion', pullModified);
  await sell(counting, 2, batch, 'cold');
  await counting.world.deliver();
  counting.clock.pass(SETTLED_AFTER_MS);
  counting.tally.reset();
  await counting.world.invoke('order-ingestion', pullModified);
  return counting.tally.per(batch);
}

const worldFor = (skuCount: number): Promise<CountingWorld> =>
  countingWorld({ skuCount, stockQty: STOCK_QTY, shops: 'both' });

/** Buyers place orders; each is pushed by itself, as it happens. */
async function sell({ world, clock, platform }: CountingWorld, lines: number, batch: number, heat: 'cold' | 'hot') {
  for (let n = 0; n < batch; n += 1) {
    const skus = Array.from({ length: lines }, (_, line) => (heat === 'hot' ? line : n * lines + line));
    const order = doudianOrder(n, skus, clock.nowMs());
    platform.place(order, clock.nowMs());
    for (const sku of skus) platform.buy(DOUDIAN_SHOP.shopId, listingOf(sku));
    await world.push(order);
  }
}
