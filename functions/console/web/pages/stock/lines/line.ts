import { LINE_QUANTITY_MAX } from '../../../../../../shared/domain/kernel/quantity';

/** A line of a stock document as it is typed: nothing is thrown away because it is no number yet. */
export interface Line {
  /** Tells rows apart while they are moved about; not stored. */
  readonly key: number;
  readonly skuId: string;
  readonly qtyText: string;
}

/** Which quantities a document takes: an adjustment 调整 may take away. */
export type QtyRule = 'positive' | 'signed';

export type QtyProblem = 'no-qty' | 'not-whole' | 'zero' | 'negative' | 'too-large';

/** Lines of one document at most; the API's LINES_MAX. */
export const LINES_MAX = 500;

/** `1,200` and full-width digits, as people paste them, mean the number. */
function plainQty(text: string): string {
  const narrow = text.normalize('NFKC').trim();
  return /^-?\d{1,3}(,\d{3})+$/.test(narrow) ? narrow.replaceAll(',', '') : narrow;
}

/** Pieces of a quantity that is typed, or what is wrong with it. */
export function readQty(text: string, rule: QtyRule): { readonly qty: number } | { readonly problem: QtyProblem } {
  const plain = plainQty(text);
  if (plain === '') return { problem: 'no-qty' };
  if (!/^[+-]?\d{1,15}$/.test(plain)) return { problem: 'not-whole' };
  const qty = Number(plain);
  if (qty === 0) return { problem: 'zero' };
  if (qty < 0 && rule === 'positive') return { problem: 'negative' };
  if (Math.abs(qty) > LINE_QUANTITY_MAX) return { problem: 'too-large' };
  return { qty };
}

/** Pieces of a line that is in order; 0 for one that is not. */
export function qtyOf(line: Line, rule: QtyRule): number {
  const read = readQty(line.qtyText, rule);
  return 'qty' in read ? read.qty : 0;
}

/** Stored lines as rows of the table. */
export function toLines(stored: readonly { readonly skuId: string; readonly qty: number }[]): Line[] {
  return stored.map(({ skuId, qty }, i) => ({ key: i + 1, skuId, qtyText: String(qty) }));
}

/** Rows of the table as the API takes them; only where every quantity is in order. */
export function fromLines(lines: readonly Line[], rule: QtyRule): { skuId: string; qty: number }[] {
  return lines.map((line) => ({ skuId: line.skuId, qty: qtyOf(line, rule) }));
}

/** More rows behind those that are there. */
export function appended(lines: readonly Line[], more: readonly Omit<Line, 'key'>[]): Line[] {
  const last = lines.reduce((max, { key }) => Math.max(max, key), 0);
  return [...lines, ...more.map(({ skuId, qtyText }, i) => ({ key: last + 1 + i, skuId, qtyText }))];
}

/** For each row whose SKU stands in an earlier row, the position of that one, from 1. */
export function repeatedRows(lines: readonly Line[]): Map<number, number> {
  const first = new Map<string, number>();
  const repeated = new Map<number, number>();
  lines.forEach(({ key, skuId }, i) => {
    const before = first.get(skuId);
    if (before === undefined) first.set(skuId, i + 1);
    else repeated.set(key, before);
  });
  return repeated;
}
