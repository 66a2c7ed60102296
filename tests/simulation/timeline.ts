import type { HistoryOptions } from './plan';
import { simulate } from './run';

/** Lines of a timeline at most: what led to a violation stands near its end. */
const LINES_MAX = 60;

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
  return lines.slice(-LINES_MAX);
}

/** Whether a trace line speaks of the document `shop#order` (or `warehouse#SKU` …), or of the order on its platform. */
export function isAbout(line: string, id: string, last: string): boolean {
  const speaksOf = (text: string): boolean => {
    const at = line.indexOf(text);
    return at >= 0 && !/[\w-]/.test(line.charAt(at + text.length));
  };
  return speaksOf(`#${id}`) || speaksOf(` order ${last}`);
}
