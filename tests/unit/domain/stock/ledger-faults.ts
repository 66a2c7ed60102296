import type { LedgerEntry } from '../../../../shared/domain/stock/ledger';
import { LedgerReplay } from '../../../../shared/domain/stock/ledger-replay';

/** Faults of a whole ledger, read from its first entry on. */
export function ledgerFaults(entries: readonly LedgerEntry[]): string[] {
  const replay = new LedgerReplay();
  return entries.flatMap((entry) => replay.next(entry));
}
