import { shanghaiText } from '../../../../../shared/domain/kernel/time';

/**
 * The next number of a day, `FH-20261111-003`: one more than the highest that is among `taken`. Somebody else may take it
 * first; the save then tells so.
 */
export function proposeId(prefix: string, nowMs: number, taken: readonly string[]): string {
  const day = `${prefix}-${shanghaiText(nowMs).slice(0, 10).replaceAll('-', '')}-`;
  const numbers = taken.flatMap((id) => (id.startsWith(day) ? [Number(id.slice(day.length))] : []));
  const last = numbers.filter(Number.isSafeInteger).reduce((max, number) => Math.max(max, number), 0);
  return `${day}${String(last + 1).padStart(3, '0')}`;
}
