import type { DeliveryOrder } from '../domain/order/delivery-order';
import type { AllocationOrder } from '../domain/stock/allocation-order';
import type { MovementIntent, MovementSource, StockKey } from '../domain/stock/movement';
import { effectOf, stockKeyText } from '../domain/stock/movement';
import type { StockEntry } from '../domain/stock/stock-entry';
import type { Key } from '../ports/store';
import { keys } from './keys';

/** A document that holds stock. */
export type HoldingDocument = DeliveryOrder | AllocationOrder | StockEntry;

/** What a document says that it holds in one ledger, and the movement on its way that may have changed this already. */
export interface HeldClaim extends StockKey {
  readonly qty: number;
  readonly intent: MovementIntent | null;
}

export function heldClaims(document: HoldingDocument): HeldClaim[] {
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

export function heldNow(claim: HeldClaim, isApplied: (intent: MovementIntent) => boolean): number {
  const { qty, intent } = claim;
  return intent && isApplied(intent) ? qty + effectOf(intent.kind, intent.qty).heldDelta : qty;
}

/** Where the document lies that a ledger line leads back to. */
export function sourceKey(source: MovementSource): Key {
  if (source.type === 'delivery-order') return keys.deliveryOrder(source.id);
  return source.type === 'allocation-order' ? keys.allocationOrder(source.id) : keys.stockEntry(source.id);
}
