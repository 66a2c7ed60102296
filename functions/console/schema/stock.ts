import * as z from 'zod';
import { LINE_QUANTITY_MAX } from '../../../shared/domain/kernel/quantity';
import { FromMs, Id, keysOf, ListQuery, LogLine, orNull, pageOf, PageQuery, Pieces, TimeMs, ToMs } from './common';
import { MovementIntent } from './delivery-order';

/** Lines of one stock document at most: its intents lie in one item of 400 KB. */
export const LINES_MAX = 500;

/** Path of one SKU in one warehouse. */
export const StockPath = z.strictObject({
  warehouseId: Id.meta({ description: 'warehouse' }),
  skuId: Id.meta({ description: 'SKU' }),
});

const BALANCE = {
  onHandQty: Pieces,
  heldQty: Pieces.meta({ description: 'promised to orders, not yet shipped' }),
  availableQty: Pieces.meta({ description: 'on hand less held' }),
};

/** Balance 结存 of one SKU in one warehouse. */
export const StockBalance = z
  .object({
    warehouseId: z.string(),
    skuId: z.string(),
    ...BALANCE,
    ledgerNumber: z.int().meta({ description: 'newest entry of its ledger; 0 for none' }),
    changedAtMs: TimeMs.nullable(),
  })
  .meta({ id: 'StockBalance' });
export type StockBalance = z.infer<typeof StockBalance>;

/** What may be asked of the list of stock. */
export const StockQuery = PageQuery.extend({
  skuId: Id.optional().meta({ description: 'beginning of the SKU id' }),
  warehouseId: Id.optional().meta({ description: 'one warehouse; all if not given' }),
});

/** One SKU with its stock in all warehouses. */
export const StockRow = z
  .object({
    skuId: z.string(),
    title: z.string(),
    ...BALANCE,
    changedAtMs: TimeMs.nullable(),
    warehouses: z.array(StockBalance).meta({ description: 'warehouses that it has a ledger in' }),
  })
  .meta({ id: 'StockRow', description: 'a SKU with the sums over its warehouses' });
export type StockRow = z.infer<typeof StockRow>;

export const StockPage = pageOf('StockPage', StockRow);
export type StockPage = z.infer<typeof StockPage>;

/** What may be asked of a ledger. */
export const LedgerQuery = ListQuery;

const SourceDocument = z
  .object({
    kind: z.enum(['delivery-order', 'allocation-order', 'stock-entry']),
    id: z.string(),
    shopId: z.string().nullable(),
    orderNo: z.string().nullable(),
  })
  .meta({ id: 'SourceDocument', description: 'the document that caused the movement' });
export type SourceDocument = z.infer<typeof SourceDocument>;

export const LedgerMovement = z
  .object({
    id: z.string(),
    kind: MovementIntent.shape.kind,
    kindText: z.string(),
    qty: Pieces,
    void: z.enum(['lack-of-stock', 'cancelled']).optional().meta({ description: 'set where it changed nothing 作废' }),
    source: z.object({
      type: z.enum(['delivery-order', 'allocation-order', 'receipt', 'adjustment']),
      id: z.string(),
      shopId: z.string().optional(),
    }),
    document: SourceDocument,
  })
  .meta({ id: 'LedgerMovement' });

/** One entry of the stock ledger 库存流水: what it changed, and the balance after it. */
export const LedgerRow = z
  .object({
    number: z.int(),
    movements: z.array(LedgerMovement),
    balance: z.object(BALANCE),
    delta: z.object(BALANCE).meta({ description: 'what the entry changed' }),
    atMs: TimeMs,
  })
  .meta({ id: 'LedgerEntry' });
export type LedgerRow = z.infer<typeof LedgerRow>;

export const LedgerPage = pageOf('LedgerPage', LedgerRow);
export type LedgerPage = z.infer<typeof LedgerPage>;

/** How far a document has come in moving its stock. */
export const StockWork = z
  .object({
    phase: z.enum(['hold', 'give-back', 'take-out', 'bring-in']),
    attempt: z.int(),
    intents: z.array(MovementIntent),
    lacking: z.array(z.string()),
  })
  .meta({ id: 'StockWork' });

export const StockEntryType = z.enum(['receipt', 'adjustment']);

/** Status of a stock entry, as the console shows it. */
export const ENTRY_STATUS_ZH = { posting: '过账中', posted: '已过账', refused: '未过账' } as const;

/** A receipt 入库 or an adjustment 调整. */
export const StockEntryView = z
  .object({
    id: z.string(),
    type: StockEntryType,
    warehouseId: z.string(),
    lines: z.array(z.object({ skuId: z.string(), qty: Pieces })),
    reason: z.string(),
    status: keysOf(ENTRY_STATUS_ZH),
    statusText: z.string(),
    work: orNull(StockWork),
    lacking: z.array(z.string()),
    createdAtMs: TimeMs,
    log: z.array(LogLine),
  })
  .meta({ id: 'StockEntry' });
export type StockEntryView = z.infer<typeof StockEntryView>;

/** A row of the list of stock entries. */
export const StockEntryRow = z
  .object({
    id: z.string(),
    type: StockEntryType,
    warehouseId: z.string(),
    reason: z.string(),
    status: keysOf(ENTRY_STATUS_ZH),
    statusText: z.string(),
    lineCount: z.int(),
    pieces: Pieces.meta({ description: 'sum of its lines; an adjustment may be negative' }),
    lacking: z.array(z.string()),
    createdBy: z.string(),
    createdAtMs: TimeMs,
  })
  .meta({ id: 'StockEntryRow' });
export type StockEntryRow = z.infer<typeof StockEntryRow>;

export const StockEntryPage = pageOf('StockEntryPage', StockEntryRow);
export type StockEntryPage = z.infer<typeof StockEntryPage>;

export const StockEntryQuery = ListQuery.extend({
  type: StockEntryType.optional(),
  warehouseId: Id.optional().meta({ description: 'one warehouse' }),
  fromMs: FromMs,
  toMs: ToMs,
});

export const StockEntryBody = z.object({
  id: Id,
  type: StockEntryType,
  warehouseId: Id,
  reason: z.string().max(200).default(''),
  lines: z.array(z.object({ skuId: Id, qty: z.int().min(-LINE_QUANTITY_MAX).max(LINE_QUANTITY_MAX) })).max(LINES_MAX),
});
