import type { PlatformOrderLine } from '../../shared/domain/order/platform-order';
import type { ListingRef, PlatformListing, StockWrite, StockWriteResult } from '../../shared/ports/channel';
import type { SeededRandom } from '../support/seeded-random';
import type { Faults } from './faults';
import type { Refs } from './finding';
import { aboutListing } from './finding';

/** What surrounds a shelf. */
export interface ShelfWorld {
  readonly random: SeededRandom;
  readonly faults: Faults;
  nowMs(): number;
  readonly traced: boolean;
  trace(line: string, about: Refs): void;
  /** Takes what a shelf shows into the hash of the history. */
  note(what: string, qty: number): void;
  /** Something has happened that must not. */
  fault(what: string, about: Refs): void;
}

interface Item extends PlatformListing {
  shownQty: number;
}

/** A read of the shelf lags behind it at most this long. */
const READ_LAG_MS_MAX = 10_000;

/** A listing as one text. */
export const listingId = ({ itemId, platformSkuId }: ListingRef): string => `${itemId}/${platformSkuId ?? ''}`;

/** What one shop lists and shows. */
export class Shelf {
  private readonly items = new Map<string, Item>();
  private readonly appliedKeys = new Set<string>();
  private readonly askedKeys = new Set<string>();
  /** What was shown, newest last: reads may lag behind. */
  private readonly before: { readonly id: string; readonly qty: number; readonly untilMs: number }[] = [];

  constructor(
    private readonly shopId: string,
    private readonly world: ShelfWorld,
  ) {}

  list(listing: ListingRef, merchantCode: string, shownQty: number): void {
    this.items.set(listingId(listing), { ...listing, merchantCode, title: merchantCode, shownQty });
  }

  listings(): PlatformListing[] {
    return [...this.items.values()];
  }

  item(listing: ListingRef): PlatformListing {
    return this.items.get(listingId(listing)) as Item;
  }

  shownQty(listing: ListingRef): number {
    return this.items.get(listingId(listing))?.shownQty ?? 0;
  }

  /** Somebody of the shop sets its number at the platform. */
  setByHand(listing: ListingRef, qty: number): void {
    this.show(this.items.get(listingId(listing)) as Item, qty, 'by hand');
  }

  /** What a read answers: what it shows, or what it showed a while ago. */
  readQty(listing: ListingRef): number {
    const { random, faults } = this.world;
    if (!faults.happens('readLag')) return this.shownQty(listing);
    const atMs = this.world.nowMs() - random.below(READ_LAG_MS_MAX);
    const id = listingId(listing);
    return this.before.find((before) => before.id === id && before.untilMs > atMs)?.qty ?? this.shownQty(listing);
  }

  /** Takes the lines' pieces off (−1), all or none, or puts them back (+1). */
  take(lines: readonly PlatformOrderLine[], sign: 1 | -1): boolean {
    const wanted = new Map<string, number>();
    for (const line of lines) wanted.set(listingId(line), (wanted.get(listingId(line)) ?? 0) + line.quantity);
    if (sign < 0 && [...wanted].some(([id, qty]) => (this.items.get(id)?.shownQty ?? 0) < qty)) return false;
    for (const [id, qty] of wanted) {
      const item = this.items.get(id) as Item;
      this.show(item, item.shownQty + sign * qty, sign < 0 ? 'taken by an order' : 'put back by an order');
    }
    return true;
  }

  /** A call asks for a write: its key is made from the number of a sync record, which one run pushes once. */
  asked({ key, listing }: StockWrite): void {
    if (this.askedKeys.has(key))
      this.world.fault(`${this.shopId}: write ${key} is asked for a second time`, aboutListing(this.shopId, listing));
    this.askedKeys.add(key);
  }

  /** Applies one write, at once. */
  apply({ listing, mode, qty, key }: StockWrite): StockWriteResult {
    const item = this.items.get(listingId(listing)) as Item;
    const next = mode === 'set' ? qty : item.shownQty + qty;
    if (mode === 'add' && this.appliedKeys.has(key)) return { kind: 'applied', shownQty: item.shownQty };
    if (next < 0) return { kind: 'refused', code: 'below-zero', message: 'below zero', retry: 'later' };
    this.appliedKeys.add(key);
    this.show(item, next, `${mode} ${qty}`);
    return { kind: 'applied', shownQty: next };
  }

  private show(item: Item, qty: number, why: string): void {
    const { world, shopId } = this;
    const nowMs = world.nowMs();
    if (world.traced)
      world.trace(`${shopId} shelf ${listingId(item)} ${item.shownQty} → ${qty}, ${why}`, aboutListing(shopId, item));
    this.before.push({ id: listingId(item), qty: item.shownQty, untilMs: nowMs });
    while ((this.before[0]?.untilMs ?? nowMs) < nowMs - READ_LAG_MS_MAX) this.before.shift();
    item.shownQty = qty;
    world.note(`${shopId} ${listingId(item)}`, qty);
  }
}
