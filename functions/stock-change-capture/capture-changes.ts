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

/** A ledger entry as the queue or the sweep names it. */
export interface ChangedLedger extends StockKey {
  readonly number: number;
}

/** Orders that wait for one SKU and are looked at when it comes in; the next entry or sweep looks at more. */
const WAITING_MAX = 100;

/** Marks the SKUs of a batch of ledger entries in the stock change pool. */
export async function captureBatch(batch: readonly BusEnvelope[], run: Run): Promise<BatchFailures> {
  await captureChanges(
    run.ports,
    batch.map(({ body }) => ({
      warehouseId: String(body['warehouseId']),
      skuId: String(body['skuId']),
      number: Number(body['number']),
    })),
  );
  return new Map();
}

/**
 * Ledger entries → stock change pool 库存异动计算缓存池, and a hint to the orders out of stock 缺货 that an entry may cure.
 */
export async function captureChanges(ports: CapturePorts, changed: readonly ChangedLedger[]): Promise<void> {
  const entries = await ports.store.getMany<LedgerEntry>(
    changed.map((change) => keys.ledgerEntry(change, change.number)),
  );
  const known = changed.flatMap((change, i) => (entries[i] ? [{ change, entry: entries[i].value }] : []));
  await ports.pool.touch(known.map(({ change, entry }) => ({ skuId: change.skuId, atMs: entry.atMs })));
  // Only an entry that freed pieces can cure a lack. A refused hold is an entry too: reviving on that would go round.
  const freed = [
    ...new Map(
      known
        .filter(({ entry }) => availableDelta(entry) > 0)
        .map(({ change }) => [keys.ledgerPartition(change), change]),
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
