import * as z from 'zod';
import { Pieces, TimeMs } from './common';

// What a platform says of an order: the platform order and the delivery order made of it repeat it in the same words.

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
const Receiver = z
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

/** Members of an order as the platform says them. */
export const PLATFORM_FACTS = {
  status: PlatformOrderStatusName,
  modifiedAtMs: TimeMs,
  createdAtMs: TimeMs,
  paidAtMs: TimeMs.nullable(),
  deposit: z.enum(['none', 'nothing-paid', 'deposit-paid', 'all-paid', 'forfeited']),
  payableFen: z.int(),
  freightFen: z.int(),
  buyerMemo: z.string(),
  sellerMemo: z.string(),
  buyerNick: z.string(),
  receiver: Receiver,
};

/** Members of a line as the platform says them. */
export const PLATFORM_LINE = {
  lineNo: z.string(),
  itemId: z.string(),
  platformSkuId: z.string().nullable(),
  title: z.string(),
  quantity: Pieces,
  unitPriceFen: z.int(),
  paidFen: z.int(),
  gift: z.boolean(),
  presale: z.boolean(),
  refund: z.enum(['none', 'in-progress', 'succeeded']),
};
