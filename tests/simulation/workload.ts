import type { PlatformListing } from '../../shared/ports/channel';
import type { ConsoleApp } from '../../functions/console/api';
import { newApp } from '../../functions/console/api';
import { addDeliveryOrderRoutes } from '../../functions/console/routes/delivery-order-routes';
import { addMappingRoutes } from '../../functions/console/routes/mapping-routes';
import { addPlatformOrderRoutes } from '../../functions/console/routes/platform-order-routes';
import { addMasterDataRoutes } from '../../functions/console/routes/settings-routes';
import { addSkuRoutes } from '../../functions/console/routes/sku-routes';
import { addStockEntryRoutes } from '../../functions/console/routes/stock-entry-routes';
import { addAllocationRoutes } from '../../functions/console/routes/allocation-routes';
import { addStockRoutes } from '../../functions/console/routes/stock-routes';
import { addStrategyRoutes } from '../../functions/console/routes/strategy-routes';
import type { AuditStrategy } from '../../shared/domain/order/audit-order';
import type { RatioStrategy, ShopStrategy } from '../../shared/domain/sync/ratio-strategy';
import type { Run } from '../../shared/platform/define-function';
import { keys } from '../../shared/procedures/keys';
import { SeededRandom } from '../support/seeded-random';
import type { Platform } from './platform';
import type { Action, Plan } from './plan';
import { RETAIL, drawPayMs, drawShare } from './retail-shape';
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
    addSkuRoutes,
    addStrategyRoutes,
    addStockRoutes,
    addStockEntryRoutes,
    addAllocationRoutes,
    addPlatformOrderRoutes,
    addMappingRoutes,
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

/** Lines as an order wants them. */
type Wanted = { readonly listing: PlatformListing; readonly quantity: number }[];

/** What buyers and staff do in one world. Each action draws from a seed of its own. */
export class Workload {
  private readonly skuIds: string[];
  /** Actions that could happen so far, those that follow from others included. */
  readonly met: string[] = [];

  constructor(
    private readonly world: World,
    private readonly plan: Plan,
    /** The only ones that do happen; all where undefined. */
    private readonly only: ReadonlySet<string> | undefined,
  ) {
    this.skuIds = Array.from({ length: plan.skus }, (_, i) => `S${i + 1}`);
  }

