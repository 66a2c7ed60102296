import type { Counts } from './tally';

/** Counts by name of the row: `what/how`, each per unit of what it names. */
export type Rows = Record<string, Counts>;
