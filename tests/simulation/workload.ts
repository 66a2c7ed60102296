import type { ConsoleApp } from '../../functions/console/api';
import { newApp } from '../../functions/console/api';
import { addDeliveryOrderRoutes } from '../../functions/console/routes/delivery-order-routes';
import { addPlatformOrderRoutes } from '../../functions/console/routes/platform-order-routes';
import { addMasterDataRoutes, addStrategyRoutes } from '../../functions/console/routes/settings-routes';
import { addAllocationRoutes, addStockRoutes } from '../../functions/console/routes/stock-routes';
import type { AuditStrategy } from '../../shared/domain/order/audit-order';
import type { RatioStrategy, ShopStrategy } from '../../shared/domain/sync/ratio-strategy';
import type { Run } from '../../shared/platform/define-function';
import { keys } from '../../shared/procedures/keys';
import type { Platform } from './platform';
import { ADMIN_TOKEN } from './world';
import type { World } from './world';

/** SKU of ours that the shops list under another merchant code: its orders wait until somebody maps it. */
const UNMAPPED = 'S2';
const HOT = 'S1';

let app: ConsoleApp | undefined;

function consoleApp(): ConsoleApp {
  const made = newApp();
  for (const add of [
    addMasterDataRoutes,
    addStrategyRoutes,
    addStockRoutes,
    addAllocationRoutes,
    addPlatformOrderRoutes,
    addDeliveryOrderRoutes,
  ])
    add(made);
  return made;
}

/** A call of the console's real API. The body is handed over as it is: streams would not keep to the scheduler's turns. */
async function callConsole(run: Run, method: string, path: string, body: unknown): Promise<number> {
  app ??= consoleApp();
  const headers = new Headers({ authorization: `Bearer ${ADMIN_TOKEN}` });
  const request = { method, url: `http://console${path}`, headers, json: async () => body } as unknown as Request;
  return (await app.fetch(request, { run })).status;
}

/** What buyers and staff do in one world, at times that its seed decides. */
export class Workload {
  private readonly skuIds: string[];
  private orderNo = 0;
  private documentNo = 0;

  constructor(private readonly world: World) {
    this.skuIds = Array.from({ length: world.random.between(3, 6) }, (_, i) => `S${i + 1}`);
  }

  /** Shops, warehouses, SKUs and strategies; nothing goes wrong yet. */
  setUp(): void {
    const { platforms } = this.world;
    for (const platform of platforms) {
      for (const skuId of this.skuIds) {
        const listing = { itemId: `item-${skuId}`, platformSkuId: null };
        if (skuId === UNMAPPED) platform.list(listing, 'other', 6);
        else platform.list(listing, skuId, 0);
      }
      // One SKU stands in a second listing of the same shop.
      platform.list({ itemId: 'bundle', platformSkuId: 'red' }, HOT, 0);
    }
    this.world.spawn('set-up', async (run) => {
      await callConsole(run, 'PUT', '/api/warehouses/SRC', { title: '总仓', kind: 'source', version: 0 });
      await callConsole(run, 'PUT', '/api/warehouses/DC', { title: '配销仓', kind: 'distribution', version: 0 });
      await callConsole(run, 'POST', '/api/skus', { skus: this.skuIds.map((id) => ({ id, title: id })) });
      for (const { shopId, id: channel } of platforms) {
        await callConsole(run, 'PUT', `/api/shops/${shopId}`, {
          channel,
          title: shopId,
          warehouseIds: ['DC'],
          writesPerSecond: 5,
          writeBurst: 3,
          version: 0,
        });
        await callConsole(run, 'PUT', `/api/shop-strategies/${shopId}`, { stockSyncEnabled: true, version: 0 });
        await callConsole(run, 'PUT', `/api/ratio-strategies/R-${shopId}`, this.ratioStrategy(shopId, 0));
        await callConsole(run, 'POST', `/api/shops/${shopId}/download-items`, {});
      }
      await callConsole(run, 'PUT', '/api/audit-strategies/A1', this.auditStrategy(0));
      await this.receive(run);
      await this.allocate(run);
    });
  }

