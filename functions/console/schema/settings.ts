import * as z from 'zod';
import { RATIO_BP_MAX } from '../../../shared/domain/kernel/quantity';
import { ChannelName, Id, orNull, pageOf, PageQuery, rowsOf, TimeMs, Title, Version } from './common';
import { Resync } from './mapping';
import { Sentence } from './sync';

/** Basis points: 6000 is 60 %. */
export const RatioBp = z.int().min(0).max(RATIO_BP_MAX).meta({ description: 'basis points: 10,000 are 100 %' });

/** A shop 店铺. */
export const ShopView = z
  .object({
    id: z.string(),
    channel: ChannelName,
    title: z.string(),
    platformShopId: z.string(),
    warehouseIds: z.array(z.string()),
    active: z.boolean(),
    writesPerSecond: z.number(),
    writeBurst: z.int(),
    version: z.int(),
    resync: orNull(Resync).optional(),
  })
  .meta({ id: 'Shop' });

/** A row of the list of shops. */
export const ShopRow = ShopView.extend({
  hasKeys: z.boolean().meta({ description: 'its keys are among the secret settings' }),
  stockSyncEnabled: z.boolean().meta({ description: 'platform stock sync is ticked in its strategy' }),
  coveredToMs: TimeMs.nullable().meta({ description: 'no order is missing up to then; null before the first pull' }),
}).meta({ id: 'ShopRow' });
export type ShopRow = z.infer<typeof ShopRow>;
export const ShopRows = rowsOf('ShopRows', ShopRow);

export const ShopBody = z.object({
  channel: ChannelName,
  title: Title,
  platformShopId: z.string().max(40).default(''),
  warehouseIds: z.array(Id).min(1).max(20),
  active: z.boolean().default(true),
  writesPerSecond: z.number().positive().max(10_000).default(20),
  writeBurst: z.int().positive().max(10_000).default(20),
  version: Version,
});

export const WarehouseKind = z.enum(['source', 'distribution']);

/** A warehouse 逻辑仓. */
export const WarehouseView = z
  .object({ id: z.string(), title: z.string(), kind: WarehouseKind, version: z.int() })
  .meta({ id: 'Warehouse' });
export const WarehouseRows = rowsOf('WarehouseRows', WarehouseView);

export const WarehouseBody = z.object({ title: Title, kind: WarehouseKind, version: Version });

/** A SKU 商品. */
export const SkuView = z.object({ id: z.string(), title: z.string(), version: z.int() }).meta({ id: 'Sku' });
export type SkuView = z.infer<typeof SkuView>;
export const SkuPage = pageOf('SkuPage', SkuView);
export type SkuPage = z.infer<typeof SkuPage>;

export const SkuQuery = PageQuery.extend({ prefix: Id.optional().meta({ description: 'beginning of the id' }) });
export const SkuBody = z.object({ title: Title, version: Version });
export const SkusBody = z.object({
  skus: z
    .array(z.object({ id: Id, title: Title }))
    .min(1)
    .max(500),
});
export const CreatedSkus = z
  .object({
    created: z.int(),
    existing: z.int(),
    mapped: z.int().meta({ description: 'listings that had waited for them' }),
  })
  .meta({ id: 'CreatedSkus' });

/** Any text may be asked for: what could be no id is unknown, too. */
export const SkuCheckBody = z.object({ skuIds: z.array(z.string().max(200)).max(1_000) });
export const UnknownSkus = z.object({ unknown: z.array(z.string()) }).meta({ id: 'UnknownSkus' });

const RatioWarning = z
  .object({
    warehouseId: z.string(),
    skuIds: z
      .array(z.string())
      .nullable()
      .meta({ description: 'the first SKUs of it; null for all that no list names' }),
    skuCount: z.int().nullable(),
    shops: z.array(
      z.object({ shopId: z.string(), strategyId: z.string(), ratioBp: z.int(), syncEnabled: z.boolean() }),
    ),
    ratioSumBp: z.int(),
    syncedRatioSumBp: z.int().meta({ description: 'over the shops whose sync is ticked' }),
    oversellPer100Qty: z.int().meta({ description: 'pieces that can be sold twice of 100 available ones' }),
    text: Sentence,
  })
  .meta({ id: 'RatioWarning', description: 'shops on one stock whose ratios sum to more than 100 %' });
export type RatioWarning = z.infer<typeof RatioWarning>;

/** A ratio sync strategy 比例同步策略. */
export const RatioStrategyView = z
  .object({
    id: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    shopIds: z.array(z.string()),
    skuIds: z.array(z.string()).nullable().meta({ description: 'SKUs that it covers; null for all' }),
    warehouseIds: z.array(z.string()),
    ratioBp: z.int(),
    priority: z.int(),
    validFromMs: TimeMs.nullable(),
    validToMs: TimeMs.nullable(),
    version: z.int(),
    resync: orNull(Resync),
  })
  .meta({ id: 'RatioStrategy' });
