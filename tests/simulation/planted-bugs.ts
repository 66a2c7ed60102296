/** A mistake that somebody could make in the product, as one replacement in one of its files. */
export interface PlantedBug {
  readonly name: string;
  /** What goes wrong with it, for the report. */
  readonly what: string;
  readonly file: string;
  /** Occurs exactly once in the file; where it no longer does, the bug must be written anew. */
  readonly find: string;
  readonly replace: string;
  /** Seeds from 1 on of which one must find it. */
  readonly withinSeeds: number;
}

/** Most mistakes show within the first few seeds. */
const OFTEN = 30;

/**
 * Those that need a race of two workers on one document show in about one history of thirty: two hundred miss such a bug
 * once in a thousand times, when a change of the product has made the seeds play other histories.
 */
const RARE = 200;

/** One history of some hundreds: a worker overtaken by a cancellation and by another worker, an edit that nothing covers up. */
const RAREST = 1_000;

const LEDGER = 'shared/procedures/post-movements.ts';
const ORDERS = 'shared/procedures/drive-delivery-orders.ts';
const CONVERSION = 'shared/procedures/convert-platform-orders.ts';
const ORDER = 'shared/domain/order/delivery-order.ts';
const WORK = 'shared/domain/stock/stock-work.ts';
const STORING = 'shared/procedures/store-platform-orders.ts';
const QUARANTINE = 'shared/procedures/quarantine.ts';
const PULL = 'functions/order-ingestion/pull-modified.ts';
const SYNC = 'shared/domain/sync/sync-record.ts';
const QUANTITY = 'shared/domain/sync/shop-quantity.ts';
const PUSH = 'functions/ratio-sync-push/push-listings.ts';
const RECORDS = 'functions/ratio-sync-push/sync-queue.ts';
const SUMMARY = 'shared/procedures/summarise-stock.ts';

