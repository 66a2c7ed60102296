import type { Clock } from '../../shared/ports/clock';
import type { SeededRandom } from '../support/seeded-random';
import type { Faults } from './faults';
import type { Refs } from './finding';
import { TimeQueue } from './time-queue';
import { TraceHash } from './trace-hash';

/** How a task ended. A crashed one stopped at some await and never went on. */
export type End<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'crashed' };

/** One call of a function: what a cloud would run as one instance, and may kill at any moment. */
export interface Task {
  readonly name: string;
  readonly no: number;
  readonly deadlineMs: number;
  /** The instance's clock differs from the others' by this. */
  skewMs: number;
  ended: boolean;
  crash(): void;
}

/** Clocks differ from the true time by this much, either way. */
const SKEW_MS_MAX = 1_000;

/** Most delays are short, a few are this long. */
const DELAY_MS_MAX = 30_000;

const AT_ONCE = Promise.resolve();

interface Waiting {
  readonly task: Task | undefined;
  readonly label: string;
  /** A write on its way. */
  readonly writes: boolean;
  readonly go: () => void;
}

/**
 * Runs tasks one step at a time under a virtual clock: at each await of a port it decides by its seed which task goes on,
 * so that one number reproduces a whole history.
 */
export class Scheduler {
  readonly tasks = new Set<Task>();
  steps = 0;
  private started = 0;
  /** All instances' clocks are off by this: somebody has set the clock of their host. It was between the two others. */
  private readonly hostSkew = { nowMs: 0, leastMs: 0, mostMs: 0 };
  private readonly ready: Waiting[] = [];
  private readonly later = new TimeQueue<Waiting>();
  private readonly hash = new TraceHash();

  constructor(
    private readonly random: SeededRandom,
    private readonly faults: Faults,
    public nowMs: number,
    private readonly onTrace: ((line: string, about: Refs) => void) | undefined,
  ) {}

  /** Starts a task; `then` gets its end. What it waits for after a crash never comes. */
  spawn<T>(name: string, limitMs: number, body: (task: Task) => Promise<T>, then: (end: End<T>) => void): void {
    const settle = (end: End<T>): void => {
      if (task.ended) return;
      task.ended = true;
      this.tasks.delete(task);
      if (this.onTrace)
        this.trace(`${name} ${end.kind}${end.kind === 'failed' ? ` ${String(end.error)}` : ''}`, {
          task: name,
          end: end.kind,
        });
      then(end);
    };
    this.started += 1;
    const task: Task = {
      ...{ name, no: this.started, deadlineMs: this.nowMs + limitMs, skewMs: this.skew() },
      ...{ ended: false, crash: () => settle({ kind: 'crashed' }) },
    };
    this.tasks.add(task);
    this.ready.push({
      ...{ task, label: 'begin', writes: false },
      go: () =>
        void body(task).then(
          (value) => settle({ kind: 'done', value }),
          (error: unknown) => settle({ kind: 'failed', error }),
        ),
    });
  }

  /**
   * Waits until it is this task's turn, then does `act` at once: nobody else goes on in between. One promise a step, since
   * a history is made of thousands of them.
   */
  turn<R>(task: Task, label: string, act: () => R | Promise<R>, writes = false): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      const go = (): void => {
        try {
          resolve(act());
        } catch (error) {
          reject(asError(error));
        }
      };
      this.ready.push({ task, label, writes, go });
    });
  }

  clockOf(task: Task): Clock {
    return {
      nowMs: () => this.nowMs + task.skewMs + this.hostSkew.nowMs,
      sleep: (ms) => new Promise((go) => this.wait(ms, { task, label: 'slept', writes: false, go })),
    };
  }

  /** Sets the clock of the host of all instances off the true time, which platforms keep. */
  setHostClock(skewMs: number): void {
    const { hostSkew } = this;
    hostSkew.nowMs = skewMs;
    hostSkew.leastMs = Math.min(hostSkew.leastMs, skewMs);
    hostSkew.mostMs = Math.max(hostSkew.mostMs, skewMs);
    this.trace(`the clock is set, ${skewMs} ms off`, { everything: true });
  }

  /** Two readings of clocks have differed by so much at most. */
  get skewMs(): number {
    return 2 * SKEW_MS_MAX + this.hostSkew.mostMs - this.hostSkew.leastMs;
  }

  /** Does something of the outside world at a time; no task, so it cannot crash. */
  after(ms: number, label: string, go: () => void): void {
    this.wait(ms, { task: undefined, label, writes: false, go });
  }

  /** Whether anybody reads the trace: who has to build a line asks first. */
  get traced(): boolean {
    return this.onTrace !== undefined;
  }

  trace(line: string, about: Refs): void {
    this.onTrace?.(`${String(this.nowMs).slice(-7)} ${line}`, about);
  }

  /** Takes a fact into the hash of the history: what was saved in which version, what a shelf shows. */
  note(what: string, qty: number): void {
    this.hash.addText(what);
    this.hash.add(qty);
  }

  traceHash(): string {
    return this.hash.text();
  }

  /** Goes on until a virtual time. */
  runUntil(endMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      // Node empties the queue of promises before it goes on to the next tick, and that tick is asked for from a promise: by
      // then every promise that could settle by itself has. A turn of the event loop would do as well and cost more than
      // most steps.
      const goOn = (): void => process.nextTick(tick);
      const tick = (): void => {
        try {
          while (this.mayStep(endMs)) {
            if (!this.step()) continue;
            void AT_ONCE.then(goOn);
            return;
          }
        } catch (error) {
          reject(asError(error));
          return;
        }
        this.nowMs = Math.max(this.nowMs, endMs);
        resolve();
      };
      tick();
    });
  }

  /** Whether somebody's turn comes before that time; moves the clock on to it. */
  private mayStep(endMs: number): boolean {
    for (;;) {
      while (this.later.nextMs <= this.nowMs) this.ready.push(this.later.take());
      if (this.ready.length > 0) return this.nowMs < endMs;
      const next = this.later.nextMs;
      if (next > endMs) return false;
      this.nowMs = next;
    }
  }

  /** Lets one of those who wait go on; false where nobody's code has run. */
  private step(): boolean {
    const { random, ready } = this;
    const at = random.below(ready.length);
    const chosen = ready[at] as Waiting;
    const last = ready.pop() as Waiting;
    if (last !== chosen) ready[at] = last;
    const { task } = chosen;
    if (task?.ended) return false;
    this.steps += 1;
    this.nowMs += random.below(3);
    if (task) {
      if (this.nowMs > task.deadlineMs || this.faults.happens('crash')) {
        task.crash();
        return true;
      }
      if (this.faults.happens('delay') || (chosen.writes && this.faults.happens('slowWrite'))) {
        this.wait(10 + random.next() ** 2 * DELAY_MS_MAX, chosen);
        return false;
      }
      if (this.faults.happens('clockSet')) task.skewMs = this.skew();
      this.hash.add(this.nowMs);
      this.hash.add(task.no);
      if (this.onTrace) this.trace(`${task.name} ${chosen.label}`, { task: task.name });
    }
    chosen.go();
    return true;
  }

  private skew(): number {
    return this.random.between(-SKEW_MS_MAX, SKEW_MS_MAX);
  }

  private wait(ms: number, waiting: Waiting): void {
    this.later.add(this.nowMs + Math.max(0, Math.round(ms)), waiting);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
