import { countIdle } from './count-idle';
import { countOrders } from './count-orders';
import { countStock } from './count-stock';
import { countSync } from './count-sync';
import type { Rows } from './row';

/** All counts, the same in every run: a set clock, a seeded chance, one step after the other. */
export async function countRows(): Promise<Rows> {
  return { ...(await countOrders()), ...(await countStock()), ...(await countSync()), ...(await countIdle()) };
}
