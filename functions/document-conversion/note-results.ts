import type { Log } from '../../shared/ports/log';
import type { ConversionResult } from '../../shared/procedures/convert-platform-orders';

/** Counts and tells what became of each order, whether a message, the sweep or a person's button asked for it. */
export function noteResults(log: Log, results: readonly ConversionResult[]): void {
  for (const result of results) {
    const { shopId, orderNo } = result;
    const outcome = result.kind === 'ok' ? result.state : 'failed';
    log.count('orders.conversions', 1, { outcome });
    if (result.kind === 'ok') log.info('order.converted', { shopId, orderNo, outcome });
    else log.warn('order.converted', { shopId, orderNo, outcome, code: result.error.code });
  }
}
