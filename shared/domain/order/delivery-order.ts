import { assert } from '../kernel/assert';
import type { Actor, LogLine } from '../kernel/log-line';
import { withLine } from '../kernel/log-line';
import { sumByKey } from '../kernel/quantity';
import type { MovementOutcome } from '../stock/ledger';
import type { MovementIntent } from '../stock/movement';
import { movementId } from '../stock/movement';
import type { DeliveryEvent, DeliveryStatus } from './delivery-states';
import { STATUS_ZH, statusAfter } from './delivery-states';
import type {
  ChannelId,
  DepositPhase,
  LineRefund,
  PlatformOrder,
  PlatformOrderStatus,
  Receiver,
} from './platform-order';
import { isOver } from './platform-order';

/** One platform line in our SKU. A refunded line stays in the document and asks for no stock. */
export interface DeliveryLine {
  readonly lineNo: string;
  readonly itemId: string;
  readonly platformSkuId: string | null;
  readonly skuId: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPriceFen: number;
  readonly paidFen: number;
  readonly gift: boolean;
  readonly presale: boolean;
  readonly refund: LineRefund;
}

/**
 * What the order holds of one SKU: lines that share a SKU are summed. At most one movement is intended at a time; it is
 * saved here before it is tried, so that whoever comes after a crash finds it and drives it on.
 */
export interface StockHold {
  readonly skuId: string;
  readonly wantedQty: number;
  readonly heldQty: number;
  /** Number of the latest attempt; every attempt has its own movement id. */
  readonly attempt: number;
  readonly intent: MovementIntent | null;
  /** Set while the last hold was refused for lack of stock. */
  readonly lacking: boolean;
}

/** What the stock held for the order is for: keep it, give it back (cancelled), or send it out. */
export type HoldGoal = 'hold' | 'release' | 'ship';

/** Why the rules did not pass the order, and when to look again. */
export interface AuditVerdict {
  readonly strategyId: string | null;
  readonly strategyVersion: number;
  readonly reasons: readonly { rule: string; text: string }[];
  /** Time at which a delayed rule may pass; null where only a change can help. */
  readonly againAtMs: number | null;
}

/** A delivery order 零售发货单: what one warehouse is asked to ship for one platform order. */
export interface DeliveryOrder {
  readonly id: string;
  readonly channel: ChannelId;
  readonly shopId: string;
  readonly orderNo: string;
  readonly warehouseId: string;
  readonly status: DeliveryStatus;
  readonly goal: HoldGoal;
  readonly lines: readonly DeliveryLine[];
  /** Listings of lines that the platform added later and that have no SKU of ours yet 未匹配. */
  readonly unmapped: readonly string[];
  readonly holds: readonly StockHold[];
  /** What the platform last said, taken from it and never computed here. */
  readonly platform: {
    readonly status: PlatformOrderStatus;
    readonly modifiedAtMs: number;
    readonly createdAtMs: number;
    readonly paidAtMs: number | null;
    readonly deposit: DepositPhase;
    readonly payableFen: number;
    readonly freightFen: number;
    readonly buyerMemo: string;
    readonly sellerMemo: string;
    readonly buyerNick: string;
    readonly receiver: Receiver;
  };
  readonly audit: AuditVerdict | null;
  readonly createdAtMs: number;
  readonly log: readonly LogLine[];
}

/** The platform's facts as a delivery order keeps them. */
export function platformFacts(order: PlatformOrder): DeliveryOrder['platform'] {
  const { status, modifiedAtMs, createdAtMs, paidAtMs, deposit, payableFen, freightFen } = order;
  const { buyerMemo, sellerMemo, buyerNick, receiver } = order;
  return {
    ...{ status, modifiedAtMs, createdAtMs, paidAtMs, deposit, payableFen, freightFen },
    ...{ buyerMemo, sellerMemo, buyerNick, receiver },
  };
}

/** Pieces wanted per SKU: the sum over lines that are not refunded. */
export function wantedBySku(lines: readonly DeliveryLine[]): Map<string, number> {
  return sumByKey(
    lines.filter((line) => line.refund !== 'succeeded'),
    (line) => line.skuId,
    (line) => line.quantity,
  );
}

