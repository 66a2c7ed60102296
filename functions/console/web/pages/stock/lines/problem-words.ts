import { texts, useTexts } from '../../../kit/language';
import type { QtyProblem } from './line';
import { LINES_MAX } from './line';
import type { RowProblem } from './read-rows';

const TEXTS = texts(
  {
    'no-qty': '缺少数量',
    'not-whole': '数量不是整数',
    zero: '数量不能为 0',
    negative: '数量不能为负',
    'too-large': '数量超出 1,000,000',
    'no-sku': '缺少商品编码',
    'bad-sku': '商品编码含有不允许的字符',
    'unknown-sku': '商品编码不存在',
    'in-document': '单据中已有该商品',
    'too-many': `超出每单 ${LINES_MAX} 行的上限`,
    duplicate: (row: number) => `与第 ${row} 行重复`,
  },
  {
    'no-qty': 'No quantity',
    'not-whole': 'Not a whole number',
    zero: 'The quantity must not be 0',
    negative: 'The quantity must not be negative',
    'too-large': 'More than 1,000,000 pieces',
    'no-sku': 'No SKU',
    'bad-sku': 'The SKU has characters that are not allowed',
    'unknown-sku': 'There is no such SKU',
    'in-document': 'The document has a line of it already',
    'too-many': `Beyond the ${LINES_MAX} lines that a document takes`,
    duplicate: (row: number) => `Same SKU as row ${row}`,
  },
);

/** What is wrong with a row, in words. */
export function useProblemText(): (problem: RowProblem | { readonly kind: QtyProblem }) => string {
  const t = useTexts(TEXTS);
  return (problem) => (problem.kind === 'duplicate' ? t.duplicate(problem.ofRowNo) : t[problem.kind]);
}
