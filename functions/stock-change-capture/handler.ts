import { connectBusOrFail } from '../../shared/platform/connect-bus';
import { connectPool } from '../../shared/platform/connect-pool';
import { defineFunction } from '../../shared/platform/define-function';
import { captureBatch } from './capture-changes';
import { sweepStock } from './sweep-stock';

/** Stock change capture 库存异动: ledger entries into the stock change pool. */
export const handler = defineFunction(
  'stock-change-capture',
  // No sweep knows which orders 缺货 an entry could have woken: where they cannot be told, the entry is looked at again.
  { bus: connectBusOrFail, pool: connectPool },
  {
    queue: captureBatch,
    timer: (_task, run) => sweepStock(run),
  },
);