/** Holds that follow the lines: new SKUs appear with nothing held, SKUs no longer wanted stay until given back. */
export function holdsFor(lines: readonly DeliveryLine[], before: readonly StockHold[]): StockHold[] {
  const wanted = wantedBySku(lines);
  const known = before.map((hold) => ({ ...hold, wantedQty: wanted.get(hold.skuId) ?? 0 }));
  const added = [...wanted].filter(([skuId]) => !before.some((hold) => hold.skuId === skuId));
  return [
    ...known,
    ...added.map(([skuId, wantedQty]) => ({ skuId, wantedQty, heldQty: 0, attempt: 0, intent: null, lacking: false })),
  ];
}

/**
 * Whether a person may have something happen to the order now. What is on its way out is no longer theirs to decide, and an
 * order that is over on the platform is not taken up again: it would hold stock for nobody.
 */
export function mayTake(order: Pick<DeliveryOrder, 'status' | 'goal' | 'platform'>, event: DeliveryEvent): boolean {
  if (order.goal === 'ship' || statusAfter(order.status, event) === undefined) return false;
  return event !== 'resume' || !isOver(order.platform);
}

/** Moves the order by its state table and writes the log line that explains it; both are saved in one put. */
export function moveOrder(
  order: DeliveryOrder,
  event: DeliveryEvent,
  line: { type: string; content: string; actor: Actor; atMs: number },
): DeliveryOrder {
  const status = statusAfter(order.status, event);
  assert(status !== undefined, `delivery order ${order.id} in ${order.status} cannot take '${event}'`);
  return { ...order, status, log: withLine(order.log, { ...line, status }) };
}

/** Adds a log line without a change of status. */
export function noteOrder(
  order: DeliveryOrder,
  line: { type: string; content: string; actor: Actor; atMs: number },
): DeliveryOrder {
  return { ...order, log: withLine(order.log, { ...line, status: order.status }) };
}

interface MovementDue {
  readonly hold: StockHold;
  readonly kind: 'hold' | 'release' | 'ship';
  readonly qty: number;
}

/**
 * SKUs for which the order needs a new movement now, and which. None while an intent is open for the SKU, none while it
 * waits for stock ({@link withRetry} makes it due again), and none for an exception 异常.
 */
export function movementsDue(order: DeliveryOrder): MovementDue[] {
  // Its parcel may be packed: whether the pieces come back is for a person to say.
  if (order.status === 'exception' && order.goal === 'hold') return [];
  return order.holds.flatMap((hold): MovementDue[] => {
    if (hold.intent) return [];
    if (order.goal === 'ship') return hold.heldQty > 0 ? [{ hold, kind: 'ship', qty: hold.heldQty }] : [];
    const target = order.goal === 'hold' ? hold.wantedQty : 0;
    if (target > hold.heldQty) return hold.lacking ? [] : [{ hold, kind: 'hold', qty: target - hold.heldQty }];
    if (target < hold.heldQty) return [{ hold, kind: 'release', qty: hold.heldQty - target }];
    return [];
  });
}

/**
 * Opens an intent for every movement due. `seenNumber(skuId)` is the last ledger number known for the SKU in the
 * order's warehouse: the caller reads it before, and saves the order before it acts.
 */
export function withIntents(order: DeliveryOrder, seenNumber: (skuId: string) => number): DeliveryOrder {
  const due = new Map(movementsDue(order).map((d) => [d.hold.skuId, d]));
  if (due.size === 0) return order;
  const holds = order.holds.map((hold) => {
    const next = due.get(hold.skuId);
    if (!next) return hold;
    const attempt = hold.attempt + 1;
    const intent: MovementIntent = {
      id: movementId(order.id, hold.skuId, next.kind, attempt),
      warehouseId: order.warehouseId,
      skuId: hold.skuId,
      kind: next.kind,
      qty: next.qty,
      seenNumber: seenNumber(hold.skuId),
    };
    return { ...hold, attempt, intent };
  });
  return { ...order, holds };
}

