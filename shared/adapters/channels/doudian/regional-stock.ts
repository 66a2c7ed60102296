import * as z from 'zod/mini';
import { wholeNumber } from '../json64';

/** Stock per warehouse of a SKU with regional stock 区域库存; such a SKU shows no number of its own. */
export const stockMap = z.nullish(z.record(z.string(), wholeNumber));

/** What all regions show together; 0 where there is no stock by region. */
export function regionalStock(map: z.infer<typeof stockMap>): number {
  return Object.values(map ?? {}).reduce((sum, qty) => sum + qty, 0);
}
