import { FULL_RATIO_BP } from '../kernel/quantity';
import type { QuantityReason } from './shop-quantity';

/** One step from what lies in the warehouses to what a shop shows. `qty` is what comes out of it. */
export type QuantityStep =
  | { readonly step: 'balance'; readonly warehouseId: string; readonly ledgerNumber: number; readonly qty: number }
  | { readonly step: 'sum'; readonly qty: number }
  | {
      readonly step: 'ratio';
      readonly ratioBp: number;
      readonly ratioFrom: 'strategy' | 'exception';
      readonly strategyId: string;
      readonly strategyVersion: number;
      /** The exact product in pieces, such as 58.2. */
      readonly exact: string;
    }
  | { readonly step: 'rounding'; readonly qty: number }
  | { readonly step: 'remainder'; readonly remainderQty: number; readonly ratioSumBp: number; readonly qty: number }
  | { readonly step: 'reserve'; readonly reserveQty: number; readonly qty: number }
  | { readonly step: 'cap'; readonly maxQty: number; readonly qty: number };

/** The derivation as data, in its order; steps that do nothing (no remainder, no reserve, no cap) are left out. */
export function quantitySteps(reason: QuantityReason): QuantityStep[] {
  const { balances, availableQty, ratioBp, ratioFrom, strategyId, strategyVersion, flooredQty } = reason;
  const { remainderQty, ratioSumBp, reserveQty, maxQty } = reason;
  const steps: QuantityStep[] = balances.map(({ warehouseId, ledgerNumber, availableQty: qty }) => {
    return { step: 'balance', warehouseId, ledgerNumber, qty };
  });
  steps.push({ step: 'sum', qty: availableQty });
  const exact = exactText(availableQty * ratioBp);
  steps.push({ step: 'ratio', ratioBp, ratioFrom, strategyId, strategyVersion, exact });
  let qty = flooredQty;
  steps.push({ step: 'rounding', qty });
  if (remainderQty > 0) {
    qty += remainderQty;
    steps.push({ step: 'remainder', remainderQty, ratioSumBp, qty });
  }
  if (reserveQty > 0) {
    qty = Math.max(0, qty - reserveQty);
    steps.push({ step: 'reserve', reserveQty, qty });
  }
  if (maxQty !== null) {
    qty = Math.min(qty, maxQty);
    steps.push({ step: 'cap', maxQty, qty });
  }
  return steps;
}

/** Ten-thousandths of a piece as a decimal number without trailing zeros. */
function exactText(tenThousandths: number): string {
  const whole = Math.floor(tenThousandths / FULL_RATIO_BP);
  const rest = String(tenThousandths % FULL_RATIO_BP)
    .padStart(4, '0')
    .replace(/0+$/, '');
  return rest === '' ? String(whole) : `${whole}.${rest}`;
}
