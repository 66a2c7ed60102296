import { AppError } from '../../shared/errors';
import { connectBus } from '../../shared/platform/connect-bus';
import { connectPool } from '../../shared/platform/connect-pool';
import { defineFunction } from '../../shared/platform/define-function';
import { pushRatioStock } from './push-ratio-stock';
import { readBackStock } from './read-back-stock';

/** Ratio sync push 比例同步: pool → quantity → sync queue → platform. */
export const handler = defineFunction(
  'ratio-sync-push',
  { bus: connectBus, pool: connectPool },
  {
    timer: (task, run) => {
      if (task === 'push') return pushRatioStock(run);
      if (task === 'read-back') return readBackStock(run);
      throw new AppError('BAD_EVENT', { task, tasks: ['push', 'read-back'] });
    },
  },
);
