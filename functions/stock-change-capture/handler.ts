import { connectBus } from '../../shared/platform/connect-bus';
import { connectPool } from '../../shared/platform/connect-pool';
import { defineFunction } from '../../shared/platform/define-function';
import { captureBatch } from './capture-changes';
import { sweepStock } from './sweep-stock';

/** Stock change capture 库存异动: ledger entries into the stock change pool. */
export const handler = defineFunction(
  'stock-change-capture',
  { bus: connectBus, pool: connectPool },
  {
    queue: captureBatch,
    timer: (_task, run) => sweepStock(run),
  },
);
