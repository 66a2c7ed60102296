import { DatabaseSync } from '@photostructure/sqlite';
import type { DeliveryOrder } from '../../shared/domain/order/delivery-order';
import { deliveryOrderId } from '../../shared/domain/kernel/ids';
import { keys } from '../../shared/procedures/keys';
import { DOUDIAN_SHOP } from './brand';

/** Looks into the store's file beside the process that works on it, at no cost to that one. */
export interface StoreReader {
  /** Orders that nothing is to be done about any more. */
  ordersAtRest(): number;
  /** Puts of all documents since the store was made: each counts up its document's version. */
  puts(): number;
  /** When the rules passed an order, epoch ms. Throws where they have not. */
  auditedAtMs(orderNo: string): number;
  /** All documents of an order, their texts as stored, and how often each was written. */
  documentsOf(orderNo: string): { text: string; version: number }[];
  close(): void;
}

/** The log line that an audit leaves (shared/domain/order/audit-order.ts). */
const AUDIT_LINE = '订单审核';

export function readStore(file: string): StoreReader {
  const db = new DatabaseSync(file, { readOnly: true });
  const atRest = db.prepare(`select count(*) as n from documents where list_partition = ? and open_partition is null`);
  const one = db.prepare('select value from documents where pk = ? and sk = ?');
  const whole = db.prepare('select value as text, version from documents where pk = ? order by sk');
  const { shopId } = DOUDIAN_SHOP;
  return {
    ordersAtRest: () => (atRest.get(`delivery-order#${shopId}`) as unknown as { n: number }).n,
    puts: () => (db.prepare('select sum(version) as n from documents').get() as unknown as { n: number }).n,
    auditedAtMs: (orderNo) => {
      const { pk, sk } = keys.deliveryOrder(deliveryOrderId(shopId, orderNo));
      const row = one.get(pk, sk) as unknown as { value: string } | undefined;
      const order = row && (JSON.parse(row.value) as DeliveryOrder);
      const line = order?.status === 'audited' ? order.log.find(({ type }) => type === AUDIT_LINE) : undefined;
      if (!line) throw new Error(`order ${orderNo} is ${order?.status ?? 'not there'}, not audited`);
      return line.atMs;
    },
    documentsOf: (orderNo) =>
      [keys.platformOrder(shopId, orderNo), keys.deliveryOrder(deliveryOrderId(shopId, orderNo))].flatMap(
        ({ pk }) => whole.all(pk) as unknown as { text: string; version: number }[],
      ),
    close: () => db.close(),
  };
}
