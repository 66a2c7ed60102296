import { connectBus } from '../../shared/platform/connect-bus';
import { defineFunction } from '../../shared/platform/define-function';
import { auditBatch, sweepAudits } from './audit-delivery-orders';

/** Auto audit 订单自动审核: runs the rules over delivery orders that wait, and releases those that pass. */
export const handler = defineFunction(
  'auto-audit',
  { bus: connectBus },
  {
    queue: auditBatch,
    timer: (_task, run) => sweepAudits(run),
  },
);
