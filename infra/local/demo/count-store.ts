import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import type { LedgerEntry } from '../../../shared/domain/stock/ledger';
import { availableQty } from '../../../shared/domain/stock/ledger';
import type { SyncRecord } from '../../../shared/domain/sync/sync-record';
import type { Key, Store } from '../../../shared/ports/store';
import { SAMPLE } from './sample-brand';

/** A line that was refused for lack of stock when it first asked. */
export interface Shortage {
  readonly orderNo: string;
  readonly qty: number;
  /** When our ledger last had that many pieces available, epoch ms. */
  readonly goneAtMs: number;
}

export interface StoreCounts {
  readonly platformOrders: number;
  readonly deliveryOrders: number;
  readonly ordersByStatus: Readonly<Record<string, number>>;
  readonly ledgerEntries: number;
  /** Entries of the warehouse that shops draw on. */
  readonly ledgerEntriesOnSale: number;
  readonly movements: number;
  readonly voids: number;
  /** Pieces held beyond what was on hand, summed over all entries. */
  readonly heldBeyondStock: number;
  readonly syncRecords: Readonly<Record<string, number>>;
  readonly shortages: readonly Shortage[];
  /** Pieces that orders still wait for. */
  readonly shortPiecesNow: number;
}

/** Reads a whole store once and counts. */
export async function countStore(store: Store): Promise<StoreCounts> {
  const counts = {
    platformOrders: 0,
    deliveryOrders: 0,
    ledgerEntries: 0,
    ledgerEntriesOnSale: 0,
    movements: 0,
    voids: 0,
    heldBeyondStock: 0,
    shortPiecesNow: 0,
  };
  const ordersByStatus: Record<string, number> = {};
  const syncRecords: Record<string, number> = {};
  const firstVoids = new Map<string, { orderId: string; skuId: string; goneAtMs: number }>();
  const orders = new Map<string, DeliveryOrder>();
  let ledger: { pk: string; history: LedgerEntry[] } = { pk: '', history: [] };
  for (let after: Key | undefined; ; ) {
    const page = await store.scan(after, 1_000);
    for (const { key, value } of page) {
      const [kind, warehouseId, skuId = ''] = key.pk.split('#');
      if (kind === 'platform-order' && key.sk === 'head') counts.platformOrders += 1;
      if (kind === 'sync') {
        const { status } = value as SyncRecord;
        syncRecords[status] = (syncRecords[status] ?? 0) + 1;
      }
      if (kind === 'delivery-order') {
        const order = value as DeliveryOrder;
        orders.set(order.id, order);
        counts.deliveryOrders += 1;
        ordersByStatus[order.status] = (ordersByStatus[order.status] ?? 0) + 1;
        if (order.status === 'out-of-stock')
          counts.shortPiecesNow += order.holds.reduce((sum, hold) => sum + hold.wantedQty - hold.heldQty, 0);
      }
      if (kind === 'ledger') {
        const entry = value as LedgerEntry;
        if (ledger.pk !== key.pk) ledger = { pk: key.pk, history: [] };
        ledger.history.push(entry);
        counts.ledgerEntries += 1;
        if (warehouseId === SAMPLE.distributionWarehouse) counts.ledgerEntriesOnSale += 1;
        counts.movements += entry.movements.length;
        counts.heldBeyondStock += Math.max(0, entry.balance.heldQty - entry.balance.onHandQty);
        for (const movement of entry.movements) {
          if (!movement.void) continue;
          counts.voids += 1;
          if (movement.void !== 'lack-of-stock' || movement.source.type !== 'delivery-order') continue;
          const id = `${movement.source.id}/${skuId}`;
          // At least one piece was there until this entry; the order may have wanted more.
          const gone = [...ledger.history].reverse().find((earlier) => availableQty(earlier.balance) > 0);
          const next = gone ? ledger.history[ledger.history.indexOf(gone) + 1] : undefined;
          if (!firstVoids.has(id))
            firstVoids.set(id, { orderId: movement.source.id, skuId, goneAtMs: next?.atMs ?? entry.atMs });
        }
      }
    }
    after = page.at(-1)?.key;
    if (after === undefined) break;
  }
  const shortages = [...firstVoids.values()].flatMap(({ orderId, skuId, goneAtMs }) => {
    const order = orders.get(orderId);
    const qty = order?.lines.filter((line) => line.skuId === skuId).reduce((sum, line) => sum + line.quantity, 0) ?? 0;
    return order ? [{ orderNo: order.orderNo, qty, goneAtMs }] : [];
  });
  return { ...counts, ordersByStatus, syncRecords, shortages };
}
