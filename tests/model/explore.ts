import { createHash } from 'node:crypto';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { MemoryStore } from '../../shared/adapters/memory/memory-store';
import type { Key, Put, Range, Store, Stored } from '../../shared/ports/store';
import type { Departure, Step, Touches } from './ways';
import { Ways } from './ways';

/** A few workers on one store, small enough that everything that can happen to them can be looked at. */
export interface Model {
  /** What is stored before they begin. */
  prepare(store: Store): Promise<void>;
  /** Real procedures of the library; they must do the same whenever they read the same. */
  readonly workers: readonly ((store: Store) => Promise<void>)[];
  /** Workers that may stop at some await and never go on. */
  readonly crashesMax: number;
  /** What faults depend on outside the store, where there is such a thing: set back for each run, and told as text. */
  readonly aside?: { begin(): void; tell(): string };
  /** What is wrong with what is stored, however much is still under way. */
  readonly faultsNow?: (stored: readonly Stored<unknown>[]) => string[];
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
const STATES_MAX = 20_000;

/** Documents of a model; it has about ten. */
const STORED_MAX = 1_000;

/** The steps that lead to a state, where the last of them began, and how one came there. */
interface Branch {
  readonly path: readonly number[];
  readonly departure: Departure | undefined;
  readonly arrival: Departure | undefined;
}

/**
 * Looks at every interleaving, without sampling: each call of the store is a step, and so is a crash of the worker that
 * waits for it. Depth first; a state that was seen before is not gone on from. Programs cannot be copied, so that another
 * branch begins with the same steps from the start, which lead to the same state.
 * `until` ends the search with the first fault that it matches.
 */
export async function explore(model: Model, until?: RegExp): Promise<Exploration> {
  const seen = new Set<string>();
  const looked = new Set<string>();
  const prepared = new MemoryStore();
  await model.prepare(prepared);
  const before = await prepared.scan(undefined, STORED_MAX);
  const faults = new Map<string, string>();
  const ways = new Ways();
  const branches: Branch[] = [{ path: [], departure: undefined, arrival: undefined }];
  let ends = 0;
  for (let branch = branches.pop(); branch; branch = branches.pop()) {
    let arrival = branch.departure;
    if (arrival && ways.know(arrival, branch.arrival)) continue;
    const run = await Run.begin(model, before);
    const path = [...branch.path];
    for (const choice of path) await run.take(choice);
    for (;;) {
      const stored = await run.stored();
      const storedText = JSON.stringify(stored);
      const state = run.state(storedText);
      if (arrival) ways.add(arrival, state);
      if (seen.has(state)) break;
      seen.add(state);
      if (seen.size > STATES_MAX) throw new Error(`the model has more than ${STATES_MAX} states`);
      const steps = run.steps();
      // Most steps only read.
      const wrong = looked.has(storedText) ? [] : [...(model.faultsNow?.(stored) ?? [])];
      looked.add(storedText);
      if (steps.length === 0) {
        ends += 1;
        wrong.push(...(await run.faults()));
      }
      for (const fault of wrong) if (!faults.has(fault)) faults.set(fault, run.history());
      if (until && wrong.some((fault) => until.test(fault))) return { states: seen.size, ends, faults };
      const [next, ...others] = steps
        .map((step, choice) => ({ choice, departure: { state, step } }))
        .filter(({ departure }) => !ways.know(departure, arrival));
      for (const { choice, departure } of others) branches.push({ path: [...path, choice], departure, arrival });
      if (!next) break;
      path.push(next.choice);
      arrival = next.departure;
      await run.take(next.choice);
    }
  }
  return { states: seen.size, ends, faults };
}

interface Call {
  readonly label: string;
  readonly touches: Touches;
  /** Does it, and gives what the worker learns from it as text. */
  perform(): Promise<string>;
}

const CRASH = { crash: true, call: 0, touches: { pk: '', write: false } } as const;

/** One run of a model, step by step. */
class Run {
  private readonly store = new MemoryStore();
  private readonly calls: Call[][];
  /** By worker: what it has learnt, of each ledger and of all else. */
  private readonly learnt: Map<string, string[]>[];
  /** By worker that goes on no more: how it stopped. */
  private readonly stopped = new Map<number, string>();
  private readonly crashed = new Set<number>();
  private readonly taken: string[] = [];
  /** How often each worker has begun each call. */
  private readonly begun = new Map<string, number>();

  private constructor(private readonly model: Model) {
    this.calls = model.workers.map(() => []);
    this.learnt = model.workers.map(() => new Map<string, string[]>());
  }