/** Whether an open intent is still wanted; a hold that is not gets a void entry if it is not in the ledger yet. */
export function isStillWanted(order: DeliveryOrder, hold: StockHold): boolean {
  if (hold.intent?.kind !== 'hold') return true;
  return order.goal === 'hold' && hold.heldQty + hold.intent.qty <= hold.wantedQty;
}

/** Open intents of the order with whether each is still wanted. */
export function openIntents(order: DeliveryOrder): { intent: MovementIntent; wanted: boolean }[] {
  return order.holds.flatMap((hold) =>
    hold.intent ? [{ intent: hold.intent, wanted: isStillWanted(order, hold) }] : [],
  );
}

/** Enters what the ledger says of the open intents. */
export function withOutcomes(order: DeliveryOrder, outcomes: ReadonlyMap<string, MovementOutcome>): DeliveryOrder {
  const holds = order.holds.map((hold): StockHold => {
    const outcome = hold.intent && outcomes.get(hold.intent.id);
    if (!hold.intent || !outcome) return hold;
    if (outcome.void) return { ...hold, intent: null, lacking: outcome.void !== 'cancelled' };
    const signed = hold.intent.kind === 'hold' ? hold.intent.qty : -hold.intent.qty;
    return { ...hold, intent: null, lacking: false, heldQty: hold.heldQty + signed };
  });
  return { ...order, holds };
}

/** 'open' while an intent is open or a movement is due; then what the holds amount to. */
export function holdState(order: DeliveryOrder): 'open' | 'lacking' | 'complete' | 'empty' {
  if (order.holds.some((hold) => hold.intent)) return 'open';
  if (movementsDue(order).length > 0) return 'open';
  if (order.goal === 'hold' && order.holds.some((hold) => hold.lacking && hold.wantedQty > hold.heldQty))
    return 'lacking';
  return order.holds.some((hold) => hold.heldQty > 0) ? 'complete' : 'empty';
}

/** SKUs that the order waits for while it is out of stock 缺货. */
export function lackingSkus(order: DeliveryOrder): string[] {
  return order.holds.filter((hold) => hold.lacking && hold.wantedQty > hold.heldQty).map((hold) => hold.skuId);
}

/** Lets an order that waits for stock try again: the next intents are new attempts. */
export function withRetry(order: DeliveryOrder): DeliveryOrder {
  return { ...order, holds: order.holds.map((hold) => ({ ...hold, lacking: false })) };
}

/** After movements were settled: the status that the holds call for, with its log line. */
export function afterSettlement(order: DeliveryOrder, atMs: number): DeliveryOrder {
  const state = holdState(order);
  const actor: Actor = { kind: 'system', id: 'stock' };
  if (order.goal === 'ship') {
    return state === 'empty' && order.status !== 'shipped'
      ? moveOrder(order, 'ship', { type: '发货', content: '已出库，库存已扣减', actor, atMs })
      : order;
  }
  if (order.goal === 'release') {
    const given = state === 'empty' && !order.log.some((line) => line.type === '释放库存');
    return given ? noteOrder(order, { type: '释放库存', content: '占用库存已全部释放', actor, atMs }) : order;
  }
  if (state === 'lacking' && (order.status === 'pending-allocation' || order.status === 'pending-audit')) {
    const lacking = lackingSkus(order).join('、');
    return moveOrder(order, 'lack', { type: '分配库存', content: `缺货：${lacking}`, actor, atMs });
  }
  if (state === 'complete' && (order.status === 'pending-allocation' || order.status === 'out-of-stock')) {
    const pieces = order.holds.reduce((sum, hold) => sum + hold.heldQty, 0);
    const content = `库存占用成功，${order.warehouseId} 共 ${pieces} 件`;
    return moveOrder(order, 'allocate', { type: '分配库存', content, actor, atMs });
  }
  if (state === 'empty' && order.holds.every((hold) => hold.wantedQty === 0) && order.status === 'pending-allocation') {
    return moveOrder(order, 'fault', { type: '分配库存', content: '没有需要发货的明细', actor, atMs });
  }
  return order;
}

/** 待审核 and so on. */
export function statusText(order: Pick<DeliveryOrder, 'status'>): string {
  return STATUS_ZH[order.status];
}
