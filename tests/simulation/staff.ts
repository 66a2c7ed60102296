import { convertByHand } from '../../functions/document-conversion/convert-by-hand';
import type { AuditStrategy } from '../../shared/domain/order/audit-order';
import type { ItemMapping } from '../../shared/domain/order/item-mapping';
import type { QuarantinedItem } from '../../shared/domain/order/received-order';
import type { Shop, Sku } from '../../shared/domain/settings';
import type { RatioStrategy, ShopStrategy } from '../../shared/domain/sync/ratio-strategy';
import type { SyncRecord } from '../../shared/domain/sync/sync-record';
import type { Run } from '../../shared/platform/define-function';
import type { ListingRef } from '../../shared/ports/channel';
import { keys, stuckPushPartition } from '../../shared/procedures/keys';
import type { SeededRandom } from '../support/seeded-random';
import { ADMIN_TOKEN } from './console-calls';
import type { Platform } from './platform';
import type { Plan } from './plan';
import type { World } from './world';

/** SKU of ours that the shops list under another merchant code: its orders wait until somebody maps it. */
export const UNMAPPED = 'S2';
export const HOT = 'S1';
/** Merchant codes that begin with it are made SKUs of ours in the course of a history. */
export const UNMADE = 'L';

/** What staff do through the console in one world. Every action reads what it changes first, as its page would. */
export class Staff {
  constructor(
    private readonly world: World,
    private readonly plan: Plan,
    private readonly skuIds: readonly string[],
  ) {}

  /** Shops, warehouses, SKUs and strategies; nothing goes wrong yet, so nothing of it may be refused. */
  async setUp(run: Run, random: SeededRandom): Promise<void> {
    const { platforms, calls } = this.world;
    const must: World['calls']['call'] = async (...call) => {
      const status = await calls.call(...call);
      if (status >= 300) throw new TypeError(`setting up: ${call[1]} ${call[2]} is answered with ${status}`);
      return status;
    };
    await must(run, 'PUT', '/api/warehouses/{id}', { id: 'SRC' }, { title: '总仓', kind: 'source', version: 0 });
    for (const id of this.plan.warehouses)
      await must(run, 'PUT', '/api/warehouses/{id}', { id }, { title: '配销仓', kind: 'distribution', version: 0 });
    await must(run, 'POST', '/api/skus', {}, { skus: this.skuIds.map((id) => ({ id, title: id })) });
    for (const platform of platforms)
      await must(run, 'PUT', '/api/shops/{id}', { id: platform.shopId }, this.shop(platform, random, undefined));
    for (const platform of platforms) {
      const { shopId } = platform;
      const switches = { stockSyncEnabled: true, version: 0 };
      await must(run, 'PUT', '/api/shop-strategies/{id}', { id: shopId }, switches);
      const strategy = this.ratioStrategy(random, platform, 0, run.ports.clock.nowMs());
      if (strategy.shopIds[0] === shopId)
        await must(run, 'PUT', '/api/ratio-strategies/{id}', { id: `R-${shopId}` }, strategy);
      await must(run, 'POST', '/api/shops/{shopId}/download-items', { shopId }, {});
    }
    await must(run, 'PUT', '/api/audit-strategies/{id}', { id: 'A1' }, this.auditStrategy(random, 0));
    await this.receive(run, random, '0');
    await this.allocate(run, random, '0');
  }

  async receive(run: Run, random: SeededRandom, id: string): Promise<void> {
    const body = { id: `E${id}`, type: 'receipt', warehouseId: 'SRC', lines: this.lines(random, 10, 30) };
    if (random.chance(0.2))
      Object.assign(body, {
        type: 'adjustment',
        warehouseId: random.pick(this.plan.warehouses),
        lines: this.lines(random, -4, 4).filter((line) => line.qty !== 0),
      });
    await this.world.calls.call(run, 'POST', '/api/stock-entries', {}, body);
  }

  /** Moves pieces to the shops' warehouse; now and then more than there are, or after second thoughts. */
  async allocate(run: Run, random: SeededRandom, id: string): Promise<void> {
    const { calls } = this.world;
    const parts = { id: `M${id}` };
    const targetWarehouseId = random.pick(this.plan.warehouses);
    const body = { sourceWarehouseId: 'SRC', targetWarehouseId, lines: this.lines(random, 2, 12), version: 0 };
    await calls.call(run, 'PUT', '/api/allocation-orders/{id}', parts, body);
    if (random.chance(0.2)) {
      const again = { ...body, lines: this.lines(random, 2, 12), version: 1 };
      await calls.call(run, 'PUT', '/api/allocation-orders/{id}', parts, again);
    }
    await calls.call(run, 'POST', '/api/allocation-orders/{id}/audit', parts, {});
  }

