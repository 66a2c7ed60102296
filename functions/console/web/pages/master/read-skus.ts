import { isKeyPart } from '../../../../../shared/domain/kernel/ids';
import { Title } from '../../../schema/common';

/** A row of a file with what is wrong with it. */
export interface SkuProblem {
  /** Row of the file, from 1. */
  readonly row: number;
  readonly id: string;
  readonly why: 'bad-id' | 'no-title' | 'long-title' | 'twice';
}

/** SKUs that a file gives, and the rows that give none. */
export interface ReadSkus {
  readonly skus: readonly { readonly id: string; readonly title: string }[];
  readonly problems: readonly SkuProblem[];
}

/** Headings that a file may begin with: our own export's, in both languages. */
const HEADINGS = new Set(['商品编码', 'sku', 'id', '编码']);

/** Rows of a CSV file, id and title in the first two columns, as SKUs. A row that cannot be one is told, not guessed at. */
export function readSkus(rows: readonly (readonly string[])[]): ReadSkus {
  const skus = new Map<string, string>();
  const problems: SkuProblem[] = [];
  rows.forEach(([id = '', title = ''], i) => {
    if (i === 0 && HEADINGS.has(id.toLowerCase())) return;
    const why = problemOf(id, title, skus);
    if (why) problems.push({ row: i + 1, id, why });
    else skus.set(id, title);
  });
  return { skus: [...skus].map(([id, title]) => ({ id, title })), problems };
}

function problemOf(id: string, title: string, before: ReadonlyMap<string, string>): SkuProblem['why'] | undefined {
  if (!isKeyPart(id)) return 'bad-id';
  if (title.trim() === '') return 'no-title';
  if (!Title.safeParse(title).success) return 'long-title';
  return before.has(id) ? 'twice' : undefined;
}
