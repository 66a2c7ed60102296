import type { Run } from '../../shared/platform/define-function';
import { driveStockDocument } from '../../shared/procedures/drive-stock-documents';
import { sweepOpen } from '../../shared/procedures/sweep-open';
import { fillPool } from './fill-pool';

/** A sweep ends with this much time left. */
const SPARE_MS = 10_000;

/**
 * Drives on the stock documents that were left in motion, and fills the pool with what a lost message, a restart or an
 * emptied pool has forgotten. Costs in proportion to what moved recently.
 */
export async function sweepStock(run: Run): Promise<Record<string, number>> {
  const { clock, log } = run.ports;
  const mayGoOn = (): boolean => run.remainingMs() > SPARE_MS;
  const documents = await sweepOpen(
    run.ports,
    'stock-work',
    clock.nowMs(),
    async (page) => {
      for (const key of page) {
        await driveStockDocument(run.ports, key).catch((error: unknown) => {
          log.count('sweep.failed', 1, { stage: 'stock-work' });
          log.error('stock-document.failed', { document: key.pk, reason: String(error) });
        });
      }
    },
    mayGoOn,
  );
  return { documents, entries: await fillPool(run, mayGoOn) };
}
