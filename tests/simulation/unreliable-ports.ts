import { AppError } from '../../shared/errors';
import type { Bus, BusMessage } from '../../shared/ports/bus';
import type { Pool } from '../../shared/ports/pool';
import type { IndexHit, IndexName, Key, Put, Range, Store, Stored } from '../../shared/ports/store';
import type { SeededRandom } from '../support/seeded-random';
import { FrozenStore } from './frozen-store';
import { stepFaults } from './watch-writes';

/** Chances of what goes wrong in one operation of a port. */
export interface PortFaults {
  /** Refused before it is applied. */
  refused: number;
  /** Applied, and the caller never learns. */
  timeout: number;
  /** An index read that is answered from the past. */
  staleIndex: number;
  /** A message that is lost; another that comes twice. */
  lost: number;
  twice: number;
}

/** Waits for the task's turn; every operation of every port begins with it. */
export type Turn = (label: string) => Promise<void>;

/** An operation that may be refused, or applied without the caller learning of it. */
export async function unreliable<R>(
  turn: Turn,
  random: SeededRandom,
  faults: PortFaults,
  label: string,
  apply: () => Promise<R>,
  code: 'STORE_UNAVAILABLE' | 'POOL_UNAVAILABLE' = 'STORE_UNAVAILABLE',
): Promise<R> {
  await turn(label);
  if (random.chance(faults.refused)) throw new AppError(code, { fault: 'refused', label });
  const result = await apply();
  if (random.chance(faults.timeout)) throw new AppError(code, { fault: 'timeout', label });
  return result;
}

/** An index lags behind its table at most this long (DynamoDB API on GeminiDB: up to 2 min). */
const LAG_MS_MAX = 120_000;

/** The one store of a simulated world, and its indexes as they were a while ago. */
export class SimulatedStore {
  readonly now = new FrozenStore();
  /** Kinds of documents saved so far. */
  readonly written = new Set<string>();
  private readonly past = new FrozenStore();
  private readonly onTheirWay: { readonly saved: Stored<unknown>; readonly atMs: number }[] = [];

  constructor(
    private readonly random: SeededRandom,
    private readonly faults: PortFaults,
    private readonly nowMs: () => number,
    private readonly trace: (line: string) => void,
    private readonly onFault: (what: string) => void,
  ) {}

  /** The store as one task sees it. */
  seenBy(turn: Turn): Store {
    const { now, random, faults } = this;
    const call = <R>(label: string, apply: () => Promise<R>): Promise<R> =>
      unreliable(turn, random, faults, label, apply);
    return {
      // A little more than it is: clocks differ.
      indexLagMs: LAG_MS_MAX + 5_000,
      get: <T>(key: Key) => call(`get ${key.pk}/${key.sk}`, () => now.get<T>(key)),
      getMany: <T>(keys: readonly Key[]) => call(`getMany ${keys.length}`, () => this.getOneByOne<T>(turn, keys)),
      query: <T>(pk: string, range: Range) => call(`query ${pk}`, () => now.query<T>(pk, range)),
      queryIndex: (index, partition, range) =>
        call(`index ${partition}`, () => this.queryIndex(index, partition, range)),
      put: <T>(put: Put<T>) => call(`put ${put.key.pk}/${put.key.sk}`, () => this.put(put)),
      scan: (after, limit) => call('scan', () => now.scan(after, limit)),
      close: async () => undefined,
    };
  }

  /** Reading many is no snapshot: others may write in between. */
  private async getOneByOne<T>(turn: Turn, keys: readonly Key[]): Promise<(Stored<T> | undefined)[]> {
    const found: (Stored<T> | undefined)[] = [];
    for (const key of keys) {
      if (found.length > 0 && this.random.chance(0.2)) await turn('getMany …');
      found.push(this.now.find<T>(key));
    }
    return found;
  }

  private async put<T>(put: Put<T>): Promise<'saved' | 'conflict'> {
    const before = this.now.find(put.key);
    const saved = this.now.save(put);
    const result = saved ? 'saved' : 'conflict';
    this.trace(`  ${result} ${put.key.pk}/${put.key.sk} v${put.expect + 1}`);
    if (!saved) return result;
    for (const what of stepFaults(this.now, saved, before, this.nowMs())) this.onFault(what);
    this.written.add(kindOf(put.key));
    this.onTheirWay.push({ saved, atMs: this.nowMs() });
    return result;
  }

  private async queryIndex(index: IndexName, partition: string, range: Range): Promise<IndexHit[]> {
    if (!this.random.chance(this.faults.staleIndex)) return this.now.queryIndex(index, partition, range);
    const arrivedMs = this.nowMs() - this.random.below(LAG_MS_MAX);
    while ((this.onTheirWay[0]?.atMs ?? Number.POSITIVE_INFINITY) <= arrivedMs)
      this.arrive(this.onTheirWay.shift()?.saved);
    return this.past.queryIndex(index, partition, range);
  }

  private arrive(saved: Stored<unknown> | undefined): void {
    if (saved) this.past.save({ ...saved, expect: saved.version - 1 });
  }
}

/** Kind of a document by its key: the first part of `pk`, and of `sk` where it has parts of its own. */
export function kindOf({ pk, sk }: Key): string {
  const [kind = ''] = pk.split('#');
  return sk.startsWith('raw#') ? `${kind}/raw` : kind;
}

/** A bus that loses and repeats; what gets through is handed on, in any order and at any time. */
export function unreliableBus(
  turn: Turn,
  random: SeededRandom,
  faults: PortFaults,
  handOn: (message: BusMessage) => void,
): Bus {
  return {
    publish: (messages) =>
      unreliable(turn, random, faults, `publish ${messages.length}`, async () => {
        for (const message of messages) {
          if (!random.chance(faults.lost)) handOn(message);
          if (random.chance(faults.twice)) handOn(message);
        }
      }),
  };
}

/** The pool as one task sees it; `now` gives the present one, since it may be lost and begin anew. */
export function unreliablePool(turn: Turn, random: SeededRandom, faults: PortFaults, now: () => Pool): Pool {
  const call = <R>(label: string, apply: () => Promise<R>): Promise<R> =>
    unreliable(turn, random, faults, `pool ${label}`, apply, 'POOL_UNAVAILABLE');
  return {
    touch: (changes) => call('touch', () => now().touch(changes)),
    lease: (max, leaseMs) => call('lease', () => now().lease(max, leaseMs)),
    clear: (entries) => call('clear', () => now().clear(entries)),
    giveBack: (entries) => call('giveBack', () => now().giveBack(entries)),
    list: (max) => call('list', () => now().list(max)),
    beginFill: () => call('beginFill', () => now().beginFill()),
    endFill: (fill, atMs) => call('endFill', () => now().endFill(fill, atMs)),
    progress: () => call('progress', () => now().progress()),
    takeTokens: (bucket, want, rate) => call('takeTokens', () => now().takeTokens(bucket, want, rate)),
  };
}
