import type { Failures } from '../../domain/user/login';
import { withAttempt, withoutAttempt } from '../../domain/user/login';

/** About a megabyte; who tries more names than this has spent an hour of hashing on it. */
const NAMES_MAX = 10_000;

/**
 * Failed attempts under names that nobody has, in memory: they are answered as those of users, pauses included, so that the
 * answers do not tell who is one, and nobody fills the store with names. Each instance has its own; where a cloud runs several,
 * a name that nobody has may be free for longer.
 */
export class UnknownNames {
  /** Longest unused first. */
  private readonly known = new Map<string, Failures>();

  of(name: string): Failures {
    return this.known.get(name) ?? { failures: 0, lockedUntilMs: 0 };
  }

  countAttempt(name: string, nowMs: number): void {
    const counted = withAttempt(this.of(name), nowMs);
    this.known.delete(name);
    this.known.set(name, counted);
    const [oldest] = this.known.keys();
    if (this.known.size > NAMES_MAX && oldest !== undefined) this.known.delete(oldest);
  }

  takeBackAttempt(name: string): void {
    this.known.set(name, withoutAttempt(this.of(name)));
  }
}
