import type { MovementOutcome, VoidReason } from '../../../../shared/domain/stock/ledger';
import type { MovementIntent, StockKey } from '../../../../shared/domain/stock/movement';

interface Shelf {
  onHand: number;
  held: number;
}

/**
 * Stock as a storekeeper would count it, on one slip of paper per warehouse and SKU: what the ledgers must amount to,
 * written without them. An id is served once; asked again, the first answer stands.
 */
export class StockModel {
  readonly outcomes = new Map<string, MovementOutcome>();
  private readonly shelves = new Map<string, Shelf>();
  private served = 0;

  shelf({ warehouseId, skuId }: StockKey): Shelf {
    const key = `${warehouseId} ${skuId}`;
    const shelf = this.shelves.get(key) ?? { onHand: 0, held: 0 };
    this.shelves.set(key, shelf);
    return shelf;
  }

  receive(key: StockKey, qty: number): void {
    this.shelf(key).onHand += qty;
  }

  /** Pieces of a SKU over all warehouses. */
  total(skuId: string): number {
    return [...this.shelves].reduce((sum, [key, shelf]) => sum + (key.endsWith(` ${skuId}`) ? shelf.onHand : 0), 0);
  }

  totalHeld(): number {
    return [...this.shelves.values()].reduce((sum, shelf) => sum + shelf.held, 0);
  }

  serve(intent: MovementIntent, wanted: boolean): MovementOutcome {
    const before = this.outcomes.get(intent.id);
    if (before) return before;
    this.served += 1;
    const refusal: VoidReason | undefined = wanted ? this.move(this.shelf(intent), intent) : 'cancelled';
    const outcome: MovementOutcome = { id: intent.id, number: this.served, ...(refusal && { void: refusal }) };
    this.outcomes.set(intent.id, outcome);
    return outcome;
  }

  private move(shelf: Shelf, { id, kind, qty }: MovementIntent): VoidReason | undefined {
    if (qty <= 0) throw new Error(`${id} moves ${qty} pieces`);
    switch (kind) {
      case 'receipt':
      case 'adjustment-in':
      case 'transfer-in':
        shelf.onHand += qty;
        return undefined;
      case 'hold':
        if (shelf.onHand - shelf.held < qty) return 'lack-of-stock';
        shelf.held += qty;
        return undefined;
      case 'release':
      case 'ship':
      case 'transfer-out':
      case 'adjustment-out':
        if (shelf.held < qty) throw new Error(`${id} takes ${qty} of ${shelf.held} held`);
        shelf.held -= qty;
        if (kind !== 'release') shelf.onHand -= qty;
        return undefined;
    }
  }
}
