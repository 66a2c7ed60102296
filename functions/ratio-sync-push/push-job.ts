import type { LedgerEntry } from '../../shared/domain/stock/ledger';
import type { LedgerSeen, PushPlan, ShopMovement, SyncRecord } from '../../shared/domain/sync/sync-record';
import { planPush } from '../../shared/domain/sync/sync-record';
import type { Run } from '../../shared/platform/define-function';
import type { Stored } from '../../shared/ports/store';
import type { ListingTarget } from '../../shared/procedures/compute-quantities';
import { keys } from '../../shared/procedures/keys';
import { readBehind, readLedgers } from '../../shared/procedures/post-movements';

/** What became of one listing; 'again' must be computed once more by a later run. */
export type PushOutcome = 'skipped' | 'pushed' | 'shown' | 'failed' | 'unknown' | 'again' | 'paused' | 'suspect';

export interface Job {
  readonly target: ListingTarget;
  readonly verify: boolean;
  last: Stored<SyncRecord> | undefined;
  readonly since: ShopMovement;
  readonly elsewhere: readonly LedgerSeen[];
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
  if (last && isOlder(target, last.value))
    return { ...start, since: { moved: true, soldQty: null }, elsewhere: [], outcome: 'again' };
  const job: Job = { ...start, ...(await movementSince(run, target, last?.value)), outcome: undefined };
  job.plan = planJob(run, job);
  return job;
}

/** Whether the last record was computed from a later entry of a ledger, or a later version of the strategy. */
function isOlder(target: ListingTarget, last: SyncRecord): boolean {
  const { strategyId, strategyVersion } = last.reason;
  const { reason } = target;
  if (strategyId === reason.strategyId && strategyVersion > reason.strategyVersion) return true;
  const seen = seenBy(target, last);
  return reason.balances.some(({ warehouseId, ledgerNumber }) => (seen.get(warehouseId) ?? 0) > ledgerNumber);
}

/** How far the last record has read the ledgers of this SKU; nothing where the listing was of another SKU then. */
function seenBy({ skuId }: ListingTarget, last: SyncRecord | undefined): Map<string, number> {
  if (last?.skuId !== skuId) return new Map();
  const seen = [...last.reason.balances, ...(last.elsewhere ?? [])];
  return new Map(seen.map(({ warehouseId, ledgerNumber }) => [warehouseId, ledgerNumber]));
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

/**
 * What orders of this shop did to the SKU behind the ledger numbers that the last record has read: in the warehouses that
 * the quantity comes from, and in all others that its orders are shipped from, now or when the last record was made.
 */
async function movementSince(
  run: Run,
  target: ListingTarget,
  last: SyncRecord | undefined,
): Promise<{ since: ShopMovement; elsewhere: LedgerSeen[] }> {
  const { skuId, reason, shop } = target;
  const { store } = run.ports;
  const seen = seenBy(target, last);
  const used = new Set(reason.balances.map(({ warehouseId }) => warehouseId));
  const others = [...new Set([...shop.warehouseIds, ...seen.keys()])].filter((id) => !used.has(id));
  let moved = last !== undefined && last.skuId !== skuId;
  let soldQty: number | null = moved ? null : 0;
  const count = (entries: readonly LedgerEntry[]): void => {
    for (const movement of entries.flatMap((entry) => entry.movements)) {
      if (movement.source.shopId !== shop.id || movement.kind === 'ship') continue;
      moved = true;
      soldQty = movement.kind === 'hold' && !movement.void && soldQty !== null ? soldQty + movement.qty : null;
    }
  };
  /** A ledger of which the last record knew nothing: nobody can tell what came of it. */
  const unknown = (): void => {
    moved ||= last !== undefined;
    soldQty = last ? null : soldQty;
  };
  for (const { warehouseId, ledgerNumber } of reason.balances) {
    const before = seen.get(warehouseId);
    if (before === undefined) unknown();
    else if (before !== ledgerNumber) {
      const entries = await readBehind(store, { warehouseId, skuId }, before);
      count(entries.filter((entry) => entry.number <= ledgerNumber));
    }
  }
  const elsewhere: LedgerSeen[] = [];
  for (const warehouseId of others) {
    const before = seen.get(warehouseId);
    const ledger = { warehouseId, skuId };
    if (before === undefined) {
      const [newest] = (await readLedgers(store, [ledger])).values();
      if (newest) unknown();
      elsewhere.push({ warehouseId, ledgerNumber: newest?.number ?? 0 });
    } else {
      const entries = await readBehind(store, ledger, before);
      count(entries);
      elsewhere.push({ warehouseId, ledgerNumber: entries.at(-1)?.number ?? before });
    }
  }
  return { since: { moved, soldQty }, elsewhere };
}
