import type { ChannelId, LineRefund, PlatformOrder, PlatformOrderLine } from '../../shared/domain/order/platform-order';
import { isOver, takesStock } from '../../shared/domain/order/platform-order';
import type { ChannelMessage, ListingRef } from '../../shared/ports/channel';
import { aboutListing, aboutOrder } from './finding';
import type { ShelfWorld } from './shelf';
import { listingId, Shelf } from './shelf';

export interface PlatformWorld extends ShelfWorld {
  /** Orders read so far, by their text. */
  readonly read: Map<string, PlatformOrder>;
  after(ms: number, label: string, go: () => void): void;
  /** A push platform tells of a change: somebody should call our webhook. */
  push(orderNo: string, platform: Platform): void;
}

/** Somebody told the platform that they have the order as it was changed at this time. */
export type OnConfirmed = (orderNo: string, modifiedAtMs: number) => void;

/** A message that was handed out and not confirmed comes again after this. */
const INVISIBLE_MS = 30_000;

/** Some orders cannot be read for so long: when they can, the pull no longer looks back to them. */
const UNREAD_MS = 900_000;

/** Field of an answer that holds an order in a form that no adapter reads. */
export const UNREADABLE = 'unreadable';

/** A pushed text that is of no known shape begins so. */
export const GARBAGE = '?';

/** An order in a few words: `to-ship, item-S1×2, item-S3×1 refund in-progress`. */
const wordsOfOrder = ({ status, deposit, lines, modifiedAtMs }: PlatformOrder): string =>
  [
    status,
    ...(deposit === 'none' ? [] : [`deposit ${deposit}`]),
    ...lines.map((line) => `${line.itemId}×${line.quantity}${line.refund === 'none' ? '' : ` refund ${line.refund}`}`),
    `as of ${modifiedAtMs}`,
  ].join(', ');

const NOBODY = { name: '', phone: '', province: '', city: '', district: '', address: '', token: 't' };

/** A line as an order wants it. */
export interface Wanted {
  readonly listing: ListingRef;
  readonly quantity: number;
}

const unrefunded = ({ lines }: PlatformOrder): PlatformOrderLine[] =>
  lines.filter(({ refund }) => refund !== 'succeeded');

/** One sales platform with one shop: its shelf, its orders, its buyers and its queue of messages. */
export class Platform {
  readonly shelf: Shelf;
  readonly orders = new Map<string, PlatformOrder>();
  private readonly unreadUntilMs = new Map<string, number>();
  private readonly messages = new Map<
    string,
    { message: ChannelMessage; modifiedAtMs: number; visibleFromMs: number }
  >();
  private messageNo = 0;

  constructor(
    readonly id: ChannelId,
    readonly shopId: string,
    private readonly takenAt: PlatformOrder['stockTakenAt'],
    private readonly world: PlatformWorld,
  ) {
    this.shelf = new Shelf(shopId, world);
  }

  /** Number under which the platform knows the seller; '' where its messages carry none. */
  get sellerId(): string {
    return this.id === 'taobao' ? `seller-${this.shopId}` : '';
  }

  /** A buyer orders; nothing happens where the shelf shows too little. */
  order(
    orderNo: string,
    wanted: readonly Wanted[],
    how: { readonly paid: boolean; readonly deposit: boolean },
  ): boolean {
    const nowMs = this.world.nowMs();
    const lines = wanted.map((line, i) => this.line(`${orderNo}-${i + 1}`, line, how.deposit));
    const order: PlatformOrder = {
      ...{ channel: this.id, orderNo, status: 'unpaid', platformStatus: 'unpaid', createdAtMs: nowMs, modifiedAtMs: 0 },
      ...{
        paidAtMs: null,
        stockTakenAt: this.takenAt,
        deposit: how.deposit ? 'nothing-paid' : 'none',
        payableFen: lines.reduce((sum, line) => sum + line.paidFen, 0),
      },
      ...{ freightFen: 0, buyerMemo: '', sellerMemo: '', buyerNick: 'b', receiver: NOBODY, lines },
    };
    if (takesStock(order) && !this.shelf.take(lines, -1)) return false;
    this.change(order);
    return !how.paid || this.pay(orderNo);
  }

  private line(lineNo: string, { listing, quantity }: Wanted, presale: boolean): PlatformOrderLine {
    const { itemId, platformSkuId, merchantCode, title } = this.shelf.item(listing);
    return {
      ...{ lineNo, itemId, platformSkuId, merchantCode, title, quantity, refund: 'none' },
      ...{ unitPriceFen: 100, paidFen: 100 * quantity, gift: false, presale },
    };
  }

