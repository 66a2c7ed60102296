import type { Catalogue, Found, Want } from './catalogue';
import { ChangeLog } from './change-log';
import { ControlError } from './control-error';
import type { IdSource } from './ids';
import type { Order, OrderEvent, OrderLine, OrderStatus, ShownReceiver } from './order';
import { isClosed } from './order';

export interface Basket {
  readonly lines: readonly (Want & { readonly gift: boolean })[];
  readonly pay: boolean;
  readonly mayShip: boolean;
  readonly depositPresale: boolean;
  readonly buyerNick: string;
  readonly receiver?: ShownReceiver;
  readonly buyerMemo: string;
  readonly sellerMemo: string;
}

type Move = 'pay' | 'release' | 'ship' | 'cancel' | 'refund';

/** From which status each move is possible. */
const ALLOWED: Readonly<Record<Move, readonly OrderStatus[]>> = {
  pay: ['unpaid', 'deposit-paid'],
  release: ['must-not-ship'],
  ship: ['to-ship'],
  cancel: ['unpaid', 'deposit-paid', 'must-not-ship', 'to-ship'],
  refund: ['must-not-ship', 'to-ship', 'shipped'],
};

export interface OrderBookDeps {
  readonly catalogue: Catalogue;
  readonly ids: IdSource;
  /** first digit of every id this shop gives out */
  readonly leadingDigit: number;
  /** Taobao's one-line trades carry the trade's own number as line number. */
  readonly loneLineSharesNumber: boolean;
  readonly nowMs: () => number;
  readonly publish: (order: Order, event: OrderEvent) => void;
}

/**
 * The orders of one shop and their life. Every change marks the order as modified now and publishes what happened,
 * after the order is in its final state. Moves that are not possible throw ControlError 409 and change nothing.
 */
export class OrderBook {
  private readonly byOrderNo = new Map<string, Order>();
  private readonly changes = new ChangeLog();

  constructor(private readonly deps: OrderBookDeps) {}

  get size(): number {
    return this.byOrderNo.size;
  }

  get(orderNo: string): Order | undefined {
    return this.byOrderNo.get(orderNo);
  }

  /** In the order of creation. */
  all(): IterableIterator<Order> {
    return this.byOrderNo.values();
  }

  changedBetween(startMs: number, endMs: number): Order[] {
    return this.changes.between(startMs, endMs);
  }

  /** Takes the stock of all lines at once, or throws 409 SOLD_OUT and takes nothing. */
  create(basket: Basket): Order {
    const nowMs = this.deps.nowMs();
    const picks = this.deps.catalogue.take(basket.lines, nowMs);
    const orderNo = this.deps.ids.next(this.deps.leadingDigit);
    const lone = this.deps.loneLineSharesNumber && picks.length === 1;
    const lines = picks.map((pick) => toLine(lone ? orderNo : this.deps.ids.next(this.deps.leadingDigit), pick));
    const order: Order = {
      orderNo,
      lines,
      depositPresale: basket.depositPresale,
      mayShip: basket.mayShip,
      buyerNick: basket.buyerNick,
      ...(basket.receiver && { receiver: basket.receiver }),
      buyerMemo: basket.buyerMemo,
      sellerMemo: basket.sellerMemo,
      sellerFlag: 0,
      status: 'unpaid',
      createdAtMs: nowMs,
      modifiedAtMs: nowMs,
      changeNo: 0,
      depositPaidAtMs: null,
      paidAtMs: null,
      shippedAtMs: null,
      closedAtMs: null,
      messages: [],
    };
    this.byOrderNo.set(orderNo, order);
    this.changed(order, [{ kind: 'created' }]);
    if (basket.pay) this.pay(order);
    return order;
  }

  /** One payment. A deposit presale takes two: the deposit, then the rest. */
  pay(order: Order): void {
    check(order, 'pay');
    if (order.depositPresale && order.status === 'unpaid') {
      order.status = 'deposit-paid';
      order.depositPaidAtMs = this.deps.nowMs();
      this.changed(order, [{ kind: 'deposit-paid' }]);
      return;
    }
    order.status = order.mayShip ? 'to-ship' : 'must-not-ship';
    order.paidAtMs = this.deps.nowMs();
    this.changed(order, [{ kind: 'paid' }]);
  }

  /** The platform lifts its ban on shipping (risk check passed, group complete). */
  release(order: Order): void {
    check(order, 'release');
    order.status = 'to-ship';
    this.changed(order, [{ kind: 'released' }]);
  }

