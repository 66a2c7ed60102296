import type { LogLine } from './log-line';

/**
 * What an operation log 操作日志 leaves unexplained: its last status is the document's, and each step from one line to the
 * next is an allowed one. A long log lacks lines behind its first: the step over that gap cannot be judged.
 */
export function logFaults(
  log: readonly LogLine[],
  status: string,
  mayMove: (from: string, to: string) => boolean,
): string[] {
  const faults: string[] = [];
  let before: LogLine | undefined;
  for (const line of log) {
    const follows = before === undefined ? line.no === 1 : line.no === before.no + 1;
    const gapOfLongLog = before?.no === 1 && line.no > 2;
    if (!follows && !gapOfLongLog) faults.push(`line ${line.no} stands behind line ${before?.no ?? 0}`);
    const [from, to] = [before?.status, line.status];
    if (follows && from !== undefined && to !== undefined && from !== to && !mayMove(from, to)) {
      faults.push(`line ${line.no} goes from ${from} to ${to}, which is not allowed`);
    }
    before = line;
  }
  if (before?.status !== status)
    faults.push(`the status is ${status}, the last line says ${before?.status ?? 'nothing'}`);
  return faults;
}
