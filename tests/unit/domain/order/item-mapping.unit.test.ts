import { listingKey } from '../../../../shared/domain/order/item-mapping';

describe('key of a listing in its shop', () => {
  it('is the item and its SKU on the platform', () => {
    expect(listingKey({ itemId: '654321', platformSkuId: '4711' })).toBe('654321#4711');
  });

  it('is the item alone where the item has no SKUs', () => {
    expect(listingKey({ itemId: '654321', platformSkuId: null })).toBe('654321');
  });
});
