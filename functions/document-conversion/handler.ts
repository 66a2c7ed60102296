import { connectBus } from '../../shared/platform/connect-bus';
import { defineFunction } from '../../shared/platform/define-function';
import { convertBatch, sweepConversions } from './convert-batch';
import { convertByHand } from './convert-by-hand';

/** Document conversion 单据转换: platform order → delivery order, with its stock held. */
export const handler = defineFunction(
  'document-conversion',
  { bus: connectBus },
  {
    queue: convertBatch,
    http: convertByHand,
    timer: (_task, run) => sweepConversions(run),
  },
);
