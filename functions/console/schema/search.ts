import * as z from 'zod';
import { ChannelName } from './common';

/** What a person types into the search field: an order number, a SKU, a shop, a warehouse, an allocation order. */
export const SearchQuery = z.strictObject({
  q: z.string().trim().min(1).max(200).meta({ description: 'text to search for' }),
});

const SearchHit = z
  .object({
    kind: z.enum(['platform-order', 'delivery-order', 'sku', 'shop', 'warehouse', 'allocation-order', 'stock-entry']),
    id: z.string(),
    title: z.string(),
    shopId: z.string().optional(),
    orderNo: z.string().optional(),
    channel: ChannelName.optional().meta({ description: 'of a platform order' }),
  })
  .meta({ id: 'SearchHit' });
export type SearchHit = z.infer<typeof SearchHit>;

export const SearchAnswer = z.object({ hits: z.array(SearchHit) }).meta({ id: 'SearchAnswer' });
export type SearchAnswer = z.infer<typeof SearchAnswer>;
