import type { LogFields } from '../ports/log';

/** Fields by which a line names the shop and the document that it is about (shared/ports/log.ts). */
const NAMES = ['shopId', 'orderNo', 'deliveryOrderId', 'warehouseId', 'skuId'] as const;

/** Those of them that a message's body or an error's facts say. */
export function documentFields(from: Readonly<Record<string, unknown>>): LogFields {
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = from[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}
