import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rows } from './row';

/** Where the counts are kept that a change is seen against in review. */
const FILE = 'tests/bench/counts.json';

/** What rewrites the file. */
export const REWRITE_COMMAND = 'npm run bench -- counts --write';

export function readCounts(projectFolder: string): Rows {
  return JSON.parse(readFileSync(join(projectFolder, FILE), 'utf8')) as Rows;
}

export function writeCounts(projectFolder: string, rows: Rows): void {
  writeFileSync(join(projectFolder, FILE), `${JSON.stringify(rows, null, 2)}\n`);
}

/** Every figure that differs, one a line: row, figure, before and after. */
export function changedCounts(before: Rows, after: Rows): string[] {
  const [old, fresh] = [flat(before), flat(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name), fresh.get(name)];
    return was === is ? [] : [`${name}: ${was ?? 'none'} -> ${is ?? 'none'}`];
  });
}

/** `row: figure` → number. */
function flat(rows: Rows): Map<string, number> {
  return new Map(
    Object.entries(rows).flatMap(([row, counts]) =>
      Object.entries(counts).flatMap(([group, figures]) =>
        Object.entries(figures as Record<string, number>).map(([figure, value]): [string, number] => [
          group === 'meters' ? `${row}: ${figure}` : `${row}: ${group} ${figure}`,
          value,
        ]),
      ),
    ),
  );
}
