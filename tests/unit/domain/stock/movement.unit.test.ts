import type { MovementKind } from '../../../../shared/domain/stock/movement';
import { effectOf, movementId, stockKeyText } from '../../../../shared/domain/stock/movement';

describe('effect of a movement of 4 pieces on stock', () => {
  it.each<[MovementKind, number, number]>([
    ['receipt', 4, 0],
    ['adjustment-in', 4, 0],
    ['transfer-in', 4, 0],
    ['hold', 0, 4],
    ['release', 0, -4],
    ['ship', -4, -4],
    ['transfer-out', -4, -4],
    ['adjustment-out', -4, -4],
  ])('%s changes what is on hand by %i and what is held by %i', (kind, onHandDelta, heldDelta) => {
    expect(effectOf(kind, 4)).toEqual({ onHandDelta, heldDelta });
  });

  it('is nothing for no pieces, and never minus zero', () => {
    expect(effectOf('ship', 0)).toEqual({ onHandDelta: 0, heldDelta: 0 });
  });
});

describe('names', () => {
  it('names a movement by document, SKU, kind and attempt', () => {
    expect(movementId('tmall-1#88001', 'TEE', 'hold', 2)).toBe('tmall-1#88001/TEE/hold/2');
  });

  it('gives every attempt and every kind a name of its own', () => {
    const ids = [
      movementId('D1', 'TEE', 'hold', 1),
      movementId('D1', 'TEE', 'hold', 2),
      movementId('D1', 'TEE', 'release', 2),
      movementId('D1', 'CAP', 'hold', 1),
      movementId('D2', 'TEE', 'hold', 1),
    ];
    expect(new Set(ids).size).toBe(5);
  });

  it('names a ledger by warehouse and SKU', () => {
    expect(stockKeyText({ warehouseId: 'SH-1', skuId: 'TEE' })).toBe('SH-1#TEE');
  });
});