  /** One thing that somebody does now. */
  act(): void {
    const { random } = this.world;
    const roll = random.next();
    if (roll < 0.66) this.buy();
    else if (roll < 0.73) this.spawn('receipt', (run) => this.receive(run));
    else if (roll < 0.85) this.spawn('allocation', (run) => this.allocate(run));
    else if (roll < 0.87) this.spawn('audit-strategy', (run) => this.editAuditStrategy(run));
    else if (roll < 0.9) this.spawn('ratio-strategy', (run) => this.editRatio(run));
    else if (roll < 0.93) this.spawn('shop-strategy', (run) => this.editShopStrategy(run));
    else if (roll < 0.95) this.spawn('exception', (run) => this.editException(run));
    else if (roll < 0.97) this.mapListing();
    else if (roll < 0.99) this.world.losePool();
    else this.world.killProcess();
  }

  /** Nothing is left that only a person could end. */
  finish(): void {
    for (const { shopId } of this.world.platforms) this.spawn('mapping', (run) => this.saveMapping(run, shopId));
  }

  private spawn(name: string, step: (run: Run) => Promise<unknown>): void {
    this.world.spawn(name, step);
  }

  private sku(): string {
    const { random } = this.world;
    return random.chance(0.5) ? HOT : (this.skuIds[random.below(this.skuIds.length)] ?? HOT);
  }

  private platform(): Platform {
    return this.world.random.pick(this.world.platforms);
  }

  /** An order of 1 to 3 lines, and what becomes of it later. */
  private buy(): void {
    const { random, stats } = this.world;
    const platform = this.platform();
    const listings = [...platform.items.values()];
    const wanted = Array.from({ length: random.between(1, 3) }, () => {
      const skuId = this.sku();
      const of = listings.filter(({ itemId }) => itemId === `item-${skuId}` || (skuId === HOT && itemId === 'bundle'));
      return {
        listing: of[random.below(of.length)] ?? (listings[0] as (typeof listings)[0]),
        quantity: random.between(1, 3),
      };
    });
    this.orderNo += 1;
    const orderNo = `N${this.orderNo}`;
    platform.order(orderNo, wanted, random.chance(0.6));
    if (!platform.orders.has(orderNo)) return;
    stats.orders += 1;
    for (let events = random.below(4); events > 0; events -= 1) {
      // Some think again at once, while their order is still on its way through.
      const afterMs = random.below(random.chance(0.6) ? 10_000 : 40_000);
      this.world.after(afterMs, `order ${orderNo}`, () => this.happenTo(platform, orderNo, wanted.length));
    }
  }

  private happenTo(platform: Platform, orderNo: string, lines: number): void {
    const { random } = this.world;
    const roll = random.next();
    if (roll < 0.34) platform.pay(orderNo);
    else if (roll < 0.42) platform.letShip(orderNo);
    else if (roll < 0.53) platform.close(orderNo, random.chance(0.7));
    else if (roll < 0.67)
      platform.refund(
        orderNo,
        random.below(lines),
        random.pick(['none', 'in-progress', 'succeeded']),
        random.chance(0.7),
      );
    else if (roll < 0.78) this.onOrder(platform, orderNo, 'cancel', { reason: '客服取消' });
    else if (roll < 0.82) this.onOrder(platform, orderNo, 'audit', {});
    else if (roll < 0.9) this.onOrder(platform, orderNo, 'pick', {});
    else if (roll < 0.95) this.onOrder(platform, orderNo, 'resume', {});
    else this.onOrder(platform, orderNo, 'ship', {}, () => platform.ship(orderNo));
  }

  /** A person's action on a delivery order; refused wherever its status does not allow it. */
  private onOrder(
    platform: Platform,
    orderNo: string,
    action: string,
    body: object,
    done: () => void = () => undefined,
  ): void {
    this.world.spawn(
      action,
      (run) => callConsole(run, 'POST', `/api/delivery-orders/${platform.shopId}/${orderNo}/${action}`, body),
      (end) => {
        if (end.kind === 'done' && end.value === 200) done();
      },
    );
  }

  private async receive(run: Run): Promise<void> {
    const { random } = this.world;
    this.documentNo += 1;
    const body = { id: `E${this.documentNo}`, type: 'receipt', warehouseId: 'SRC', lines: this.lines(10, 30) };
    if (random.chance(0.2))
      Object.assign(body, {
        type: 'adjustment',
        warehouseId: 'DC',
        lines: this.lines(-4, 4).filter((line) => line.qty !== 0),
      });
    await callConsole(run, 'POST', '/api/stock-entries', body);
  }

