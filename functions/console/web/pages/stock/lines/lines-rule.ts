import type { FormRule } from 'antd';
import { texts, useTexts } from '../../../kit/language';
import type { Line, QtyRule } from './line';
import { LINES_MAX, readQty } from './line';

const TEXTS = texts(
  {
    wrong: (n: number) => `有 ${n} 行的数量不正确`,
    none: '请至少添加一行明细',
    many: (n: number) => `有 ${n} 行，超出每单 ${LINES_MAX} 行的上限`,
  },
  {
    wrong: (n: number) => `${n} lines have a wrong quantity`,
    none: 'Add a line at least',
    many: (n: number) => `${n} lines, more than the ${LINES_MAX} that a document takes`,
  },
);

/** What must be right of a document's lines before it is saved. */
export function useLinesRule(rule: QtyRule, options: { readonly needed: boolean }): FormRule {
  const t = useTexts(TEXTS);
  return {
    validator: (_rule, lines: readonly Line[] = []) => {
      const wrong = lines.filter((line) => 'problem' in readQty(line.qtyText, rule)).length;
      if (wrong > 0) return Promise.reject(new Error(t.wrong(wrong)));
      if (options.needed && lines.length === 0) return Promise.reject(new Error(t.none));
      if (lines.length > LINES_MAX) return Promise.reject(new Error(t.many(lines.length)));
      return Promise.resolve();
    },
  };
}
