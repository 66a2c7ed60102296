import * as z from 'zod';
import { STATUS_ZH } from '../../../shared/domain/order/delivery-states';
import {
  ChannelName,
  FromMs,
  Id,
  keysOf,
  ListQuery,
  orNull,
  pageOf,
  Pieces,
  ShownLogLine,
  TimeMs,
  ToMs,
} from './common';
import { PLATFORM_FACTS, PLATFORM_LINE } from './platform-facts';

export const DeliveryStatusName = keysOf(STATUS_ZH);

/** What may be asked of the list of delivery orders. */
export const DeliveryOrderQuery = ListQuery.extend({
  shopId: Id.optional().meta({ description: 'one shop; all if not given' }),
  status: DeliveryStatusName.optional(),
  orderNo: Id.optional().meta({ description: 'exact order number of the platform' }),
  fromMs: FromMs,
  toMs: ToMs,
});

/** Why the rules stopped an order, and when they look again. */
export const AuditVerdict = z
  .object({
    strategyId: z.string().nullable(),
    strategyVersion: z.int(),
    reasons: z.array(z.object({ rule: z.string(), text: z.string() })),
    againAtMs: TimeMs.nullable(),
  })
  .meta({ id: 'AuditVerdict' });

/** What a row and the whole order both say. */
const HEAD = {
  id: z.string(),
  channel: ChannelName,
  shopId: z.string(),
  orderNo: z.string(),
  warehouseId: z.string(),
  status: DeliveryStatusName,
  statusText: z.string(),
  pieces: Pieces.meta({ description: 'pieces wanted: lines that are not refunded' }),
  lackingSkus: z.array(z.string()).meta({ description: 'SKUs that it waits for 缺货' }),
  unmapped: z.array(z.string()).meta({ description: 'listings without a SKU 未匹配' }),
  audit: orNull(AuditVerdict),
};

/** A row of the list of delivery orders 零售发货单: nothing of its receiver but the region, and no log. */
export const DeliveryOrderRow = z
  .object({
    ...HEAD,
    holds: z
      .array(z.object({ skuId: z.string(), wantedQty: Pieces, heldQty: Pieces }))
      .meta({ description: 'pieces wanted and held of each SKU' }),
    platformStatus: z.string(),
    payableFen: z.int(),
    paidAtMs: TimeMs.nullable(),
    orderedAtMs: TimeMs.meta({ description: 'when the buyer ordered, by the platform' }),
    hasBuyerMemo: z.boolean(),
    hasSellerMemo: z.boolean(),
    province: z.string(),
    city: z.string(),
    createdAtMs: TimeMs,
    changedAtMs: TimeMs.meta({ description: 'time of the newest line of its log' }),
  })
  .meta({ id: 'DeliveryOrderRow' });

export type DeliveryOrderRow = z.infer<typeof DeliveryOrderRow>;

export const DeliveryOrderPage = pageOf('DeliveryOrderPage', DeliveryOrderRow);
export type DeliveryOrderPage = z.infer<typeof DeliveryOrderPage>;

const DeliveryLine = z
  .object({
    ...PLATFORM_LINE,
    skuId: z.string(),
  })
  .meta({ id: 'DeliveryLine' });

/** A movement that a document has decided on. */
export const MovementIntent = z
  .object({
    id: z.string(),
    warehouseId: z.string(),
    skuId: z.string(),
    kind: z.enum([
      'receipt',
      'adjustment-in',
      'adjustment-out',
      'hold',
      'release',
      'ship',
      'transfer-out',
      'transfer-in',
    ]),
    qty: Pieces,
    seenNumber: z.int(),
  })
  .meta({ id: 'MovementIntent' });

const StockHold = z
  .object({
    skuId: z.string(),
    wantedQty: Pieces,
    heldQty: Pieces,
    attempt: z.int(),
    intent: orNull(MovementIntent),
    lacking: z.boolean(),
  })
  .meta({ id: 'StockHold' });

/** A delivery order 零售发货单 with its operation log 操作日志, newest first. */
export const DeliveryOrderView = z
  .object({
    ...HEAD,
    goal: z.enum(['hold', 'release', 'ship']),
    lines: z.array(DeliveryLine),
    holds: z.array(StockHold),
    platform: z.object(PLATFORM_FACTS),
    createdAtMs: TimeMs,
    log: z.array(ShownLogLine),
    actions: z
      .array(z.enum(['audit', 'pick', 'ship', 'cancel', 'resume']))
      .meta({ description: 'what its status lets a person do now' }),
  })
  .meta({ id: 'DeliveryOrder' });

export type DeliveryOrderView = z.infer<typeof DeliveryOrderView>;

/** Body of a cancellation. */
export const ReasonBody = z.object({ reason: z.string().trim().min(1).max(200) });
