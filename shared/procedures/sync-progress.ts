/** Name of the document that says how far the shops' quantities are computed. */
export const SYNC_PROGRESS = 'stock-sync';

/** Every ledger entry up to this time has been taken into the shops' quantities. Saved by ratio-sync-push alone. */
export interface SyncProgress {
  readonly computedUpToMs: number;
}
