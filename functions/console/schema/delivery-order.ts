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

/** A row of the list of delivery orders 零售发货单: nothing of its receiver but the region, and no log. */
export const DeliveryOrderRow = z
  .object({
    id: z.string(),
    channel: ChannelName,
    shopId: z.string(),
    orderNo: z.string(),
    warehouseId: z.string(),
    status: DeliveryStatusName,
    statusText: z.string(),
    pieces: Pieces.meta({ description: 'pieces wanted: lines that are not refunded' }),
    holds: z
      .array(z.object({ skuId: z.string(), wantedQty: Pieces, heldQty: Pieces }))
      .meta({ description: 'pieces wanted and held of each SKU' }),
    lackingSkus: z.array(z.string()).meta({ description: 'SKUs that it waits for 缺货' }),
    unmapped: z.array(z.string()).meta({ description: 'listings without a SKU 未匹配' }),
    audit: orNull(AuditVerdict),
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

export const LineRefundName = z.enum(['none', 'in-progress', 'succeeded']);
export const DepositPhaseName = z.enum(['none', 'nothing-paid', 'deposit-paid', 'all-paid', 'forfeited']);
export const PlatformOrderStatusName = z.enum([
  'unpaid',
  'paid-do-not-ship',
  'to-ship',
  'part-shipped',
  'shipped',
  'finished',
  'closed',
]);

/** As the platform masks it. */
export const Receiver = z
  .object({
    name: z.string(),
    phone: z.string(),
    province: z.string(),
    city: z.string(),
    district: z.string(),
    address: z.string(),
    token: z.string(),
  })
  .meta({ id: 'Receiver', description: 'masked by the platform, kept as it came' });

const DeliveryLine = z
  .object({
    lineNo: z.string(),
    itemId: z.string(),
    platformSkuId: z.string().nullable(),
    skuId: z.string(),
    title: z.string(),
    quantity: Pieces,
    unitPriceFen: z.int(),
    paidFen: z.int(),
    gift: z.boolean(),
    presale: z.boolean(),
    refund: LineRefundName,
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
    id: z.string(),
    channel: ChannelName,
    shopId: z.string(),
    orderNo: z.string(),
    warehouseId: z.string(),
    status: DeliveryStatusName,
    statusText: z.string(),
    goal: z.enum(['hold', 'release', 'ship']),
    lines: z.array(DeliveryLine),
    unmapped: z.array(z.string()),
    holds: z.array(StockHold),
    platform: z.object({
      status: PlatformOrderStatusName,
      modifiedAtMs: TimeMs,
      createdAtMs: TimeMs,
      paidAtMs: TimeMs.nullable(),
      deposit: DepositPhaseName,
      payableFen: z.int(),
      freightFen: z.int(),
      buyerMemo: z.string(),
      sellerMemo: z.string(),
      buyerNick: z.string(),
      receiver: Receiver,
    }),
    audit: orNull(AuditVerdict),
    pieces: Pieces,
    lackingSkus: z.array(z.string()),
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
