import type { Shop } from '../../shared/domain/settings';
import type { Run } from '../../shared/platform/define-function';
import { DEADLINE_SPARE_MS, takeToken } from './write-stock';

/** Calls to one shop's platform at once. */
export const CALLS_AT_ONCE = 4;

/**
 * Calls of a shop begin for so long in each batch; then the others go on without it. A hundred listings read back at 200 ms,
 * four at once, take as long; of calls that run into their time limit it is two.
 */
const TURN_MS = 5_000;

/**
 * What a run learns of its shops' platforms, so that a slow one has the time that it is given and not that of the others.
 * A shop whose turn is over, or whose platform cannot be reached, is left for later without a call.
 *
 * Not to be reached is a platform of which as many calls in a row came back without an answer as go out at once: at the
 * hours when it matters most, platforms leave one call in a hundred without an answer and take the others.
 */
export class ShopTurns {
  private readonly slow = new Set<string>();
  private readonly unanswered = new Map<string, number>();

  begin(run: Run, shop: Shop): ShopTurn {
    return new ShopTurn(run, shop, this);
  }

  /** Whether the shop is to be left for later. */
  isOver(shopId: string): boolean {
    return this.slow.has(shopId) || !this.isReachable(shopId);
  }

  isReachable(shopId: string): boolean {
    return (this.unanswered.get(shopId) ?? 0) < CALLS_AT_ONCE;
  }

  cutShort(shopId: string): void {
    this.slow.add(shopId);
  }

  /** A call came back: with any answer, a refusal too, or with none. */
  ended(shopId: string, call: 'answered' | 'unanswered'): void {
    this.unanswered.set(shopId, call === 'answered' ? 0 : (this.unanswered.get(shopId) ?? 0) + 1);
  }

  /** Every shop gets a turn again, but those that cannot be reached. Returns whether any had been cut short. */
  anew(): boolean {
    const cutShort = this.slow.size > 0;
    this.slow.clear();
    return cutShort;
  }
}

/** One shop in one batch: says before each call whether it may begin, and is told what came of it. */
export class ShopTurn {
  private readonly endsAtMs: number;
  /** A write takes at most so long: the claim with its call, and saving what came of it. */
  private readonly writeMsMax: number;

  constructor(
    private readonly run: Run,
    private readonly shop: Shop,
    private readonly turns: ShopTurns,
  ) {
    this.endsAtMs = run.ports.clock.nowMs() + TURN_MS;
    this.writeMsMax = run.config.channelTimeoutMs + 2 * DEADLINE_SPARE_MS;
  }

  /** Whether a read may begin: then there is time left to write what it finds, too. */
  mayRead(): Promise<boolean> {
    return this.mayBegin(this.run.config.channelTimeoutMs + this.writeMsMax);
  }

  /** Whether a write may begin. What was read in this turn is written even when the turn is over: it would be read in vain. */
  async mayWrite({ wasRead }: { wasRead: boolean }): Promise<boolean> {
    if (!wasRead) return this.mayBegin(this.writeMsMax);
    return this.fits(this.writeMsMax) && (await takeToken(this.run, this.shop)) && this.fits(this.writeMsMax);
  }

  ended(call: 'answered' | 'unanswered'): void {
    this.turns.ended(this.shop.id, call);
  }

  /** A token that was waited for up to the end of the turn is used: a shop of few a minute would else never get a call. */
  private async mayBegin(neededMs: number): Promise<boolean> {
    this.endInTime();
    if (this.turns.isOver(this.shop.id) || !this.fits(neededMs)) return false;
    if (await takeToken(this.run, this.shop, this.endsAtMs)) return this.fits(neededMs);
    this.endInTime();
    return false;
  }

  private endInTime(): void {
    if (this.run.ports.clock.nowMs() >= this.endsAtMs) this.turns.cutShort(this.shop.id);
  }

  private fits(neededMs: number): boolean {
    return this.run.remainingMs() >= neededMs && this.turns.isReachable(this.shop.id);
  }
}
