import type { ListingRef, PlatformListing } from '../../shared/ports/channel';
import type { Run } from '../../shared/platform/define-function';
import { deliveryOrderId } from '../../shared/domain/kernel/ids';
import type { DeliveryOrder } from '../../shared/domain/order/delivery-order';
import { keys } from '../../shared/procedures/keys';
import { SeededRandom } from '../support/seeded-random';
import type { Platform, Wanted } from './platform';
import { listingId } from './shelf';
import type { Action, Plan } from './plan';
import { RETAIL, drawPayMs, drawShare } from './retail-shape';
import { HOT, Staff, UNMADE, UNMAPPED } from './staff';
import type { World } from './world';

/** What buyers and staff do in one world. Each action draws from a seed of its own. */
export class Workload {
  private readonly skuIds: string[];
  private readonly staff: Staff;
  /** Actions that could happen so far, those that follow from others included. */
  readonly met: string[] = [];

  constructor(
    private readonly world: World,
    private readonly plan: Plan,
    /** The only ones that do happen; all where undefined. */
    private readonly only: ReadonlySet<string> | undefined,
  ) {
    this.skuIds = Array.from({ length: plan.skus }, (_, i) => `S${i + 1}`);
    this.staff = new Staff(world, plan, this.skuIds);
  }

  /** Shops, warehouses, SKUs and strategies; nothing goes wrong yet. */
  setUp(seed: number): void {
    const { platforms } = this.world;
    const random = new SeededRandom(seed ^ 0x5e7);
    for (const platform of platforms) {
      for (const skuId of this.skuIds) {
        const listing = { itemId: `item-${skuId}`, platformSkuId: null };
        if (skuId === UNMAPPED) platform.shelf.list(listing, 'other', 6);
        else platform.shelf.list(listing, skuId, 0);
      }
      // One SKU stands in a second listing of the same shop.
      platform.shelf.list({ itemId: 'bundle', platformSkuId: 'red' }, HOT, 0);
    }
    this.world.spawn('set-up', (run) => this.staff.setUp(run, random));
  }

  /** One thing that somebody does now. */
  act(action: Action): void {
    if (!this.mayHappen(action.id)) return;
    const random = new SeededRandom(action.seed);
    if (action.kind === 'buy') this.buy(random, action.id);
    else if (action.kind === 'staff') this.work(random, action.id);
    else if (action.kind === 'edit') this.edit(random);
    else if (action.kind === 'take-over') this.takeOver(random);
    else this.thinkAgain(random, action.kind);
  }

  private edit(random: SeededRandom): void {
    const { staff } = this;
    const roll = random.next();
    if (roll < 0.35) this.spawn('ratio-strategy', (run) => staff.editRatio(run, random));
    else if (roll < 0.5) this.spawn('shop-strategy', (run) => staff.editShopStrategy(run, random));
    else if (roll < 0.6) this.spawn('shop', (run) => staff.editShop(run, random));
    else if (roll < 0.68) this.mapListing(random);
    else if (roll < 0.85) this.mapAnew(random);
    else this.spawn('audit-strategy', (run) => staff.editAuditStrategy(run, random));
  }

  private work(random: SeededRandom, id: string): void {
    const { staff, world } = this;
    const roll = random.next();
    if (roll < 0.2) this.spawn('receipt', (run) => staff.receive(run, random, id));
    else if (roll < 0.46) this.spawn('allocation', (run) => staff.allocate(run, random, id));
    else if (roll < 0.5) this.spawn('read-again', (run) => staff.readAgain(run));
    else if (roll < 0.56) this.spawn('audit-strategy', (run) => staff.editAuditStrategy(run, random));
    else if (roll < 0.65) this.spawn('ratio-strategy', (run) => staff.editRatio(run, random));
    else if (roll < 0.73) this.spawn('shop-strategy', (run) => staff.editShopStrategy(run, random));
    else if (roll < 0.76) this.spawn('shop', (run) => staff.editShop(run, random));
    else if (roll < 0.81) this.spawn('exception', (run) => staff.editException(run, random, this.sku(random)));
    else if (roll < 0.84) this.spawn('read-back-asked', (run) => staff.askReadBack(run, this.sku(random)));
    else if (roll < 0.87) this.takeOver(random);
    else if (roll < 0.88) this.spawn('sku', (run) => staff.renameSku(run, random, this.sku(random)));
    else if (roll < 0.9) this.mapListing(random);
    else if (roll < 0.905) this.mapAnew(random);
    else if (roll < 0.91) this.listAnew(random, id);
    else if (roll < 0.915) this.listNew(random, id);
    else if (roll < 0.92) this.platform(random).tellNonsense(`X${id}`);
    else if (roll < 0.95) world.losePool();
    else if (roll < 0.97) world.jumpClock(random);
    else world.killProcess(random);
  }

