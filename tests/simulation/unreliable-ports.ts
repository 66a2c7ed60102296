import type { ErrorCode } from '../../shared/errors';
import { AppError } from '../../shared/errors';
import type { Bus, BusMessage } from '../../shared/ports/bus';
import type { Pool } from '../../shared/ports/pool';
import type { IndexHit, IndexName, Key, Put, Range, Store, Stored } from '../../shared/ports/store';
import type { SeededRandom } from '../support/seeded-random';
import type { Faults } from './faults';
import { FrozenStore } from './frozen-store';
import { stepFaults } from './watch-writes';

/** Waits for the task's turn and acts in it; every operation of every port begins with it. */
export type Turn = <R>(label: string, act: () => R | Promise<R>, writes?: boolean) => Promise<R>;

/** Does what may be refused, or applied without the caller learning of it. */
function unreliably<R>(
  faults: Faults,
  label: string,
  apply: () => R,
  code: 'STORE_UNAVAILABLE' | 'POOL_UNAVAILABLE' = 'STORE_UNAVAILABLE',
): R {
  if (faults.happens('refused')) throw outage(code, { fault: 'refused', label });
  const result = apply();
  if (faults.happens('timeout')) throw outage(code, { fault: 'timeout', label });
  return result;
}

/** What a port throws. It has no stack: nobody reads those of outages, and taking them down costs more than a step. */
export function outage(code: ErrorCode, facts: Record<string, string>): AppError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new AppError(code, facts);
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}

/** An index lags behind its table at most this long (DynamoDB API on GeminiDB: up to 2 min). */
const LAG_MS_MAX = 120_000;

/** A write that was tried: what is kept now, undefined for a conflict, what stood there before, and whose it is. */
export interface Saving {
  readonly key: Key;
  readonly saved: Stored<unknown> | undefined;
  readonly before: Stored<unknown> | undefined;
  readonly task: string;
}

/** The one store of a simulated world, and its indexes as they were a while ago. */
export class SimulatedStore {
  readonly now = new FrozenStore();
  /** Who has saved which kind of document so far. */
  readonly written = new Set<string>();
  private readonly past = new FrozenStore();
  private readonly onTheirWay: { readonly saved: Stored<unknown>; readonly atMs: number }[] = [];

  constructor(
    private readonly random: SeededRandom,
    private readonly faults: Faults,
    private readonly nowMs: () => number,
    private readonly skewMs: () => number,
    private readonly onPut: (saving: Saving) => void,
    private readonly onFault: (what: string, saved: Stored<unknown>) => void,
  ) {}

  /** The store as one task sees it, a call of the function `who`. */
  seenBy(turn: Turn, who: string, task: string): Store {
    return seenStore(this, turn, who, task);
  }

  unreliably<R>(label: string, apply: () => R): R {
    return unreliably(this.faults, label, apply);
  }

  /** Reading many is no snapshot: others may write in between. */
  readMany<T>(turn: Turn, keys: readonly Key[]): (Stored<T> | undefined)[] | Promise<(Stored<T> | undefined)[]> {
    const cut = keys.findIndex((_, i) => i > 0 && this.random.chance(0.2));
    const head = (cut < 0 ? keys : keys.slice(0, cut)).map((key) => this.now.find<T>(key));
    if (cut < 0) return head;
    return turn('getMany …', () => this.readMany<T>(turn, keys.slice(cut))).then((rest) => [...head, ...rest]);
  }

  put<T>(put: Put<T>, who: string, task: string): 'saved' | 'conflict' {
    const before = this.now.find(put.key);
    const saved = this.now.save(put);
    this.onPut({ key: put.key, saved, before, task });
    if (!saved) return 'conflict';
    for (const what of stepFaults(this.now, saved, before, this.nowMs(), this.skewMs())) this.onFault(what, saved);
    this.written.add(`${who} ${kindOf(put.key)}`);
    this.onTheirWay.push({ saved, atMs: this.nowMs() });
    return 'saved';
  }

  readIndex(index: IndexName, partition: string, range: Range): IndexHit[] {
    if (!this.faults.happens('staleIndex')) return this.now.readIndex(index, partition, range);
    const arrivedMs = this.nowMs() - this.random.below(LAG_MS_MAX);
    while ((this.onTheirWay[0]?.atMs ?? Number.POSITIVE_INFINITY) <= arrivedMs)
      this.arrive(this.onTheirWay.shift()?.saved);
    return this.past.readIndex(index, partition, range);
  }

  private arrive(saved: Stored<unknown> | undefined): void {
    if (saved) this.past.save({ ...saved, expect: saved.version - 1 });
  }
}

/** The store as one task sees it: every operation waits for its turn and may fail. */
function seenStore(of: SimulatedStore, turn: Turn, who: string, task: string): Store {
  const call = <R>(label: string, apply: () => R | Promise<R>): Promise<R> =>
    turn(label, () => of.unreliably(label, apply));
  return {
    // A little more than it is: clocks differ.
    indexLagMs: LAG_MS_MAX + 5_000,
    get: <T>(key: Key) => call(`get ${key.pk}/${key.sk}`, () => of.now.find<T>(key)),
    // No adapter asks for nothing.
    getMany: <T>(keys: readonly Key[]) =>
      keys.length === 0 ? Promise.resolve([]) : call(`getMany ${keys.length}`, () => of.readMany<T>(turn, keys)),
    query: <T>(pk: string, range: Range) => call(`query ${pk}`, () => of.now.read<T>(pk, range)),
    queryIndex: (index, partition, range) => call(`index ${partition}`, () => of.readIndex(index, partition, range)),
    put: <T>(put: Put<T>) => {
      const label = `put ${put.key.pk}/${put.key.sk}`;
      return turn(label, () => of.unreliably(label, () => of.put(put, who, task)), true);
    },
    scan: (after, limit) => call('scan', () => of.now.readAll(after, limit)),
    close: async () => undefined,
  };
}

/** Kind of a document by its key: the first part of `pk`, and of `sk` where it has parts of its own. */
export function kindOf({ pk, sk }: Key): string {
  const [kind = ''] = pk.split('#');
  return sk.startsWith('raw#') ? `${kind}/raw` : kind;
}

/** A bus that loses and repeats; what gets through is handed on, in any order and at any time. */
export function unreliableBus(turn: Turn, faults: Faults, handOn: (message: BusMessage) => void): Bus {
  return {
    publish: (messages) => {
      if (messages.length === 0) return Promise.resolve();
      const label = `publish ${messages.length}`;
      const send = (): void => {
        for (const message of messages) {
          if (!faults.happens('lost')) handOn(message);
          if (faults.happens('twice')) handOn(message);
        }
      };
      return turn(label, () => unreliably(faults, label, send));
    },
  };
}

/** The pool as one task sees it; `now` gives the present one, since it may be lost and begin anew. */
export function unreliablePool(turn: Turn, faults: Faults, now: () => Pool): Pool {
  const call = <R>(name: string, apply: () => Promise<R>): Promise<R> => {
    const label = `pool ${name}`;
    return turn(label, () => unreliably(faults, label, apply, 'POOL_UNAVAILABLE'));
  };
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
