import type { HistoryOptions } from './plan';
import { simulate } from './run';

/** Lines of a timeline at most, from its beginning and from its end: what led to a violation mostly stands near the end. */
const FIRST_MAX = 10;
const LAST_MAX = 50;

/** Stands for the lines between them. */
export const GAP = '…';

/** A key as violations and traces name it: kind, then shop and order, warehouse and SKU, or shop and listing. */
const DOCUMENT = /[a-z-]+#([\w-]+#([\w-]+))/;

/**
 * The trace lines of a history that are about the document of its first violation, newest last: who did what to it, and
 * what its platform did. Empty where the violation names no document.
 */
export async function timelineOf(seed: number, violation: string, options: HistoryOptions = {}): Promise<string[]> {
  const [, id, last] = DOCUMENT.exec(violation) ?? [];
  if (id === undefined || last === undefined) return [];
  const lines: string[] = [];
  const onTrace = (line: string): void => {
    if (isAbout(line, id, last)) lines.push(line);
  };
  await simulate(seed, { ...options, onTrace });
  if (lines.length <= FIRST_MAX + LAST_MAX) return lines;
  return [...lines.slice(0, FIRST_MAX), GAP, ...lines.slice(-LAST_MAX)];
}

/** Whether a trace line speaks of the document `shop#order` (or `warehouse#SKU` …), or of the order on its platform. */
export function isAbout(line: string, id: string, last: string): boolean {
  const speaksOf = (text: string): boolean => {
    const at = line.indexOf(text);
    return at >= 0 && !/[\w-]/.test(line.charAt(at + text.length));
  };
  return speaksOf(`#${id}`) || speaksOf(` order ${last}`);
}