  async editAuditStrategy(run: Run, random: SeededRandom): Promise<void> {
    const stored = await run.ports.store.get<AuditStrategy>(keys.auditStrategy('A1'));
    const body = this.auditStrategy(random, stored?.value.version ?? 0);
    await this.world.calls.call(run, 'PUT', '/api/audit-strategies/{id}', { id: 'A1' }, body);
  }

  async editRatio(run: Run, random: SeededRandom): Promise<void> {
    const platform = this.strategyOwner(random.pick(this.world.platforms));
    const id = `R-${platform.shopId}`;
    const stored = await run.ports.store.get<RatioStrategy>(keys.ratioStrategy(id));
    const body = this.ratioStrategy(random, platform, stored?.value.version ?? 0, run.ports.clock.nowMs());
    await this.world.calls.call(run, 'PUT', '/api/ratio-strategies/{id}', { id }, body);
  }

  /** The shop of which a shop's ratio strategy has the name. */
  private strategyOwner(of: Platform): Platform {
    return (this.plan.sharedStrategies && this.world.platforms.find(({ id }) => id === of.id)) || of;
  }

  /** Takes a shop out of its ratio strategy, or in again. */
  async coverShop(run: Run, platform: Platform, isCovered: boolean): Promise<void> {
    const id = `R-${this.strategyOwner(platform).shopId}`;
    const stored = await run.ports.store.get<RatioStrategy>(keys.ratioStrategy(id));
    if (!stored) return;
    const { name, skuIds, warehouseIds, ratioBp, priority, validFromMs, validToMs, version, ...switches } =
      stored.value;
    const others = switches.shopIds.filter((shopId) => shopId !== platform.shopId);
    const { enabled } = switches;
    const covering = isCovered
      ? { enabled: true, shopIds: [...others, platform.shopId] }
      : others.length > 0
        ? { enabled, shopIds: others }
        : { enabled: false, shopIds: [platform.shopId] };
    const body = { name, ...covering, skuIds, warehouseIds, ratioBp, priority, validFromMs, validToMs, version };
    await this.world.calls.call(run, 'PUT', '/api/ratio-strategies/{id}', { id }, body);
  }

  /** Whether a shop's numbers are ours to set, by what is stored now. */
  isSynced(platform: Platform): boolean {
    const { now } = this.world.store;
    const { shopId } = platform;
    const strategy = now.find<RatioStrategy>(keys.ratioStrategy(`R-${this.strategyOwner(platform).shopId}`))?.value;
    const switches = now.find<ShopStrategy>(keys.shopStrategy(shopId))?.value;
    return switches?.stockSyncEnabled !== false && !!strategy?.enabled && strategy.shopIds.includes(shopId);
  }

  async editShopStrategy(run: Run, random: SeededRandom): Promise<void> {
    const { shopId } = random.pick(this.world.platforms);
    const stored = await run.ports.store.get<ShopStrategy>(keys.shopStrategy(shopId));
    const body = {
      stockSyncEnabled: random.chance(0.85),
      reserveQty: random.below(3),
      maxQty: random.chance(0.3) ? 5 : null,
      version: stored?.value.version ?? 0,
    };
    await this.world.calls.call(run, 'PUT', '/api/shop-strategies/{id}', { id: shopId }, body);
  }

  async switchSync(run: Run, shopId: string, stockSyncEnabled: boolean): Promise<void> {
    const stored = await run.ports.store.get<ShopStrategy>(keys.shopStrategy(shopId));
    if (!stored) return;
    const { reserveQty, maxQty, version } = stored.value;
    const body = { stockSyncEnabled, reserveQty, maxQty, version };
    await this.world.calls.call(run, 'PUT', '/api/shop-strategies/{id}', { id: shopId }, body);
  }

  /** Switches a shop off, or on again; now and then its orders leave from other warehouses than before. */
  async editShop(run: Run, random: SeededRandom): Promise<void> {
    const platform = random.pick(this.world.platforms);
    const stored = await run.ports.store.get<Shop>(keys.shop(platform.shopId));
    if (!stored) return;
    const edited = random.chance(0.4) ? { warehouseIds: this.shippingFrom(random) } : { active: !stored.value.active };
    await this.saveShop(run, platform, { ...stored.value, ...edited });
  }

