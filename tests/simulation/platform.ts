import type { ChannelId, LineRefund, PlatformOrder, PlatformOrderLine } from '../../shared/domain/order/platform-order';
import { takesStock } from '../../shared/domain/order/platform-order';
import type {
  Channel,
  ChannelMessage,
  ListingRef,
  PlatformListing,
  StockWrite,
  StockWriteResult,
} from '../../shared/ports/channel';
import type { SeededRandom } from '../support/seeded-random';
import type { PortFaults, Turn } from './unreliable-ports';
import { outage } from './unreliable-ports';

export interface PlatformWorld {
  readonly random: SeededRandom;
  readonly faults: PortFaults & { flowControl: number; platformDown: number; writeTimeout: number };
  nowMs(): number;
  after(ms: number, label: string, go: () => void): void;
  /** A push platform tells of a change: somebody should call our webhook. */
  push(orderNo: string, platform: Platform): void;
  trace(line: string): void;
  /** Something has happened that must not. */
  fault(what: string): void;
}

/** Somebody told the platform that they have the order as it was changed at this time. */
export type OnConfirmed = (orderNo: string, modifiedAtMs: number) => void;

interface Item extends PlatformListing {
  shownQty: number;
}

/** A write that timed out may still be applied this much later; less than the time after which a push is checked again. */
const LATE_MS_MAX = 40_000;

/** A caller waits no longer for an answer. */
const CALL_MS_MAX = 4_000;

/** How a platform refuses a call that it would take at another time. */
const OUTAGES = ['CHANNEL_UNREACHABLE', 'CHANNEL_THROTTLED', 'CHANNEL_BUSY'] as const;

/** A message that was handed out and not confirmed comes again after this. */
const INVISIBLE_MS = 30_000;

const NOBODY = { name: '', phone: '', province: '', city: '', district: '', address: '', token: 't' };

const listingId = ({ itemId, platformSkuId }: ListingRef): string => `${itemId}/${platformSkuId ?? ''}`;

/** One sales platform with one shop: its shelf, its orders, its buyers, and the {@link Channel} to it. */
export class Platform {
  readonly items = new Map<string, Item>();
  readonly orders = new Map<string, PlatformOrder>();
  private readonly messages = new Map<
    string,
    { message: ChannelMessage; modifiedAtMs: number; visibleFromMs: number }
  >();
  private readonly appliedKeys = new Set<string>();
  private readonly askedKeys = new Set<string>();
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

