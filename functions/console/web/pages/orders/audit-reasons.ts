import { AUDIT_RULES } from '../../../../../shared/domain/order/audit-rules';
import type { Language } from '../../kit/language';

/** Audit rules by id, in English; their own texts are Chinese and say the numbers, too. */
const RULES_EN: Readonly<Record<string, string>> = {
  'not-enabled': 'auto audit is not enabled for the shop',
  'not-closed': 'closed on the platform',
  paid: 'not paid in full',
  'may-ship': 'the platform does not allow shipping yet',
  'not-shipped': 'shipped on the platform already, whole or in part',
  'no-refund': 'a refund is in progress',
  'lines-mapped': 'items without a SKU',
  'lines-held': 'stock is not held',
  'buyer-memo': 'has a buyer memo',
  'seller-memo': 'has a seller memo',
  'amount-limit': 'amount above the limit',
  'quantity-limit': 'more pieces than the limit',
  'minutes-since-payment': 'paid too short a time ago',
};

/** Rules that stop a person, too: shipping would be wrong whatever anyone thinks. */
const HARD = new Set(AUDIT_RULES.filter(({ hard }) => hard).map(({ id }) => id));

interface Reason {
  readonly rule: string;
  readonly text: string;
}

/** Why the rules stopped an order, for people. A rule that is not known here speaks for itself. */
export function reasonText({ rule, text }: Reason, language: Language): string {
  return language === 'zh' ? text : (RULES_EN[rule] ?? text);
}

/** The reasons that a person's audit cannot override. */
export function hardReasons<R extends Reason>(reasons: readonly R[]): R[] {
  return reasons.filter(({ rule }) => HARD.has(rule));
}
