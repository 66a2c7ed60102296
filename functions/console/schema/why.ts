import * as z from 'zod';
import { orNull, Pieces, TimeMs } from './common';
import { LedgerRow } from './stock';
import { PlatformSkuId, QuantityReason, Sentence, SyncRecordView, SyncStatusName } from './sync';

/** Which record of a listing is explained. */
export const WhyQuery = z.strictObject({
  platformSkuId: PlatformSkuId,
  number: z.coerce
    .number()
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .meta({ description: 'number of the record; the newest if not given' }),
});

const StockNow = z
  .object({ ledgerNumber: z.int(), availableQty: Pieces, atMs: TimeMs.nullable() })
  .meta({ id: 'StockNow', description: 'newest entry of the ledger; number 0 for none' });

const WhyStep = z
  .discriminatedUnion('step', [
    z.object({
      step: z.literal('balance'),
      warehouseId: z.string(),
      skuId: z.string(),
      ledgerNumber: z.int(),
      qty: Pieces,
      entry: orNull(LedgerRow).meta({ description: 'the entry that it was read from; null for an empty ledger' }),
      now: StockNow,
    }),
    z.object({ step: z.literal('sum'), qty: Pieces }),
    z.object({
      step: z.literal('ratio'),
      ratioBp: z.int(),
      ratioFrom: z.enum(['strategy', 'exception']),
      strategyId: z.string(),
      strategyVersion: z.int(),
      presentVersion: z.int().nullable().meta({ description: 'version of that strategy now; null if it is gone' }),
      isPresent: z.boolean().meta({ description: 'this version still decides for the listing' }),
      exact: z.string().meta({ description: 'the product in pieces before rounding, such as 58.2' }),
    }),
    z.object({ step: z.literal('rounding'), qty: Pieces }),
    z.object({ step: z.literal('remainder'), remainderQty: Pieces, ratioSumBp: z.int(), qty: Pieces }),
    z.object({ step: z.literal('reserve'), reserveQty: Pieces, qty: Pieces }),
    z.object({ step: z.literal('cap'), maxQty: Pieces, qty: Pieces }),
    z.object({
      step: z.literal('push'),
      mode: z.enum(['set', 'add']).nullable().meta({ description: 'null where nothing had to be written' }),
      qty: Pieces.meta({ description: 'what was written: the quantity, or the change' }),
      key: z.string().nullable(),
      status: SyncStatusName,
      statusText: z.string(),
      shownQty: Pieces.nullable(),
      failure: z.object({ code: z.string(), message: z.string() }).nullable(),
    }),
  ])
  .meta({ id: 'WhyStep', description: 'one step from what lies in the warehouses to what the shop shows' });
export type WhyStep = z.infer<typeof WhyStep>;

const WhyReason = z
  .object({
    code: z.enum([
      'no-mapping',
      'unmapped',
      'shop-inactive',
      'sync-disabled',
      'no-strategy',
      'never-pushed',
      'remapped',
      'stock-moved',
      'strategy-changed',
      'ratio-changed',
      'caps-changed',
      'shares-changed',
      'in-flight',
      'outcome-unknown',
      'retry-later',
      'failed-for-good',
      'suspect',
      'pool-pending',
      'resync-pending',
    ]),
    zh: z.string(),
    en: z.string(),
  })
  .meta({ id: 'WhyReason' });

/** Why a shop shows what it shows of a listing, what it would show if computed now, and why the two differ. */
export const WhyAnswer = z
  .object({
    shopId: z.string(),
    itemId: z.string(),
    platformSkuId: z.string().nullable(),
    skuId: z.string().nullable(),
    record: orNull(SyncRecordView).meta({ description: 'null where nothing was ever pushed' }),
    isNewest: z.boolean(),
    steps: z.array(WhyStep),
    delays: z
      .object({
        stockChangedAtMs: TimeMs.nullable().meta({
          description: 'newest of the ledger entries that it was computed from',
        }),
        computedAtMs: TimeMs,
        pushedAtMs: TimeMs.nullable(),
        stockToComputedMs: z.int().nullable(),
        computedToPushedMs: z.int().nullable(),
      })
      .nullable(),
    now: z
      .object({ qty: Pieces, why: Sentence, reason: QuantityReason })
      .nullable()
      .meta({ description: 'what it would be if computed now; null where nothing is pushed' }),
    differs: z.boolean().meta({ description: 'what it would be now is not what the newest record says' }),
    reasons: z.array(WhyReason).meta({ description: 'what keeps it so; empty where all is well' }),
    nowMs: TimeMs,
  })
  .meta({ id: 'Why' });
export type WhyAnswer = z.infer<typeof WhyAnswer>;
