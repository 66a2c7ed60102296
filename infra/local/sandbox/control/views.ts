import type { Item } from '../catalogue';
import { itemStockQty } from '../catalogue';
import { ShopCounters } from '../counters';
import type { JsonObject } from '../json';
import type { Order, OrderLine } from '../order';
import { paidFen, totalFen } from '../order';
import { mainStatus, orderStatus } from '../doudian/order-status';
import type { Shop } from '../shop';
import { tradeStatus } from '../taobao/trade-status';
import type { World } from '../world';

/** Never the secrets: this is shown on a page. */
export function shopView(shop: Shop): JsonObject {
  const { shopId, channel, title } = shop.config;
  const pushUrl = shop.channel === 'doudian' ? (shop.outbox.pushUrl ?? null) : undefined;
  return {
    shopId,
    channel,
    title,
    pushUrl,
    items: shop.catalogue.size,
    orders: shop.orders.size,
    messagesWaiting: shop.outbox.waiting,
  };
}

export function itemView(shop: Shop, item: Item): JsonObject {
  const skus = item.units.flatMap(({ skuId, merchantCode, title, priceFen, stockQty, soldQty }) =>
    skuId === null ? [] : [{ skuId, merchantCode, title, priceFen, stockQty, soldQty }],
  );
  return {
    shopId: shop.config.shopId,
    itemId: item.itemId,
    title: item.title,
    merchantCode: item.merchantCode,
    priceFen: item.priceFen,
    stockQty: itemStockQty(item),
    soldQty: item.units.reduce((sum, unit) => sum + unit.soldQty, 0),
    skus,
  };
}

export function orderView(shop: Shop, order: Order): JsonObject {
  const platformStatus = shop.channel === 'taobao' ? tradeStatus(order) : String(orderStatus(order));
  return {
    orderNo: order.orderNo,
    shopId: shop.config.shopId,
    status: order.status,
    platformStatus,
    platformMainStatus: shop.channel === 'doudian' ? String(mainStatus(order)) : undefined,
    depositPresale: order.depositPresale,
    lines: order.lines.map(lineView),
    totalFen: totalFen(order),
    paidFen: paidFen(order),
    buyerNick: order.buyerNick,
    buyerMemo: order.buyerMemo,
    sellerMemo: order.sellerMemo,
    sellerFlag: order.sellerFlag,
    createdAtMs: order.createdAtMs,
    modifiedAtMs: order.modifiedAtMs,
    messages: order.messages.map(({ messageId, topic, state, deliveries, emittedAtMs }) => {
      return { messageId, topic, state, deliveries, emittedAtMs };
    }),
  };
}

function lineView(line: OrderLine): JsonObject {
  const { lineNo, itemId, skuId, itemTitle, skuTitle, quantity, priceFen, gift, refund } = line;
  const merchantCode = skuId === null ? line.itemCode : line.skuCode;
  const title = skuTitle === '' ? itemTitle : `${itemTitle} ${skuTitle}`;
  return { lineNo, itemId, skuId, merchantCode, title, quantity, priceFen, gift, refund };
}

/** Sums of all shops, the same per shop, and the gateway calls. */
export function statsView(world: World): JsonObject {
  const shops = [...world.shops.values()];
  const total = new ShopCounters();
  for (const { counters } of shops) {
    for (const name of Object.keys(total) as (keyof ShopCounters)[]) total[name] += counters[name];
  }
  const waiting = shops.reduce((sum, shop) => sum + shop.outbox.waiting, 0);
  return {
    ...countersView(total, waiting),
    gateway: {
      byMethod: Object.fromEntries(world.gatewayCounters.byMethod),
      byOutcome: Object.fromEntries(world.gatewayCounters.byOutcome),
    },
    signatureFailures: world.gatewayCounters.signatureFailures,
    shops: Object.fromEntries(
      shops.map((shop) => [shop.config.shopId, countersView(shop.counters, shop.outbox.waiting)]),
    ),
  };
}

function countersView(counters: ShopCounters, waiting: number): JsonObject {
  return {
    orders: { created: counters.ordersCreated, soldOut: counters.ordersSoldOut },
    messages: {
      emitted: counters.messagesEmitted,
      lost: counters.messagesLost,
      duplicated: counters.messagesDuplicated,
      delivered: counters.messagesDelivered,
      confirmed: counters.messagesConfirmed,
      waiting,
      givenUp: counters.messagesGivenUp,
    },
    pushes: { ok: counters.pushesOk, refused: counters.pushesRefused, unreachable: counters.pushesUnreachable },
    stockWrites: { set: counters.stockSets, add: counters.stockAdds, idempotentRepeats: counters.idempotentRepeats },
  };
}