  /** Somebody takes a shop out of the sync, sets a number at the platform by hand, and takes it in again. */
  private takeOver(random: SeededRandom): void {
    const { staff, world } = this;
    const platform = this.platform(random);
    const [listing, qty] = [this.listing(random, platform), random.below(8)];
    const byHandMs = 500 + random.below(10_000);
    const set = random.chance(0.5)
      ? (on: boolean) => this.spawn('shop-strategy', (run) => staff.switchSync(run, platform.shopId, on))
      : (on: boolean) => this.spawn('ratio-strategy', (run) => staff.coverShop(run, platform, on));
    set(false);
    world.after(byHandMs, `${platform.shopId} by hand`, () => {
      if (!staff.isSynced(platform)) platform.shelf.setByHand(listing, qty);
    });
    world.after(byHandMs + random.below(10_000), `${platform.shopId} on again`, () => set(true));
  }

  /** Nothing is left that only a person could end. */
  finish(): void {
    this.spawn('put-right', (run) => this.staff.putRight(run));
  }

  private mayHappen(id: string): boolean {
    this.met.push(id);
    return this.only?.has(id) ?? true;
  }

  /** Something that follows from an action, later. */
  private later(id: string, ms: number, go: () => void): void {
    this.world.after(ms, `action ${id}`, () => {
      if (!this.world.healed && this.mayHappen(id)) go();
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
    const own = platform.shelf.item({ itemId: `item-${skuId}`, platformSkuId: null });
    return skuId === HOT && random.chance(0.5) ? platform.shelf.item({ itemId: 'bundle', platformSkuId: 'red' }) : own;
  }

  private wanted(random: SeededRandom, platform: Platform): Wanted[] {
    const { retail } = this.plan;
    const lines = 1 + (retail ? drawShare(random, RETAIL.lines) : random.below(3));
    const wanted: Wanted[] = Array.from({ length: lines }, () => ({
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
    const paid = random.chance(this.plan.retail ? 0 : 0.6);
    const deposit = random.chance(this.plan.retail ? 0.05 : 0.12);
    platform.order(orderNo, wanted, { paid, deposit });
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
    // The rest of a deposit presale; nothing else is left to pay.
    this.later(`${id}.5`, paidMs + random.below(30_000), () => {
      if (random.chance(0.6)) platform.pay(orderNo);
      else platform.forfeit(orderNo, true);
    });
    this.later(`${id}.2`, paidMs + random.below(20_000), () => platform.letShip(orderNo));
    const roll = random.next();
    const afterMs = paidMs + random.below(40_000);
    if (roll < RETAIL.cancelled) this.later(`${id}.3`, afterMs, () => platform.close(orderNo, random.chance(0.7)));
    else if (roll < RETAIL.cancelled + RETAIL.partialRefund)
      this.later(`${id}.3`, afterMs, () => platform.refund(orderNo, 0, 'succeeded', random.chance(0.7)));
    else if (roll < 0.4) this.later(`${id}.3`, afterMs, () => this.fulfil(random, platform, orderNo));
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
    if (roll < 0.3) platform.pay(orderNo);
    else if (roll < 0.37) platform.letShip(orderNo);
    else if (roll < 0.46) platform.close(orderNo, random.chance(0.7));
    else if (roll < 0.58)
      platform.refund(
        orderNo,
        random.below(lines),
        random.pick(['none', 'in-progress', 'succeeded']),
        random.chance(0.7),
      );
    else if (roll < 0.72) this.alter(random, platform, orderNo, lines);
    else if (roll < 0.82) this.onOrder(platform, orderNo, 'cancel', { reason: '客服取消' });
    else if (roll < 0.85) this.onOrder(platform, orderNo, 'audit', {});
    else if (roll < 0.86) this.spawn('convert', (run) => this.staff.convert(run, platform.shopId, orderNo));
    else if (roll < 0.93) this.fulfil(random, platform, orderNo);
    else if (roll < 0.97) this.onOrder(platform, orderNo, 'resume', {});
    else this.ship(platform, orderNo);
  }

  /** Somebody thinks again about an order of some time ago, or changes one that we work on. */
  private thinkAgain(random: SeededRandom, how: 'think' | 'alter'): void {
    const platform = this.platform(random);
    const orders = [...platform.orders.values()].filter(
      ({ orderNo, status }) =>
        status !== 'closed' && status !== 'shipped' && (how === 'think' || this.deliveryOrder(platform, orderNo)),
    );
    const order = orders[random.below(Math.max(1, orders.length))];
    if (!order) return;
    const { orderNo, lines } = order;
    if (how === 'alter') this.alter(random, platform, orderNo, lines.length);
    else this.happenTo(random, platform, orderNo, lines.length);
  }

  private deliveryOrder({ shopId }: Platform, orderNo: string): DeliveryOrder | undefined {
    return this.world.store.now.find<DeliveryOrder>(keys.deliveryOrder(deliveryOrderId(shopId, orderNo)))?.value;
  }

  /** The buyer, the shop or the platform changes an order that goes on. */
  private alter(random: SeededRandom, platform: Platform, orderNo: string, lines: number): void {
    const roll = random.next();
    if (roll < 0.4) this.exchange(platform, orderNo, random.below(lines), this.listing(random, platform));
    else if (roll < 0.6) platform.addGift(orderNo, this.listing(random, platform));
    else if (roll < 0.7) platform.forfeit(orderNo, random.chance(0.7));
    else platform.alter(orderNo, random.pick(['memo', 'address', 'part-shipped']));
  }

  /**
   * Where the rolling read-back stands still, only lines that we know are exchanged: of a listing that a line was in between
   * two of our looks nothing is left to see, but on its shelf.
   */
  private exchange(platform: Platform, orderNo: string, at: number, listing: PlatformListing): void {
    const line = platform.orders.get(orderNo)?.lines[at];
    const known = this.deliveryOrder(platform, orderNo)?.lines.find(({ lineNo }) => lineNo === line?.lineNo);
    const seen = line && known && listingId(known) === listingId(line);
    if (this.plan.readsBack || seen) platform.exchange(orderNo, at, listing);
  }

  /** The warehouse takes its steps in order, whatever becomes of each; now and then the buyer thinks again meanwhile. */
  private fulfil(random: SeededRandom, platform: Platform, orderNo: string): void {
    const steps = random.chance(0.5)
      ? ['audit', 'pick', 'think', 'resume', 'audit', 'pick', 'ship']
      : ['audit', 'pick', 'ship'];
    const thought = random.pick(['close', 'refund', 'address', 'address']);
    let afterMs = 0;
    for (const step of steps) {
      this.world.after(afterMs, `${step} ${orderNo}`, () => {
        if (this.world.healed) return;
        if (step === 'think' && thought === 'close') platform.close(orderNo, true);
        else if (step === 'think' && thought === 'refund') platform.refund(orderNo, 0, 'succeeded', true);
        else if (step === 'think') platform.alter(orderNo, 'address');
        else if (step === 'ship') this.ship(platform, orderNo);
        else this.onOrder(platform, orderNo, step, {});
      });
      // Who is asked to take up an order again has seen what has become of it.
      afterMs += (step === 'think' ? 15_000 : 1_000) + random.below(6_000);
    }
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
      (run) =>
        this.world.calls.call(
          run,
          'POST',
          `/api/delivery-orders/{shopId}/{orderNo}/${action}`,
          { shopId: platform.shopId, orderNo },
          body,
        ),
      (end) => {
        if (end.kind === 'done' && end.value === 200) done();
      },
    );
  }

  private mapAnew(random: SeededRandom): void {
    const platform = this.platform(random);
    const listings = platform.shelf.listings();
    const listing = listings[random.below(listings.length)] ?? this.listing(random, platform);
    const skuId = this.skuIds[random.below(this.skuIds.length)] ?? HOT;
    this.spawn('mapping', (run) => this.staff.mapAnew(run, platform.shopId, listing, skuId));
  }

  /** A shop lists a SKU once more, and somebody takes that over. */
  private listAnew(random: SeededRandom, id: string): void {
    const platform = this.platform(random);
    platform.shelf.list({ itemId: `new-${id}`, platformSkuId: null }, this.sku(random), 0);
    this.spawn('download-items', (run) => this.staff.downloadItems(run, platform.shopId));
  }

  /** A shop lists and sells what no SKU of ours is, before it is made one or behind that. */
  private listNew(random: SeededRandom, id: string): void {
    const { world, staff } = this;
    const platform = this.platform(random);
    const code = `${UNMADE}${id}`;
    const listing: ListingRef = { itemId: `new-${id}`, platformSkuId: null };
    platform.shelf.list(listing, code, random.below(4));
    const [listedMs, madeMs] = [random.below(2_000), random.below(2_000)];
    world.after(random.below(2_000), `buy ${code}`, () => {
      const isBought = platform.order(`N${id}`, [{ listing, quantity: 1 }], { paid: true, deposit: false });
      if (isBought) world.stats.orders += 1;
    });
    world.after(listedMs, `list ${code}`, () =>
      this.spawn('download-items', (run) => staff.downloadItems(run, platform.shopId)),
    );
    world.after(madeMs, `make ${code}`, () => this.spawn('sku', (run) => staff.makeSku(run, code)));
  }

  private mapListing(random: SeededRandom): void {
    const { shopId } = this.platform(random);
    this.spawn('mapping', (run) => this.staff.saveMapping(run, shopId));
  }
}
