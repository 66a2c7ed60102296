import type { DoudianShopConfig, ShopConfig, TaobaoShopConfig } from '../../infra/local/sandbox/config';
import type { AuditStrategy } from '../../shared/domain/order/audit-order';
import type { ItemMapping } from '../../shared/domain/order/item-mapping';
import type { Shop, Sku, Warehouse } from '../../shared/domain/settings';
import type { MovementRequest } from '../../shared/domain/stock/ledger';
import type { RatioStrategy, ShopStrategy } from '../../shared/domain/sync/ratio-strategy';
import type { Clock } from '../../shared/ports/clock';
import type { ListingRef } from '../../shared/ports/channel';
import type { Store } from '../../shared/ports/store';
import { keys } from '../../shared/procedures/keys';
import { mappingPlaces } from '../../shared/procedures/map-listings';
import { postMovements } from '../../shared/procedures/post-movements';

/** Made-up keys of the bench's shops: nobody's. */
const KEYS = { appKey: '7012345678901234567', appSecret: 'bench-secret-0000', accessToken: 'bench-token-0000' };

/** The shop whose platform pushes signed messages; most parts send its orders. */
export const DOUDIAN_SHOP: DoudianShopConfig = {
  ...{ shopId: 'dy-main', title: 'IB 抖店', platformShopId: '4463798' },
  channel: 'doudian',
  ...KEYS,
};

export const TAOBAO_SHOP: TaobaoShopConfig = {
  shopId: 'tmall-main',
  channel: 'taobao',
  title: 'IB 天猫旗舰店',
  ...KEYS,
};

export const SOURCE_WAREHOUSE = 'WH-TOTAL';
export const WAREHOUSE = 'WH-ECOM';

const RATIO_BP = 6_000;

/** SKU number `n` of the catalogue, from 0: nine digits, as the sample brand's merchant codes. */
export const skuIdOf = (n: number): string => String(10_000_000 + n).padStart(9, '0');

/** Its listing, the same on both platforms: ids as long as the platforms' own. */
export const listingOf = (n: number): ListingRef => ({
  itemId: String(3_473_196_049_974_000_000n + BigInt(n)),
  platformSkuId: String(1_736_502_000_000_000n + BigInt(n)),
});

export const titleOf = (n: number): string => `IB蓝牙玩具耳机2代 充电盒 ${n}`;

/** What {@link seedBrand} puts in. */
export interface BrandSize {
  /** SKUs 0 … count − 1, each mapped to its listing in every shop. */
  readonly skuCount: number;
  /** Pieces of each SKU in the distribution warehouse, brought in by one receipt; 0 for none. */
  readonly stockQty: number;
  /** Both shops, Doudian alone, or ten shops on Doudian. */
  readonly shops: 'both' | 'doudian' | 'ten';
  /** Share of the stock that each shop shows, basis points; 6,000 where it is not said: shared selling, as brands use it. */
  readonly ratioBp?: number;
  /** Whether shops show our quantities; on where it is not said. */
  readonly sync?: 'on' | 'off';
}

export function shopsOf(size: Pick<BrandSize, 'shops'>): readonly ShopConfig[] {
  switch (size.shops) {
    case 'both':
      return [DOUDIAN_SHOP, TAOBAO_SHOP];
    case 'doudian':
      return [DOUDIAN_SHOP];
    case 'ten':
      return Array.from({ length: 10 }, (_, i) => ({ ...DOUDIAN_SHOP, shopId: `dy-${i + 1}` }));
  }
}

/** Writes waited for at once while a brand is put in: as many as share one commit without holding much memory. */
const WRITES_AT_ONCE = 500;

/**
 * Puts a brand into an empty store, by the same documents and places as the console saves: settings, SKUs, mappings
 * that ask for nothing any more, and stock. Sync is on, orders are audited by rule.
 */
