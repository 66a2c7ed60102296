import type { DeliveryOrder } from '../domain/order/delivery-order';
import type { AllocationOrder } from '../domain/stock/allocation-order';
import { outcomesIn } from '../domain/stock/ledger';
import type { MovementIntent, MovementSource, StockKey } from '../domain/stock/movement';
import { effectOf, stockKeyText } from '../domain/stock/movement';
import type { StockEntry } from '../domain/stock/stock-entry';
import type { Key, Store } from '../ports/store';
import { keys } from './keys';
import { readBehind } from './post-movements';

/** A document that holds stock. */
export type HoldingDocument = DeliveryOrder | AllocationOrder | StockEntry;

/** What a document says that it holds in one ledger, and the movement on its way that may have changed this already. */
interface HeldClaim extends StockKey {
  readonly qty: number;
  readonly intent: MovementIntent | null;
}

function heldClaims(document: HoldingDocument): HeldClaim[] {
  if ('holds' in document) {
    const { warehouseId } = document;
    return document.holds.map(({ skuId, heldQty, intent }) => ({ warehouseId, skuId, qty: heldQty, intent }));
  }
  // Whatever a phase takes out was held by the phase before it.
  return (document.work?.intents ?? []).map((intent) => {
    const takesOut = effectOf(intent.kind, intent.qty).heldDelta < 0;
    return { warehouseId: intent.warehouseId, skuId: intent.skuId, qty: takesOut ? intent.qty : 0, intent };
  });
}

/** Pieces that a document holds in one ledger, the movements counted in that the ledger has and the document has not. */
export function heldIn(
  document: HoldingDocument,
  ledger: string,
  isApplied: (intent: MovementIntent) => boolean,
): number {
  return heldClaims(document)
    .filter((claim) => stockKeyText(claim) === ledger)
    .reduce((sum, claim) => sum + heldNow(claim, isApplied), 0);
}

function heldNow(claim: HeldClaim, isApplied: (intent: MovementIntent) => boolean): number {
  const { qty, intent } = claim;
  return intent && isApplied(intent) ? qty + effectOf(intent.kind, intent.qty).heldDelta : qty;
}

/** What a document holds by ledger, the same counted in; the ledgers are read behind what its intents have seen. */
export async function heldByDocument(
  store: Store,
  document: HoldingDocument,
): Promise<{ ledger: string; qty: number }[]> {
  return Promise.all(
    heldClaims(document).map(async (claim) => {
      const behind = claim.intent ? await readBehind(store, claim, claim.intent.seenNumber) : [];
      const applied = new Set(behind.flatMap(outcomesIn).flatMap((outcome) => (outcome.void ? [] : outcome.id)));
      return { ledger: stockKeyText(claim), qty: heldNow(claim, (intent) => applied.has(intent.id)) };
    }),
  );
}

/** Where the document lies that a ledger line leads back to. */
export function sourceKey(source: MovementSource): Key {
  if (source.type === 'delivery-order') return keys.deliveryOrder(source.id);
  return source.type === 'allocation-order' ? keys.allocationOrder(source.id) : keys.stockEntry(source.id);
}
