import * as z from 'zod';
import { CONVERSION_ZH } from '../../../shared/domain/order/received-order';
import {
  ChannelName,
  FromMs,
  Id,
  keysOf,
  ListQuery,
  orNull,
  pageOf,
  PageQuery,
  ShownLogLine,
  TimeMs,
  ToMs,
} from './common';
import { PLATFORM_FACTS, PLATFORM_LINE, PlatformOrderStatusName } from './platform-facts';

export const ConversionName = keysOf(CONVERSION_ZH);

/** What may be asked of the list of platform orders. */
export const PlatformOrderQuery = ListQuery.extend({
  channel: ChannelName.optional().meta({ description: 'shops of one platform' }),
  shopId: Id.optional().meta({ description: 'one shop; all if not given' }),
  conversion: ConversionName.optional(),
  orderNo: Id.optional().meta({ description: 'exact order number of the platform' }),
  fromMs: FromMs,
  toMs: ToMs,
});

const ROW = {
  channel: ChannelName,
  shopId: z.string(),
  orderNo: z.string(),
  status: PlatformOrderStatusName,
  platformStatus: z.string().meta({ description: "the platform's own word" }),
  createdAtMs: TimeMs.meta({ description: 'when the buyer ordered, by the platform' }),
  modifiedAtMs: TimeMs,
  payableFen: z.int(),
  fetchedAtMs: TimeMs,
  rawHash: z.string(),
  conversion: ConversionName,
  conversionText: z.string(),
  unmapped: z.array(z.string()).meta({ description: 'listings that wait for their SKU' }),
};

/** A row of the list of platform orders 平台订单. */
export const PlatformOrderRow = z.object(ROW).meta({ id: 'PlatformOrderRow' });
export type PlatformOrderRow = z.infer<typeof PlatformOrderRow>;

export const PlatformOrderPage = pageOf('PlatformOrderPage', PlatformOrderRow);
export type PlatformOrderPage = z.infer<typeof PlatformOrderPage>;

const PlatformOrderLine = z
  .object({
    ...PLATFORM_LINE,
    merchantCode: z.string().nullable(),
  })
  .meta({ id: 'PlatformOrderLine' });

/** The order as our adapter reads what the platform sent. */
const ReadOrder = z
  .object({
    ...PLATFORM_FACTS,
    channel: ChannelName,
    orderNo: z.string(),
    platformStatus: z.string(),
    stockTakenAt: z.enum(['order', 'payment']),
    lines: z.array(PlatformOrderLine),
  })
  .meta({ id: 'ReadPlatformOrder' });

/** A platform order with its newest version, as it was read and as it came, and its log, newest first. */
export const PlatformOrderView = z
  .object({
    ...ROW,
    log: z.array(ShownLogLine),
    order: orNull(ReadOrder),
    raw: z.string().nullable().meta({ description: 'the text that the platform sent, never edited' }),
    deliveryOrder: z
      .object({ id: z.string(), status: z.string(), statusText: z.string() })
      .nullable()
      .meta({ description: 'the delivery order that was made of it' }),
  })
  .meta({ id: 'PlatformOrder' });
export type PlatformOrderView = z.infer<typeof PlatformOrderView>;

/** What may be asked of the quarantine. */
export const QuarantineQuery = ListQuery.extend({
  shopId: Id.optional().meta({ description: 'one shop; all if not given' }),
  fromMs: FromMs,
  toMs: ToMs,
});

/** What could not be read or had, kept aside 隔离区. `text` is shown as text, whatever it holds. */
export const QuarantineRow = z
  .object({
    id: z.string(),
    shopId: z.string(),
    source: z.enum(['push', 'order']),
    orderNo: z.string().nullable(),
    reason: z.string(),
    text: z.string(),
    receivedAtMs: TimeMs.meta({ description: 'since when it stands here' }),
    lookedAtMs: TimeMs.nullable().meta({ description: 'when the order was last asked for; never for a push' }),
  })
  .meta({ id: 'QuarantinedItem' });
export type QuarantineRow = z.infer<typeof QuarantineRow>;

export const QuarantinePage = pageOf('QuarantinePage', QuarantineRow);

export const QuarantinePath = z.strictObject({
  shopId: Id.meta({ description: 'shop' }),
  id: Id.meta({ description: 'id of the item' }),
});

/** What became of an order in quarantine that was read again 重新读取. */
export const ReadAgainAnswer = z
  .object({
    shopId: z.string(),
    orderNo: z.string(),
    takenOut: z.boolean().meta({ description: 'the order is stored; else it stays in quarantine' }),
    reason: z.string().nullable().meta({ description: 'why it stays, where it does' }),
  })
  .meta({ id: 'ReadAgain' });
export type ReadAgainAnswer = z.infer<typeof ReadAgainAnswer>;

export const ParkedQuery = PageQuery.extend({ order: ListQuery.shape.order });

/** A message that a queue function could not do, kept aside. */
export const ParkedRow = z
  .object({
    id: z.string(),
    functionName: z.string(),
    code: z.string(),
    atMs: TimeMs,
    text: z.string(),
    textBytes: z.int(),
  })
  .meta({ id: 'ParkedMessage' });
export type ParkedRow = z.infer<typeof ParkedRow>;

export const ParkedPage = pageOf('ParkedPage', ParkedRow);
