import { ControlError } from '../control-error';
import type { FieldReader } from '../field-reader';
import type { Order, ShownReceiver } from '../order';
import type { Basket, OrderBook } from '../order-book';
import type { IndexedOrder } from '../order-index';
import type { World } from '../world';
import type { ControlAnswer, ControlCall } from './control-call';
import { shopOf } from './shop-routes';
import { orderView } from './views';

const LINES_MAX = 100;
const QUANTITY_MAX = 100_000;
const PAGE_MAX = 1_000;

/** 201 with the number, or 409 SOLD_OUT with nothing taken. */
export function createOrder(world: World, call: ControlCall): ControlAnswer {
  const fields = call.body();
  const shopId = fields.text('shopId');
  const lines = fields.objects('lines');
  if (lines.length === 0 || lines.length > LINES_MAX)
    fields.wrong('lines', `must be 1 to ${LINES_MAX} lines`, undefined);
  const basket = readBasket(fields, lines.map(readLine));
  fields.finish();
  const shop = shopOf(world, shopId);
  const numbered = basket.buyerNick === '' ? { ...basket, buyerNick: `买家${shop.orders.size + 1}` } : basket;
  try {
    const order = shop.orders.create(numbered);
    shop.counters.ordersCreated += 1;
    world.orders.add({ shop, order });
    return { status: 201, body: { orderNo: order.orderNo } };
  } catch (error) {
    if (error instanceof ControlError && error.code === 'SOLD_OUT') shop.counters.ordersSoldOut += 1;
    throw error;
  }
}

function readLine(fields: FieldReader): Basket['lines'][number] {
  return {
    itemId: fields.platformId('itemId'),
    skuId: fields.has('skuId') ? fields.platformId('skuId') : null,
    quantity: fields.wholeNumber('quantity', { min: 1, max: QUANTITY_MAX }),
    gift: fields.flag('gift', false),
  };
}

function readBasket(fields: FieldReader, lines: Basket['lines']): Basket {
  return {
    lines,
    pay: fields.flag('pay', true),
    mayShip: fields.flag('mayShip', true),
    depositPresale: fields.flag('depositPresale', false),
    buyerNick: fields.words('buyerNick'),
    buyerMemo: fields.words('buyerMemo'),
    sellerMemo: fields.words('sellerMemo'),
    ...(fields.has('receiverName') && { receiver: readReceiver(fields) }),
  };
}

function readReceiver(fields: FieldReader): ShownReceiver {
  return {
    name: fields.text('receiverName'),
    phone: fields.text('receiverPhone'),
    address: fields.text('receiverAddress'),
  };
}

export function getOrder(world: World, call: ControlCall): ControlAnswer {
  const { shop, order } = orderOf(world, call);
  return { status: 200, body: orderView(shop, order) };
}

/** Oldest first, after the order number `after`; or, with `latest=true`, newest first. */
export function listOrders(world: World, { query }: ControlCall): ControlAnswer {
  const shopId = query.get('shopId') ?? undefined;
  if (shopId !== undefined) shopOf(world, shopId);
  const limit = Math.min(PAGE_MAX, Math.max(1, Number(query.get('limit') ?? 100) || 1));
  const after = query.get('after') ?? undefined;
  if (after !== undefined && world.orders.find(after) === undefined) {
    throw new ControlError(404, 'NO_SUCH_ORDER', `no order ${after}`);
  }
  const isLatest = query.get('latest') === 'true';
  const page = isLatest ? world.orders.latest(shopId, limit) : world.orders.after(after, shopId, limit);
  return { status: 200, body: { orders: page.map(({ shop, order }) => orderView(shop, order)) } };
}

/** A route that makes one move in the life of an order and answers with the order after it. */
export function moveOrder(move: (orders: OrderBook, order: Order) => void) {
  return (world: World, call: ControlCall): ControlAnswer => {
    const { shop, order } = orderOf(world, call);
    move(shop.orders, order);
    return { status: 200, body: orderView(shop, order) };
  };
}

export function putRefund(world: World, call: ControlCall): ControlAnswer {
  const fields = call.body();
  const lineNo = fields.text('lineNo');
  const action = fields.oneOf('action', ['request', 'agree', 'refuse'], 'request');
  fields.finish();
  const { shop, order } = orderOf(world, call);
  if (action === 'request') shop.orders.requestRefund(order, lineNo);
  else if (action === 'agree') shop.orders.agreeRefund(order, lineNo);
  else shop.orders.refuseRefund(order, lineNo);
  return { status: 200, body: orderView(shop, order) };
}

export function putMemo(world: World, call: ControlCall): ControlAnswer {
  const fields = call.body();
  const sellerMemo = fields.words('sellerMemo');
  const flag = fields.has('flag') ? fields.wholeNumber('flag', { min: 0, max: 5 }) : undefined;
  fields.finish();
  const { shop, order } = orderOf(world, call);
  shop.orders.changeMemo(order, sellerMemo, flag);
  return { status: 200, body: orderView(shop, order) };
}

function orderOf(world: World, { names }: ControlCall): IndexedOrder {
  const orderNo = names['orderNo'] ?? '';
  const found = world.orders.find(orderNo);
  if (found === undefined) throw new ControlError(404, 'NO_SUCH_ORDER', `no order ${orderNo}`);
  return found;
}
