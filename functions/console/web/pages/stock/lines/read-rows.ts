import { isKeyPart } from '../../../../../../shared/domain/kernel/ids';
import type { QtyProblem, QtyRule } from './line';
import { readQty } from './line';

/** A row of a file or of the clipboard that is to become a line. */
export interface FoundRow {
  /** Position in the file, from 1, its header counted. */
  readonly rowNo: number;
  readonly skuId: string;
  readonly qtyText: string;
}

export type RowProblem =
  | { readonly kind: 'no-sku' | 'bad-sku' | 'unknown-sku' | 'in-document' | 'too-many' | QtyProblem }
  | { readonly kind: 'duplicate'; readonly ofRowNo: number };

export interface CheckedRow extends FoundRow {
  /** Null where the row can be taken. */
  readonly problem: RowProblem | null;
}

const SKU_TITLES = new Set(['商品编码', '商品编号', '编码', '货号', 'sku', 'skuid', 'sku id', '商品']);
const QTY_TITLES = new Set(['数量', '件数', 'quantity', 'qty', 'pieces']);

/**
 * Finds SKU and quantity in rows of cells. Where the first row names its columns they are taken by name, in any order, so
 * that an exported file can be read again; otherwise the first column is the SKU and the second the quantity.
 */
export function findRows(cells: readonly (readonly string[])[]): FoundRow[] {
  const titles = (cells[0] ?? []).map((cell) => cell.trim().toLowerCase());
  const [skuColumn, qtyColumn] = [
    titles.findIndex((title) => SKU_TITLES.has(title)),
    titles.findIndex((title) => QTY_TITLES.has(title)),
  ];
  const hasHeader = skuColumn >= 0 && qtyColumn >= 0;
  return cells.slice(hasHeader ? 1 : 0).map((row, i) => ({
    rowNo: i + (hasHeader ? 2 : 1),
    skuId: unquoted(row[hasHeader ? skuColumn : 0] ?? ''),
    qtyText: unquoted(row[hasHeader ? qtyColumn : 1] ?? ''),
  }));
}

/** Our own export writes `'` before what a spreadsheet would run as a formula. */
function unquoted(cell: string): string {
  const text = cell.trim();
  return /^'[=+\-@]/.test(text) ? text.slice(1) : text;
}

/** Says of each row whether it can be taken, and if not, the first thing that is wrong with it. */
export function checkRows(
  rows: readonly FoundRow[],
  facts: {
    readonly rule: QtyRule;
    readonly isKnown: (skuId: string) => boolean;
    /** SKUs that the document has lines of already. */
    readonly present: ReadonlySet<string>;
    /** Lines that still fit into the document. */
    readonly room: number;
  },
): CheckedRow[] {
  const first = new Map<string, number>();
  let taken = 0;
  return rows.map((row): CheckedRow => {
    const problem = rowProblem(row);
    if (problem === null) {
      first.set(row.skuId, row.rowNo);
      taken += 1;
    }
    return { ...row, problem };
  });

  function rowProblem({ skuId, qtyText }: FoundRow): RowProblem | null {
    if (skuId === '') return { kind: 'no-sku' };
    if (!isKeyPart(skuId)) return { kind: 'bad-sku' };
    if (!facts.isKnown(skuId)) return { kind: 'unknown-sku' };
    const read = readQty(qtyText, facts.rule);
    if ('problem' in read) return { kind: read.problem };
    const ofRowNo = first.get(skuId);
    if (ofRowNo !== undefined) return { kind: 'duplicate', ofRowNo };
    if (facts.present.has(skuId)) return { kind: 'in-document' };
    if (taken >= facts.room) return { kind: 'too-many' };
    return null;
  }
}
