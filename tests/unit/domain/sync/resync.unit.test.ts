import type { ListingResync } from '../../../../shared/domain/sync/resync';
import { resyncMapped, resyncReadBack, resyncShops } from '../../../../shared/domain/sync/resync';

describe('what a saved strategy still has to bring to the shops', () => {
  it('walks its shops from the beginning, each once, in order', () => {
    expect(resyncShops(['tmall-1', 'jd-1', 'tmall-1'], null, { fromMs: 7, resumed: false })).toEqual({
      kind: 'shops',
      shopIds: ['jd-1', 'tmall-1'],
      after: null,
      fromMs: 7,
    });
  });

  it('takes in the shops of an earlier save that was not walked to its end', () => {
    const unfinished = { kind: 'shops', shopIds: ['douyin-1', 'jd-1'], after: 'jd-1#4711' } as const;
    expect(resyncShops(['tmall-1', 'jd-1'], unfinished, { fromMs: 7, resumed: false })).toEqual({
      kind: 'shops',
      shopIds: ['douyin-1', 'jd-1', 'tmall-1'],
      after: null,
      fromMs: 7,
    });
  });

  it('has nothing to take in from a resync of one SKU', () => {
    expect(resyncShops(['tmall-1'], { kind: 'sku', skuId: 'TEE' }, { fromMs: 7, resumed: false })).toEqual({
      kind: 'shops',
      shopIds: ['tmall-1'],
      after: null,
      fromMs: 7,
    });
  });

  it('asks for what the shops show where a sync that was paused is taken up, until that walk has come to its end', () => {
    const resumed = resyncShops(['tmall-1'], null, { fromMs: 7, resumed: true });
    expect(resumed).toMatchObject({ readBack: true });
    expect(resyncShops(['tmall-1'], resumed, { fromMs: 7, resumed: false })).toMatchObject({ readBack: true });
    expect(resyncShops(['tmall-1'], null, { fromMs: 7, resumed: false })).not.toHaveProperty('readBack');
  });
});

describe('what a mapping still has to bring to the shops', () => {
  const tee: ListingResync = { kind: 'sku', skuId: 'TEE' };

  it('is its SKU, in all shops', () => {
    expect(resyncMapped({ skuId: 'TEE' }, undefined)).toEqual(tee);
    expect(resyncMapped({ skuId: 'TEE', untilMs: 9 }, { skuId: null, resync: null })).toEqual({ ...tee, untilMs: 9 });
    expect(resyncMapped({ skuId: 'TEE' }, { skuId: 'TEE', resync: tee })).toEqual(tee);
  });

  it('is the SKU that it leaves, too, through all that were saved and not walked', () => {
    const once = resyncMapped({ skuId: 'CAP' }, { skuId: 'TEE', resync: null });
    expect(once).toEqual({ kind: 'sku', skuId: 'CAP', alsoSkuIds: ['TEE'] });
    const twice = resyncMapped({ skuId: 'BAG' }, { skuId: 'CAP', resync: once });
    expect(twice).toEqual({ kind: 'sku', skuId: 'BAG', alsoSkuIds: ['TEE', 'CAP'] });
    expect(resyncMapped({ skuId: 'TEE' }, { skuId: 'BAG', resync: twice })).toEqual({
      ...{ kind: 'sku', skuId: 'TEE', alsoSkuIds: ['CAP', 'BAG'] },
    });
  });

  it('is a read-back besides what it asks for already, and asked for twice once', () => {
    const both = { kind: 'read-back', skuId: 'TEE', alsoSkuIds: ['CAP', 'TEE'], untilMs: 9 };
    const asked = resyncReadBack('TEE', { ...tee, alsoSkuIds: ['CAP'], untilMs: 9 });
    expect(asked).toEqual(both);
    expect(resyncReadBack('TEE', asked)).toEqual(both);
    expect(resyncReadBack('TEE', null)).toEqual({ kind: 'read-back', skuId: 'TEE' });
  });

  it('is the read-back still where the same SKU is saved once more, and not where another one is', () => {
    const asked: ListingResync = { kind: 'read-back', skuId: 'TEE', alsoSkuIds: ['TEE'] };
    expect(resyncMapped({ skuId: 'TEE' }, { skuId: 'TEE', resync: asked })).toEqual(asked);
    expect(resyncMapped({ skuId: 'CAP' }, { skuId: 'TEE', resync: asked })).toEqual({
      ...{ kind: 'sku', skuId: 'CAP', alsoSkuIds: ['TEE'] },
    });
  });
});
