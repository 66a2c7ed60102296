import { deliveryOrderId } from '../kernel/ids';
import { yuanText } from '../kernel/money';
import { withLine } from '../kernel/log-line';
import type { DeliveryLine, DeliveryOrder } from './delivery-order';
import { holdsFor, platformFacts } from './delivery-order';
import type { PlatformOrder, PlatformOrderLine } from './platform-order';
import { isOver, takesStock } from './platform-order';

/** Answer of document conversion 单据转换 for an order that has no delivery order yet. */
export type Conversion =
  | { readonly kind: 'converted'; readonly order: DeliveryOrder }
  /** Some items are not mapped 未匹配 to a SKU of ours: parked until the mapping is saved. */
  | { readonly kind: 'unmapped'; readonly lines: readonly PlatformOrderLine[] }
  /** Takes no stock yet (unpaid, where the platform reduces stock at payment): its next update brings it again. */
  | { readonly kind: 'not-due' }
  /** Closed, or its deposit forfeited. */
  | { readonly kind: 'closed' }
  /** Shipped before we saw it: nothing for our warehouses to do. */
  | { readonly kind: 'shipped-elsewhere' };

/** SKU of ours that a platform line stands for, or undefined while it is unmapped. */
export type SkuOf = (line: PlatformOrderLine) => string | undefined;

/** Lines of a platform order in our SKUs; the unmapped ones apart, refunded or not: each line stays in the document. */
export function resolveLines(
  order: PlatformOrder,
  skuOf: SkuOf,
): { lines: DeliveryLine[]; unmapped: PlatformOrderLine[] } {
  const lines: DeliveryLine[] = [];
  const unmapped: PlatformOrderLine[] = [];
  for (const line of order.lines) {
    const skuId = skuOf(line);
    if (skuId === undefined) {
      unmapped.push(line);
      continue;
    }
    const { lineNo, itemId, platformSkuId, title, quantity, unitPriceFen, paidFen, gift, presale, refund } = line;
    lines.push({ lineNo, itemId, platformSkuId, skuId, title, quantity, unitPriceFen, paidFen, gift, presale, refund });
  }
  return { lines, unmapped };
}

/**
 * Converts a platform order to a delivery order. Pure: run again, it gives the same. The warehouse and the intents to
 * hold stock are added by the caller, who knows the ledgers.
 */
export function convertOrder(
  order: PlatformOrder,
  context: { shopId: string; warehouseId: string; skuOf: SkuOf; nowMs: number },
): Conversion {
  if (isOver(order)) return { kind: 'closed' };
  if (order.status === 'shipped' || order.status === 'finished') return { kind: 'shipped-elsewhere' };
  if (!takesStock(order)) return { kind: 'not-due' };
  const { lines, unmapped } = resolveLines(order, context.skuOf);
  if (unmapped.length > 0) return { kind: 'unmapped', lines: unmapped };
  const status = 'pending-allocation';
  return {
    kind: 'converted',
    order: {
      id: deliveryOrderId(context.shopId, order.orderNo),
      channel: order.channel,
      shopId: context.shopId,
      orderNo: order.orderNo,
      warehouseId: context.warehouseId,
      status,
      goal: 'hold',
      lines,
      unmapped: [],
      holds: holdsFor(lines, []),
      platform: platformFacts(order),
      audit: null,
      createdAtMs: context.nowMs,
      log: withLine([], {
        type: '单据转换',
        content: `平台订单 ${order.orderNo} 转换为零售发货单，${lines.length} 行，应收 ${yuanText(order.payableFen)}`,
        actor: { kind: 'system', id: 'document-conversion' },
        atMs: context.nowMs,
        status,
      }),
    },
  };
}