  shownQty(listing: ListingRef): number {
    return this.items.get(listingId(listing))?.shownQty ?? 0;
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

  /** The {@link Channel} as one task sees it. */
  seenBy(turn: Turn, onConfirmed: OnConfirmed): Channel {
    const { random, faults } = this.world;
    const call = <R>(label: string, answer: () => R): Promise<R> =>
      turn(`${this.id} ${label}`, () => {
        if (random.chance(faults.platformDown)) throw outage(random.pick(OUTAGES), { label });
        const answered = answer();
        if (random.chance(faults.timeout)) throw outage('CHANNEL_UNREACHABLE', { label, fault: 'timeout' });
        return answered;
      });
    const poll = this.id === 'taobao';
    return {
      id: this.id,
      stockWrite: { set: true, idempotentAdd: !poll, writesPerCallMax: 2, oneItemPerCall: poll },
      intake: poll
        ? {
            kind: 'poll',
            consume: (_access, max) => call('consume', () => this.consume(max)),
            confirm: (_access, ids) => call('confirm', () => this.confirm(ids, onConfirmed)),
          }
        : {
            kind: 'push',
            verify: () => true,
            orderNos: (body) => ({ orderNos: [Buffer.from(body).toString('utf8')], shopIds: [] }),
            ...{ acceptedBody: 'ok', refusedBody: 'again' },
          },
      readOrder: (text) => JSON.parse(text) as PlatformOrder,
      fetchOrder: (_access, orderNo) =>
        call(`fetch ${orderNo}`, () => ({ orderNo, text: JSON.stringify(this.orders.get(orderNo)) })),
      listModified: (_access, window) => this.listModified(call, window),
      listListings: () => listPages([...this.items.values()], 2, call),
      readStock: (_access, listing) => call(`read ${listingId(listing)}`, () => this.shownQty(listing)),
      writeStock: (_access, writes) => this.writeStock(turn, writes),
    };
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
    world.trace(
      `${this.id} order ${order.orderNo} ${changed.status} ${changed.lines.map((line) => `${line.itemId}×${line.quantity} ${line.refund}`).join(', ')}`,
    );
    if (world.random.chance(world.faults.lost)) return;
    if (this.id === 'doudian') {
      world.push(order.orderNo, this);
      return;
    }
    this.messageNo += 1;
    const message = { messageId: String(this.messageNo), orderNo: order.orderNo, sellerId: '', topic: 'trade' };
    this.messages.set(message.messageId, { message, modifiedAtMs: changed.modifiedAtMs, visibleFromMs: 0 });
  }

  /** Takes the lines' pieces off the shelf (−1), all or none, or puts them back (+1). */
  private take(order: PlatformOrder, sign: 1 | -1): boolean {
    const wanted = new Map<string, number>();
    for (const line of order.lines) wanted.set(listingId(line), (wanted.get(listingId(line)) ?? 0) + line.quantity);
    if (sign < 0 && [...wanted].some(([id, qty]) => (this.items.get(id)?.shownQty ?? 0) < qty)) return false;
    for (const [id, qty] of wanted) (this.items.get(id) as Item).shownQty += sign * qty;
    return true;
  }

  private consume(max: number): ChannelMessage[] {
    const nowMs = this.world.nowMs();
    const visible = [...this.messages.values()].filter(({ visibleFromMs }) => visibleFromMs <= nowMs).slice(0, max);
    for (const waiting of visible) waiting.visibleFromMs = nowMs + INVISIBLE_MS;
    return visible.map(({ message }) => message);
  }

  private confirm(ids: readonly string[], onConfirmed: OnConfirmed): void {
    for (const id of ids) {
      const waiting = this.messages.get(id);
      if (waiting?.message.orderNo) onConfirmed(waiting.message.orderNo, waiting.modifiedAtMs);
      this.messages.delete(id);
    }
  }

  private listModified(call: Call, { fromMs, toMs }: { fromMs: number; toMs: number }) {
    const stamps = [...this.orders.values()]
      .filter((order) => order.modifiedAtMs >= fromMs && order.modifiedAtMs <= toMs)
      .map(({ orderNo, modifiedAtMs, platformStatus }) => ({ orderNo, modifiedAtMs, platformStatus }));
    return listPages(stamps, 20, call);
  }

  private async writeStock(turn: Turn, writes: readonly StockWrite[]): Promise<StockWriteResult[]> {
    const askedMs = this.world.nowMs();
    // A key is made from the number of a sync record, which one run has claimed for itself and pushes once.
    for (const { key } of writes) {
      if (this.askedKeys.has(key)) this.world.fault(`${this.id}: write ${key} is asked for a second time`);
      this.askedKeys.add(key);
    }
    const asked = writes.map(({ listing, mode, qty }) => `${listing.itemId} ${mode} ${qty}`).join(', ');
    const { results, label } = await turn(`${this.id} write ${asked}`, () => this.answerWrites(writes, askedMs));
    return label === undefined ? results : turn(`${this.id} write ${label}`, () => results);
  }

  /** What becomes of a call that has reached the platform; `label` where its answer takes a while longer. */
  private answerWrites(
    writes: readonly StockWrite[],
    askedMs: number,
  ): { readonly results: StockWriteResult[]; readonly label?: string } {
    const { random, faults } = this.world;
    if (random.chance(faults.flowControl))
      return { results: writes.map(() => ({ kind: 'refused', code: 'flow', message: 'too fast', retry: 'later' })) };
    // Whoever calls gives up after the time limit, whatever becomes of the call.
    if (this.world.nowMs() > askedMs + CALL_MS_MAX || random.chance(faults.writeTimeout)) {
      // Not applied, applied at once, or late: nobody can tell.
      const lateMs = Math.max(0, askedMs + random.pick([0, random.below(LATE_MS_MAX)]) - this.world.nowMs());
      const applyAll = (): void => void writes.map((write) => this.apply(write));
      if (random.chance(0.7)) this.world.after(lateMs, `${this.id} applies late`, applyAll);
      return { results: writes.map(() => ({ kind: 'unknown', message: 'time-out' })), label: 'times out' };
    }
    return { results: writes.map((write) => this.apply(write)), label: 'answered' };
  }

  private apply({ listing, mode, qty, key }: StockWrite): StockWriteResult {
    const item = this.items.get(listingId(listing)) as Item;
    const next = mode === 'set' ? qty : item.shownQty + qty;
    if (mode === 'add' && this.appliedKeys.has(key)) return { kind: 'applied', shownQty: item.shownQty };
    if (next < 0) return { kind: 'refused', code: 'below-zero', message: 'below zero', retry: 'later' };
    this.appliedKeys.add(key);
    this.world.trace(`${this.id} shelf ${listingId(listing)} ${item.shownQty} → ${next}`);
    item.shownQty = next;
    return { kind: 'applied', shownQty: next };
  }
}

type Call = <R>(label: string, answer: () => R) => Promise<R>;

async function* listPages<T>(rows: readonly T[], size: number, call: Call): AsyncGenerator<readonly T[]> {
  for (let from = 0; from < rows.length || from === 0; from += size)
    yield await call('list', () => rows.slice(from, from + size));
}
