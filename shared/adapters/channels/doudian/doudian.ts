import type { Channel } from '../../../ports/channel';
import type { DoudianOptions } from './client';
import { listListings } from './listings';
import { mapDoudianOrder } from './map-order';
import { fetchOrder, listModifiedOrders } from './orders';
import { ACCEPTED_BODY, orderNosOfPush, REFUSED_BODY } from './push';
import { verifyPush } from './sign';
import { readStock, WRITES_PER_CALL_MAX, writeStock } from './stock';

/**
 * Doudian 抖店 (Douyin's shops): signed pushes that name an order, additions of stock under a key. Quirks are told where
 * they are handled: canonical parameters in `sign.ts`, after-sale numbers in `map-order.ts`, paging in `orders.ts`.
 */
export function doudianChannel(options: DoudianOptions): Channel {
  return {
    id: 'doudian',
    intake: {
      kind: 'push',
      verify: verifyPush,
      orderNos: orderNosOfPush,
      acceptedBody: ACCEPTED_BODY,
      refusedBody: REFUSED_BODY,
    },
    stockWrite: { set: true, idempotentAdd: true, writesPerCallMax: WRITES_PER_CALL_MAX, oneItemPerCall: false },
    readOrder: mapDoudianOrder,
    fetchOrder: (access, orderNo) => fetchOrder(options, access, orderNo),
    listModified: (access, window) => listModifiedOrders(options, access, window),
    listListings: (access, leftItems) => listListings(options, access, leftItems),
    readStock: (access, listing) => readStock(options, access, listing),
    writeStock: (access, writes) => writeStock(options, access, writes),
  };
}
