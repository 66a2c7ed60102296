import type { DeliveryOrderRow } from '../../../schema/delivery-order';
import type { Language } from '../../kit/language';
import { reasonText } from './audit-reasons';

/** What an order lacks, is not mapped or is stopped by. */
type Waiting = Pick<DeliveryOrderRow, 'status' | 'holds' | 'lackingSkus' | 'unmapped' | 'audit'>;

/** What holds an order up, in short; nothing where it goes on by itself or has come to its end. */
export function heldUpBy(order: Waiting, language: Language): string {
  if (order.status === 'shipped' || order.status === 'cancelled') return '';
  const zh = language === 'zh';
  const parts: string[] = [];
  if (order.lackingSkus.length > 0) {
    const lacking = order.lackingSkus.map((skuId) => `${skuId} × ${missingOf(order, skuId)}`);
    parts.push(zh ? `缺货 ${lacking.join('、')}` : `lacks ${lacking.join(', ')}`);
  }
  const reasons = order.status === 'pending-audit' ? (order.audit?.reasons ?? []) : [];
  // The audit names the listings without a SKU itself.
  if (order.unmapped.length > 0 && !reasons.some(({ rule }) => rule === 'lines-mapped')) {
    parts.push(zh ? `未匹配 ${order.unmapped.join('、')}` : `without a SKU: ${order.unmapped.join(', ')}`);
  }
  parts.push(...reasons.map((reason) => reasonText(reason, language)));
  return parts.join(zh ? '；' : '; ');
}

/** Pieces of a SKU that the order still wants. */
function missingOf({ holds }: Waiting, skuId: string): number {
  const hold = holds.find((one) => one.skuId === skuId);
  return hold ? hold.wantedQty - hold.heldQty : 0;
}