  /** Moves pieces to the shops' warehouse; now and then more than there are. */
  private async allocate(run: Run): Promise<void> {
    this.documentNo += 1;
    const path = `/api/allocation-orders/M${this.documentNo}`;
    const body = { sourceWarehouseId: 'SRC', targetWarehouseId: 'DC', lines: this.lines(2, 12), version: 0 };
    await callConsole(run, 'PUT', path, body);
    await callConsole(run, 'POST', `${path}/audit`, {});
  }

  private lines(from: number, to: number): { skuId: string; qty: number }[] {
    const { random } = this.world;
    const chosen = this.skuIds.filter((skuId) => skuId === HOT || random.chance(0.6));
    return [...chosen, HOT].map((skuId) => ({ skuId, qty: random.between(from, to) }));
  }

  private auditStrategy(version: number) {
    const { random } = this.world;
    const limits = {
      buyerMemo: 'any',
      sellerMemo: 'any',
      amountFenMax: null,
      quantityMax: version > 0 && random.chance(0.6) ? random.between(1, 4) : null,
      minutesSincePayment: random.pick([0, 1, 6]),
    };
    return { name: '自动审核', enabled: version === 0 || random.chance(0.85), limits, version };
  }

  private async editAuditStrategy(run: Run): Promise<void> {
    const stored = await run.ports.store.get<AuditStrategy>(keys.auditStrategy('A1'));
    await callConsole(run, 'PUT', '/api/audit-strategies/A1', this.auditStrategy(stored?.value.version ?? 0));
  }

  private ratioStrategy(shopId: string, version: number) {
    const { random } = this.world;
    // Most worlds begin with shops that share the whole stock.
    const first = version === 0 && random.chance(0.8);
    const ratioBp = first ? 5_000 : random.pick([3_300, 5_000, 5_000, 6_700, 10_000, 12_000]);
    const enabled = random.chance(0.9);
    return {
      name: shopId,
      enabled,
      shopIds: [shopId],
      skuIds: null,
      warehouseIds: ['DC'],
      ratioBp,
      priority: random.below(3),
      version,
    };
  }

  private async editRatio(run: Run): Promise<void> {
    const { shopId } = this.platform();
    const stored = await run.ports.store.get<RatioStrategy>(keys.ratioStrategy(`R-${shopId}`));
    await callConsole(
      run,
      'PUT',
      `/api/ratio-strategies/R-${shopId}`,
      this.ratioStrategy(shopId, stored?.value.version ?? 0),
    );
  }

  private async editShopStrategy(run: Run): Promise<void> {
    const { random } = this.world;
    const { shopId } = this.platform();
    const stored = await run.ports.store.get<ShopStrategy>(keys.shopStrategy(shopId));
    const body = {
      stockSyncEnabled: random.chance(0.85),
      reserveQty: random.below(3),
      maxQty: random.chance(0.3) ? 5 : null,
      version: stored?.value.version ?? 0,
    };
    await callConsole(run, 'PUT', `/api/shop-strategies/${shopId}`, body);
  }

  private async editException(run: Run): Promise<void> {
    const { random } = this.world;
    const [{ shopId }, skuId] = [this.platform(), this.sku()];
    const stored = await run.ports.store.get<{ version: number }>(keys.ratioException(skuId, shopId));
    const body = {
      enabled: random.chance(0.6),
      ratioBp: random.pick([0, 2_500, 10_000]),
      version: stored?.value.version ?? 0,
    };
    await callConsole(run, 'PUT', `/api/ratio-exceptions/${skuId}/${shopId}`, body);
  }

  private mapListing(): void {
    const { shopId } = this.platform();
    this.spawn('mapping', (run) => this.saveMapping(run, shopId));
  }

  private async saveMapping(run: Run, shopId: string): Promise<void> {
    const listing = { itemId: `item-${UNMAPPED}`, platformSkuId: null };
    const stored = await run.ports.store.get<{ version: number; skuId: string | null }>(keys.mapping(shopId, listing));
    if (stored?.value.skuId) return;
    await callConsole(run, 'PUT', '/api/mappings', {
      shopId,
      ...listing,
      skuId: UNMAPPED,
      version: stored?.value.version ?? 0,
    });
  }
}
