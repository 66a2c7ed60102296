import * as z from 'zod';
import { SYNC_STATUS_ZH } from '../../../shared/domain/sync/sync-record';
import { Id, keysOf, orNull, pageOf, PageQuery, Pieces, TimeMs, Version } from './common';

/** What may be asked of the list of mappings. */
export const MappingQuery = PageQuery.extend({
  shopId: Id.optional().meta({ description: 'one shop; all if not given' }),
  unmapped: z.enum(['true', 'false']).default('false').meta({ description: 'only listings without a SKU' }),
  skuId: Id.optional().meta({ description: 'listings of this SKU' }),
  itemId: Id.optional().meta({ description: 'listings of this item of the platform, all on one page' }),
});

/** What a saved document still has to bring to the shops. */
export const Resync = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.enum(['sku', 'read-back']),
      skuId: z.string(),
      alsoSkuIds: z.array(z.string()).readonly().optional(),
      untilMs: TimeMs.optional(),
    }),
    z.object({
      kind: z.literal('shops'),
      shopIds: z.array(z.string()).readonly(),
      after: z.string().nullable(),
      fromMs: TimeMs.optional(),
      readBack: z.literal(true).optional(),
    }),
  ])
  .meta({ id: 'Resync', description: 'what it still has to bring to the shops; null when done' });

/** Platform item ↔ SKU 商品对应. */
export const Mapping = z
  .object({
    shopId: z.string(),
    itemId: z.string(),
    platformSkuId: z.string().nullable(),
    skuId: z.string().nullable().meta({ description: 'null while nobody has said which SKU it is 未匹配' }),
    source: z.enum(['merchant-code', 'manual']),
    merchantCode: z.string().nullable(),
    title: z.string(),
    version: z.int(),
    resync: orNull(Resync),
  })
  .meta({ id: 'Mapping' });

const LastSync = z
  .object({
    number: z.int(),
    qty: Pieces.meta({ description: 'quantity that the shop shall show' }),
    shownQty: Pieces.nullable().meta({ description: 'what the platform shows by our count; null while unknown' }),
    status: keysOf(SYNC_STATUS_ZH),
    statusText: z.string(),
    atMs: TimeMs,
  })
  .meta({ id: 'LastSync', description: 'newest record of the listing in the sync queue' });

/** A row of the list of mappings. */
export const MappingRow = Mapping.extend({
  syncEnabled: z.boolean().meta({ description: 'its shop is active and its platform stock sync is ticked' }),
  lastSync: orNull(LastSync),
}).meta({ id: 'MappingRow' });
export type MappingRow = z.infer<typeof MappingRow>;

export const MappingPage = pageOf('MappingPage', MappingRow);
export type MappingPage = z.infer<typeof MappingPage>;

export const MappingBody = z.object({
  shopId: Id,
  itemId: Id,
  platformSkuId: Id.nullable(),
  skuId: Id,
  version: Version,
});

export const SavedMapping = Mapping.extend({
  revived: z.int().meta({ description: 'orders that had waited for it' }),
}).meta({ id: 'SavedMapping' });

export const DownloadQuery = z.object({
  leftItems: z.coerce.number().int().min(1).max(1_000_000).optional().meta({
    description: 'goes on where an earlier download has left so many items; all if not given',
  }),
});

export const DownloadedItems = z
  .object({
    ...{ listings: z.int(), mapped: z.int(), unmapped: z.int() },
    leftItems: z
      .int()
      .meta({ description: 'items that the time did not suffice for: ask again with it; 0 at the end' }),
  })
  .meta({ id: 'DownloadedItems' });
