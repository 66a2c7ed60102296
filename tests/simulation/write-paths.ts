/**
 * Who saves what in the histories: timers, queues and the webhook, and what people do, with the kinds of documents. A write
 * path that is new fails orders-and-stock.sim.test.ts until it stands here, and so does one that no history takes any more.
 */
export const WRITES: Readonly<Record<string, readonly string[]>> = {};

/** Write paths that only one history of many takes: not missed where a change has made all of them play otherwise. */
export const SELDOM: ReadonlySet<string> = new Set([]);

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
