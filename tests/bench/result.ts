/** A table for the screen. The first column is text and flush left, the others are flush right. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** What the figures are of, and what was assumed. */
  readonly notes: readonly string[];
}

/** What the project has set itself, and what was found. */
export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
  readonly met: boolean;
}

/** What a part of the bench has found. `figures` are what two runs are compared by: names that stay, plain numbers. */
export interface PartResult {
  readonly tables: readonly Table[];
  readonly figures: Readonly<Record<string, number>>;
  readonly targets: readonly Target[];
}

/** Told by a part while it works: how much of it is done, from 0 to 1, and what it does now. */
export type Progress = (done: number, doing: string) => void;

/** One part of the bench, by the name that `npm run bench -- ‹name›` runs it by. */
export interface Part {
  readonly name: string;
  readonly about: string;
  /** False for what takes too long to be run unasked. */
  readonly byDefault: boolean;
  run(progress: Progress): Promise<PartResult>;
}

/** A target that a figure must not exceed, or must reach. Units are part of the texts. */
export function targetOf(what: string, found: number, bound: { most: number } | { least: number }, unit = ''): Target {
  const met = 'most' in bound ? found <= bound.most : found >= bound.least;
  const wanted = 'most' in bound ? `<= ${bound.most}${unit}` : `>= ${bound.least}${unit}`;
  return { what, wanted, found: `${shortNumber(found)}${unit}`, met };
}

/** Three or four digits that matter, with thousands apart. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
