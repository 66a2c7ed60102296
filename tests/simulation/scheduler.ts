import type { Clock } from '../../shared/ports/clock';
import type { SeededRandom } from '../support/seeded-random';
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
  readonly deadlineMs: number;
  /** The instance's clock differs from the others' by this. */
  readonly skewMs: number;
  ended: boolean;
  crash(): void;
}

/** Chances of what goes wrong at one step. */
export interface StepFaults {
  crash: number;
  /** A step that takes long: the others overtake it. */
  delay: number;
  /** A write on its way that takes long: what it was decided from grows old meanwhile. */
  slowWrite: number;
}

/** Most delays are short, a few are this long. */
const DELAY_MS_MAX = 30_000;

interface Waiting {
  readonly task: Task | undefined;
  readonly label: string;
  readonly go: () => void;
}

/**
 * Runs tasks one step at a time under a virtual clock: at each await of a port it decides by its seed which task goes on,
 * so that one number reproduces a whole history.
 */
export class Scheduler {
  readonly tasks = new Set<Task>();
  steps = 0;
  private readonly ready: Waiting[] = [];
  private readonly later = new TimeQueue<Waiting>();
  private readonly hash = new TraceHash();

  constructor(
    private readonly random: SeededRandom,
    readonly faults: StepFaults,
    public nowMs: number,
    private readonly onTrace: ((line: string) => void) | undefined,
  ) {}

  /** Starts a task; `then` gets its end. What it waits for after a crash never comes. */
  spawn<T>(name: string, limitMs: number, body: (task: Task) => Promise<T>, then: (end: End<T>) => void): void {
    const settle = (end: End<T>): void => {
      if (task.ended) return;
      task.ended = true;
      this.tasks.delete(task);
      this.trace(`${name} ${end.kind}${end.kind === 'failed' ? ` ${String(end.error)}` : ''}`);
      then(end);
    };
    const task: Task = {
      ...{ name, deadlineMs: this.nowMs + limitMs, skewMs: this.random.between(-1_000, 1_000), ended: false },
      crash: () => settle({ kind: 'crashed' }),
    };
    this.tasks.add(task);
    void this.turn(task, 'begin')
      .then(() => body(task))
      .then(
        (value) => settle({ kind: 'done', value }),
        (error: unknown) => settle({ kind: 'failed', error }),
      );
  }

  /** Waits until it is this task's turn. */
  turn(task: Task, label: string): Promise<void> {
    return new Promise((go) => this.ready.push({ task, label, go }));
  }

  clockOf(task: Task): Clock {
    return {
      nowMs: () => this.nowMs + task.skewMs,
      sleep: (ms) => new Promise((go) => this.wait(ms, { task, label: 'slept', go })),
    };
  }

  /** Does something of the outside world at a time; no task, so it cannot crash. */
  after(ms: number, label: string, go: () => void): void {
    this.wait(ms, { task: undefined, label, go });
  }

  trace(line: string): void {
    this.hash.add(this.nowMs, line);
    this.onTrace?.(`${String(this.nowMs).slice(-7)} ${line}`);
  }

  traceHash(): string {
    return this.hash.text();
  }

  /** Goes on until a virtual time. */
  async runUntil(endMs: number): Promise<void> {
    for (;;) {
      this.wakeDue();
      if (this.ready.length === 0) {
        const next = this.later.nextMs;
        if (next > endMs) break;
        this.nowMs = next;
        continue;
      }
      if (this.nowMs >= endMs) break;
      await this.step();
    }
    this.nowMs = Math.max(this.nowMs, endMs);
  }

  private async step(): Promise<void> {
    const [chosen] = this.ready.splice(this.random.below(this.ready.length), 1);
    if (!chosen || chosen.task?.ended) return;
    this.steps += 1;
    this.nowMs += this.random.below(3);
    if (chosen.task && (this.nowMs > chosen.task.deadlineMs || this.random.chance(this.faults.crash))) {
      chosen.task.crash();
      return;
    }
    const slow = this.faults.delay + (chosen.label.startsWith('put ') ? this.faults.slowWrite : 0);
    if (chosen.task && this.random.chance(slow)) {
      this.wait(10 + this.random.next() ** 2 * DELAY_MS_MAX, chosen);
      return;
    }
    if (chosen.task) this.trace(`${chosen.task.name} ${chosen.label}`);
    chosen.go();
    await settled();
  }

  private wait(ms: number, waiting: Waiting): void {
    this.later.add(this.nowMs + Math.max(0, Math.round(ms)), waiting);
  }

  private wakeDue(): void {
    while (this.later.nextMs <= this.nowMs) this.ready.push(this.later.take());
  }
}

/**
 * Resolves once every promise that could settle by itself has: Node empties the queue of promises before it goes on to
 * the next tick. A turn of the event loop would do as well and cost more than most steps.
 */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
