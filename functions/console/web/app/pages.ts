import type { ComponentType } from 'react';
import { lazy } from 'react';

/** Each page is a piece of its own, fetched when it is first opened. A page's file exports one component as `default`. */
const page = (load: () => Promise<{ default: ComponentType }>): ComponentType => lazy(load);

/** Addresses of the pages inside the frame. */
export const PAGES: readonly { readonly path: string; readonly Page: ComponentType }[] = [
  { path: '/', Page: page(() => import('../pages/home/home')) },
  { path: '/orders/delivery-orders', Page: page(() => import('../pages/orders/delivery-orders')) },
  { path: '/orders/delivery-orders/:shopId/:orderNo', Page: page(() => import('../pages/orders/delivery-order')) },
  { path: '/interfaces/:channel/orders', Page: page(() => import('../pages/interfaces/platform-orders')) },
  {
    path: '/interfaces/:channel/orders/:shopId/:orderNo',
    Page: page(() => import('../pages/interfaces/platform-order')),
  },
  { path: '/interfaces/mappings', Page: page(() => import('../pages/interfaces/mappings')) },
  { path: '/interfaces/quarantine', Page: page(() => import('../pages/interfaces/quarantine')) },
  { path: '/operations/ratio-strategies', Page: page(() => import('../pages/operations/ratio-strategies/list')) },
  {
    path: '/operations/ratio-strategies/:id',
    Page: page(() => import('../pages/operations/ratio-strategies/strategy')),
  },
  { path: '/stock/allocation-orders', Page: page(() => import('../pages/stock/allocation-orders')) },
  { path: '/stock/allocation-orders/:id', Page: page(() => import('../pages/stock/allocation-order')) },
  { path: '/stock/balances', Page: page(() => import('../pages/stock/balances')) },
  { path: '/stock/ledger', Page: page(() => import('../pages/stock/ledger')) },
  { path: '/stock/entries', Page: page(() => import('../pages/stock/entries')) },
  { path: '/stock/entries/:id', Page: page(() => import('../pages/stock/entry')) },
  { path: '/strategies/shops', Page: page(() => import('../pages/strategies/shop-strategies')) },
  { path: '/strategies/audit', Page: page(() => import('../pages/strategies/audit-strategies')) },
  { path: '/strategies/audit/:id', Page: page(() => import('../pages/strategies/audit-strategy')) },
  { path: '/operations/stock-change-pool', Page: page(() => import('../pages/operations/stock-change-pool')) },
  { path: '/operations/sync-queue', Page: page(() => import('../pages/operations/sync-queue')) },
  { path: '/operations/sync-queue/:shopId/:itemId', Page: page(() => import('../pages/operations/why')) },
  { path: '/master/shops', Page: page(() => import('../pages/master/shops')) },
  { path: '/master/shops/:id', Page: page(() => import('../pages/master/shop')) },
  { path: '/master/warehouses', Page: page(() => import('../pages/master/warehouses')) },
  { path: '/master/skus', Page: page(() => import('../pages/master/skus')) },
  { path: '/master/users', Page: page(() => import('../pages/master/users')) },
];
