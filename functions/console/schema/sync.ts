import * as z from 'zod';
import { SYNC_STATUS_ZH } from '../../../shared/domain/sync/sync-record';
import { FromMs, Id, keysOf, ListQuery, pageOf, Pieces, TimeMs, ToMs } from './common';

export const SyncStatusName = keysOf(SYNC_STATUS_ZH);

/** What may be asked of the sync queue. */
export const SyncQueueQuery = ListQuery.extend({
  shopId: Id.optional().meta({ description: 'one shop; all if not given' }),
  status: SyncStatusName.optional(),
  skuId: Id.optional().meta({ description: 'one SKU' }),
  fromMs: FromMs,
  toMs: ToMs,
});

const BalanceUsed = z
  .object({
    warehouseId: z.string(),
    ledgerNumber: z.int().meta({ description: 'ledger entry that it was read from; 0 for an empty ledger' }),
    availableQty: Pieces,
  })
  .meta({ id: 'BalanceUsed' });

/** The derivation of a quantity, as it is kept with the record. */
export const QuantityReason = z
  .object({
    balances: z.array(BalanceUsed),
    availableQty: Pieces,
    ratioBp: z.int(),
    ratioFrom: z.enum(['strategy', 'exception']),
    strategyId: z.string(),
    strategyVersion: z.int(),
    flooredQty: Pieces,
    remainderQty: Pieces,
    ratioSumBp: z.int(),
    reserveQty: Pieces,
    maxQty: Pieces.nullable(),
  })
  .meta({ id: 'QuantityReason' });

/** A sentence in both languages. */
export const Sentence = z.object({ zh: z.string(), en: z.string() }).meta({ id: 'Sentence' });

/** A record of the stock sync queue 库存同步队列. */
export const SyncRecordView = z
  .object({
    number: z.int(),
    shopId: z.string(),
    itemId: z.string(),
    platformSkuId: z.string().nullable(),
    skuId: z.string(),
    qty: Pieces,
    reason: QuantityReason,
    status: SyncStatusName,
    statusText: z.string(),
    why: Sentence,
    write: z.object({ mode: z.enum(['set', 'add']), qty: Pieces, key: z.string() }).nullable(),
    deadlineMs: z.int(),
    shownQty: Pieces.nullable(),
    suspectQty: Pieces.nullable(),
    failure: z.object({ code: z.string(), message: z.string() }).nullable(),
    failures: z.int(),
    retryAtMs: TimeMs.nullable(),
    recheckAtMs: TimeMs.nullable(),
    createdAtMs: TimeMs,
    finishedAtMs: TimeMs.nullable(),
  })
  .meta({ id: 'SyncRecord' });
export type SyncRecordView = z.infer<typeof SyncRecordView>;

export const SyncQueuePage = pageOf('SyncQueuePage', SyncRecordView);
export type SyncQueuePage = z.infer<typeof SyncQueuePage>;

export const ListingPath = z.strictObject({
  shopId: Id.meta({ description: 'shop' }),
  itemId: Id.meta({ description: "the platform's item" }),
});

/** Which of an item's SKUs; none for an item that has no SKUs of its own. */
export const PlatformSkuId = Id.optional().meta({ description: "the platform's SKU, for an item that has SKUs" });

export const ListingQuery = z.strictObject({
  platformSkuId: PlatformSkuId,
  limit: z.coerce.number().int().min(1).max(200).default(20),
});

export const ListingRecords = z.object({ rows: z.array(SyncRecordView) }).meta({ id: 'ListingRecords' });

export const PoolQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(1_000).default(50) });

/** A SKU in the stock change pool 库存异动计算缓存池. */
export const PoolRow = z
  .object({
    skuId: z.string(),
    title: z.string(),
    counter: z.int().meta({ description: 'changes since it came in' }),
    sinceMs: TimeMs.meta({ description: 'time of the oldest of them' }),
  })
  .meta({ id: 'PoolEntry' });
export type PoolRow = z.infer<typeof PoolRow>;

export const PoolPage = z
  .object({
    rows: z.array(PoolRow),
    next: z.null().meta({ description: 'the pool has no pages: it is emptied all the time' }),
    more: z.boolean().meta({ description: 'there are more than these, the oldest' }),
    nowMs: TimeMs,
  })
  .meta({ id: 'PoolPage' });
export type PoolPage = z.infer<typeof PoolPage>;

export const RetryBody = z.object({ skuIds: z.array(Id).min(1).max(200) });
export const RetriedSkus = z.object({ skus: z.int() }).meta({ id: 'RetriedSkus' });
export const ReadBackListings = z.object({ listings: z.int() }).meta({ id: 'ReadBackListings' });

export const Coverage = z
  .object({ shopId: z.string(), fromMs: TimeMs.optional(), toMs: TimeMs.optional() })
  .meta({ id: 'Coverage', description: 'which time the pull of orders has covered' });

export type Coverage = z.infer<typeof Coverage>;

/** What waits, and how far everything has come. */
export const SystemStatus = z
  .object({
    nowMs: TimeMs,
    waiting: z.record(z.string(), z.int()).meta({ description: 'waiting documents by kind, counted up to a bound' }),
    poolSkus: z.int().nullable().meta({ description: 'null where the pool does not answer' }),
    coverage: z.array(Coverage),
    computedUpToMs: TimeMs.nullable().meta({
      description: 'stock changes up to then are in the quantities of the shops',
    }),
  })
  .meta({ id: 'SystemStatus' });
export type SystemStatus = z.infer<typeof SystemStatus>;
