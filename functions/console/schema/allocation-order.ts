import * as z from 'zod';
import { LINE_QUANTITY_MAX } from '../../../shared/domain/kernel/quantity';
import { ALLOCATION_STATUS_ZH } from '../../../shared/domain/stock/allocation-order';
import { FromMs, Id, keysOf, ListQuery, LogLine, orNull, pageOf, Pieces, TimeMs, ToMs, Version } from './common';
import { LINES_MAX, StockWork } from './stock';

export const AllocationStatusName = keysOf(ALLOCATION_STATUS_ZH);

export const AllocationOrderQuery = ListQuery.extend({
  status: AllocationStatusName.optional(),
  fromMs: FromMs,
  toMs: ToMs,
});

const Line = z.object({ skuId: z.string(), qty: Pieces });

/** An allocation order 分货单; `version` is what a save must name. */
export const AllocationOrderView = z
  .object({
    id: z.string(),
    sourceWarehouseId: z.string(),
    targetWarehouseId: z.string(),
    lines: z.array(Line),
    status: AllocationStatusName,
    statusText: z.string(),
    attempt: z.int(),
    work: orNull(StockWork),
    lacking: z.array(z.string()).meta({ description: 'SKUs of which the source had too few' }),
    pieces: Pieces,
    createdAtMs: TimeMs,
    log: z.array(LogLine),
    version: z.int(),
  })
  .meta({ id: 'AllocationOrder' });
export type AllocationOrderView = z.infer<typeof AllocationOrderView>;

/** A row of the list of allocation orders: without its lines, of which it may have hundreds, and its log. */
export const AllocationOrderRow = AllocationOrderView.omit({ lines: true, work: true, log: true, attempt: true })
  .extend({ lineCount: z.int(), createdBy: z.string(), changedAtMs: TimeMs })
  .meta({ id: 'AllocationOrderRow' });
export type AllocationOrderRow = z.infer<typeof AllocationOrderRow>;

export const AllocationOrderPage = pageOf('AllocationOrderPage', AllocationOrderRow);
export type AllocationOrderPage = z.infer<typeof AllocationOrderPage>;

export const AllocationOrderBody = z.object({
  sourceWarehouseId: Id,
  targetWarehouseId: Id,
  lines: z.array(z.object({ skuId: Id, qty: z.int().min(1).max(LINE_QUANTITY_MAX) })).max(LINES_MAX),
  draft: z.boolean().default(false),
  version: Version,
});

/** An audit moves what the person has seen: an order that somebody has changed since is not moved. */
export const AllocationAuditQuery = z.strictObject({
  version: z.coerce.number().int().min(1).optional().meta({
    description:
      'version that the caller has read; one that is no longer the present one is refused. Not checked if not given',
  }),
});
