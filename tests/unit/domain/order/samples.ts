import type { Actor } from '../../../../shared/domain/kernel/log-line';
import { applyPlatformUpdate } from '../../../../shared/domain/order/apply-platform-update';
import type { AuditStrategy } from '../../../../shared/domain/order/audit-order';
import type { SkuOf } from '../../../../shared/domain/order/convert-order';
import { convertOrder } from '../../../../shared/domain/order/convert-order';
import type { DeliveryOrder } from '../../../../shared/domain/order/delivery-order';
import {
  afterSettlement,
  movementsDue,
  openIntents,
  withIntents,
  withOutcomes,
} from '../../../../shared/domain/order/delivery-order';
import type { PlatformOrder, PlatformOrderLine } from '../../../../shared/domain/order/platform-order';
import type { MovementOutcome } from '../../../../shared/domain/stock/ledger';
import { StockModel } from '../stock/stock-model';

/** 2026-03-08 14:00:00 in Shanghai. */
export const T = Date.parse('2026-03-08T06:00:00Z');
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

export const WAREHOUSE = 'SH-1';
export const person: Actor = { kind: 'person', id: 'u1', name: '王芳' };

/** A line of one piece of TEE at ¥99.00. */
export function platformLine(fields: Partial<PlatformOrderLine> = {}): PlatformOrderLine {
  return {
    lineNo: '1',
    itemId: '654321',
    platformSkuId: '4711',
    merchantCode: 'TEE',
    title: '纯棉短袖T恤',
    quantity: 1,
    unitPriceFen: 9900,
    paidFen: 9900,
    gift: false,
    presale: false,
    refund: 'none',
    ...fields,
  };
}

/** A paid order, ready to be shipped, made and paid at 14:00:00. */
export function platformOrder(fields: Partial<PlatformOrder> = {}): PlatformOrder {
  return {
    channel: 'taobao',
    orderNo: '88001',
    status: 'to-ship',
    platformStatus: 'WAIT_SELLER_SEND_GOODS',
    createdAtMs: T,
    modifiedAtMs: T,
    paidAtMs: T,
    stockTakenAt: 'payment',
    deposit: 'none',
    payableFen: 9900,
    freightFen: 0,
    buyerMemo: '',
    sellerMemo: '',
    buyerNick: '小**',
    receiver: {
      name: '张**',
      phone: '138****0000',
      province: '浙江省',
      city: '杭州市',
      district: '余杭区',
      address: '五常街道**路**号',
      token: 'token-1',
    },
    lines: [platformLine()],
    ...fields,
  };
}

/** An audit strategy that stops nothing by itself, for every shop. */
export const ALWAYS: AuditStrategy = {
  ...{ id: 'A', name: '默认', enabled: true, shopIds: [], priority: 0, version: 1, spreadPending: false },
  limits: { buyerMemo: 'any', sellerMemo: 'any', amountFenMax: null, quantityMax: null, minutesSincePayment: 0 },
};

/** Finds our SKU by the merchant code alone. */
export const byMerchantCode: SkuOf = (line) => line.merchantCode ?? undefined;

/** The delivery order that conversion makes of a platform order. */
export function converted(order: PlatformOrder = platformOrder()): DeliveryOrder {
  const result = convertOrder(order, {
    shopId: 'tmall-1',
    warehouseId: WAREHOUSE,
    skuOf: byMerchantCode,
    nowMs: T + SECOND,
  });
  if (result.kind !== 'converted') throw new Error(`expected a delivery order, found ${result.kind}`);
  return result.order;
}

/** A warehouse with these pieces on its shelves. */
export function stockOf(pieces: Readonly<Record<string, number>>): StockModel {
  const stock = new StockModel();
  for (const [skuId, qty] of Object.entries(pieces)) stock.receive({ warehouseId: WAREHOUSE, skuId }, qty);
  return stock;
}

/** Drives an order as the functions do, until nothing about its stock is due: settle, open intents, move, learn. */
export function driven(order: DeliveryOrder, stock: StockModel, atMs: number = T + SECOND): DeliveryOrder {
  let current = order;
  for (let rounds = 0; rounds < 10; rounds += 1) {
    current = withIntents(afterSettlement(current, atMs), () => 0);
    const open = openIntents(current);
    if (open.length === 0 && movementsDue(current).length === 0) return current;
    for (const { intent, wanted } of open) stock.serve(intent, wanted);
    current = withOutcomes(current, stock.outcomes);
  }
  throw new Error('the order does not come to rest');
}

/** An order with its stock held, waiting for its audit. */
export function allocated(
  order: PlatformOrder = platformOrder(),
  stock: StockModel = stockOf({ TEE: 10, CAP: 10, BAG: 10 }),
) {
  return driven(converted(order), stock);
}

/** The log as the console lists it, newest first: type and content. */
export function logNewestFirst(order: DeliveryOrder): string[] {
  return [...order.log].reverse().map((line) => `${line.type} ${line.content}`);
}

/** Who acts, and when: a minute after the order was made. */
export const by = { actor: person, atMs: T + MINUTE };

/** A converted order of these lines, numbered from 1. */
export const withLines = (...lines: Partial<PlatformOrderLine>[]): DeliveryOrder =>
  converted(platformOrder({ lines: lines.map((fields, i) => platformLine({ lineNo: String(i + 1), ...fields })) }));

/** The platform's next version of the order, one second later, with these lines changed. */
export function updated(order: DeliveryOrder, ...lines: Partial<PlatformOrderLine>[]): DeliveryOrder {
  const modifiedAtMs = order.platform.modifiedAtMs + SECOND;
  const next = platformOrder({
    modifiedAtMs,
    lines: lines.map((fields, i) => platformLine({ lineNo: String(i + 1), ...fields })),
  });
  return applyPlatformUpdate(order, next, { skuOf: byMerchantCode, nowMs: modifiedAtMs });
}

/** Outcomes by the ids of their movements. */
export const outcomes = (...given: MovementOutcome[]) => new Map(given.map((outcome) => [outcome.id, outcome]));
/** What an order holds: `TEE 1/2` is one of two. */
export const held = (order: DeliveryOrder) =>
  order.holds.map((hold) => `${hold.skuId} ${hold.heldQty}/${hold.wantedQty}`);
/** Intents that are open: `‹id› ×2`. */
export const open = (order: DeliveryOrder) =>
  openIntents(order).map(({ intent, wanted }) => `${intent.id} ×${intent.qty}${wanted ? '' : ' unwanted'}`);
/** Movements that are due: `hold 2 TEE`. */
export const due = (order: DeliveryOrder) =>
  movementsDue(order).map(({ hold, kind, qty }) => `${kind} ${qty} ${hold.skuId}`);

/** The order as the platform has it so many seconds after it was made. */
export const version = (seconds: number, fields: Partial<PlatformOrder> = {}): PlatformOrder =>
  platformOrder({ modifiedAtMs: T + seconds * SECOND, ...fields });

/** The order once it has taken in a version of its platform, a minute later. */
export const apply = (order: DeliveryOrder, update: PlatformOrder, skuOf: SkuOf = byMerchantCode): DeliveryOrder =>
  applyPlatformUpdate(order, update, { skuOf, nowMs: update.modifiedAtMs + MINUTE });

/** Two of TEE and one of CAP, with these members changed. */
export const twoLines = (
  first: Partial<PlatformOrderLine> = {},
  second: Partial<PlatformOrderLine> = {},
): PlatformOrderLine[] => [
  platformLine({ lineNo: '1', quantity: 2, ...first }),
  platformLine({ lineNo: '2', merchantCode: 'CAP', ...second }),
];