  private shippingFrom(random: SeededRandom): readonly string[] {
    const [first, ...others] = this.plan.warehouses;
    return random.pick<readonly string[]>([[first, ...others], [...others, first], [others[0] ?? first]]);
  }

  async editException(run: Run, random: SeededRandom, skuId: string): Promise<void> {
    const { shopId } = random.pick(this.world.platforms);
    const stored = await run.ports.store.get<{ version: number }>(keys.ratioException(skuId, shopId));
    const body = {
      enabled: random.chance(0.6),
      ratioBp: random.pick([0, 2_500, 10_000]),
      version: stored?.value.version ?? 0,
    };
    await this.world.calls.call(run, 'PUT', '/api/ratio-exceptions/{skuId}/{shopId}', { skuId, shopId }, body);
  }

  async saveMapping(run: Run, shopId: string): Promise<void> {
    const listing = { itemId: `item-${UNMAPPED}`, platformSkuId: null };
    const stored = await run.ports.store.get<{ version: number; skuId: string | null }>(keys.mapping(shopId, listing));
    if (stored?.value.skuId) return;
    const body = { shopId, ...listing, skuId: UNMAPPED, version: stored?.value.version ?? 0 };
    await this.world.calls.call(run, 'PUT', '/api/mappings', {}, body);
  }

  /** A listing is to sell another SKU from now on. */
  async mapAnew(run: Run, shopId: string, listing: ListingRef, skuId: string): Promise<void> {
    const stored = await run.ports.store.get<ItemMapping>(keys.mapping(shopId, listing));
    const { itemId, platformSkuId } = listing;
    const body = { shopId, itemId, platformSkuId, skuId, version: stored?.value.version ?? 0 };
    await this.world.calls.call(run, 'PUT', '/api/mappings', {}, body);
  }

  /** Takes over what the shop lists. */
  async downloadItems(run: Run, shopId: string): Promise<void> {
    await this.world.calls.call(run, 'POST', '/api/shops/{shopId}/download-items', { shopId }, {});
  }

  /** Presses the button that converts orders. */
  async convert(run: Run, shopId: string, orderNo: string): Promise<void> {
    const body = { orders: [{ shopId, orderNo }] };
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    const rawBody = Buffer.from(JSON.stringify(body));
    await convertByHand({ method: 'POST', path: '/api/conversions', query: {}, headers, rawBody }, run);
  }

  async renameSku(run: Run, random: SeededRandom, id: string): Promise<void> {
    const stored = await run.ports.store.get<Sku>(keys.sku(id));
    const body = { title: `${id} ${random.below(100)}`, version: stored?.value.version ?? 0 };
    await this.world.calls.call(run, 'PUT', '/api/skus/{id}', { id }, body);
  }

  async makeSku(run: Run, id: string): Promise<void> {
    await this.world.calls.call(run, 'POST', '/api/skus', {}, { skus: [{ id, title: id }] });
  }

  /** Looks at what the shops show, after a count or a complaint. */
  async askReadBack(run: Run, skuId: string): Promise<void> {
    await this.world.calls.call(run, 'POST', '/api/sync-queue/read-back', {}, { skuIds: [skuId] });
  }

  /** Reads orders in quarantine again: those of which the shop knows that they are there. */
  async readAgain(run: Run): Promise<void> {
    const hits = await run.ports.store.queryIndex('list', 'quarantine', { limit: 100 });
    for (const stored of await run.ports.store.getMany<QuarantinedItem>(hits.map(({ key }) => key))) {
      const { shopId = '', orderNo = null } = stored?.value ?? {};
      const there = orderNo !== null && this.world.platforms.find((of) => of.shopId === shopId)?.orders.has(orderNo);
      if (!stored || there !== true) continue;
      const parts = { shopId, id: stored.key.sk };
      await this.world.calls.call(run, 'POST', '/api/quarantine/{shopId}/{id}/read-again', parts, {});
    }
  }

