import type { ChannelId, LineRefund, PlatformOrder, PlatformOrderLine } from '../../shared/domain/order/platform-order';
import { takesStock } from '../../shared/domain/order/platform-order';
import type {
  ChannelMessage,
  ListingRef,
  PlatformListing,
  StockWrite,
  StockWriteResult,
} from '../../shared/ports/channel';
import type { SeededRandom } from '../support/seeded-random';
import type { Faults } from './faults';

export interface PlatformWorld {
  readonly random: SeededRandom;
  /** Orders read so far, by their text. */
  readonly read: Map<string, PlatformOrder>;
  readonly faults: Faults;
  nowMs(): number;
  after(ms: number, label: string, go: () => void): void;
  /** A push platform tells of a change: somebody should call our webhook. */
  push(orderNo: string, platform: Platform): void;
  readonly traced: boolean;
  /** Takes what a shelf shows into the hash of the history. */
  note(what: string, qty: number): void;
  trace(line: string): void;
  /** Something has happened that must not. */
  fault(what: string): void;
}

/** Somebody told the platform that they have the order as it was changed at this time. */
export type OnConfirmed = (orderNo: string, modifiedAtMs: number) => void;

interface Item extends PlatformListing {
  shownQty: number;
}

/** A read of the shelf lags behind it at most this long. */
const READ_LAG_MS_MAX = 10_000;

/** A message that was handed out and not confirmed comes again after this. */
const INVISIBLE_MS = 30_000;

const NOBODY = { name: '', phone: '', province: '', city: '', district: '', address: '', token: 't' };

/** A listing as one text. */
export const listingId = ({ itemId, platformSkuId }: ListingRef): string => `${itemId}/${platformSkuId ?? ''}`;

/** One sales platform with one shop: its shelf, its orders, its buyers and its queue of messages. */
export class Platform {
  readonly items = new Map<string, Item>();
  readonly orders = new Map<string, PlatformOrder>();
  private readonly messages = new Map<
    string,
    { message: ChannelMessage; modifiedAtMs: number; visibleFromMs: number }
  >();
  private readonly appliedKeys = new Set<string>();
  private readonly askedKeys = new Set<string>();
  /** What the shelf showed, newest last: reads may lag behind. */
  private readonly shelfBefore: { readonly id: string; readonly qty: number; readonly untilMs: number }[] = [];
  private messageNo = 0;

  constructor(
    readonly id: ChannelId,
    readonly shopId: string,
    private readonly takenAt: PlatformOrder['stockTakenAt'],
    private readonly world: PlatformWorld,
  ) {}

  list(listing: ListingRef, merchantCode: string, shownQty: number): void {
    this.items.set(listingId(listing), { ...listing, merchantCode, title: merchantCode, shownQty });
  }

  /** Number under which the platform knows the seller; '' where its messages carry none. */
  get sellerId(): string {
    return this.id === 'taobao' ? `seller-${this.shopId}` : '';
  }

  item(itemId: string, platformSkuId: string | null): PlatformListing {
    return this.items.get(listingId({ itemId, platformSkuId })) as Item;
  }

  shownQty(listing: ListingRef): number {
    return this.items.get(listingId(listing))?.shownQty ?? 0;
  }

  /** Somebody of the shop sets its number at the platform. */
  setShelf(item: PlatformListing, qty: number): void {
    this.show(this.items.get(listingId(item)) as Item, qty);
  }

  /** What a read of the shelf answers: what it shows, or what it showed a while ago. */
  readShelf(listing: ListingRef): number {
    const { random, faults } = this.world;
    if (!faults.happens('readLag')) return this.shownQty(listing);
    const atMs = this.world.nowMs() - random.below(READ_LAG_MS_MAX);
    const id = listingId(listing);
    return this.shelfBefore.find((before) => before.id === id && before.untilMs > atMs)?.qty ?? this.shownQty(listing);
  }

  /** A call asks for a write: its key is made from the number of a sync record, which one run pushes once. */
  asked(key: string): void {
    if (this.askedKeys.has(key)) this.world.fault(`${this.id}: write ${key} is asked for a second time`);
    this.askedKeys.add(key);
  }

  private show(item: Item, qty: number): void {
    const nowMs = this.world.nowMs();
    this.shelfBefore.push({ id: listingId(item), qty: item.shownQty, untilMs: nowMs });
    while ((this.shelfBefore[0]?.untilMs ?? nowMs) < nowMs - READ_LAG_MS_MAX) this.shelfBefore.shift();
    item.shownQty = qty;
    this.world.note(`${this.shopId} ${listingId(item)}`, qty);
  }

  /** A buyer orders; nothing happens where the shelf shows too little. */
  order(orderNo: string, wanted: readonly { listing: ListingRef; quantity: number }[], paid: boolean): boolean {
    const nowMs = this.world.nowMs();
    const lines = wanted.map(({ listing, quantity }, i): PlatformOrderLine => {
      const { merchantCode, title } = this.items.get(listingId(listing)) as Item;
      const { itemId, platformSkuId } = listing;
      const money = { unitPriceFen: 100, paidFen: 100 * quantity, gift: false, presale: false };
      return {
        lineNo: `${orderNo}-${i + 1}`,
        itemId,
        platformSkuId,
        merchantCode,
        title,
        quantity,
        refund: 'none',
        ...money,
      };
    });
    const order: PlatformOrder = {
      ...{ channel: this.id, orderNo, status: 'unpaid', platformStatus: 'unpaid', createdAtMs: nowMs, modifiedAtMs: 0 },
      ...{
        paidAtMs: null,
        stockTakenAt: this.takenAt,
        deposit: 'none',
        payableFen: lines.reduce((sum, line) => sum + line.paidFen, 0),
      },
      ...{ freightFen: 0, buyerMemo: '', sellerMemo: '', buyerNick: 'b', receiver: NOBODY, lines },
    };
    if (this.takenAt === 'order' && !this.take(order, -1)) return false;
    this.change(order);
    return !paid || this.pay(orderNo);
  }

