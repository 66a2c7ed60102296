import type { DeliveryOrder } from '../../shared/domain/order/delivery-order';
import type { LedgerEntry } from '../../shared/domain/stock/ledger';
import { availableDelta, availableQty, EMPTY_BALANCE } from '../../shared/domain/stock/ledger';
import type { StockKey } from '../../shared/domain/stock/movement';
import { stockKeyText } from '../../shared/domain/stock/movement';
import type { Run } from '../../shared/platform/define-function';
import type { BatchFailures } from '../../shared/platform/try-batch';
import type { BusEnvelope, BusMessage } from '../../shared/ports/bus';
import type { Ports } from '../../shared/ports/ports';
import { formerWaitingStockPartition, keys, waitingStockRange } from '../../shared/procedures/keys';
import { readLedgers } from '../../shared/procedures/post-movements';

type CapturePorts = Pick<Ports, 'store' | 'pool' | 'bus'>;

/** What is to be known of a ledger entry here. */
interface EntryFacts {
  readonly atMs: number;
  /** Whether it left more pieces available than before. */
  readonly freed: boolean;
}

/** A ledger entry as the queue or the sweep names it; `facts` where the message tells them. */
export interface ChangedLedger extends StockKey {
  readonly number: number;
  readonly facts?: EntryFacts;
}

/** Orders that wait for one SKU and are looked at when it comes in; the next entry or sweep looks at more. */
const WAITING_MAX = 100;

/** Marks the SKUs of a batch of ledger entries in the stock change pool. */
export async function captureBatch(batch: readonly BusEnvelope[], run: Run): Promise<BatchFailures> {
  await captureChanges(
    run.ports,
    batch.map(({ body }) => changedLedger(body)),
  );
  return new Map();
}

/** Messages of 0.3 and before name the entry alone. */
function changedLedger(body: BusMessage['body']): ChangedLedger {
  const { atMs, freed } = body;
  return {
    warehouseId: String(body['warehouseId']),
    skuId: String(body['skuId']),
    number: Number(body['number']),
    ...(typeof atMs === 'number' && typeof freed === 'boolean' && { facts: { atMs, freed } }),
  };
}

/**
 * Ledger entries → stock change pool 库存异动计算缓存池, and a hint to the orders out of stock 缺货 that an entry may cure.
 */
export async function captureChanges(ports: CapturePorts, changed: readonly ChangedLedger[]): Promise<void> {
  const known = await withFacts(ports.store, changed);
  await ports.pool.touch(known.map(({ change, facts }) => ({ skuId: change.skuId, atMs: facts.atMs })));
  // Only an entry that freed pieces can cure a lack. A refused hold is an entry too: reviving on that would go round.
  const freed = [
    ...new Map(
      known.filter(({ facts }) => facts.freed).map(({ change }) => [keys.ledgerPartition(change), change]),
    ).values(),
  ];
  const ledgers = await readLedgers(ports.store, freed);
  const revived = await Promise.all(
    freed.map((change) =>
      curableOrders(ports, change, availableQty(ledgers.get(stockKeyText(change))?.balance ?? EMPTY_BALANCE)),
    ),
  );
  await ports.bus.publish(revived.flat());
}

/** Reads the entries of which nothing was told; what is not there is left out. */
async function withFacts(
  store: CapturePorts['store'],
  changed: readonly ChangedLedger[],
): Promise<{ change: ChangedLedger; facts: EntryFacts }[]> {
  const told = changed.flatMap((change) => (change.facts ? [{ change, facts: change.facts }] : []));
  const untold = changed.filter((change) => !change.facts);
  const entries = await store.getMany<LedgerEntry>(untold.map((change) => keys.ledgerEntry(change, change.number)));
  const read = untold.flatMap((change, i) => {
    const entry = entries[i]?.value;
    return entry ? [{ change, facts: { atMs: entry.atMs, freed: availableDelta(entry) > 0 } }] : [];
  });
  return [...told, ...read];
}

/** The oldest waiting orders that what is available now can serve. */
async function curableOrders(ports: CapturePorts, key: StockKey, available: number): Promise<BusMessage[]> {
  const { partition, after, upTo } = waitingStockRange(key);
  const [former, present] = await Promise.all([
    ports.store.queryIndex('open', formerWaitingStockPartition(key), { limit: WAITING_MAX }),
    ports.store.queryIndex('open', partition, { after, upTo, limit: WAITING_MAX }),
  ]);
  const orders = await ports.store.getMany<DeliveryOrder>([...former, ...present].map((hit) => hit.key));
  let left = available;
  return orders.flatMap((stored): BusMessage[] => {
    const order = stored?.value;
    const hold = order?.holds.find((candidate) => candidate.skuId === key.skuId);
    if (!order || !hold || order.status !== 'out-of-stock') return [];
    const lack = hold.wantedQty - hold.heldQty;
    if (lack > left) return [];
    left -= lack;
    return [{ topic: 'platform-order-changed', key: order.id, body: { shopId: order.shopId, orderNo: order.orderNo } }];
  });
}