  /**
   * Tries what only a person can: shops that are off go on, pushes that were refused for good are computed anew, what is sold
   * is made a SKU. Orders in quarantine would be read again by themselves, an hour later: in some histories nobody does it
   * before.
   */
  async putRight(run: Run): Promise<void> {
    const { store } = run.ports;
    if (this.plan.readsAgain) await this.readAgain(run);
    for (const platform of this.world.platforms) {
      const { shopId } = platform;
      await this.saveMapping(run, shopId);
      for (const { merchantCode } of platform.shelf.listings()) {
        if (merchantCode?.startsWith(UNMADE) && !(await store.get(keys.sku(merchantCode))))
          await this.makeSku(run, merchantCode);
      }
      const shop = await store.get<Shop>(keys.shop(shopId));
      if (shop && !shop.value.active) await this.saveShop(run, platform, { ...shop.value, active: true });
      const hits = await store.queryIndex('open', stuckPushPartition(shopId), { limit: 100 });
      const stuck = await store.getMany<SyncRecord>(hits.map(({ key }) => key));
      const skuIds = [...new Set(stuck.flatMap((record) => record?.value.skuId ?? []))];
      if (skuIds.length > 0) await this.world.calls.call(run, 'POST', '/api/sync-queue/retry', {}, { skuIds });
    }
  }

  private async saveShop(run: Run, platform: Platform, shop: Shop): Promise<void> {
    const body = this.shop(platform, this.world.random, shop);
    await this.world.calls.call(run, 'PUT', '/api/shops/{id}', { id: shop.id }, body);
  }

  private shop({ shopId, id: channel, sellerId }: Platform, random: SeededRandom, saved: Shop | undefined) {
    return {
      ...{ channel, title: shopId, writesPerSecond: 5, writeBurst: 3 },
      // Sellers of one app share a queue of messages.
      platformShopId: sellerId,
      warehouseIds: saved?.warehouseIds ?? this.shippingFrom(random),
      active: saved?.active ?? true,
      version: saved?.version ?? 0,
    };
  }

  private lines(random: SeededRandom, from: number, to: number): { skuId: string; qty: number }[] {
    const chosen = this.skuIds.filter((skuId) => skuId === HOT || random.chance(0.6));
    return [...chosen, HOT].map((skuId) => ({
      skuId,
      qty: Math.round(random.between(from, to) * this.plan.supply),
    }));
  }

  private auditStrategy(random: SeededRandom, version: number) {
    const limits = {
      buyerMemo: 'any',
      sellerMemo: random.pick(['any', 'any', 'empty']),
      amountFenMax: null,
      quantityMax: version > 0 && random.chance(0.6) ? random.between(1, 4) : null,
      minutesSincePayment: random.pick([0, 1, 6]),
    };
    return { name: '自动审核', enabled: version === 0 || random.chance(0.85), limits, version };
  }

  /** The shops that one strategy is for: that shop's, or all of its platform; now and then an edit takes one of them out. */
  private strategyShops(random: SeededRandom, { id, shopId }: Platform, version: number): string[] {
    if (!this.plan.sharedStrategies) return [shopId];
    const shops = this.world.platforms.flatMap((platform) => (platform.id === id ? [platform.shopId] : []));
    return version > 0 && random.chance(0.3) ? shops.slice(0, 1) : shops;
  }

  private ratioStrategy(random: SeededRandom, platform: Platform, version: number, nowMs: number) {
    const { platforms } = this.world;
    const { shopId } = platform;
    // Most worlds begin with shops that share the whole stock.
    const whole = version === 0 && random.chance(0.8);
    const even = Math.floor(10_000 / platforms.length);
    const mine = platforms[0].shopId === shopId ? 10_000 - even * (platforms.length - 1) : even;
    const ratioBp = whole ? mine : random.pick([2_500, 3_300, 3_400, 5_000, 5_000, 6_700, 10_000, 12_000]);
    const [first] = this.plan.warehouses;
    return {
      name: shopId,
      enabled: random.chance(0.9),
      shopIds: this.strategyShops(random, platform, version),
      skuIds: whole || random.chance(0.85) ? null : this.skuIds.slice(0, 2),
      warehouseIds: whole || random.chance(0.7) ? this.plan.warehouses : [first],
      ratioBp,
      priority: random.below(3),
      // A promotion that begins or ends while everybody works.
      validFromMs: !whole && random.chance(0.15) ? nowMs + random.below(30_000) : null,
      validToMs: !whole && random.chance(0.15) ? nowMs + 30_000 + random.below(30_000) : null,
      version,
    };
  }
}
