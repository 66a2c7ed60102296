import { AppError } from '../../shared/errors';
import { connectBusOrFail } from '../../shared/platform/connect-bus';
import { connectPool } from '../../shared/platform/connect-pool';
import { defineFunction } from '../../shared/platform/define-function';
import { captureBatch } from './capture-changes';
import { summariseLedgers } from './summarise-stock';
import { sweepStock } from './sweep-stock';

/** Stock change capture 库存异动: ledger entries into the stock change pool, and into the stock summary. */
export const handler = defineFunction(
  'stock-change-capture',
  // Orders 缺货 that cannot be told of an entry are found by a walk, slowly: it is sooner to look at the entry again.
  { bus: connectBusOrFail, pool: connectPool },
  {
    queue: captureBatch,
    timer: (task, run) => {
      if (task === 'sweep') return sweepStock(run);
      if (task === 'summarise') return summariseLedgers(run);
      throw new AppError('BAD_EVENT', { task, tasks: ['sweep', 'summarise'] });
    },
  },
);