/** The simulation is itself tested by these: every one must be found. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'movement-id-not-checked-on-repeat',
    what: 'who drives an intent on does not look whether its movement is in the ledger already',
    file: LEDGER,
    find: '    read.forEach(settle);\n    last =\n',
    replace: '    last =\n',
    withinSeeds: OFTEN,
  },
  {
    name: 'loser-of-a-race-does-not-look',
    what: 'who lost the race for a ledger number appends without reading what came in between',
    file: LEDGER,
    find: '    read.forEach(settle);\n    last = read.at(-1) ?? last;',
    replace: '    last = read.at(-1) ?? last;',
    withinSeeds: OFTEN,
  },
  {
    name: 'check-then-act-append',
    what: 'a ledger entry is written over the one that a faster worker has put there',
    file: LEDGER,
    find: '      expect: 0,\n      value: entry,',
    replace:
      '      expect: (await deps.store.get(keys.ledgerEntry(ledger, entry.number)))?.version ?? 0,\n      value: entry,',
    withinSeeds: OFTEN,
  },
  {
    name: 'no-void-on-refusal',
    what: 'a refused hold leaves no void entry, so that a slow worker may still append it',
    file: LEDGER,
    find: '      value: entry,',
    replace: "      value: { ...entry, movements: entry.movements.filter((m) => m.void !== 'lack-of-stock') },",
    withinSeeds: RARE,
  },
  {
    name: 'no-void-on-cancel',
    what: 'a cancelled hold leaves no void entry, so that a slow worker may still append it',
    file: LEDGER,
    find: '      value: entry,',
    replace: "      value: { ...entry, movements: entry.movements.filter((m) => m.void !== 'cancelled') },",
    withinSeeds: RAREST,
  },
  {
    name: 'one-piece-below-zero',
    what: 'a hold is accepted that lacks one piece',
    file: 'shared/domain/stock/ledger.ts',
    find: 'if (availableQty(next) < 0)',
    replace: 'if (availableQty(next) < -1)',
    withinSeeds: OFTEN,
  },
  {
    name: 'transfer-never-arrives',
    what: 'an allocation order ends when the goods have left',
    file: WORK,
    find: '      return plan.incoming.length > 0\n',
    replace: '      return plan.incoming.length > 1e9\n',
    withinSeeds: OFTEN,
  },
  {
    name: 'refused-transfer-keeps-its-holds',
    what: 'an allocation order that lacks one SKU does not give back the others',
    file: WORK,
    find: 'if (held.length === 0) return',
    replace: 'if (held.length >= 0) return',
    withinSeeds: OFTEN,
  },
  {
    name: 'intent-not-saved',
    what: 'stock is moved before the order has saved that it means to',
    file: ORDERS,
    find: '        if (work.changed || next !== work.order) {',
    replace: '        Object.assign(work, { order: next });\n        if (work.changed) {',
    withinSeeds: RARE,
  },
  {
    name: 'version-ignored',
    what: 'a delivery order is saved over what somebody else has saved meanwhile',
    file: ORDERS,
    find: '  return store.put({ key: keys.deliveryOrder(order.id), expect, value: order, places });',
    replace: `  return store
    .get(keys.deliveryOrder(order.id))
    .then((now) => store.put({ key: keys.deliveryOrder(order.id), expect: now?.version ?? expect, value: order, places }));`,
    withinSeeds: OFTEN,
  },
  {
    name: 'delayed-audit-forgotten',
    what: 'an order that a delayed rule stopped is not looked at when its time has come',
    file: ORDERS,
    find: "      if (order.audit.againAtMs !== null) return openPlace('audit', key, order.audit.againAtMs);\n",
    replace: '',
    withinSeeds: RARE,
  },
  {
    name: 'hold-not-released-on-close',
    what: 'a cancelled order keeps the pieces that it holds',
    file: 'shared/domain/order/apply-platform-update.ts',
    find: "{ type: '取消', ...by }), goal: 'release' }",
    replace: "{ type: '取消', ...by }) }",
    withinSeeds: OFTEN,
  },
  {
    name: 'attempt-not-counted',
    what: 'a second try of a movement uses the id of the first',
    file: ORDER,
    find: 'const attempt = hold.attempt + 1;',
    replace: 'const attempt = Math.max(1, hold.attempt);',
    withinSeeds: OFTEN,
  },
  {
    name: 'same-sku-not-summed',
    what: 'of two lines that share a SKU only one is held',
    file: 'shared/domain/kernel/quantity.ts',
    find: 'sums.set(key(item), (sums.get(key(item)) ?? 0) + qty(item))',
    replace: 'sums.set(key(item), qty(item))',
    withinSeeds: OFTEN,
  },
  {
    name: 'status-without-a-line',
    what: 'an order changes its status and its log does not say so',
    file: ORDER,
    find: 'return { ...order, status, log: withLine(order.log, { ...line, status }) };',
    replace:
      "return event === 'lack' ? { ...order, status } : { ...order, status, log: withLine(order.log, { ...line, status }) };",
    withinSeeds: OFTEN,
  },
  {
    name: 'update-passed-over',
    what: 'conversion marks an order as converted although a newer version came in meanwhile',
    file: CONVERSION,
    find: '    expect: head.version,\n    value,\n    places: receivedOrderPlaces',
    replace:
      '    expect: (await ports.store.get(head.key))?.version ?? 0,\n    value,\n    places: receivedOrderPlaces',
    withinSeeds: OFTEN,
  },
  {
    name: 'conversion-not-swept',
    what: 'an order whose message was lost is never converted',
    file: 'functions/document-conversion/convert-batch.ts',
    find: "sweepOpen(run.ports, 'conversion', clock.nowMs(), handle, mayGoOn)",
    replace: "sweepOpen(run.ports, 'conversion', clock.nowMs(), handle, () => false)",
    withinSeeds: OFTEN,
  },
  {
    name: 'stopped-orders-not-judged-again',
    what: 'a saved audit strategy counts as spread before the stopped orders were offered to it',
    file: 'functions/auto-audit/audit-delivery-orders.ts',
    find: '        await audit(hits.map((hit) => orderIdOf(hit.key.pk)));\n        judged',
    replace: '        judged',
    withinSeeds: OFTEN,
  },
  {
    name: 'acknowledged-before-saved',
    what: 'messages of a polled platform are confirmed before their orders are stored',
    file: 'functions/order-ingestion/poll-messages.ts',
    find: '      const done = await storeNamed(run, shop, shops, messages);\n',
    replace: `      await intake.confirm(access, messages.map((message) => message.messageId));
      const done = await storeNamed(run, shop, shops, messages);\n`,
    withinSeeds: OFTEN,
  },
  {
    name: 'webhook-accepts-what-failed',
    what: 'a push is answered with ok although its order could not be stored',
    file: 'functions/order-ingestion/receive-push.ts',
    find: '  return failed ? json(503, intake.refusedBody) : json(200, intake.acceptedBody);',
    replace: '  return json(200, intake.acceptedBody);',
    withinSeeds: OFTEN,
  },
  {
    name: 'older-version-stored-over-newer',
    what: 'a version of an order that arrives late replaces a newer one',
    file: STORING,
    find: "    if (head && !supersedes(order, head.value)) return 'older';\n",
    replace: '',
    withinSeeds: OFTEN,
  },
  {
    name: 'cursor-moved-before-save',
    what: 'the pull counts a time as covered before its orders are stored',
    file: PULL,
    find: '      found += await pullWindow(run, shop, { fromMs: covered.toMs - run.config.pullOverlapMs, toMs });\n',
    replace: `      await store.put<Coverage>({ key: keys.coverage(shop.id), expect: stored?.version ?? 0, value: { ...covered, toMs } });
      found += await pullWindow(run, shop, { fromMs: covered.toMs - run.config.pullOverlapMs, toMs });\n`,
    withinSeeds: OFTEN,
  },
  {
    name: 'pull-goes-on-after-a-failure',
    what: 'the pull passes over an order that could not be fetched',
    file: PULL,
    find: '    if (failure) throw failure;\n',
    replace: '',
    withinSeeds: RARE,
  },
  {
    name: 'raw-text-not-kept',
    what: 'an order is acknowledged whose raw text was not kept',
    file: STORING,
    find: '    await ports.store.put({\n      key: keys.rawOrder(',
    replace: '    if (head) await ports.store.put({\n      key: keys.rawOrder(',
    withinSeeds: OFTEN,
  },
  {
    name: 'lease-not-fenced',
    what: 'a listing is pushed while another run is still pushing it',
    file: SYNC,
    find: "  if (last?.status === 'in-flight' && nowMs < last.deadlineMs)\n",
    replace: "  if (last?.status === 'in-flight' && nowMs < last.deadlineMs - 1e9)\n",
    withinSeeds: OFTEN,
  },
  {
    name: 'claim-not-exclusive',
    what: 'who lost the race for a sync record pushes all the same',
    file: RECORDS,
    find: "  return saved === 'saved';\n}",
    replace: '  return true;\n}',
    withinSeeds: OFTEN,
  },
  {
    name: 'stale-number-pushed',
    what: 'a run pushes a quantity that it computed before a newer one was pushed',
    file: 'functions/ratio-sync-push/push-job.ts',
    find: '  if (last && isOlder(target, last.value))',
    replace: '  if (last && isOlder(target, last.value) && last.version > 1e9)',
    withinSeeds: OFTEN,
  },
  {
    name: 'addition-without-reading-after-sales',
    what: 'sales are taken off a number that was read when they had left the shelf already, and too much is added',
    file: SYNC,
    find: "counted === null || since.moved ? { kind: 'read-back' }",
    replace: "counted === null ? { kind: 'read-back' }",
    withinSeeds: RARE,
  },
  {
    name: 'unknown-outcome-counted-as-pushed',
    what: 'a push that timed out is taken as done',
    file: PUSH,
    find: `        status: 'unknown',
        failure: { code: 'UNKNOWN_OUTCOME', message: result.message },
        finishedAtMs,
        recheckAtMs: finishedAtMs,
`,
    replace: "        status: 'pushed',\n        shownQty: record.qty,\n        finishedAtMs,\n",
    withinSeeds: RAREST,
  },
  {
    name: 'key-from-the-quantity',
    what: 'going 5 → 3 → 5 is two writes to a platform that takes each key once',
    file: RECORDS,
    find: 'key: `${target.shop.id}.${listingKey(target.mapping)}.${number}` }',
    replace: 'key: `${target.shop.id}.${listingKey(target.mapping)}.${job.plan.qty}` }',
    withinSeeds: RARE,
  },
  {
    name: 'remainder-given-twice',
    what: 'the last piece is for sale in two shops whose ratios sum to 100 %',
    file: QUANTITY,
    find: 'ranked.slice(0, left).map',
    replace: 'ranked.slice(0, left > 0 ? left + 1 : 0).map',
    withinSeeds: RARE,
  },
  {
    name: 'ratio-rounded-up',
    what: 'a share is rounded up',
    file: QUANTITY,
    find: '      const flooredQty = shareOf(available, share.ratioBp);',
    replace: '      const flooredQty = Math.ceil((available * share.ratioBp) / 10_000);',
    withinSeeds: OFTEN,
  },
  {
    name: 'older-platform-facts-taken-in',
    what: 'a delivery order takes in a version of its platform order that is older than what it knows',
    file: 'shared/domain/order/apply-platform-update.ts',
    find: '  if (!supersedes(update, order.platform)) return order;\n',
    replace: '',
    withinSeeds: RARE,
  },
  {
    name: 'late-write-not-looked-for',
    what: 'a write that timed out may be applied late, and nobody looks at its listing again',
    file: RECORDS,
    find: "if (status === 'in-flight' || status === 'unknown') return nowMs + run.config.recheckAfterMs;",
    replace: "if (status === 'in-flight' || status === 'unknown') return null;",
    withinSeeds: RAREST,
  },
  {
    name: 'stopped-orders-offered-once',
    what: 'found by the simulation: an order that a slow worker stopped by the former strategy was never judged again',
    file: 'functions/auto-audit/audit-delivery-orders.ts',
    find: 'spreadPending && { spreadAgainAtMs: againAtMs }',
    replace: 'againAtMs < 0 && { spreadAgainAtMs: againAtMs }',
    withinSeeds: RAREST,
  },
  {
    name: 'former-release-not-read',
    what: 'orders that the release before has put to wait for stock are looked for in the new place only',
    file: 'shared/procedures/waiting-orders.ts',
    find: '{ partition: formerWaitingStockPartition(key) }, ',
    replace: '',
    withinSeeds: RARE,
  },
  {
    name: 'cursor-saved-before-the-sums',
    what: 'a stock summary says that it has counted entries before their sums are saved',
    file: SUMMARY,
    find: '    const saved = await store.put({ key: keys.stockSummary(from.shard), expect: version, value: next });',
    replace:
      '    const early = { ...value, readTo: next.readTo };\n    await store.put({ key: keys.stockSummary(from.shard), expect: version, value: early });\n    version += 1;\n    const saved = await store.put({ key: keys.stockSummary(from.shard), expect: version, value: next });',
    withinSeeds: OFTEN,
  },
  {
    name: 'summary-counts-up-to-now',
    what: 'a stock summary counts what the index shows now, and never what it shows late',
    file: SUMMARY,
    find: 'ports.clock.nowMs() - ports.store.indexLagMs - LATE_ENTRY_MS',
    replace: 'ports.clock.nowMs()',
    withinSeeds: OFTEN,
  },
  {
    name: 'resumed-sync-not-read',
    what: 'what somebody set by hand while the sync of a shop was off is never looked at',
    file: 'shared/domain/sync/resync.ts',
    find: 'const readBack = resumed || before?.readBack;',
    replace: 'const readBack = !resumed && before?.readBack;',
    withinSeeds: RAREST,
  },
  {
    name: 'sold-elsewhere-not-counted',
    what: 'found by the simulation: pieces sold from a warehouse that the quantity does not come from are not missed',
    file: 'functions/ratio-sync-push/push-job.ts',
    find: '      count(entries);\n      elsewhere.push',
    replace: '      elsewhere.push',
    withinSeeds: RAREST,
  },
  {
    name: 'exchange-not-read-back',
    what: 'found by the simulation: a line that the buyer exchanged moves two shelves, and nobody looks at them',
    file: CONVERSION,
    find: '    if (listingKey(before) !== listingKey(line)) return [before, line];\n',
    replace: '',
    withinSeeds: RAREST,
  },
  {
    name: 'order-that-is-over-taken-up-again',
    what: 'found by the simulation: a person resumes an exception of which the platform order is closed',
    file: ORDER,
    find: "  return event !== 'resume' || !isOver(order.platform);",
    replace: '  return true;',
    withinSeeds: RAREST,
  },
  {
    name: 'forfeited-deposit-keeps-its-stock',
    what: 'an order of which the deposit is forfeited goes on',
    file: 'shared/domain/order/apply-platform-update.ts',
    find: "  if (update.deposit === 'forfeited')",
    replace: '  if (false)',
    withinSeeds: RARE,
  },
  {
    name: 'unreadable-order-not-kept',
    what: 'an order that cannot be read is acknowledged and not kept aside',
    file: QUARANTINE,
    find: '    const saved = await ports.store.put({ key, expect: before?.version ?? 0, value, places });\n',
    replace: "    const saved = 'saved' as string;\n",
    withinSeeds: OFTEN,
  },
  {
    name: 'new-sku-sought-once',
    what: 'whoever makes a SKU dies before its listings are mapped, or does not see one yet, and nobody else looks for them',
    file: 'shared/procedures/map-new-skus.ts',
    find: '  await mapNewSkus(\n    ports,\n    waiting.map(({ value }) => value.id),\n  );\n',
    replace: '',
    withinSeeds: RAREST,
  },
  {
    name: 'shop-taken-in-again-unread',
    what: 'a ratio strategy takes in a shop of which somebody has set the numbers by hand meanwhile, and nobody looks at them',
    file: 'functions/console/routes/strategy-routes.ts',
    find: 'resumed: takesUpBySave(before, body, clock.nowMs())',
    replace: 'resumed: before?.enabled === false && body.enabled',
    withinSeeds: RAREST,
  },
  {
    name: 'nobody-looks-again',
    what: 'an order in quarantine is not asked for again by itself',
    file: PULL,
    find: '    return await lookAgain(run, shop);\n',
    replace: '    return 0;\n',
    withinSeeds: RARE,
  },
];