  pay(orderNo: string): boolean {
    const order = this.live(orderNo);
    if (order?.status !== 'unpaid') return false;
    if (this.takenAt === 'payment' && !this.take(order, -1)) return this.close(orderNo, false);
    const wait = this.world.random.chance(0.2);
    this.change({ ...order, status: wait ? 'paid-do-not-ship' : 'to-ship', paidAtMs: this.world.nowMs() });
    return true;
  }

  letShip(orderNo: string): void {
    const order = this.live(orderNo);
    if (order?.status === 'paid-do-not-ship') this.change({ ...order, status: 'to-ship' });
  }

  /** The refund of one line goes a step on; refunded in full, the order closes. */
  refund(orderNo: string, lineIndex: number, refund: LineRefund, restock: boolean): void {
    const order = this.live(orderNo);
    const line = order?.lines[lineIndex];
    if (!order || !line || order.status === 'unpaid' || line.refund === 'succeeded') return;
    const lines = order.lines.map((other) => (other === line ? { ...line, refund } : other));
    if (refund === 'succeeded' && restock) this.take({ ...order, lines: [line] }, 1);
    const closed = lines.every((other) => other.refund === 'succeeded');
    this.change({ ...order, lines, ...(closed && { status: 'closed' as const }) });
  }

  /** The buyer or the platform closes the order; the shelf may get its pieces back. */
  close(orderNo: string, restock: boolean): boolean {
    const order = this.live(orderNo);
    if (!order) return false;
    const open = order.lines.filter((line) => line.refund !== 'succeeded');
    if (restock && takesStock(order)) this.take({ ...order, lines: open }, 1);
    const lines =
      order.status === 'unpaid' ? order.lines : order.lines.map((line) => ({ ...line, refund: 'succeeded' as const }));
    this.change({ ...order, lines, status: 'closed' });
    return false;
  }

  ship(orderNo: string): void {
    const order = this.live(orderNo);
    if (order?.status === 'to-ship') this.change({ ...order, status: 'shipped' });
  }

  private live(orderNo: string): PlatformOrder | undefined {
    const order = this.orders.get(orderNo);
    return order && order.status !== 'closed' && order.status !== 'shipped' ? order : undefined;
  }

  /** Saves an order's change under the time in seconds that platforms count in, and tells of it, mostly. */
  private change(order: PlatformOrder): void {
    const { world } = this;
    const changed = { ...order, platformStatus: order.status, modifiedAtMs: Math.floor(world.nowMs() / 1_000) * 1_000 };
    this.orders.set(order.orderNo, changed);
    if (world.traced)
      world.trace(
        `${this.shopId} order ${order.orderNo} ${changed.status} ${changed.lines.map((line) => `${line.itemId}×${line.quantity} ${line.refund}`).join(', ')}`,
      );
    if (world.faults.happens('lost')) return;
    if (this.id === 'doudian') {
      world.push(order.orderNo, this);
      return;
    }
    this.messageNo += 1;
    const message = {
      messageId: `${this.shopId}-${this.messageNo}`,
      orderNo: order.orderNo,
      sellerId: this.sellerId,
      topic: 'trade',
    };
    this.messages.set(message.messageId, { message, modifiedAtMs: changed.modifiedAtMs, visibleFromMs: 0 });
  }

  /** Takes the lines' pieces off the shelf (−1), all or none, or puts them back (+1). */
  private take(order: PlatformOrder, sign: 1 | -1): boolean {
    const wanted = new Map<string, number>();
    for (const line of order.lines) wanted.set(listingId(line), (wanted.get(listingId(line)) ?? 0) + line.quantity);
    if (sign < 0 && [...wanted].some(([id, qty]) => (this.items.get(id)?.shownQty ?? 0) < qty)) return false;
    for (const [id, qty] of wanted) {
      const item = this.items.get(id) as Item;
      this.show(item, item.shownQty + sign * qty);
    }
    return true;
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
      if (waiting?.message.orderNo) onConfirmed(waiting.message.orderNo, waiting.modifiedAtMs);
      this.messages.delete(id);
    }
  }

  /** Applies one write, at once. */
  apply({ listing, mode, qty, key }: StockWrite): StockWriteResult {
    const item = this.items.get(listingId(listing)) as Item;
    const next = mode === 'set' ? qty : item.shownQty + qty;
    if (mode === 'add' && this.appliedKeys.has(key)) return { kind: 'applied', shownQty: item.shownQty };
    if (next < 0) return { kind: 'refused', code: 'below-zero', message: 'below zero', retry: 'later' };
    this.appliedKeys.add(key);
    if (this.world.traced) this.world.trace(`${this.shopId} shelf ${listingId(listing)} ${item.shownQty} → ${next}`);
    this.show(item, next);
    return { kind: 'applied', shownQty: next };
  }
}
