import type { Channel } from '../../../ports/channel';
import type { TaobaoOptions } from './client';
import { listListings } from './listings';
import { mapTaobaoOrder } from './map-order';
import { confirmMessages, consumeMessages } from './messages';
import { fetchTrade, listModifiedTrades } from './orders';
import { readStock, SKUS_PER_CALL_MAX, writeStock } from './stock';

/**
 * Taobao and Tmall 淘宝/天猫: one gateway, orders announced in a queue that one polls and confirms. Quirks are told where
 * they are handled: signing in `sign.ts`, freight in line amounts in `map-order.ts`, paging in `orders.ts`, additions
 * below zero in `stock.ts`.
 */
export function taobaoChannel(options: TaobaoOptions): Channel {
  return {
    id: 'taobao',
    intake: {
      kind: 'poll',
      consume: (access, maxMessages) => consumeMessages(options, access, maxMessages),
      confirm: (access, messageIds) => confirmMessages(options, access, messageIds),
    },
    stockWrite: { set: true, idempotentAdd: false, writesPerCallMax: SKUS_PER_CALL_MAX, oneItemPerCall: true },
    readOrder: mapTaobaoOrder,
    fetchOrder: (access, orderNo) => fetchTrade(options, access, orderNo),
    listModified: (access, window) => listModifiedTrades(options, access, window),
    listListings: (access, leftItems) => listListings(options, access, leftItems),
    readStock: (access, listing) => readStock(options, access, listing),
    writeStock: (access, writes) => writeStock(options, access, writes),
  };
}
