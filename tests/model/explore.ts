import { createHash } from 'node:crypto';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { MemoryStore } from '../../shared/adapters/memory/memory-store';
import type { Key, Put, Range, Store } from '../../shared/ports/store';

/** A few workers on one store, small enough that everything that can happen to them can be looked at. */
export interface Model {
  /** What is stored before they begin. */
  prepare(store: Store): Promise<void>;
  /** Real procedures of the library; they must do the same whenever they read the same. */
  readonly workers: readonly ((store: Store) => Promise<void>)[];
  /** Workers that may stop at some await and never go on. */
  readonly crashesMax: number;
  /** What is wrong when no worker goes on any more. May write: what was left undone is driven on first. */
  faultsAtEnd(store: Store): Promise<string[]>;
}

export interface Exploration {
  /** Different states that were reached: of the store, and of what each worker has learnt. */
  readonly states: number;
  /** Different states in which nobody goes on. */
  readonly ends: number;
  /** Faults, each with one schedule that leads to it. */
  readonly faults: ReadonlyMap<string, string>;
}

/** Where a model has more states than this it is no longer small, and the test would not end in time. */
const STATES_MAX = 100_000;

interface Step {
  readonly worker: number;
  readonly crash: boolean;
  /** Which of the worker's calls that are under way. */
  readonly call: number;
}

/**
 * Looks at every interleaving, without sampling: each call of the store is a step, and so is a crash of the worker that
 * waits for it. Depth first; a state that was seen before is not gone on from. Programs cannot be copied, so that another
 * branch begins with the same steps from the start, which lead to the same state.
 * `firstFault` ends the search with the first end that has one.
 */
export async function explore(model: Model, { firstFault = false } = {}): Promise<Exploration> {
  const seen = new Set<string>();
  const faults = new Map<string, string>();
  const branches: number[][] = [[]];
  let ends = 0;
  for (let branch = branches.pop(); branch; branch = branches.pop()) {
    const run = await Run.begin(model);
    for (const choice of branch) await run.take(choice);
    const path = [...branch];
    for (;;) {
      const state = await run.state();
      if (seen.has(state)) break;
      seen.add(state);
      if (seen.size > STATES_MAX) throw new Error(`the model has more than ${STATES_MAX} states`);
      const { length } = run.choices();
      if (length === 0) {
        ends += 1;
        for (const fault of await run.faults()) if (!faults.has(fault)) faults.set(fault, run.history());
        if (firstFault && faults.size > 0) return { states: seen.size, ends, faults };
        break;
      }
      for (let other = 1; other < length; other += 1) branches.push([...path, other]);
      path.push(0);
      await run.take(0);
    }
  }
  return { states: seen.size, ends, faults };
}

interface Call {
  readonly label: string;
  /** Does it, and gives what the worker learns from it as text. */
  perform(): Promise<string>;
}

/** One run of a model, step by step. */
class Run {
  private readonly store = new MemoryStore();
  private readonly calls: Call[][];
  private readonly learnt: string[][];
  private readonly broken: string[] = [];
  private readonly crashed = new Set<number>();
  private readonly steps: string[] = [];

  private constructor(private readonly model: Model) {
    this.calls = model.workers.map(() => []);
    this.learnt = model.workers.map(() => []);
  }

  static async begin(model: Model): Promise<Run> {
    const run = new Run(model);
    await model.prepare(run.store);
    model.workers.forEach((work, i) => {
      work(run.storeOf(i)).then(
        () => run.learns(i, 'ended'),
        (error: unknown) => run.broken.push(`worker ${i}: ${String(error)}`),
      );
    });
    await endOfTurn();
    return run;
  }

  choices(): Step[] {
    return this.calls.flatMap((calls, worker) => {
      const steps = calls.map((_, call) => ({ worker, call, crash: false }));
      const mayCrash = calls.length > 0 && this.crashed.size < this.model.crashesMax;
      return mayCrash ? [...steps, { worker, call: 0, crash: true }] : steps;
    });
  }

  async take(choice: number): Promise<void> {
    const step = this.choices()[choice];
    if (!step) throw new Error('the workers do not do the same when they read the same');
    const { worker, call, crash } = step;
    if (crash) {
      this.crashed.add(worker);
      this.calls[worker] = [];
      this.steps.push(`${worker} crashes`);
      return;
    }
    const [taken] = this.calls[worker]?.splice(call, 1) ?? [];
    const answer = (await taken?.perform()) ?? '';
    this.learns(worker, `${taken?.label ?? ''}=${answer}`);
    this.steps.push(`${worker} ${taken?.label ?? ''}`);
    // All that follows from it without another call of the store.
    await endOfTurn();
  }

  /**
   * What can still happen depends on nothing else. Calls that a worker has under way at once it joins before it goes on: what
   * it has learnt is a set.
   */
  async state(): Promise<string> {
    const stored = JSON.stringify(await this.store.scan(undefined, 1_000));
    const learnt = this.learnt.map((known) => [...known].sort().join('\n'));
    return hashOf(JSON.stringify([stored, learnt, [...this.crashed].sort(), this.broken]));
  }

  async faults(): Promise<string[]> {
    return [...this.broken, ...(await this.model.faultsAtEnd(this.store))];
  }

  history(): string {
    return this.steps.join('; ');
  }

  private learns(worker: number, what: string): void {
    const known = this.learnt[worker] ?? [];
    // Asked again, the same is another thing to know.
    known.push(`${known.filter((one) => one.endsWith(what)).length} ${what}`);
  }

  /** The store as one worker has it: its calls wait until it is their turn. */
  private storeOf(worker: number): Store {
    const later = <T>(label: string, call: () => Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        const perform = async (): Promise<string> => {
          try {
            const answer = await call();
            resolve(answer);
            return answer === undefined ? '' : JSON.stringify(answer);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
            return String(error);
          }
        };
        this.calls[worker]?.push({ label, perform });
      });
    const { store } = this;
    const at = ({ pk, sk }: Key): string => `${pk}/${sk}`;
    return {
      indexLagMs: 0,
      get: <T>(key: Key) => later(`get ${at(key)}`, () => store.get<T>(key)),
      getMany: <T>(keys: readonly Key[]) => later(`get ${keys.map(at).join()}`, () => store.getMany<T>(keys)),
      query: <T>(pk: string, range: Range) =>
        later(`query ${pk} ${JSON.stringify(range)}`, () => store.query<T>(pk, range)),
      queryIndex: (index, partition, range) =>
        later(`index ${partition}`, () => store.queryIndex(index, partition, range)),
      put: <T>(put: Put<T>) => later(`put ${at(put.key)} at ${put.expect}`, () => store.put(put)),
      scan: (after, limit) => later('scan', () => store.scan(after, limit)),
      close: async () => undefined,
    };
  }
}

function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('base64');
}
