import type { Role } from '../../../../shared/domain/user/user';

/** A place of the menu; the texts are the names that operators know. */
export interface MenuPlace {
  readonly path?: string;
  readonly zh: string;
  readonly en: string;
  readonly role?: Role;
  readonly icon?: 'home' | 'operations' | 'strategies' | 'stock' | 'interfaces' | 'orders' | 'master';
  readonly children?: readonly MenuPlace[];
}

export const MENU: readonly MenuPlace[] = [
  { path: '/', zh: '首页', en: 'Home', icon: 'home' },
  {
    zh: '订单中心',
    en: 'Orders',
    icon: 'orders',
    children: [
      {
        zh: '线上订单',
        en: 'Online orders',
        children: [{ path: '/orders/delivery-orders', zh: '零售发货单', en: 'Delivery orders' }],
      },
    ],
  },
  {
    zh: '库存中心',
    en: 'Stock',
    icon: 'stock',
    children: [
      {
        zh: '分货管理',
        en: 'Allocation',
        children: [{ path: '/stock/allocation-orders', zh: '分货单', en: 'Allocation orders' }],
      },
      { path: '/stock/balances', zh: '库存查询', en: 'Stock on hand' },
      { path: '/stock/ledger', zh: '库存流水', en: 'Stock ledger' },
      { path: '/stock/entries', zh: '出入库单', en: 'Stock entries' },
    ],
  },
  {
    zh: '运营中心',
    en: 'Operations',
    icon: 'operations',
    children: [
      {
        zh: '库存同步策略',
        en: 'Stock sync strategies',
        children: [{ path: '/operations/ratio-strategies', zh: '比例同步策略', en: 'Ratio sync strategies' }],
      },
      {
        zh: '库存同步查询',
        en: 'Stock sync',
        children: [
          { path: '/operations/stock-change-pool', zh: '库存异动计算缓存池', en: 'Stock change pool' },
          { path: '/operations/sync-queue', zh: '库存同步队列', en: 'Stock sync queue' },
        ],
      },
    ],
  },
  {
    zh: '策略中心',
    en: 'Strategies',
    icon: 'strategies',
    children: [
      {
        zh: '综合策略',
        en: 'General',
        children: [{ path: '/strategies/shops', zh: '店铺策略', en: 'Shop strategies' }],
      },
      {
        zh: '订单策略',
        en: 'Orders',
        children: [{ path: '/strategies/audit', zh: '订单自动审核', en: 'Auto audit' }],
      },
    ],
  },
  {
    zh: '接口中心',
    en: 'Interfaces',
    icon: 'interfaces',
    children: [
      {
        zh: '淘宝接口',
        en: 'Taobao',
        children: [{ path: '/interfaces/taobao/orders', zh: '淘宝订单接口', en: 'Taobao orders' }],
      },
      {
        zh: '抖店接口',
        en: 'Doudian',
        children: [{ path: '/interfaces/doudian/orders', zh: '抖店订单接口', en: 'Doudian orders' }],
      },
      { path: '/interfaces/mappings', zh: '商品对应', en: 'Item mapping' },
      { path: '/interfaces/quarantine', zh: '隔离区', en: 'Quarantine' },
    ],
  },
  {
    zh: '基础资料',
    en: 'Master data',
    icon: 'master',
    children: [
      { path: '/master/shops', zh: '店铺', en: 'Shops' },
      { path: '/master/warehouses', zh: '仓库', en: 'Warehouses' },
      { path: '/master/skus', zh: '商品', en: 'SKUs' },
      { path: '/master/users', zh: '用户与角色', en: 'Users and roles', role: 'admin' },
    ],
  },
];

/** The menu places on the way to a path, outermost first: the crumbs above a page. */
export function crumbsTo(path: string, places: readonly MenuPlace[] = MENU): MenuPlace[] {
  for (const place of places) {
    if (place.path !== undefined && isWithin(path, place.path)) return [place];
    const below = crumbsTo(path, place.children ?? []);
    if (below.length > 0) return [place, ...below];
  }
  return [];
}

function isWithin(path: string, place: string): boolean {
  return path === place || (place !== '/' && path.startsWith(`${place}/`));
}
