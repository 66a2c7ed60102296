import * as z from 'zod';
import { Id, orNull, Pieces } from './common';
import { LINES_MAX } from './stock';

/** SKUs of a document's lines, and the warehouse that its pieces are to come from. */
export const StockCheckBody = z.object({
  warehouseId: orNull(Id).meta({ description: 'warehouse to look into; null where only the SKUs are checked' }),
  skuIds: z.array(Id).max(LINES_MAX),
});

const CheckedSku = z
  .object({
    skuId: z.string(),
    title: z.string().nullable().meta({ description: 'null where there is no such SKU' }),
    onHandQty: Pieces,
    heldQty: Pieces,
    availableQty: Pieces,
  })
  .meta({ id: 'CheckedSku' });
export type CheckedSku = z.infer<typeof CheckedSku>;

export const CheckedSkus = z.object({ rows: z.array(CheckedSku) }).meta({ id: 'CheckedSkus' });
export type CheckedSkus = z.infer<typeof CheckedSkus>;
