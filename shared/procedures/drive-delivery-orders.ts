import { assert } from '../domain/kernel/assert';
import { sortable } from '../domain/kernel/ids';
import type { DeliveryOrder } from '../domain/order/delivery-order';
import {
  afterSettlement,
  lackingSkus,
  movementsDue,
  openIntents,
  withIntents,
  withOutcomes,
  withRetry,
} from '../domain/order/delivery-order';
import type { MovementRequest } from '../domain/stock/ledger';
import { availableDelta, availableQty, EMPTY_BALANCE } from '../domain/stock/ledger';
import type { StockKey } from '../domain/stock/movement';
import { stockKeyText } from '../domain/stock/movement';
import type { BusMessage } from '../ports/bus';
import type { Ports } from '../ports/ports';
import type { IndexPlace, IndexPlaces } from '../ports/store';
import { auditStoppedPartition, exceptionPartition, keys, openPlace, waitingStockPlace } from './keys';
import type { KnownLedgers, PostedEntry } from './post-movements';
import { learnLedgers, postMovements, readLedgers, seenIn } from './post-movements';

/** A delivery order as somebody wants to leave it, and the version that it was read at (0: new). */
export interface OrderDraft {
  readonly version: number;
  readonly order: DeliveryOrder;
  /** True where `order` differs from what is stored. */
  readonly changed: boolean;
  /**
   * Called behind the first save of a new order, while it still stands among those that a sweep drives on: a conflict means
   * that it was made from what is no longer true.
   */
  readonly onMade?: () => Promise<'saved' | 'conflict'>;
}

export type DriveResult =
  | { readonly kind: 'done'; readonly order: DeliveryOrder; readonly version: number; readonly changed: boolean }
  /** Somebody else saved the order first, or it is made from what is no longer true: read it again and decide anew. */
  | { readonly kind: 'conflict' };

/**
 * How long a document waits before the sweep takes it up: longer than a queue normally needs, short enough that a lost
 * message is not felt.
 */
const SWEEP_AFTER_MS = 10_000;

/**
 * Rounds of save → move → save. An order needs two; a third where it was cancelled while its hold was on the way; two
 * more where its stock came in before it was saved as waiting. More means that it changes state in a circle.
 */
const ROUNDS_MAX = 6;

interface Work extends OrderDraft {
  readonly everChanged: boolean;
  readonly retried: boolean;
  /** Its place among the waiting ones, as this run has saved it. */
  readonly open: IndexPlace | undefined;
}

/**
 * Drives delivery orders until nothing about their stock is due: saves the intents, enters the movements (all orders of
 * the batch that share a SKU in one append), saves the outcomes. Every step can be repeated by anybody: a crash leaves
 * an intent in a saved order, which the next one to come finds.
 */
export async function driveDeliveryOrders(
  ports: Pick<Ports, 'store' | 'clock'>,
  drafts: readonly OrderDraft[],
  known: KnownLedgers = new Map(),
): Promise<{ results: DriveResult[]; entries: PostedEntry[] }> {
  const { store, clock } = ports;
  const ledgers: KnownLedgers = new Map(known);
  const entries: PostedEntry[] = [];
  const results: (DriveResult | undefined)[] = drafts.map(() => undefined);
  const current = drafts.map(
    (draft): Work => ({ ...draft, everChanged: draft.changed, retried: false, open: undefined }),
  );
  const active = (): number[] => current.flatMap((_, i) => (results[i] ? [] : [i]));
  for (let round = 0; active().length > 0; round += 1) {
    assert(round < ROUNDS_MAX, 'delivery orders settle within a few rounds');
    await learnLedgers(
      store,
      active().flatMap((i) => ledgersDue(current[i]?.order)),
      ledgers,
    );
    const requests: MovementRequest[] = [];
    await Promise.all(
      active().map(async (i) => {
        const work = current[i];
        if (!work) return;
        const settled = afterSettlement(work.order, clock.nowMs());
        const next = withIntents(settled, (skuId) => seenIn(ledgers)({ warehouseId: settled.warehouseId, skuId }));
        if (work.changed || next !== work.order) {
          const places = deliveryOrderPlaces(next, clock.nowMs(), work.open);
          if ((await saveOrder(store, next, work.version, places)) === 'conflict') {
            results[i] = { kind: 'conflict' };
            return;
          }
          if (work.version === 0 && (await work.onMade?.()) === 'conflict') {
            results[i] = { kind: 'conflict' };
            return;
          }
          const { open } = places;
          Object.assign(work, { order: next, version: work.version + 1, changed: false, everChanged: true, open });
        }
        const open = openIntents(next);
        if (open.length === 0) {
          if (!work.retried && (await isCurable(store, next, ledgers))) {
            Object.assign(work, { order: withRetry(next), retried: true });
            return;
          }
          results[i] = { kind: 'done', order: next, version: work.version, changed: work.everChanged };
          return;
        }
        const source = { type: 'delivery-order', id: next.id, shopId: next.shopId } as const;
        requests.push(...open.map(({ intent, wanted }) => ({ intent, source, wanted })));
      }),
    );
    const posted = await postMovements(ports, requests, ledgers);
    entries.push(...posted.entries);
    for (const i of active()) {
      const work = current[i];
      if (work) Object.assign(work, { order: withOutcomes(work.order, posted.outcomes), changed: true });
    }
  }
  return { results: results.map((result) => result ?? { kind: 'conflict' }), entries };
}

