import type { LedgerEntry } from './ledger';
import { EMPTY_BALANCE } from './ledger';
import type { MovementSource } from './movement';
import { effectOf } from './movement';

/** What one document holds by the ledger's own count. */
export interface HeldBySource {
  readonly source: MovementSource;
  readonly qty: number;
}

/** Replays one ledger 库存流水, entry by entry from number 1 on, and says what is wrong with it. */
export class LedgerReplay {
  private number = 0;
  private balance = EMPTY_BALANCE;
  private readonly entered = new Map<string, 'applied' | 'void'>();
  private readonly held = new Map<string, HeldBySource>();

  /** Faults of the next entry: a gap, an id entered twice, below zero, a balance that its movements do not give. */
  next(entry: LedgerEntry): string[] {
    const faults: string[] = [];
    this.number += 1;
    if (entry.number !== this.number) faults.push(`entry ${this.number} has number ${entry.number}`);
    let { onHandQty, heldQty } = this.balance;
    for (const movement of entry.movements) {
      if (this.entered.has(movement.id))
        faults.push(`movement ${movement.id} entered twice (again in entry ${entry.number})`);
      this.entered.set(movement.id, movement.void ? 'void' : 'applied');
      if (movement.void) continue;
      const { onHandDelta, heldDelta } = effectOf(movement.kind, movement.qty);
      onHandQty += onHandDelta;
      heldQty += heldDelta;
      this.countHeld(movement.source, heldDelta);
      if (heldQty < 0 || onHandQty < heldQty) {
        faults.push(`after ${movement.id} in entry ${entry.number}: on hand ${onHandQty}, held ${heldQty}`);
      }
    }
    const said = entry.balance;
    if (said.onHandQty !== onHandQty || said.heldQty !== heldQty) {
      faults.push(
        `entry ${entry.number} says ${said.onHandQty}/${said.heldQty}, its movements give ${onHandQty}/${heldQty}`,
      );
    }
    this.balance = said;
    return faults;
  }

  get heldQty(): number {
    return this.balance.heldQty;
  }

  /** True where the movement is in the ledger and changed it. */
  hasApplied(movementId: string): boolean {
    return this.entered.get(movementId) === 'applied';
  }

  /** Documents that hold pieces, or less than none. */
  heldBySource(): HeldBySource[] {
    return [...this.held.values()];
  }

  private countHeld(source: MovementSource, delta: number): void {
    const id = `${source.type}#${source.id}`;
    const qty = (this.held.get(id)?.qty ?? 0) + delta;
    if (qty === 0) this.held.delete(id);
    else this.held.set(id, { source, qty });
  }
}