  /** The buyer pays: all of it, or the deposit and later the rest. */
  pay(orderNo: string): boolean {
    const order = this.wanted(orderNo);
    const owes = order?.deposit === 'nothing-paid' || order?.deposit === 'deposit-paid';
    if (!order || (order.status !== 'unpaid' && !owes)) return false;
    const deposit = order.deposit === 'nothing-paid' ? 'deposit-paid' : 'all-paid';
    const waits = owes && deposit === 'deposit-paid';
    const paid: PlatformOrder = {
      ...order,
      ...(owes && { deposit }),
      status: waits ? this.statusOfDeposit : this.world.random.chance(0.2) ? 'paid-do-not-ship' : 'to-ship',
      paidAtMs: this.world.nowMs(),
    };
    if (takesStock(paid) && !takesStock(order) && !this.shelf.take(order.lines, -1)) return this.close(orderNo, false);
    this.change(paid);
    return true;
  }

  /** A trade of which the deposit is paid: still unpaid on the one, not to be shipped on the other. */
  private get statusOfDeposit(): PlatformOrder['status'] {
    return this.id === 'taobao' ? 'unpaid' : 'paid-do-not-ship';
  }

  /** The buyer has not paid the rest in time: the deposit is forfeited, the shelf may get its pieces back. */
  forfeit(orderNo: string, restock: boolean): void {
    const order = this.wanted(orderNo);
    if (order?.deposit !== 'deposit-paid') return;
    if (restock && takesStock(order)) this.shelf.take(unrefunded(order), 1);
    this.change({ ...order, deposit: 'forfeited' });
  }

  letShip(orderNo: string): void {
    const order = this.wanted(orderNo);
    if (order?.status === 'paid-do-not-ship' && order.deposit !== 'deposit-paid')
      this.change({ ...order, status: 'to-ship' });
  }

  /** The refund of one line goes a step on; refunded in full, the order closes. */
  refund(orderNo: string, lineIndex: number, refund: LineRefund, restock: boolean): void {
    const order = this.wanted(orderNo);
    const line = order?.lines[lineIndex];
    if (!order || !line || order.status === 'unpaid' || line.refund === 'succeeded') return;
    const lines = order.lines.map((other) => (other === line ? { ...line, refund } : other));
    if (refund === 'succeeded' && restock) this.shelf.take([line], 1);
    const closed = lines.every((other) => other.refund === 'succeeded');
    this.change({ ...order, lines, ...(closed && { status: 'closed' as const }) });
  }

  /** The buyer or the platform closes the order; the shelf may get its pieces back. */
  close(orderNo: string, restock: boolean): boolean {
    const order = this.live(orderNo);
    if (!order) return false;
    if (restock && takesStock(order)) this.shelf.take(unrefunded(order), 1);
    // Not every closed order has its refunds on record.
    const refunded = order.status !== 'unpaid' && this.world.random.chance(0.8);
    const lines = refunded ? order.lines.map((line) => ({ ...line, refund: 'succeeded' as const })) : order.lines;
    this.change({ ...order, lines, status: 'closed' });
    return false;
  }

  ship(orderNo: string): void {
    const order = this.live(orderNo);
    if (order?.status === 'to-ship' || order?.status === 'part-shipped') this.change({ ...order, status: 'shipped' });
  }

  /** The buyer would rather have another colour: the same line in another listing. */
  exchange(orderNo: string, lineIndex: number, listing: ListingRef): void {
    const order = this.wanted(orderNo);
    const line = order?.lines[lineIndex];
    if (!order || !line || line.refund !== 'none' || order.status === 'part-shipped') return;
    if (listingId(line) === listingId(listing)) return;
    const other = this.line(line.lineNo, { listing, quantity: line.quantity }, line.presale);
    if (takesStock(order)) {
      if (!this.shelf.take([other], -1)) return;
      this.shelf.take([line], 1);
    }
    this.change({ ...order, lines: order.lines.map((each) => (each === line ? other : each)) });
  }

  /** The platform adds a gift 赠品 to an order. */
  addGift(orderNo: string, listing: ListingRef): void {
    const order = this.wanted(orderNo);
    if (!order || order.status === 'part-shipped') return;
    const lineNo = `${orderNo}-${order.lines.length + 1}`;
    const gift = { ...this.line(lineNo, { listing, quantity: 1 }, false), unitPriceFen: 0, paidFen: 0, gift: true };
    if (takesStock(order) && !this.shelf.take([gift], -1)) return;
    this.change({ ...order, lines: [...order.lines, gift] });
  }

