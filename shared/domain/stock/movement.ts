/**
 * Kinds of stock movement 库存变动 and what each does to the balance of one SKU in one warehouse.
 *
 * | kind | 中文 | on hand | held |
 * | --- | --- | --- | --- |
 * | receipt | 入库 | +q | |
 * | adjustment-in | 调整增加 | +q | |
 * | adjustment-out | 调整减少 | −q | −q |
 * | hold | 占用 | | +q |
 * | release | 释放 | | −q |
 * | ship | 出库 | −q | −q |
 * | transfer-out | 分货出 | −q | −q |
 * | transfer-in | 分货入 | +q | |
 *
 * Whatever takes pieces out of a warehouse holds them first: a lack is then found before anything has moved.
 */
export type MovementKind =
  | 'receipt'
  | 'adjustment-in'
  | 'adjustment-out'
  | 'hold'
  | 'release'
  | 'ship'
  | 'transfer-out'
  | 'transfer-in';

const EFFECTS: Record<MovementKind, { onHand: -1 | 0 | 1; held: -1 | 0 | 1 }> = {
  receipt: { onHand: 1, held: 0 },
  'adjustment-in': { onHand: 1, held: 0 },
  'adjustment-out': { onHand: -1, held: -1 },
  hold: { onHand: 0, held: 1 },
  release: { onHand: 0, held: -1 },
  ship: { onHand: -1, held: -1 },
  'transfer-out': { onHand: -1, held: -1 },
  'transfer-in': { onHand: 1, held: 0 },
};

/** Change of (on hand, held) that `qty` pieces of this kind make. */
export function effectOf(kind: MovementKind, qty: number): { onHandDelta: number; heldDelta: number } {
  const { onHand, held } = EFFECTS[kind];
  return { onHandDelta: onHand * qty || 0, heldDelta: held * qty || 0 };
}

/** One SKU 商品 in one warehouse 逻辑仓: the partition that a ledger belongs to. */
export interface StockKey {
  readonly warehouseId: string;
  readonly skuId: string;
}

/** Text of a stock key; `#` never occurs inside its parts. */
export function stockKeyText(key: StockKey): string {
  return `${key.warehouseId}#${key.skuId}`;
}

/** The document that caused a movement, so that a ledger line leads back to it. */
export interface MovementSource {
  readonly type: 'delivery-order' | 'allocation-order' | 'receipt' | 'adjustment';
  readonly id: string;
  /** Set for a delivery order: a sale in this shop is a piece that the platform itself has taken off its shelf. */
  readonly shopId?: string;
}

/**
 * What a document has decided to do to the stock, saved in that document **before** it acts.
 *
 * `id` is unique for ever: document / SKU / kind / attempt. `seenNumber` is the last ledger number known when the
 * intent was saved: whoever drives the intent on needs to look only behind it to learn whether it is done.
 */
export interface MovementIntent extends StockKey {
  readonly id: string;
  readonly kind: MovementKind;
  /** Pieces, > 0. */
  readonly qty: number;
  readonly seenNumber: number;
}

/** `document/SKU/kind/attempt`: a later try of the same movement is a new attempt with a new id. */
export function movementId(documentId: string, skuId: string, kind: MovementKind, attempt: number): string {
  return `${documentId}/${skuId}/${kind}/${attempt}`;
}