export type RatioStrategyView = z.infer<typeof RatioStrategyView>;

export const RatioStrategyRows = z
  .object({ rows: z.array(RatioStrategyView), warnings: z.array(RatioWarning) })
  .meta({ id: 'RatioStrategyRows' });
export type RatioStrategyRows = z.infer<typeof RatioStrategyRows>;

export const SavedRatioStrategy = RatioStrategyView.extend({ warnings: z.array(RatioWarning) }).meta({
  id: 'SavedRatioStrategy',
});

export const RatioCheck = z.object({ warnings: z.array(RatioWarning) }).meta({ id: 'RatioCheck' });
export type RatioCheck = z.infer<typeof RatioCheck>;

export const RatioStrategyBody = z.object({
  name: Title,
  enabled: z.boolean(),
  shopIds: z.array(Id).min(1).max(200),
  skuIds: z.array(Id).min(1).max(2_000).nullable(),
  warehouseIds: z.array(Id).min(1).max(20),
  ratioBp: RatioBp,
  priority: z.int().min(0).max(1_000_000).default(0),
  validFromMs: TimeMs.nullable().default(null),
  validToMs: TimeMs.nullable().default(null),
  version: Version,
});

/** The same that a save takes, and which strategy it would be. */
export const RatioCheckBody = RatioStrategyBody.extend({
  id: Id.optional().meta({ description: 'strategy that it would replace; a new one if not given' }),
});

/** 例外比例 of one SKU in one shop. */
export const RatioExceptionView = z
  .object({
    shopId: z.string(),
    skuId: z.string(),
    enabled: z.boolean(),
    ratioBp: z.int(),
    version: z.int(),
    resync: orNull(Resync),
  })
  .meta({ id: 'RatioException' });
export const RatioExceptionRows = rowsOf('RatioExceptionRows', RatioExceptionView);
export const RatioExceptionBody = z.object({ enabled: z.boolean(), ratioBp: RatioBp, version: Version });
export const RatioExceptionPath = z.strictObject({
  skuId: Id.meta({ description: 'SKU' }),
  shopId: Id.meta({ description: 'shop' }),
});

/** 店铺策略. */
export const ShopStrategyView = z
  .object({
    shopId: z.string(),
    stockSyncEnabled: z.boolean().meta({ description: '启用平台库存同步' }),
    reserveQty: z.int(),
    maxQty: z.int().nullable(),
    version: z.int(),
    resync: orNull(Resync),
  })
  .meta({ id: 'ShopStrategy' });

/** A row of the list of shop strategies: every shop has one, also where none was saved yet (version 0). */
export const ShopStrategyRow = ShopStrategyView.extend({
  shopTitle: z.string(),
  channel: ChannelName,
  active: z.boolean(),
}).meta({ id: 'ShopStrategyRow' });
export type ShopStrategyRow = z.infer<typeof ShopStrategyRow>;
export const ShopStrategyRows = rowsOf('ShopStrategyRows', ShopStrategyRow);

export const ShopStrategyBody = z.object({
  stockSyncEnabled: z.boolean(),
  reserveQty: z.int().min(0).max(1_000_000).default(0),
  maxQty: z.int().min(0).max(1_000_000).nullable().default(null),
  version: Version,
});

const AuditLimits = z.object({
  buyerMemo: z.enum(['empty', 'any']),
  sellerMemo: z.enum(['empty', 'any']),
  amountFenMax: z.int().min(0).nullable(),
  quantityMax: z.int().min(0).nullable(),
  minutesSincePayment: z.int().min(0).max(10_080),
});

/** 订单自动审核策略. */
export const AuditStrategyView = z
  .object({
    id: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    shopIds: z.array(z.string()).meta({ description: 'shops that it applies to; empty for all' }),
    priority: z.int(),
    limits: AuditLimits,
    version: z.int(),
    spreadPending: z.boolean().meta({ description: 'orders that it had stopped are still to be offered again' }),
    spreadAgainAtMs: TimeMs.optional(),
  })
  .meta({ id: 'AuditStrategy' });
export const AuditStrategyRows = rowsOf('AuditStrategyRows', AuditStrategyView);

export const AuditStrategyBody = z.object({
  name: Title,
  enabled: z.boolean(),
  shopIds: z.array(Id).max(200).default([]),
  priority: z.int().min(0).max(1_000_000).default(0),
  limits: AuditLimits,
  version: Version,
});
