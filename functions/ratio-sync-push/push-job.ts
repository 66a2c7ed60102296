import type { PushPlan, ShopMovement, SyncRecord } from '../../shared/domain/sync/sync-record';
import { planPush } from '../../shared/domain/sync/sync-record';
import type { Run } from '../../shared/platform/define-function';
import type { Stored } from '../../shared/ports/store';
import type { ListingTarget } from '../../shared/procedures/compute-quantities';
import { keys } from '../../shared/procedures/keys';
import { readBehind } from '../../shared/procedures/post-movements';

/** What became of one listing; 'again' must be computed once more by a later run. */
export type PushOutcome = 'skipped' | 'pushed' | 'shown' | 'failed' | 'unknown' | 'again' | 'paused' | 'suspect';

export interface Job {
  readonly target: ListingTarget;
  readonly verify: boolean;
  last: Stored<SyncRecord> | undefined;
  since: ShopMovement;
  readQty: number | undefined;
  plan: PushPlan;
  outcome: PushOutcome | undefined;
}

export async function prepareJob(run: Run, target: ListingTarget, verify: boolean): Promise<Job> {
  const { store } = run.ports;
  const [last] = await store.query<SyncRecord>(keys.syncPartition(target.shop.id, target.mapping), {
    limit: 1,
    descending: true,
  });
  const start = { target, verify, last, readQty: undefined, plan: { kind: 'skip' } } as const;
  // Another run knows more than we: our quantity is stale, whatever it is.
  if (last && isOlder(target, last.value)) return { ...start, since: { moved: true, soldQty: null }, outcome: 'again' };
  const since = last ? await movementSince(run, target, last.value) : { moved: false, soldQty: 0 };
  const job: Job = { ...start, since, outcome: undefined };
  job.plan = planJob(run, job);
  return job;
}

/** Whether the last record was computed from a later entry of a ledger, or a later version of the strategy. */
function isOlder({ skuId, reason }: ListingTarget, last: SyncRecord): boolean {
  const { strategyId, strategyVersion, balances } = last.reason;
  if (strategyId === reason.strategyId && strategyVersion > reason.strategyVersion) return true;
  return reason.balances.some(({ warehouseId, ledgerNumber }) => {
    const before = balances.find((balance) => balance.warehouseId === warehouseId);
    return skuId === last.skuId && before !== undefined && before.ledgerNumber > ledgerNumber;
  });
}

export function planJob(run: Run, job: Job): PushPlan {
  return planPush({
    last: job.last?.value,
    since: job.since,
    qty: job.target.qty,
    addOnce: run.ports.channels[job.target.shop.channel].stockWrite.idempotentAdd,
    readQty: job.readQty,
    verify: job.verify,
    nowMs: run.ports.clock.nowMs(),
  });
}

/** What orders of this shop did to the stock behind the ledger numbers that the last record was computed from. */
async function movementSince(run: Run, target: ListingTarget, last: SyncRecord): Promise<ShopMovement> {
  // Mapped to another SKU since: its numbers are those of another ledger.
  if (last.skuId !== target.skuId) return { moved: true, soldQty: null };
  let moved = false;
  let soldQty: number | null = 0;
  for (const { warehouseId, ledgerNumber } of target.reason.balances) {
    const before = last.reason.balances.find((balance) => balance.warehouseId === warehouseId);
    if (!before) return { moved: true, soldQty: null };
    if (before.ledgerNumber === ledgerNumber) continue;
    const entries = await readBehind(run.ports.store, { warehouseId, skuId: target.skuId }, before.ledgerNumber);
    for (const movement of entries
      .filter((entry) => entry.number <= ledgerNumber)
      .flatMap((entry) => entry.movements)) {
      if (movement.source.shopId !== target.shop.id || movement.kind === 'ship') continue;
      moved = true;
      soldQty = movement.kind === 'hold' && !movement.void && soldQty !== null ? soldQty + movement.qty : null;
    }
  }
  return { moved, soldQty };
}