  /** Shops, warehouses, SKUs and strategies; nothing goes wrong yet. */
  setUp(seed: number): void {
    const { platforms } = this.world;
    const random = new SeededRandom(seed ^ 0x5e7);
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
      for (const platform of platforms) {
        const { shopId, id: channel } = platform;
        await callConsole(run, 'PUT', `/api/shops/${shopId}`, {
          channel,
          title: shopId,
          // Sellers of one app share a queue of messages.
          platformShopId: platform.sellerId,
          warehouseIds: ['DC'],
          writesPerSecond: 5,
          writeBurst: 3,
          version: 0,
        });
        await callConsole(run, 'PUT', `/api/shop-strategies/${shopId}`, { stockSyncEnabled: true, version: 0 });
        const strategy = this.ratioStrategy(random, platform, 0);
        if (strategy.shopIds[0] === shopId)
          await callConsole(run, 'PUT', `/api/ratio-strategies/R-${shopId}`, strategy);
        await callConsole(run, 'POST', `/api/shops/${shopId}/download-items`, {});
      }
      await callConsole(run, 'PUT', '/api/audit-strategies/A1', this.auditStrategy(random, 0));
      await this.receive(run, random, '0');
      await this.allocate(run, random, '0');
    });
  }

  /** One thing that somebody does now. */
  act(action: Action): void {
    if (!this.mayHappen(action.id)) return;
    const random = new SeededRandom(action.seed);
    if (action.kind === 'buy') this.buy(random, action.id);
    else if (action.kind === 'staff') this.staff(random, action.id);
    else this.edit(random);
  }

  private edit(random: SeededRandom): void {
    const roll = random.next();
    if (roll < 0.45) this.spawn('ratio-strategy', (run) => this.editRatio(run, random));
    else if (roll < 0.6) this.spawn('shop-strategy', (run) => this.editShopStrategy(run, random));
    else if (roll < 0.8) this.mapListing(random);
    else this.spawn('audit-strategy', (run) => this.editAuditStrategy(run, random));
  }

  private staff(random: SeededRandom, id: string): void {
    const roll = random.next();
    if (roll < 0.2) this.spawn('receipt', (run) => this.receive(run, random, id));
    else if (roll < 0.54) this.spawn('allocation', (run) => this.allocate(run, random, id));
    else if (roll < 0.6) this.spawn('audit-strategy', (run) => this.editAuditStrategy(run, random));
    else if (roll < 0.69) this.spawn('ratio-strategy', (run) => this.editRatio(run, random));
    else if (roll < 0.78) this.spawn('shop-strategy', (run) => this.editShopStrategy(run, random));
    else if (roll < 0.84) this.spawn('exception', (run) => this.editException(run, random));
    else if (roll < 0.9) this.mapListing(random);
    else if (roll < 0.94) this.world.losePool();
    else if (roll < 0.97) this.world.jumpClock(random);
    else this.world.killProcess(random);
  }

  /** Nothing is left that only a person could end. */
  finish(): void {
    for (const { shopId } of this.world.platforms) this.spawn('mapping', (run) => this.saveMapping(run, shopId));
  }

  private mayHappen(id: string): boolean {
    this.met.push(id);
    return this.only?.has(id) ?? true;
  }

  /** Something that follows from an action, later. */
  private later(id: string, ms: number, go: () => void): void {
    this.world.after(ms, `action ${id}`, () => {
      if (this.mayHappen(id)) go();
    });
  }

  private spawn(name: string, step: (run: Run) => Promise<unknown>): void {
    this.world.spawn(name, step);
  }

  /** One SKU is hot, the others sell the less the later they stand. */
  private sku(random: SeededRandom): string {
    const at = random.chance(0.5) ? 0 : Math.floor(random.next() ** 1.5 * this.skuIds.length);
    return this.skuIds[at] ?? HOT;
  }

  private platform(random: SeededRandom): Platform {
    return random.pick(this.world.platforms);
  }

  private listing(random: SeededRandom, platform: Platform): PlatformListing {
    const skuId = this.sku(random);
    const own = platform.item(`item-${skuId}`, null);
    return skuId === HOT && random.chance(0.5) ? platform.item('bundle', 'red') : own;
  }

  private wanted(random: SeededRandom, platform: Platform): Wanted {
    const { retail } = this.plan;
    const lines = 1 + (retail ? drawShare(random, RETAIL.lines) : random.below(3));
    const wanted: Wanted = Array.from({ length: lines }, () => ({
      listing: this.listing(random, platform),
      quantity: 1 + (retail ? drawShare(random, RETAIL.pieces) : random.below(3)),
    }));
    const [first] = wanted;
    return first && random.chance(RETAIL.sameSkuTwice) ? [...wanted, { ...first, quantity: 1 }] : wanted;
  }

  /** An order, and what becomes of it later. */
  private buy(random: SeededRandom, id: string): void {
    const platform = this.platform(random);
    const wanted = this.wanted(random, platform);
    const orderNo = `N${id}`;
    const pays = random.chance(this.plan.retail ? 0 : 0.6);
    platform.order(orderNo, wanted, pays);
    if (!platform.orders.has(orderNo)) return;
    this.world.stats.orders += 1;
    if (this.plan.retail) this.goesItsWay(random, platform, orderNo, id);
    else this.goesAnyWay(random, platform, orderNo, id, wanted.length);
  }

  /** As most orders do: paid soon, shipped or not, few of them closed or refunded. */
  private goesItsWay(random: SeededRandom, platform: Platform, orderNo: string, id: string): void {
    if (random.chance(RETAIL.unpaidClosed)) {
      this.later(`${id}.1`, random.below(60_000), () => platform.close(orderNo, true));
      return;
    }
    const paidMs = drawPayMs(random);
    this.later(`${id}.1`, paidMs, () => platform.pay(orderNo));
    this.later(`${id}.2`, paidMs + random.below(20_000), () => platform.letShip(orderNo));
    const roll = random.next();
    const afterMs = paidMs + random.below(40_000);
    if (roll < RETAIL.cancelled) this.later(`${id}.3`, afterMs, () => platform.close(orderNo, random.chance(0.7)));
    else if (roll < RETAIL.cancelled + RETAIL.partialRefund)
      this.later(`${id}.3`, afterMs, () => platform.refund(orderNo, 0, 'succeeded', random.chance(0.7)));
    else if (roll < 0.3) this.later(`${id}.3`, afterMs, () => this.onOrder(platform, orderNo, 'pick', {}));
    if (roll < 0.2) this.later(`${id}.4`, afterMs + 10_000, () => this.ship(platform, orderNo));
  }

  /** As no day has it: most buyers think again, some at once, while their order is still on its way through. */
  private goesAnyWay(random: SeededRandom, platform: Platform, orderNo: string, id: string, lines: number): void {
    const events = random.below(4);
    for (let event = 1; event <= events; event += 1) {
      const afterMs = random.below(random.chance(0.6) ? 10_000 : 40_000);
      const own = new SeededRandom(random.below(2 ** 31));
      this.later(`${id}.${event}`, afterMs, () => this.happenTo(own, platform, orderNo, lines));
    }
  }

  private happenTo(random: SeededRandom, platform: Platform, orderNo: string, lines: number): void {
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
    else this.ship(platform, orderNo);
  }

  private ship(platform: Platform, orderNo: string): void {
    this.onOrder(platform, orderNo, 'ship', {}, () => platform.ship(orderNo));
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

  private async receive(run: Run, random: SeededRandom, id: string): Promise<void> {
    const body = { id: `E${id}`, type: 'receipt', warehouseId: 'SRC', lines: this.lines(random, 10, 30) };
    if (random.chance(0.2))
      Object.assign(body, {
        type: 'adjustment',
        warehouseId: 'DC',
        lines: this.lines(random, -4, 4).filter((line) => line.qty !== 0),
      });
    await callConsole(run, 'POST', '/api/stock-entries', body);
  }

  /** Moves pieces to the shops' warehouse; now and then more than there are. */
  private async allocate(run: Run, random: SeededRandom, id: string): Promise<void> {
    const path = `/api/allocation-orders/M${id}`;
    const body = { sourceWarehouseId: 'SRC', targetWarehouseId: 'DC', lines: this.lines(random, 2, 12), version: 0 };
    await callConsole(run, 'PUT', path, body);
    await callConsole(run, 'POST', `${path}/audit`, {});
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
      sellerMemo: 'any',
      amountFenMax: null,
      quantityMax: version > 0 && random.chance(0.6) ? random.between(1, 4) : null,
      minutesSincePayment: random.pick([0, 1, 6]),
    };
    return { name: '自动审核', enabled: version === 0 || random.chance(0.85), limits, version };
  }

  private async editAuditStrategy(run: Run, random: SeededRandom): Promise<void> {
    const stored = await run.ports.store.get<AuditStrategy>(keys.auditStrategy('A1'));
    await callConsole(run, 'PUT', '/api/audit-strategies/A1', this.auditStrategy(random, stored?.value.version ?? 0));
  }

  /** The shops that one strategy is for: that shop's, or all of its platform; now and then an edit takes one of them out. */
  private strategyShops(random: SeededRandom, { id, shopId }: Platform, version: number): string[] {
    if (!this.plan.sharedStrategies) return [shopId];
    const shops = this.world.platforms.flatMap((platform) => (platform.id === id ? [platform.shopId] : []));
    return version > 0 && random.chance(0.3) ? shops.slice(0, 1) : shops;
  }

  private ratioStrategy(random: SeededRandom, platform: Platform, version: number) {
    const { platforms } = this.world;
    const { shopId } = platform;
    // Most worlds begin with shops that share the whole stock.
    const whole = version === 0 && random.chance(0.8);
    const even = Math.floor(10_000 / platforms.length);
    const mine = platforms[0].shopId === shopId ? 10_000 - even * (platforms.length - 1) : even;
    const ratioBp = whole ? mine : random.pick([2_500, 3_300, 3_400, 5_000, 5_000, 6_700, 10_000, 12_000]);
    const enabled = random.chance(0.9);
    return {
      name: shopId,
      enabled,
      shopIds: this.strategyShops(random, platform, version),
      skuIds: null,
      warehouseIds: ['DC'],
      ratioBp,
      priority: random.below(3),
      version,
    };
  }

  private async editRatio(run: Run, random: SeededRandom): Promise<void> {
    const drawn = this.platform(random);
    const first = this.world.platforms.find(({ id }) => id === drawn.id) ?? drawn;
    const platform = this.plan.sharedStrategies ? first : drawn;
    const stored = await run.ports.store.get<RatioStrategy>(keys.ratioStrategy(`R-${platform.shopId}`));
    await callConsole(
      run,
      'PUT',
      `/api/ratio-strategies/R-${platform.shopId}`,
      this.ratioStrategy(random, platform, stored?.value.version ?? 0),
    );
  }

  private async editShopStrategy(run: Run, random: SeededRandom): Promise<void> {
    const { shopId } = this.platform(random);
    const stored = await run.ports.store.get<ShopStrategy>(keys.shopStrategy(shopId));
    const body = {
      stockSyncEnabled: random.chance(0.85),
      reserveQty: random.below(3),
      maxQty: random.chance(0.3) ? 5 : null,
      version: stored?.value.version ?? 0,
    };
    await callConsole(run, 'PUT', `/api/shop-strategies/${shopId}`, body);
  }

  private async editException(run: Run, random: SeededRandom): Promise<void> {
    const [{ shopId }, skuId] = [this.platform(random), this.sku(random)];
    const stored = await run.ports.store.get<{ version: number }>(keys.ratioException(skuId, shopId));
    const body = {
      enabled: random.chance(0.6),
      ratioBp: random.pick([0, 2_500, 10_000]),
      version: stored?.value.version ?? 0,
    };
    await callConsole(run, 'PUT', `/api/ratio-exceptions/${skuId}/${shopId}`, body);
  }

  private mapListing(random: SeededRandom): void {
    const { shopId } = this.platform(random);
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
