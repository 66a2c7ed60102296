import * as z from 'zod';
import { orNull, Pieces, TimeMs } from './common';

const AtMs = TimeMs;
const Qty = Pieces;

/**
 * A part of the home page. Each is read by itself: where one cannot be read, `value` is null and `error` its code, and the
 * others are answered all the same.
 */
const part = <T extends z.ZodType>(value: T) =>
  z.object({ value: orNull(value), error: z.string().nullable().describe('error code, null where value is there') });

const AttentionKind = z.enum([
  'unmapped-orders',
  'out-of-stock',
  'audit-stopped',
  'exceptions',
  'push-failing',
  'push-needs-person',
  'quarantine',
  'parked-messages',
]);

/** What somebody should look at. Links are paths of the console's page, with the filters of its lists. */
const Attention = z
  .object({
    kind: AttentionKind,
    title: z.string(),
    titleEn: z.string(),
    count: z.int().min(0).nullable().describe('null where it could not be read'),
    orMore: z.boolean().describe('counting stopped at its bound: so many or more'),
    oldestAtMs: AtMs.nullable(),
    byShop: z.array(z.object({ shopId: z.string(), count: z.int().min(1), orMore: z.boolean(), link: z.string() })),
    note: z.string().nullable().describe('what the number does not cover, if anything'),
    link: z.string(),
    error: z.string().nullable(),
  })
  .meta({ id: 'HomeAttention' });

/** A shop of which no order has come for longer than is usual for it. */
const SilentShop = z
  .object({
    shopId: z.string(),
    title: z.string(),
    newestOrderAtMs: AtMs.nullable(),
    silentForMs: z.int().nullable(),
    usualGapMs: z.int().nullable().describe('longest pause between its latest orders'),
    coveredUpToMs: AtMs.nullable().describe('no order modified before is missing, by the pull'),
    reason: z.enum(['no-order', 'pull-behind']),
    link: z.string(),
  })
  .meta({ id: 'HomeSilentShop' });

/** Documents of one kind that a queue or a timer is to drive on. */
const Waiting = z
  .object({
    kind: z.enum(['conversion', 'holding', 'audit', 'stock-work', 'resync', 'sync']),
    count: z.int().min(0),
    orMore: z.boolean(),
    oldest: orNull(
      z
        .object({
          document: z.string(),
          dueMs: AtMs.describe('from when on the sweep looks at it'),
          overdueMs: z.int().min(0),
          link: z.string().nullable(),
        })
        .meta({ id: 'HomeOldestWaiting' }),
    ),
  })
  .meta({ id: 'HomeWaiting' });

const Orders = z
  .object({
    hoursMs: z.array(AtMs).describe('beginnings of the last 24 hours; the last one is not over'),
    todayFromMs: AtMs.describe('midnight in Asia/Shanghai'),
    today: z.int().min(0),
    yesterdaySameTime: z.int().min(0),
    orMore: z.boolean().describe('an hour was counted up to its bound only'),
    shops: z.array(
      z.object({
        shopId: z.string(),
        title: z.string(),
        perHour: z.array(z.int().min(0)).describe('one number for each of hoursMs'),
        today: z.int().min(0),
        yesterdaySameTime: z.int().min(0),
        link: z.string(),
      }),
    ),
    link: z.string(),
  })
  .meta({ id: 'HomeOrders' });

const Spread = z.object({ medianMs: z.int(), p95Ms: z.int() }).meta({ id: 'HomeSpread' });

/** From a change of stock to the quantity in the shop, of the latest records that a change of stock caused. */
const SyncDelay = z
  .object({
    computedUpToMs: AtMs.nullable(),
    changeToComputed: orNull(Spread),
    computedToPushed: orNull(Spread),
    changeToPushed: orNull(Spread),
    samples: z
      .array(
        z.object({
          shopId: z.string(),
          skuId: z.string(),
          itemId: z.string(),
          platformSkuId: z.string().nullable(),
          number: z.int().min(1),
          changedAtMs: AtMs,
          computedAtMs: AtMs,
          pushedAtMs: AtMs,
          link: z.string(),
        }),
      )
      .describe('oldest first'),
    link: z.string(),
  })
  .meta({ id: 'HomeSyncDelay' });

const Mover = z
  .object({
    skuId: z.string(),
    title: z.string(),
    qty: Qty.describe('pieces held for orders, at most'),
    atLeastQty: Qty.describe('the same at least; equal where the count is exact'),
    link: z.string(),
  })
  .meta({ id: 'HomeMover' });

const Stock = z
  .object({
    asOfMs: AtMs.describe('everything that moved before is counted, as far as the index shows it'),
    complete: z.boolean().describe('false: so much has moved that the numbers are of asOfMs and not of now'),
    warehouses: z.array(
      z.object({
        warehouseId: z.string(),
        title: z.string(),
        kind: z.enum(['source', 'distribution']).nullable(),
        onHandQty: Qty,
        heldQty: Qty,
        availableQty: Qty,
        link: z.string(),
      }),
    ),
    hours: z
      .array(z.object({ hourMs: AtMs, inQty: Qty, outQty: Qty, transferredQty: Qty }))
      .describe('the last 72 hours, oldest first; allocations between warehouses stand apart'),
    movers: z.object({ todayFromMs: AtMs, today: z.array(Mover), yesterday: z.array(Mover) }),
    link: z.string(),
  })
  .meta({ id: 'HomeStock' });

/** GET /api/home: what the first page of the console shows. */
export const Home = z
  .object({
    nowMs: AtMs,
    attention: part(z.array(Attention)),
    silentShops: part(z.array(SilentShop)),
    waiting: part(z.array(Waiting)),
    orders: part(Orders),
    sync: part(SyncDelay),
    stock: part(Stock),
  })
  .meta({ id: 'Home' });

export type Home = z.infer<typeof Home>;
export type HomeAttention = z.infer<typeof Attention>;
export type HomeSilentShop = z.infer<typeof SilentShop>;
export type HomeWaiting = z.infer<typeof Waiting>;
export type HomeOrders = z.infer<typeof Orders>;
export type HomeSyncDelay = z.infer<typeof SyncDelay>;
export type HomeStock = z.infer<typeof Stock>;
