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
  const since = last ? await movementSince(run, target, last.value) : { moved: false, soldQty: 0 };
  const job: Job = { target, verify, last, since, readQty: undefined, plan: { kind: 'skip' }, outcome: undefined };
  job.plan = planJob(run, job);
  return job;
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