/** The ledgers that something of an order is due in. */
function ledgersDue(order: DeliveryOrder | undefined): StockKey[] {
  if (!order) return [];
  return movementsDue(order).map(({ hold }) => ({ warehouseId: order.warehouseId, skuId: hold.skuId }));
}

/**
 * Whether an order that has just been saved as out of stock 缺货 can have the piece that it waits for: who brought it in
 * before did not find the order among those that wait, and will not look again.
 */
async function isCurable(store: Ports['store'], order: DeliveryOrder, ledgers: KnownLedgers): Promise<boolean> {
  const [skuId] = order.status === 'out-of-stock' ? lackingSkus(order) : [];
  const hold = order.holds.find((candidate) => candidate.skuId === skuId);
  if (skuId === undefined || !hold) return false;
  const key = { warehouseId: order.warehouseId, skuId };
  const text = stockKeyText(key);
  const last = (await readLedgers(store, [key])).get(text);
  ledgers.set(text, last);
  return availableQty(last?.balance ?? EMPTY_BALANCE) >= hold.wantedQty - hold.heldQty;
}

/** One version-checked put of a delivery order with its places in the indexes. */
export function saveOrder(
  store: Ports['store'],
  order: DeliveryOrder,
  expect: number,
  places: IndexPlaces,
): Promise<'saved' | 'conflict'> {
  return store.put({ key: keys.deliveryOrder(order.id), expect, value: order, places });
}

/**
 * Where a delivery order stands in the indexes: what it waits for now, and its row in the list of its shop. `before` is its
 * place among the waiting ones, where that is known: an order whose stock is held waits for its audit in the place where it
 * waited for its stock, since leaving a place and entering another are two writes more. Both sweeps look there.
 */
export function deliveryOrderPlaces(order: DeliveryOrder, nowMs: number, before?: IndexPlace): IndexPlaces {
  const list = { partition: `delivery-order#${order.shopId}`, sort: `${sortable(order.createdAtMs)}#${order.orderNo}` };
  const open = openPlaceOf(order, nowMs);
  if (!open) return { list };
  const [dueNow, dueBefore] = [kindOf(open), before && kindOf(before)];
  const stays = dueBefore === 'holding' && (dueNow === 'holding' || (dueNow === 'audit' && !order.audit));
  return { list, open: stays && before ? before : open };
}

const kindOf = ({ partition }: IndexPlace): string => partition.split('#')[0] ?? '';

/** Whether something about its stock is due: what a place among the holding ones waits for, if not for an audit. */
export function awaitsStock(order: DeliveryOrder): boolean {
  return openIntents(order).length > 0 || movementsDue(order).length > 0 || order.status !== 'pending-audit';
}

function openPlaceOf(order: DeliveryOrder, nowMs: number): IndexPlace | undefined {
  const key = keys.deliveryOrder(order.id);
  const byAge = `${sortable(order.platform.createdAtMs)}#${order.id}`;
  if (openIntents(order).length > 0 || movementsDue(order).length > 0)
    return openPlace('holding', key, nowMs + SWEEP_AFTER_MS);
  switch (order.status) {
    case 'pending-allocation':
      return openPlace('holding', key, nowMs + SWEEP_AFTER_MS);
    case 'out-of-stock': {
      const [skuId] = lackingSkus(order);
      if (skuId === undefined) return openPlace('holding', key, nowMs + SWEEP_AFTER_MS);
      return waitingStockPlace({ warehouseId: order.warehouseId, skuId }, byAge);
    }
    case 'pending-audit':
      if (!order.audit) return openPlace('audit', key, nowMs + SWEEP_AFTER_MS);
      if (order.audit.againAtMs !== null) return openPlace('audit', key, order.audit.againAtMs);
      return { partition: auditStoppedPartition(order.shopId), sort: byAge };
    case 'audited':
    case 'picking':
    case 'shipped':
    case 'cancelled':
      return undefined;
    case 'exception':
      return { partition: exceptionPartition(order.shopId), sort: byAge };
  }
}

/** Hints for what follows: audits that are due, and ledgers that moved. */
export function followUps(results: readonly DriveResult[], entries: readonly PostedEntry[]): BusMessage[] {
  const audits = results.flatMap((result): BusMessage[] =>
    result.kind === 'done' && result.changed && result.order.status === 'pending-audit' && !result.order.audit
      ? [{ topic: 'delivery-order-ready', key: result.order.id, body: { deliveryOrderId: result.order.id } }]
      : [],
  );
  return [...audits, ...stockChanged(entries)];
}

/**
 * One message per ledger entry, with what its receiver would read the entry for: when it was, and whether it freed pieces,
 * which may cure an order that waits for them. An entry never changes.
 */
export function stockChanged(entries: readonly PostedEntry[]): BusMessage[] {
  return entries.map(({ warehouseId, skuId, entry }) => ({
    topic: 'stock-changed',
    key: stockKeyText({ warehouseId, skuId }),
    body: { warehouseId, skuId, number: entry.number, atMs: entry.atMs, freed: availableDelta(entry) > 0 },
  }));
}
