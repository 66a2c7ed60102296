/**
 * What is counted. Reads and writes are requests to the store; a BatchGetItem of up to 100 keys is one. Stored bytes are what
 * is there afterwards and was not before, indexes included; log bytes are lines and metrics as the functions write them.
 */
export const METERS = [
  'storeReads',
  'readUnits',
  'storeWrites',
  'writeUnits',
  'messages',
  'sendRequests',
  'poolOperations',
  'platformCalls',
  'functionCalls',
  'storedBytes',
  'logBytes',
] as const;

export type Meter = (typeof METERS)[number];

/** Counts per unit of work, and where the units of the store went: by kind of document, or of index. */
export interface Counts {
  readonly meters: Readonly<Record<Meter, number>>;
  readonly writeUnitsBy: Readonly<Record<string, number>>;
  readonly readUnitsBy: Readonly<Record<string, number>>;
  /** How long functions waited, ms, under the times that requests are assumed to take (latencies.ts). */
  readonly waitedMsBy: Readonly<Record<string, number>>;
}

/** Digits behind the point that are kept: finer than any price, coarser than the noise of dividing. */
const DIGITS = 4;

/** Sums what one piece of work uses. */
export class Tally {
  private meters = new Map<Meter, number>();
  private writeUnitsBy = new Map<string, number>();
  private readUnitsBy = new Map<string, number>();
  private waitedMsBy = new Map<string, number>();

  add(meter: Meter, by: number): void {
    this.meters.set(meter, (this.meters.get(meter) ?? 0) + by);
  }

  /** One request that writes. `index` units are those of the two indexes. */
  write(kind: string, units: { table: number; open: number; list: number }): void {
    this.add('storeWrites', 1);
    for (const [of, by] of [
      [kind, units.table],
      [`${kind} (index open)`, units.open],
      [`${kind} (index list)`, units.list],
    ] as const) {
      if (by === 0) continue;
      this.add('writeUnits', by);
      this.writeUnitsBy.set(of, (this.writeUnitsBy.get(of) ?? 0) + by);
    }
  }

  /** Requests that read, and the units that they take together. */
  read(kind: string, requests: number, units: number): void {
    this.add('storeReads', requests);
    this.add('readUnits', units);
    this.readUnitsBy.set(kind, (this.readUnitsBy.get(kind) ?? 0) + units);
  }

  waited(functionName: string, ms: number): void {
    this.waitedMsBy.set(functionName, (this.waitedMsBy.get(functionName) ?? 0) + ms);
  }

  /** Adds what another one has counted. */
  addAll(other: Tally): void {
    for (const [mine, theirs] of [
      [this.writeUnitsBy, other.writeUnitsBy],
      [this.readUnitsBy, other.readUnitsBy],
      [this.waitedMsBy, other.waitedMsBy],
    ] as const)
      for (const [kind, by] of theirs) mine.set(kind, (mine.get(kind) ?? 0) + by);
    for (const [meter, by] of other.meters) this.add(meter, by);
  }

  reset(): void {
    this.meters = new Map();
    this.writeUnitsBy = new Map();
    this.readUnitsBy = new Map();
    this.waitedMsBy = new Map();
  }

  /** What one of `units` pieces of work used. */
  per(units: number): Counts {
    const share = (value: number): number => Number((value / units).toFixed(DIGITS));
    const shares = (of: ReadonlyMap<string, number>): Record<string, number> =>
      Object.fromEntries([...of].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, value]) => [kind, share(value)]));
    const meters = Object.fromEntries(METERS.map((meter) => [meter, share(this.meters.get(meter) ?? 0)]));
    return {
      meters: meters as Record<Meter, number>,
      writeUnitsBy: shares(this.writeUnitsBy),
      readUnitsBy: shares(this.readUnitsBy),
      waitedMsBy: shares(this.waitedMsBy),
    };
  }
}
