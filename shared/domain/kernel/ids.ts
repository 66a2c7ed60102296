/**
 * Ids are text. Those that make up a key (shop, warehouse, SKU, order number, item) may hold letters of any script,
 * digits and `_ - . : @ +`; `#` and `/` separate parts of keys and movement ids, so they are refused at the edge.
 */
const KEY_PART = /^[\p{L}\p{N}_.:@+*&=,()\- ]{1,80}$/u;

/** True where the text may stand as one part of a store key. */
export function isKeyPart(text: string): boolean {
  return KEY_PART.test(text) && text.trim() === text;
}

/** A number as fixed-width text, so that text order is number order. Width 16 holds every safe integer. */
export function sortable(value: number, width = 16): string {
  return String(value).padStart(width, '0');
}

/** Deterministic id of the delivery order 零售发货单 that one platform order causes. */
export function deliveryOrderId(shopId: string, orderNo: string): string {
  return `${shopId}#${orderNo}`;
}
