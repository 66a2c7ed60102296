import type { AuditStrategy } from './audit-order';
import type { DeliveryOrder } from './delivery-order';

/**
 * What keeps an order at its audit 待审核 for no reason, where nothing is in motion any more: nobody has judged it, the time
 * of a delayed rule is over, or another strategy than the one that stopped it decides for its shop by now.
 */
export function auditFaults(order: DeliveryOrder, strategy: AuditStrategy | undefined, nowMs: number): string[] {
  const { status, audit } = order;
  if (status !== 'pending-audit') return [];
  if (!audit) return ['it waits for its first audit'];
  const faults: string[] = [];
  if (audit.againAtMs !== null && audit.againAtMs <= nowMs)
    faults.push(`it was to be audited again at ${audit.againAtMs}`);
  const [id, version] = [strategy?.id ?? null, strategy?.version ?? 0];
  if (audit.strategyId !== id || audit.strategyVersion !== version) {
    const stoppedBy = `${audit.strategyId ?? 'no strategy'} version ${audit.strategyVersion}`;
    faults.push(`it was stopped by ${stoppedBy}, ${id ?? 'no strategy'} version ${version} decides now`);
  }
  return faults;
}
