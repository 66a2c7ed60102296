import { resyncShops } from '../../../../shared/domain/sync/resync';

describe('what a saved strategy still has to bring to the shops', () => {
  it('walks its shops from the beginning, each once, in order', () => {
    expect(resyncShops(['tmall-1', 'jd-1', 'tmall-1'], null, false)).toEqual({
      kind: 'shops',
      shopIds: ['jd-1', 'tmall-1'],
      after: null,
    });
  });

  it('takes in the shops of an earlier save that was not walked to its end', () => {
    const unfinished = { kind: 'shops', shopIds: ['douyin-1', 'jd-1'], after: 'jd-1#4711' } as const;
    expect(resyncShops(['tmall-1', 'jd-1'], unfinished, false)).toEqual({
      kind: 'shops',
      shopIds: ['douyin-1', 'jd-1', 'tmall-1'],
      after: null,
    });
  });

  it('has nothing to take in from a resync of one SKU', () => {
    expect(resyncShops(['tmall-1'], { kind: 'sku', skuId: 'TEE' }, false)).toEqual({
      kind: 'shops',
      shopIds: ['tmall-1'],
      after: null,
    });
  });

  it('asks for what the shops show where a sync that was paused is taken up, until that walk has come to its end', () => {
    const resumed = resyncShops(['tmall-1'], null, true);
    expect(resumed).toMatchObject({ readBack: true });
    expect(resyncShops(['tmall-1'], resumed, false)).toMatchObject({ readBack: true });
    expect(resyncShops(['tmall-1'], null, false)).not.toHaveProperty('readBack');
  });
});
