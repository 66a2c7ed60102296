/** One thing that can happen next: a call that a worker has under way is performed, or the worker crashes. */
export interface Step {
  /** Whose it is and what it does: the same in every run that has come to the same state. */
  readonly name: string;
  readonly worker: number;
  readonly crash: boolean;
  /** Which of the worker's calls that are under way. */
  readonly call: number;
  readonly touches: Touches;
}

/** The partition that a call reads or writes, '' where there are several. */
export interface Touches {
  readonly pk: string;
  readonly write: boolean;
}

/** A state, and a step from it. */
export interface Departure {
  readonly state: string;
  readonly step: Step;
}

/** Where the steps from each state have led. */
export class Ways {
  private readonly led = new Map<string, Map<string, string>>();

  add({ state, step }: Departure, to: string): void {
    this.led.set(state, (this.led.get(state) ?? new Map<string, string>()).set(step.name, to));
  }

  /**
   * Whether it is known where a step leads without going there: what one worker does on one document and another on another
   * leads to the same state in either order. No state is missed, since that one was reached in the other order.
   */
  know(departure: Departure, arrival: Departure | undefined): boolean {
    const { state, step } = departure;
    if (!arrival || !commute(arrival.step, step)) return false;
    const beside = this.led.get(arrival.state)?.get(step.name);
    const to = beside === undefined ? undefined : this.led.get(beside)?.get(arrival.step.name);
    if (to !== undefined) this.add({ state, step }, to);
    return to !== undefined;
  }
}

function commute(one: Step, other: Step): boolean {
  // Who has crashed does nothing more, and only so many may crash.
  if (one.crash || other.crash) return one.worker !== other.worker && one.crash !== other.crash;
  const apart = one.touches.pk !== '' && other.touches.pk !== '' && one.touches.pk !== other.touches.pk;
  // A worker asks several ledgers at once, and joins what it has learnt before it goes on.
  if (one.worker === other.worker) return apart && isLedger(one) && isLedger(other);
  return apart || (!one.touches.write && !other.touches.write);
}

const isLedger = ({ touches }: Step): boolean => touches.pk.startsWith('ledger#');
