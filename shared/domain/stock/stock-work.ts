import { assert, assertNever } from '../kernel/assert';
import type { MovementOutcome } from './ledger';
import type { MovementIntent, MovementKind, StockKey } from './movement';
import { movementId } from './movement';

/** Pieces that a stock document moves at one place. */
export interface StockLeg extends StockKey {
  readonly qty: number;
}

/** What a document does to stock: what leaves (held first, all or nothing), then what enters. */
export interface StockPlan {
  readonly documentId: string;
  readonly outgoing: readonly StockLeg[];
  readonly outKind: 'transfer-out' | 'adjustment-out';
  readonly incoming: readonly StockLeg[];
  readonly inKind: 'transfer-in' | 'receipt' | 'adjustment-in';
}

/**
 * Where a document stands in moving its stock. All or none: every outgoing leg is held first; one refusal gives all of
 * them back. Once all are held nothing can refuse any more, so a half-done transfer always completes.
 *
 *     hold ──all held──▶ take-out ──▶ bring-in ──▶ (done)
 *       └──a lack──▶ give-back ──▶ (refused)
 */
export interface StockWork {
  readonly phase: 'hold' | 'give-back' | 'take-out' | 'bring-in';
  /** One a try of the document: a refused document that is audited again uses new movement ids. */
  readonly attempt: number;
  readonly intents: readonly MovementIntent[];
  /** SKUs that were refused, for the message. */
  readonly lacking: readonly string[];
}

export type SeenNumber = (key: StockKey) => number;

/** Opens the first phase. `seen` gives the last ledger number known of each stock key. */
export function startStockWork(plan: StockPlan, attempt: number, seen: SeenNumber): StockWork {
  return plan.outgoing.length > 0
    ? work(plan, 'hold', attempt, plan.outgoing, 'hold', seen)
    : work(plan, 'bring-in', attempt, plan.incoming, plan.inKind, seen);
}

/** Outcome of a finished phase: the next one to save, or the end. */
export type StockWorkStep =
  | { readonly kind: 'next'; readonly work: StockWork }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly lacking: readonly string[] };

/** Takes the outcomes of all intents of the current phase. Pure; `seen` as in {@link startStockWork}. */
export function advanceStockWork(
  plan: StockPlan,
  current: StockWork,
  outcomes: ReadonlyMap<string, MovementOutcome>,
  seen: SeenNumber,
): StockWorkStep {
  const { attempt } = current;
  assert(
    current.intents.every((intent) => outcomes.has(intent.id)),
    'a phase ends when every movement of it is in its ledger',
  );
  const refused = current.intents.filter((intent) => outcomes.get(intent.id)?.void !== undefined);
  const lacking = refused.map((intent) => intent.skuId);
  switch (current.phase) {
    case 'hold': {
      if (lacking.length === 0) {
        return { kind: 'next', work: work(plan, 'take-out', attempt, plan.outgoing, plan.outKind, seen) };
      }
      const held = plan.outgoing.filter(
        (leg) => !refused.some((r) => r.skuId === leg.skuId && r.warehouseId === leg.warehouseId),
      );
      if (held.length === 0) return { kind: 'refused', lacking };
      return { kind: 'next', work: { ...work(plan, 'give-back', attempt, held, 'release', seen), lacking } };
    }
    case 'give-back':
      return { kind: 'refused', lacking: current.lacking };
    case 'take-out':
      return plan.incoming.length > 0
        ? { kind: 'next', work: work(plan, 'bring-in', attempt, plan.incoming, plan.inKind, seen) }
        : { kind: 'done' };
    case 'bring-in':
      return { kind: 'done' };
    default:
      return assertNever(current.phase);
  }
}

function work(
  plan: StockPlan,
  phase: StockWork['phase'],
  attempt: number,
  legs: readonly StockLeg[],
  kind: MovementKind,
  seen: SeenNumber,
): StockWork {
  const intents = legs.map((leg) => ({
    id: movementId(`${plan.documentId}@${leg.warehouseId}`, leg.skuId, kind, attempt),
    warehouseId: leg.warehouseId,
    skuId: leg.skuId,
    kind,
    qty: leg.qty,
    seenNumber: seen(leg),
  }));
  return { phase, attempt, intents, lacking: [] };
}