export async function seedBrand(ports: { store: Store; clock: Clock }, size: BrandSize): Promise<void> {
  await seedSettings(ports, size);
  for (let from = 0; from < size.skuCount; from += WRITES_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(WRITES_AT_ONCE, size.skuCount - from) }, (_, i) => from + i);
    await Promise.all(numbers.map((n) => seedSku(ports, n, size)));
    if (size.stockQty > 0)
      await postMovements(
        ports,
        numbers.map((n) => receiptOf(n, size.stockQty)),
      );
  }
}

async function seedSettings({ store }: { store: Store }, size: BrandSize): Promise<void> {
  const shopIds = shopsOf(size).map(({ shopId }) => shopId);
  const warehouses: Warehouse[] = [
    { id: SOURCE_WAREHOUSE, title: '总仓', kind: 'source', version: 1 },
    { id: WAREHOUSE, title: '电商配销仓', kind: 'distribution', version: 1 },
  ];
  for (const warehouse of warehouses)
    await store.put({ key: keys.warehouse(warehouse.id), expect: 0, value: warehouse });
  for (const { shopId, channel, title, ...rest } of shopsOf(size)) {
    const shop: Shop = {
      ...{ id: shopId, channel, title, warehouseIds: [WAREHOUSE], active: true, version: 1 },
      platformShopId: 'platformShopId' in rest ? rest.platformShopId : '',
      // As good as no limit: the bench measures us, not a platform's rate.
      ...{ writesPerSecond: 1_000_000, writeBurst: 1_000_000 },
    };
    await store.put({ key: keys.shop(shopId), expect: 0, value: shop });
    const switches: ShopStrategy = {
      shopId,
      stockSyncEnabled: size.sync !== 'off',
      reserveQty: 0,
      maxQty: null,
      version: 1,
      resync: null,
    };
    await store.put({ key: keys.shopStrategy(shopId), expect: 0, value: switches });
  }
  const ratio: RatioStrategy = {
    ...{ id: 'bench', name: '全店 60%', enabled: true, shopIds, skuIds: null, warehouseIds: [WAREHOUSE] },
    ...{ ratioBp: size.ratioBp ?? RATIO_BP, priority: 0, validFromMs: null, validToMs: null, version: 1, resync: null },
  };
  await store.put({ key: keys.ratioStrategy(ratio.id), expect: 0, value: ratio });
  const audit: AuditStrategy = {
    ...{ id: 'bench', name: '自动审核', enabled: true, shopIds: [], priority: 0, version: 1, spreadPending: false },
    limits: { buyerMemo: 'any', sellerMemo: 'any', amountFenMax: null, quantityMax: null, minutesSincePayment: 0 },
  };
  await store.put({ key: keys.auditStrategy(audit.id), expect: 0, value: audit });
}

async function seedSku({ store, clock }: { store: Store; clock: Clock }, n: number, size: BrandSize): Promise<void> {
  const sku: Sku = { id: skuIdOf(n), title: titleOf(n), version: 1 };
  const places = { list: { partition: 'sku', sort: sku.id } };
  const mappings = shopsOf(size).map(
    ({ shopId }): ItemMapping => ({
      ...{ shopId, ...listingOf(n), merchantCode: sku.id, title: sku.title },
      ...{ skuId: sku.id, source: 'merchant-code', version: 1, resync: null },
    }),
  );
  await Promise.all([
    store.put({ key: keys.sku(sku.id), expect: 0, value: sku, places }),
    ...mappings.map((value) =>
      store.put({
        key: keys.mapping(value.shopId, value),
        expect: 0,
        value,
        places: mappingPlaces(value, clock.nowMs()),
      }),
    ),
  ]);
}

function receiptOf(n: number, qty: number): MovementRequest {
  const skuId = skuIdOf(n);
  const id = `receipt#first@${WAREHOUSE}/${skuId}/receipt/1`;
  return {
    intent: { id, warehouseId: WAREHOUSE, skuId, kind: 'receipt', qty, seenNumber: 0 },
    source: { type: 'receipt', id: 'first' },
    wanted: true,
  };
}