  static async begin(model: Model, before: readonly Stored<unknown>[]): Promise<Run> {
    const run = new Run(model);
    model.aside?.begin();
    for (const document of before) await run.store.restore(document);
    model.workers.forEach((work, i) => {
      work(run.storeOf(i)).then(
        () => run.stopped.set(i, 'ended'),
        (error: unknown) => run.stopped.set(i, String(error)),
      );
    });
    await endOfTurn();
    return run;
  }

  steps(): Step[] {
    return this.calls.flatMap((calls, worker) => {
      const steps = calls.map(({ label, touches }, call): Step => {
        return { name: `${worker} ${label}`, worker, call, crash: false, touches };
      });
      const mayCrash = calls.length > 0 && this.crashed.size < this.model.crashesMax;
      return mayCrash ? [...steps, { ...CRASH, name: `${worker} crashes`, worker }] : steps;
    });
  }

  async take(choice: number): Promise<void> {
    const step = this.steps()[choice];
    if (!step) throw new Error('the workers do not do the same when they read the same');
    const { worker, call, crash } = step;
    if (crash) {
      this.crashed.add(worker);
      this.calls[worker] = [];
      this.stopped.set(worker, 'crashed');
      this.taken.push(`${worker} crashes`);
      return;
    }
    const [performed] = this.calls[worker]?.splice(call, 1) ?? [];
    const answer = (await performed?.perform()) ?? '';
    this.learns(worker, performed?.touches.pk ?? '', `${performed?.label ?? ''}=${answer}`);
    this.taken.push(`${worker} ${performed?.label ?? ''}`);
    // All that follows from it without another call of the store.
    await endOfTurn();
  }

  stored(): Promise<Stored<unknown>[]> {
    return this.store.scan(undefined, STORED_MAX);
  }

  /**
   * What can still happen depends on nothing else. A worker asks several ledgers at once and joins what it has learnt of
   * each before it goes on: which of them answered first is nothing to know. The order of all other answers is, since
   * orders stand in an append as they were saved.
   */
  state(stored: string): string {
    const learnt = this.learnt.map((known, worker) => {
      const how = this.stopped.get(worker);
      // What it knew makes no difference any more; a call that it did not wait for may.
      if (how !== undefined && this.calls[worker]?.length === 0) return how;
      return [how, ...[...known].sort(([a], [b]) => (a < b ? -1 : 1))];
    });
    return hashOf(stored + JSON.stringify([learnt, this.model.aside?.tell()]));
  }

  async faults(): Promise<string[]> {
    const broken = [...this.stopped].filter(([, how]) => how !== 'ended' && how !== 'crashed');
    return [
      ...broken.map(([worker, how]) => `worker ${worker}: ${how}`),
      ...(await this.model.faultsAtEnd(this.store)),
    ];
  }

  history(): string {
    return this.taken.join('; ');
  }

  private learns(worker: number, pk: string, what: string): void {
    const of = pk.startsWith('ledger#') ? pk : '';
    const known = this.learnt[worker];
    known?.set(of, [...(known.get(of) ?? []), what]);
  }

  /** The store as one worker has it: its calls wait until it is their turn. */
  private storeOf(worker: number): Store {
    const later = <T>(what: string, pk: string, call: () => Promise<T>, write = false): Promise<T> =>
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
        // Two orders of a batch may ask the same at once: which of them has its answer makes a difference.
        const time = (this.begun.get(`${worker} ${what}`) ?? 0) + 1;
        this.begun.set(`${worker} ${what}`, time);
        const label = time === 1 ? what : `${what} (${time})`;
        this.calls[worker]?.push({ label, touches: { pk, write }, perform });
      });
    const { store } = this;
    const at = ({ pk, sk }: Key): string => `${pk}/${sk}`;
    return {
      indexLagMs: 0,
      get: <T>(key: Key) => later(`get ${at(key)}`, key.pk, () => store.get<T>(key)),
      getMany: <T>(keys: readonly Key[]) => later(`get ${keys.map(at).join()}`, '', () => store.getMany<T>(keys)),
      query: <T>(pk: string, range: Range) =>
        later(`query ${pk} ${JSON.stringify(range)}`, pk, () => store.query<T>(pk, range)),
      queryIndex: (index, partition, range) =>
        later(`index ${partition}`, '', () => store.queryIndex(index, partition, range)),
      put: <T>(put: Put<T>) => later(`put ${at(put.key)} at ${put.expect}`, put.key.pk, () => store.put(put), true),
      scan: (after, limit) => later('scan', '', () => store.scan(after, limit)),
      close: async () => undefined,
    };
  }
}

function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('base64');
}
