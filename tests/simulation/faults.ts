import { SeededRandom } from '../support/seeded-random';

/** Everything that can go wrong, and how often at most: the chance at one step, call, message or timer. */
const MOST = {
  /** An instance ends at an await. */
  crash: 0.01,
  /** A step that takes long: the others overtake it. */
  delay: 0.05,
  /** A write on its way that takes long: what it was decided from grows old meanwhile. */
  slowWrite: 0.2,
  /** An operation of a port that is refused before it is applied. */
  refused: 0.01,
  /** One that is applied, and the caller never learns. */
  timeout: 0.02,
  /** An index read that is answered from the past. */
  staleIndex: 0.5,
  /** A message that is lost; another that comes twice. */
  lost: 0.3,
  twice: 0.3,
  /** A message that comes minutes late. */
  late: 0.05,
  /** A platform that limits the rate of writes. */
  flowControl: 0.2,
  /** A platform that refuses a write for good: only a person can help, or the next movement. */
  writeRefused: 0.05,
  /** A write that is refused because of its company, with all of it or alone. */
  badCompany: 0.2,
  /** A call of a platform that fails, with any of the errors that its adapters know. */
  platformDown: 0.08,
  /** A write of which the outcome never comes: not applied, applied, or applied late. */
  writeTimeout: 0.2,
  /** An order that is answered in a form that cannot be read. */
  unreadable: 0.03,
  /** A read of the shelf from the past. */
  readLag: 0.3,
  /** An instance's clock is set, forwards or back. */
  clockSet: 0.02,
  /** A timer or a queue that starts two runs of a call instead of one. */
  twoRuns: 0.05,
  /** A call that is answered by the build before; half of them at most. */
  formerBuild: 0.5,
  /** A call that has time for a few steps only before it must end by itself. */
  littleTime: 0.3,
} as const;

export type FaultName = keyof typeof MOST;

export const FAULT_NAMES = Object.keys(MOST) as FaultName[];

const each = (value: (name: FaultName) => number): Record<FaultName, number> =>
  Object.fromEntries(FAULT_NAMES.map((name) => [name, value(name)])) as Record<FaultName, number>;

/** What goes wrong in one history: nothing until {@link begin}, and nothing behind {@link end}. */
export class Faults {
  /** How often each has happened. */
  readonly happened = each(() => 0);
  private chances = each(() => 0);

  constructor(private readonly random: SeededRandom) {}

  /** Faults that may happen now. */
  get present(): FaultName[] {
    return FAULT_NAMES.filter((name) => this.chances[name] > 0);
  }

  /** Draws how often each happens. A quarter of the histories go without a given one. */
  begin(seed: number, without: ReadonlySet<string>): void {
    const random = new SeededRandom(seed ^ 0xfa017);
    // Drawn in any case, so that leaving one out changes no other.
    this.chances = each((name) => {
      const drawn = random.chance(0.25) ? 0 : random.next() * MOST[name];
      return without.has(name) ? 0 : drawn;
    });
  }

  end(): void {
    this.chances = each(() => 0);
  }

  /** Whether it goes wrong this time. */
  happens(name: FaultName): boolean {
    if (!this.random.chance(this.chances[name])) return false;
    this.happened[name] += 1;
    return true;
  }
}
