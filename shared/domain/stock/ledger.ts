import { assert } from '../kernel/assert';
import type { MovementIntent, MovementKind, MovementSource } from './movement';
import { effectOf } from './movement';

/** Balance 结存 of one SKU in one warehouse. available 可用 = onHand − held; 0 ≤ held ≤ onHand always. */
export interface Balance {
  readonly onHandQty: number;
  readonly heldQty: number;
}

export const EMPTY_BALANCE: Balance = { onHandQty: 0, heldQty: 0 };

/** Pieces that may still be promised. */
export function availableQty(balance: Balance): number {
  return balance.onHandQty - balance.heldQty;
}

/** Why an intended movement was entered as void 作废: it can never be applied under this id any more. */
export type VoidReason = 'lack-of-stock' | 'cancelled';

/** One movement as the ledger records it. A void one changes nothing; it keeps its id taken. */
export interface LedgerMovement {
  readonly id: string;
  readonly kind: MovementKind;
  readonly qty: number;
  readonly void?: VoidReason;
  readonly source: MovementSource;
}

/**
 * One entry of the stock ledger 库存流水: documents numbered 1, 2, 3 … without a gap, each with one or more movements
 * and the balance **after** them. Appending is a put-if-absent at last + 1: the lock, the history and the balance.
 */
export interface LedgerEntry {
  readonly number: number;
  readonly movements: readonly LedgerMovement[];
  readonly balance: Balance;
  readonly atMs: number;
}

/**
 * Movements in one entry at most. A movement is about 200 bytes as JSON, so an entry stays near 40 KB, far below the
 * 400 KB item limit of the cloud's store; a hot SKU still needs one write per 200 orders only.
 */
export const MOVEMENTS_PER_ENTRY_MAX = 200;

/** A request to enter one intended movement. `wanted: false` asks for a void: found ids stay as they are. */
export interface MovementRequest {
  readonly intent: MovementIntent;
  readonly source: MovementSource;
  readonly wanted: boolean;
}

/** Applies one intended movement to a balance, or says why it must be void. Pure; never below zero. */
export function decideMovement(
  balance: Balance,
  request: MovementRequest,
): { movement: LedgerMovement; balance: Balance } {
  const { intent, source, wanted } = request;
  const { onHandDelta, heldDelta } = effectOf(intent.kind, intent.qty);
  const voided = (reason: VoidReason) => ({
    movement: { id: intent.id, kind: intent.kind, qty: 0, void: reason, source },
    balance,
  });
  if (!wanted) return voided('cancelled');
  const next = { onHandQty: balance.onHandQty + onHandDelta, heldQty: balance.heldQty + heldDelta };
  if (availableQty(next) < 0) return voided('lack-of-stock');
  // A release, shipment or transfer takes from what its own document holds; less than that held is a broken invariant.
  assert(next.heldQty >= 0, `movement ${intent.id} takes ${-heldDelta} from ${balance.heldQty} held`);
  return { movement: { id: intent.id, kind: intent.kind, qty: intent.qty, source }, balance: next };
}

/**
 * Group commit: decides all requests of a batch for one ledger, in their order, against the running balance, and makes
 * one entry of them behind `last`. Requests must not repeat an id and must not be in the ledger already.
 */
export function decideEntry(
  last: LedgerEntry | undefined,
  requests: readonly MovementRequest[],
  atMs: number,
): LedgerEntry {
  assert(requests.length > 0 && requests.length <= MOVEMENTS_PER_ENTRY_MAX, 'an entry has 1 to 200 movements');
  assert(new Set(requests.map((r) => r.intent.id)).size === requests.length, 'a movement id is entered once');
  let balance = last?.balance ?? EMPTY_BALANCE;
  const movements: LedgerMovement[] = [];
  for (const request of requests) {
    const decided = decideMovement(balance, request);
    balance = decided.balance;
    movements.push(decided.movement);
  }
  return { number: (last?.number ?? 0) + 1, movements, balance, atMs };
}

/** What became of one intended movement. */
export interface MovementOutcome {
  readonly id: string;
  /** Number of the ledger entry that holds it. */
  readonly number: number;
  readonly void?: VoidReason;
}

/** The outcome of an id, if this entry holds it. */
export function outcomesIn(entry: LedgerEntry): MovementOutcome[] {
  return entry.movements.map((m) => ({ id: m.id, number: entry.number, ...(m.void && { void: m.void }) }));
}

/** Change of available stock that one entry made against the balance before it. */
export function availableDelta(entry: LedgerEntry): number {
  return entry.movements.reduce((sum, m) => {
    if (m.void) return sum;
    const { onHandDelta, heldDelta } = effectOf(m.kind, m.qty);
    return sum + onHandDelta - heldDelta;
  }, 0);
}
