import { readFileSync } from 'node:fs';
import type { PartResult, Table } from './result';
import { shortNumber } from './result';

/** What a run leaves behind, and another one is compared with. */
export interface BenchFile {
  readonly node: string;
  readonly parts: Readonly<Record<string, Pick<PartResult, 'figures'>>>;
}

/** Below this share a figure is as it was: two runs of the same code differ by so much on a quiet machine. */
const NOISE = 0.02;

/** Reads what another run has left. Throws where the file is none of these. */
export function readBenchFile(file: string): BenchFile {
  const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<BenchFile>;
  if (typeof value.parts !== 'object')
    throw new Error(`${file} holds no figures of a bench; they are written by --json`);
  return value as BenchFile;
}

/** Figures that both runs have and that differ, the largest change first; what only one of them has is counted. */
export function comparison(before: BenchFile, after: BenchFile): Table {
  const [old, fresh] = [figuresOf(before), figuresOf(after)];
  const both = [...fresh].flatMap(([name, is]) => {
    const was = old.get(name);
    return was === undefined ? [] : [{ name, was, is, change: was === is ? 0 : (is - was) / Math.abs(was || 1) }];
  });
  const changed = both
    .filter(({ change }) => Math.abs(change) >= NOISE)
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const only = (mine: ReadonlyMap<string, number>, theirs: ReadonlyMap<string, number>): number =>
    [...mine.keys()].filter((name) => !theirs.has(name)).length;
  return {
    title: 'Compared',
    head: ['figure', 'before', 'now', 'change'],
    rows: changed.map(({ name, was, is, change }) => [name, shortNumber(was), shortNumber(is), percentOf(change)]),
    notes: [
      `${both.length - changed.length} figures differ by less than ${NOISE * 100} %; ${only(fresh, old)} are new, ${only(old, fresh)} were not measured now.`,
      ...(before.node === after.node ? [] : [`measured by ${before.node} before, by ${after.node} now.`]),
    ],
  };
}

function figuresOf({ parts }: BenchFile): Map<string, number> {
  return new Map(Object.values(parts).flatMap(({ figures }) => Object.entries(figures)));
}

const percentOf = (change: number): string => `${change > 0 ? '+' : ''}${(change * 100).toFixed(0)} %`;
