import { defineFunction } from '../../shared/platform/define-function';
import { captureBatch } from './capture-changes';
import { sweepStock } from './sweep-stock';

/** Stock change capture 库存异动: ledger entries into the stock change pool. */
export const handler = defineFunction('stock-change-capture', {
  queue: captureBatch,
  timer: (_task, run) => sweepStock(run),
});