  /** Somebody of the shop writes a memo, the buyer moves house, or a parcel of several is shipped from elsewhere. */
  alter(orderNo: string, what: 'memo' | 'address' | 'part-shipped'): void {
    const order = this.live(orderNo);
    if (!order) return;
    const atMs = String(this.world.nowMs());
    if (what === 'memo') this.change({ ...order, sellerMemo: atMs });
    else if (what === 'address') this.change({ ...order, receiver: { ...order.receiver, token: atMs } });
    else if (order.status === 'to-ship' && order.deposit !== 'deposit-paid')
      this.change({ ...order, status: 'part-shipped' });
  }

  /** Answers an order's text; now and then in a form that no adapter reads, for once or for long. */
  textOf(order: PlatformOrder): string {
    const { faults, random } = this.world;
    const nowMs = this.world.nowMs();
    const unreadable = faults.happens('unreadable');
    if (unreadable && random.chance(0.5)) this.unreadUntilMs.set(order.orderNo, nowMs + UNREAD_MS);
    const still = (this.unreadUntilMs.get(order.orderNo) ?? 0) > nowMs;
    return JSON.stringify(unreadable || still ? { [UNREADABLE]: true, ...order } : order);
  }

  /** The platform tells of what is no order of ours, or in words that nobody knows. */
  tellNonsense(no: string): void {
    if (this.id === 'doudian') this.world.push(this.world.random.chance(0.5) ? `${GARBAGE}${no}` : no, this);
    else this.tell(no, this.world.random.chance(0.5) ? this.sellerId : 'nobody', 0);
  }

  private live(orderNo: string): PlatformOrder | undefined {
    const order = this.orders.get(orderNo);
    return order && order.status !== 'closed' && order.status !== 'shipped' ? order : undefined;
  }

  /** One that its buyer may still get. */
  private wanted(orderNo: string): PlatformOrder | undefined {
    const order = this.live(orderNo);
    return order && isOver(order) ? undefined : order;
  }

  /** Saves an order's change under the time in seconds that platforms count in, and tells of it, mostly. */
  private change(order: PlatformOrder): void {
    const { world } = this;
    const changed = { ...order, platformStatus: order.status, modifiedAtMs: Math.floor(world.nowMs() / 1_000) * 1_000 };
    this.orders.set(order.orderNo, changed);
    if (world.traced)
      world.trace(`${this.shopId} order ${order.orderNo} ${wordsOfOrder(changed)}`, {
        ...aboutOrder(this.shopId, order.orderNo),
        listings: changed.lines.flatMap((line) => aboutListing(this.shopId, line).listings ?? []),
      });
    if (world.faults.happens('lost')) {
      if (world.traced)
        world.trace(`${this.shopId} does not tell of ${order.orderNo}`, aboutOrder(this.shopId, order.orderNo));
      return;
    }
    if (this.id === 'doudian') {
      world.push(order.orderNo, this);
      return;
    }
    this.tell(order.orderNo, this.sellerId, changed.modifiedAtMs);
  }

  private tell(orderNo: string, sellerId: string, modifiedAtMs: number): void {
    this.messageNo += 1;
    const message = { messageId: `${this.shopId}-${this.messageNo}`, orderNo, sellerId, topic: 'trade' };
    this.messages.set(message.messageId, { message, modifiedAtMs, visibleFromMs: 0 });
  }

  /** Hands out what waits in the queue of messages, and hides it for a while. */
  consume(max: number): ChannelMessage[] {
    const nowMs = this.world.nowMs();
    const visible = [...this.messages.values()].filter(({ visibleFromMs }) => visibleFromMs <= nowMs).slice(0, max);
    for (const waiting of visible) waiting.visibleFromMs = nowMs + INVISIBLE_MS;
    return visible.map(({ message }) => message);
  }

  /** Takes messages out of the queue. */
  confirm(ids: readonly string[], onConfirmed: OnConfirmed): void {
    for (const id of ids) {
      const waiting = this.messages.get(id);
      const ours = waiting?.message.sellerId === this.sellerId;
      if (ours && waiting.message.orderNo) onConfirmed(waiting.message.orderNo, waiting.modifiedAtMs);
      this.messages.delete(id);
    }
  }
}
