import { sortable } from '../../shared/domain/kernel/ids';
import type { Run } from '../../shared/platform/define-function';
import { driveStockDocument } from '../../shared/procedures/drive-stock-documents';
import { keys, ledgerEntryOf, recentLedgerPartitions } from '../../shared/procedures/keys';
import { LATE_ENTRY_MS } from '../../shared/procedures/summarise-stock';
import type { SyncProgress } from '../../shared/procedures/sync-progress';
import { SYNC_PROGRESS } from '../../shared/procedures/sync-progress';
import { sweepOpen } from '../../shared/procedures/sweep-open';
import { captureChanges } from './capture-changes';

/** Ledger entries handed on in one go. */
const PAGE = 200;

/** A sweep ends with this much time left. */
const SPARE_MS = 10_000;

/**
 * Fills the pool with every ledger entry since the time up to which the shops' quantities are known to be computed: what
 * a lost message, a restart or an emptied pool has forgotten. Costs in proportion to what moved recently. Drives on the
 * stock documents that were left in motion, too.
 */
export async function sweepStock(run: Run): Promise<Record<string, number>> {
  const { store, clock, pool, log } = run.ports;
  const nowMs = clock.nowMs();
  const mayGoOn = (): boolean => run.remainingMs() > SPARE_MS;
  const documents = await sweepOpen(
    run.ports,
    'stock-work',
    nowMs,
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
  const progress = await store.get<SyncProgress>(keys.progress(SYNC_PROGRESS));
  // Entries may show so much later than their time says: they are read again from so far back.
  const fromMs = Math.max(0, (progress?.value.computedUpToMs ?? 0) - LATE_ENTRY_MS - store.indexLagMs);
  // Before anything is put in: if the pool is lost on the way, what it was given is lost with it, and it is not filled.
  const fill = await pool.beginFill();
  let entries = 0;
  for (const partition of recentLedgerPartitions()) {
    for (let after = sortable(fromMs); ; ) {
      if (!mayGoOn()) return { documents, entries };
      const hits = await store.queryIndex('list', partition, { after, limit: PAGE });
      const last = hits.at(-1);
      if (!last) break;
      await captureChanges(
        run.ports,
        hits.map((hit) => ledgerEntryOf(hit.key)),
      );
      entries += hits.length;
      after = last.sort;
    }
  }
  await pool.endFill(fill, nowMs);
  return { documents, entries };
}
