import { SingleBar } from 'cli-progress';
import type { PartResult, Progress, Table } from './result';
import { shortNumber } from './result';

const say = (line = ''): void => void process.stdout.write(`${line}\n`);

/** The tables of a part, its notes, and its targets with what was found. */
export function showResult({ tables, targets }: PartResult): void {
  for (const table of tables) showTable(table);
  for (const { what, wanted, found, met } of targets)
    say(`  ${met ? 'met   ' : 'MISSED'}  ${what}: ${found} (${wanted})`);
  if (targets.length > 0) say();
}

export function showTable({ title, head, rows, notes }: Table): void {
  const cells = [head, ...rows].map((row) => row.map((cell) => (typeof cell === 'number' ? shortNumber(cell) : cell)));
  const widths = head.map((_, i) => Math.max(...cells.map((row) => widthOf(row[i] ?? ''))));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => padded(cell, widths[i] ?? 0, i === 0 ? 'left' : 'right')).join('  ');
  say(title);
  for (const row of cells) say(`  ${line(row).trimEnd()}`);
  for (const note of notes) say(`  · ${note}`);
  say();
}

/** Chinese characters take two places on a screen. */
function widthOf(text: string): number {
  return text.length + (text.match(/[\u2e80-\uffef]/g)?.length ?? 0);
}

function padded(text: string, width: number, flush: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return flush === 'left' ? text + blanks : blanks + text;
}

/** A bar on a terminal; elsewhere a line whenever a part does something else. */
export function startProgress(part: string): { progress: Progress; stop: () => void } {
  if (!process.stderr.isTTY) {
    let last = '';
    const progress: Progress = (_done, doing) => {
      if (doing !== last) process.stderr.write(`${part}: ${doing}\n`);
      last = doing;
    };
    return { progress, stop: () => undefined };
  }
  const bar = new SingleBar({ format: `${part.padEnd(14)} {bar} {percentage} %  {doing}`, clearOnComplete: true });
  bar.start(100, 0, { doing: '' });
  return { progress: (done, doing) => bar.update(Math.round(done * 100), { doing }), stop: () => bar.stop() };
}
