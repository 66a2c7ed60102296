import type { World } from '../world';
import type { ControlAnswer, ControlCall } from './control-call';
import { getFaults, putFaults } from './fault-routes';
import { createOrder, getOrder, listOrders, moveOrder, putMemo, putRefund } from './order-routes';
import { flushMessages, getStats, listItems, listShops, putItems, putShop } from './shop-routes';

interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly run: (world: World, call: ControlCall) => ControlAnswer | Promise<ControlAnswer>;
}

export const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/sandbox/shops', run: listShops },
  { method: 'PUT', path: '/sandbox/shops/:shopId', run: putShop },
  { method: 'POST', path: '/sandbox/shops/:shopId/messages/flush', run: flushMessages },
  { method: 'GET', path: '/sandbox/items', run: listItems },
  { method: 'POST', path: '/sandbox/items', run: putItems },
  { method: 'GET', path: '/sandbox/orders', run: listOrders },
  { method: 'POST', path: '/sandbox/orders', run: createOrder },
  { method: 'GET', path: '/sandbox/orders/:orderNo', run: getOrder },
  { method: 'POST', path: '/sandbox/orders/:orderNo/pay', run: moveOrder((orders, order) => orders.pay(order)) },
  {
    method: 'POST',
    path: '/sandbox/orders/:orderNo/release',
    run: moveOrder((orders, order) => orders.release(order)),
  },
  { method: 'POST', path: '/sandbox/orders/:orderNo/cancel', run: moveOrder((orders, order) => orders.cancel(order)) },
  { method: 'POST', path: '/sandbox/orders/:orderNo/ship', run: moveOrder((orders, order) => orders.ship(order)) },
  { method: 'POST', path: '/sandbox/orders/:orderNo/refund', run: putRefund },
  { method: 'POST', path: '/sandbox/orders/:orderNo/memo', run: putMemo },
  { method: 'GET', path: '/sandbox/faults', run: getFaults },
  { method: 'PUT', path: '/sandbox/faults', run: putFaults },
  { method: 'GET', path: '/sandbox/stats', run: getStats },
];