  ship(order: Order): void {
    check(order, 'ship');
    order.status = 'shipped';
    order.shippedAtMs = this.deps.nowMs();
    this.changed(order, [{ kind: 'shipped' }]);
  }

  /** Before payment the order just closes; after it, every line is refunded first. Pieces go back to the shop. */
  cancel(order: Order): void {
    check(order, 'cancel');
    const open = order.lines.filter((line) => line.refund !== 'agreed');
    for (const line of open) this.deps.catalogue.giveBack(line, this.deps.nowMs());
    order.closedAtMs = this.deps.nowMs();
    if (order.paidAtMs === null) {
      order.status = 'closed-unpaid';
      this.changed(order, [{ kind: 'closed-unpaid' }]);
      return;
    }
    order.status = 'closed-refunded';
    for (const line of open) this.settleRefund(line, 'agreed');
    const refunds = open.map((line) => ({ kind: 'refund-agreed', line, byCancel: true }) as const);
    this.changed(order, [...refunds, { kind: 'closed-refunded' }]);
  }

  requestRefund(order: Order, lineNo: string): void {
    const line = refundableLine(order, lineNo, ['none', 'refused']);
    this.settleRefund(line, 'requested');
    this.changed(order, [{ kind: 'refund-requested', line }]);
  }

  refuseRefund(order: Order, lineNo: string): void {
    const line = refundableLine(order, lineNo, ['requested']);
    this.settleRefund(line, 'refused');
    this.changed(order, [{ kind: 'refund-refused', line }]);
  }

  /** Before shipping the line's pieces go back to the shop. The last refunded line closes the order. */
  agreeRefund(order: Order, lineNo: string): void {
    const line = refundableLine(order, lineNo, ['requested']);
    if (order.status !== 'shipped') this.deps.catalogue.giveBack(line, this.deps.nowMs());
    this.settleRefund(line, 'agreed');
    const refund = { kind: 'refund-agreed', line, byCancel: false } as const;
    if (order.lines.some((other) => other.refund !== 'agreed')) {
      this.changed(order, [refund]);
      return;
    }
    order.status = 'closed-refunded';
    order.closedAtMs = this.deps.nowMs();
    this.changed(order, [refund, { kind: 'closed-refunded' }]);
  }

  changeMemo(order: Order, sellerMemo: string, flag: number | undefined): void {
    order.sellerMemo = sellerMemo;
    order.sellerFlag = flag ?? order.sellerFlag;
    this.changed(order, [{ kind: 'memo-changed' }]);
  }

  private settleRefund(line: OrderLine, state: OrderLine['refund']): void {
    line.refund = state;
    line.refundId ??= this.deps.ids.next(1);
  }

  private changed(order: Order, events: readonly OrderEvent[]): void {
    this.changes.record(order, this.deps.nowMs(), this.byOrderNo.size);
    for (const event of events) this.deps.publish(order, event);
  }
}

function check(order: Order, move: Move): void {
  if (ALLOWED[move].includes(order.status)) return;
  throw new ControlError(409, 'NOT_NOW', `order ${order.orderNo} is ${order.status}: ${move} is not possible`);
}

function refundableLine(order: Order, lineNo: string, from: readonly OrderLine['refund'][]): OrderLine {
  if (!isClosed(order)) check(order, 'refund');
  const line = order.lines.find((candidate) => candidate.lineNo === lineNo);
  if (line === undefined) throw new ControlError(404, 'NO_SUCH_LINE', `order ${order.orderNo} has no line ${lineNo}`);
  if (isClosed(order) || !from.includes(line.refund)) {
    throw new ControlError(409, 'NOT_NOW', `refund of line ${lineNo} is ${line.refund}, order is ${order.status}`);
  }
  return line;
}

function toLine(lineNo: string, { line, item, unit }: Found & { readonly line: Basket['lines'][number] }): OrderLine {
  return {
    lineNo,
    itemId: item.itemId,
    skuId: unit.skuId,
    itemCode: item.merchantCode,
    skuCode: unit.skuId === null ? '' : unit.merchantCode,
    itemTitle: item.title,
    skuTitle: unit.skuId === null ? '' : unit.title,
    priceFen: unit.priceFen,
    quantity: line.quantity,
    gift: line.gift,
    refund: 'none',
    refundId: null,
  };
}
