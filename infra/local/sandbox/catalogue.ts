import { ControlError } from './control-error';

/** What one shopper can put in the basket: a SKU, or an item that has none. */
export interface StockUnit {
  /** null where the item sells itself */
  readonly skuId: string | null;
  merchantCode: string;
  title: string;
  priceFen: number;
  /** the quantity shoppers see; never below 0 */
  stockQty: number;
  /** pieces bought and not given back */
  soldQty: number;
  modifiedAtMs: number;
}

export interface Item {
  readonly itemId: string;
  title: string;
  merchantCode: string;
  priceFen: number;
  /** one unit without a SKU id, or one per SKU */
  units: StockUnit[];
}

interface UnitListing {
  readonly merchantCode: string;
  readonly title: string;
  readonly priceFen: number;
  /** undefined keeps what is shown, 0 for a new one */
  readonly stockQty: number | undefined;
}

export interface ItemListing extends UnitListing {
  readonly itemId: string;
  readonly skus: readonly (UnitListing & { readonly skuId: string })[];
}

export interface Want {
  readonly itemId: string;
  readonly skuId: string | null;
  readonly quantity: number;
}

export interface Found {
  readonly item: Item;
  readonly unit: StockUnit;
}

/** The items of one shop with the stock each shows. Only buyers, cancellations and stock writes change that stock. */
export class Catalogue {
  private readonly byItemId = new Map<string, Item>();

  get items(): Iterable<Item> {
    return this.byItemId.values();
  }

  get size(): number {
    return this.byItemId.size;
  }

  item(itemId: string): Item | undefined {
    return this.byItemId.get(itemId);
  }

  /** First match by a test on unit and item, in the order they were listed. */
  find(matches: (unit: StockUnit, item: Item) => boolean): Found | undefined {
    for (const item of this.byItemId.values()) {
      const unit = item.units.find((candidate) => matches(candidate, item));
      if (unit !== undefined) return { item, unit };
    }
    return undefined;
  }

  /** Lists or relists an item. SKUs not named stay as they are; sold pieces are kept. */
  upsert(listing: ItemListing, nowMs: number): void {
    const { itemId, title, merchantCode, priceFen } = listing;
    const item = this.byItemId.get(itemId) ?? { itemId, title, merchantCode, priceFen, units: [] };
    Object.assign(item, { title, merchantCode, priceFen });
    if (listing.skus.length === 0) {
      if (item.units.some((unit) => unit.skuId !== null) && listing.stockQty !== undefined) {
        throw new ControlError(409, 'HAS_SKUS', `item ${itemId} has SKUs: give the stock of each`);
      }
      if (item.units.every((unit) => unit.skuId === null)) relist(item, null, listing, nowMs);
    } else {
      if (item.units.some((unit) => unit.skuId === null && unit.soldQty > 0)) {
        throw new ControlError(409, 'SOLD_WITHOUT_SKU', `item ${itemId} was sold without SKUs: it cannot get some now`);
      }
      item.units = item.units.filter((unit) => unit.skuId !== null);
      for (const sku of listing.skus) relist(item, sku.skuId, sku, nowMs);
    }
    this.byItemId.set(itemId, item);
  }

  /** Which unit a buyer means. Throws ControlError when the shop does not sell it. */
  pick(want: Want): Found {
    const item = this.byItemId.get(want.itemId);
    if (item === undefined) throw new ControlError(404, 'NO_SUCH_ITEM', `no item ${want.itemId}`);
    // An item that sells itself may also be named as its own SKU, as Doudian shows it.
    const unit = item.units.find((candidate) => (candidate.skuId ?? item.itemId) === (want.skuId ?? item.itemId));
    if (unit === undefined) {
      const named = want.skuId === null ? 'needs a skuId' : `has no SKU ${want.skuId}`;
      throw new ControlError(404, 'NO_SUCH_SKU', `item ${want.itemId} ${named}`);
    }
    return { item, unit };
  }

  /** Takes all lines or none; lines of one SKU are summed first, so that two lines cannot share the last piece. */
  take<Line extends Want>(lines: readonly Line[], nowMs: number): (Found & { readonly line: Line })[] {
    const picks = lines.map((line) => ({ ...this.pick(line), line }));
    const wantedQty = new Map<StockUnit, number>();
    for (const { unit, line } of picks) wantedQty.set(unit, (wantedQty.get(unit) ?? 0) + line.quantity);
    for (const [unit, quantity] of wantedQty) {
      if (unit.stockQty < quantity) {
        const name = unit.merchantCode || unit.title;
        throw new ControlError(409, 'SOLD_OUT', `${name}: ${quantity} wanted, ${unit.stockQty} left`);
      }
    }
    for (const [unit, quantity] of wantedQty) {
      unit.stockQty -= quantity;
      unit.soldQty += quantity;
      unit.modifiedAtMs = nowMs;
    }
    return picks;
  }

  /** Pieces of a closed line go back to the shown stock, whatever was written to it in between. */
  giveBack(want: Want, nowMs: number): void {
    const { unit } = this.pick(want);
    unit.stockQty += want.quantity;
    unit.soldQty -= want.quantity;
    unit.modifiedAtMs = nowMs;
  }
}

export function itemStockQty(item: Item): number {
  return item.units.reduce((sum, unit) => sum + unit.stockQty, 0);
}

function relist(item: Item, skuId: string | null, listing: UnitListing, nowMs: number): void {
  const { merchantCode, title, priceFen } = listing;
  const existing = item.units.find((unit) => unit.skuId === skuId);
  if (existing === undefined) {
    const stockQty = listing.stockQty ?? 0;
    item.units.push({ skuId, merchantCode, title, priceFen, stockQty, soldQty: 0, modifiedAtMs: nowMs });
    return;
  }
  const stockQty = listing.stockQty ?? existing.stockQty;
  Object.assign(existing, { merchantCode, title, priceFen, stockQty, modifiedAtMs: nowMs });
}
