import { explainQuantity } from '../../../shared/domain/sync/explain-quantity';
import type { SyncRecord } from '../../../shared/domain/sync/sync-record';
import { SYNC_STATUS_ZH } from '../../../shared/domain/sync/sync-record';
import type { SyncRecordView } from '../schema/sync';

/** A sync record as people see it: with its reason as a sentence, and without the token of the run that made it. */
export function recordView(record: SyncRecord): SyncRecordView {
  const { number, shopId, itemId, platformSkuId, skuId, qty, reason, status, write, deadlineMs, shownQty } = record;
  const { suspectQty, failure, failures, retryAtMs, recheckAtMs, createdAtMs, finishedAtMs } = record;
  return {
    ...{ number, shopId, itemId, platformSkuId, skuId, qty, status, statusText: SYNC_STATUS_ZH[status] },
    reason: { ...reason, balances: [...reason.balances] },
    why: explainQuantity(qty, reason),
    ...{ write, deadlineMs, shownQty, suspectQty, failure, failures, retryAtMs, recheckAtMs },
    ...{ createdAtMs, finishedAtMs },
  };
}
