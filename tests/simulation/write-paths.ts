/**
 * Who saves what in the histories: timers, queues and the webhook, and what people do, with the kinds of documents. A write
 * path that is new fails orders-and-stock.sim.test.ts until it stands here, and so does one that no history takes any more.
 */
export const WRITES: Readonly<Record<string, readonly string[]>> = {
  allocation: ['allocation-order', 'ledger'],
  audit: ['delivery-order', 'ledger', 'mapping', 'platform-order'],
  'audit-strategy': ['audit-strategy'],
  cancel: ['delivery-order', 'ledger', 'mapping', 'platform-order'],
  convert: ['delivery-order', 'ledger', 'mapping', 'platform-order'],
  'delivery-order-ready': ['delivery-order', 'parked'],
  'download-items': ['mapping'],
  exception: ['ratio-exception'],
  mapping: ['mapping', 'platform-order'],
  pick: ['delivery-order', 'ledger', 'mapping', 'platform-order'],
  'platform-order-changed': ['delivery-order', 'ledger', 'mapping', 'platform-order', 'parked'],
  poll: ['platform-order', 'platform-order/raw', 'quarantine'],
  pull: ['coverage', 'platform-order', 'platform-order/raw', 'quarantine'],
  'push-stock': [
    'mapping',
    'platform-order',
    'progress',
    'ratio-exception',
    'ratio-strategy',
    'shop',
    'shop-strategy',
    'sync',
  ],
  'put-right': ['mapping', 'platform-order', 'platform-order/raw', 'quarantine', 'shop', 'sku'],
  'ratio-strategy': ['ratio-strategy'],
  'read-back': ['progress', 'sync'],
  'read-again': ['platform-order', 'platform-order/raw', 'quarantine'],
  'read-back-asked': ['mapping'],
  receipt: ['ledger', 'stock-entry'],
  resume: ['delivery-order', 'ledger', 'mapping', 'platform-order'],
  'set-up': [
    'allocation-order',
    'audit-strategy',
    'ledger',
    'mapping',
    'ratio-strategy',
    'shop',
    'shop-strategy',
    'sku',
    'stock-entry',
    'warehouse',
  ],
  ship: ['delivery-order', 'ledger', 'mapping', 'platform-order'],
  shop: ['shop'],
  'shop-strategy': ['shop-strategy'],
  sku: ['mapping', 'platform-order', 'sku'],
  'summarise-stock': ['stock-summary'],
  'sweep-audits': ['audit-strategy', 'delivery-order'],
  'sweep-conversions': ['delivery-order', 'ledger', 'mapping', 'platform-order', 'progress', 'sku'],
  'sweep-stock': ['allocation-order', 'ledger', 'progress', 'stock-entry'],
  'stock-changed': ['parked'],
  webhook: ['platform-order', 'platform-order/raw', 'quarantine'],
};

/** Write paths that only one history of many takes: not missed where a change has made all of them play otherwise. */
export const SELDOM: ReadonlySet<string> = new Set([
  'audit ledger',
  'push-stock platform-order',
  'delivery-order-ready parked',
  'stock-changed parked',
  'sweep-conversions progress',
]);

/** Operations of the console's API that change something and that no history calls, and why. */
export const OPERATIONS_NOT_CALLED: Readonly<Record<string, string>> = {
  'POST /api/skus/check': 'reads only',
  'POST /api/ratio-strategies/check': 'reads only',
  'POST /api/stock/check': 'reads only',
  'POST /api/session': 'people are no part of what moves orders and stock: tests/model/users.model.test.ts',
  'DELETE /api/session': 'as POST /api/session',
  'POST /api/session/password': 'as POST /api/session',
  'PUT /api/users/{id}': 'as POST /api/session',
  'POST /api/users/{id}/one-time-password': 'as POST /api/session',
};
