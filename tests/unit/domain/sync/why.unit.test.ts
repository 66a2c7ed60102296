import type { ItemMapping } from '../../../../shared/domain/order/item-mapping';
import type { Shop } from '../../../../shared/domain/settings';
import { quantitySteps } from '../../../../shared/domain/sync/quantity-steps';
import type { RatioStrategy, ShopStrategy } from '../../../../shared/domain/sync/ratio-strategy';
import type { QuantityReason } from '../../../../shared/domain/sync/shop-quantity';
import type { SyncRecord } from '../../../../shared/domain/sync/sync-record';
import type { WhyFacts } from '../../../../shared/domain/sync/why-now';
import { whyNow } from '../../../../shared/domain/sync/why-now';

/** 2026-03-08 14:05:09 in Shanghai. */
const NOW_MS = Date.UTC(2026, 2, 8, 6, 5, 9);

/** 97 pieces at 60 %: 58.2, rounded down 58. */
const REASON: QuantityReason = {
  balances: [{ warehouseId: 'DS', ledgerNumber: 4, availableQty: 97 }],
  ...{ availableQty: 97, ratioBp: 6_000, ratioFrom: 'strategy', strategyId: 'tmall', strategyVersion: 2 },
  ...{ flooredQty: 58, remainderQty: 0, ratioSumBp: 10_000, reserveQty: 0, maxQty: null },
};

const RECORD: SyncRecord = {
  ...{ number: 7, shopId: 'tmall-main', itemId: '69', platformSkuId: null, skuId: 'A', qty: 58, reason: REASON },
  ...{ status: 'pushed', write: { mode: 'set', qty: 58, key: 'tmall-main.69.7' }, token: 't', deadlineMs: 0 },
  ...{ shownQty: 58, suspectQty: null, failure: null, failures: 0, retryAtMs: null, recheckAtMs: null },
  ...{ createdAtMs: NOW_MS - 1_000, finishedAtMs: NOW_MS - 500 },
};

const SHOP: Shop = {
  ...{ id: 'tmall-main', channel: 'taobao', title: '店', platformShopId: '', warehouseIds: ['DS'], active: true },
  ...{ writesPerSecond: 20, writeBurst: 20, version: 1 },
};

const MAPPING: ItemMapping = {
  ...{ shopId: 'tmall-main', itemId: '69', platformSkuId: null, skuId: 'A', source: 'manual', merchantCode: null },
  ...{ title: '', version: 1, resync: null },
};

const SWITCHES: ShopStrategy = {
  ...{ shopId: 'tmall-main', stockSyncEnabled: true, reserveQty: 0, maxQty: null, version: 1, resync: null },
};

const STRATEGY: RatioStrategy = {
  ...{ id: 'tmall', name: '60%', enabled: true, shopIds: ['tmall-main'], skuIds: null, warehouseIds: ['DS'] },
  ...{ ratioBp: 6_000, priority: 0, validFromMs: null, validToMs: null, version: 2, resync: null },
};

const SETTLED: WhyFacts = {
  ...{ shop: SHOP, mapping: MAPPING, switches: SWITCHES, strategies: [STRATEGY], last: RECORD },
  ...{ target: { qty: 58, reason: REASON }, inPool: false, nowMs: NOW_MS },
};

const codes = (facts: Partial<WhyFacts>) => whyNow({ ...SETTLED, ...facts }).map(({ code }) => code);

describe('the derivation of a quantity', () => {
  it('goes from the balance over the sum and the exact product to the rounded quantity', () => {
    expect(quantitySteps(REASON)).toEqual([
      { step: 'balance', warehouseId: 'DS', ledgerNumber: 4, qty: 97 },
      { step: 'sum', qty: 97 },
      {
        ...{ step: 'ratio', ratioBp: 6_000, ratioFrom: 'strategy', strategyId: 'tmall', strategyVersion: 2 },
        exact: '58.2',
      },
      { step: 'rounding', qty: 58 },
    ]);
  });

  it('adds what is left over, takes the reserve, and ends at the cap', () => {
    // 7 + 4 = 11 pieces at 33.33 %: 3.6663, rounded 3, one left over 4, less 1 is 3, at most 2.
    const steps = quantitySteps({
      ...REASON,
      balances: [
        { warehouseId: 'DS', ledgerNumber: 1, availableQty: 7 },
        { warehouseId: 'W2', ledgerNumber: 9, availableQty: 4 },
      ],
      ...{ availableQty: 11, ratioBp: 3_333, flooredQty: 3, remainderQty: 1, reserveQty: 1, maxQty: 2 },
    });
    expect(steps.slice(2)).toMatchObject([
      { step: 'sum', qty: 11 },
      { step: 'ratio', exact: '3.6663' },
      { step: 'rounding', qty: 3 },
      { step: 'remainder', remainderQty: 1, qty: 4 },
      { step: 'reserve', reserveQty: 1, qty: 3 },
      { step: 'cap', maxQty: 2, qty: 2 },
    ]);
  });

  it('never goes below zero by the reserve, and says a whole product without a point', () => {
    const steps = quantitySteps({ ...REASON, availableQty: 5, ratioBp: 10_000, flooredQty: 5, reserveQty: 9 });
    expect(steps.slice(2)).toMatchObject([{ exact: '5' }, { qty: 5 }, { step: 'reserve', qty: 0 }]);
  });
});

describe('why a listing does not show what it would be computed to now', () => {
  it('says nothing where it does', () => {
    expect(whyNow(SETTLED)).toEqual([]);
  });

  it.each<[string, Partial<WhyFacts>, string[]]>([
    ['its item is not known', { mapping: undefined }, ['no-mapping']],
    ['nobody has said which SKU it is', { mapping: { ...MAPPING, skuId: null } }, ['unmapped']],
    ['its shop is not active', { shop: { ...SHOP, active: false } }, ['shop-inactive']],
    ['sync is not ticked', { switches: { ...SWITCHES, stockSyncEnabled: false } }, ['sync-disabled']],
    ['its shop has no strategy of its own', { switches: undefined }, ['sync-disabled']],
    ['no ratio strategy names it', { strategies: [] }, ['no-strategy']],
    ['its ratio strategy is off', { strategies: [{ ...STRATEGY, enabled: false }] }, ['no-strategy']],
    ['its ratio strategy is over', { strategies: [{ ...STRATEGY, validToMs: NOW_MS }] }, ['no-strategy']],
    [
      'two things are missing',
      { switches: undefined, strategies: [{ ...STRATEGY, skuIds: ['B'] }] },
      ['sync-disabled', 'no-strategy'],
    ],
  ])('nothing is pushed: %s', (_title, facts, expected) => {
    expect(codes({ last: undefined, target: undefined, ...facts })).toEqual(expected);
  });

  it('does not call a strategy off that decides within its dates', () => {
    const dated = { ...STRATEGY, validFromMs: NOW_MS - 1, validToMs: NOW_MS + 1 };
    expect(codes({ target: undefined, last: undefined, strategies: [dated], switches: undefined })).toEqual([
      'sync-disabled',
    ]);
  });

  it.each<[string, Partial<QuantityReason>, string]>([
    ['stock', { balances: [{ warehouseId: 'DS', ledgerNumber: 5, availableQty: 90 }] }, 'stock-moved'],
    ['the strategy', { strategyVersion: 3 }, 'strategy-changed'],
    ['an exception', { ratioFrom: 'exception', ratioBp: 5_000 }, 'ratio-changed'],
    ['a cap', { maxQty: 10 }, 'caps-changed'],
    ['another shop', { remainderQty: 1 }, 'shares-changed'],
  ])('names what has changed since: %s', (_title, change, expected) => {
    expect(codes({ target: { qty: 1, reason: { ...REASON, ...change } } })).toEqual([expected]);
  });

  it('says that the listing is of another SKU now', () => {
    expect(codes({ mapping: { ...MAPPING, skuId: 'B' }, target: { qty: 58, reason: REASON } })).toEqual(['remapped']);
  });

  it.each<[Partial<SyncRecord>, string]>([
    [{ status: 'in-flight', deadlineMs: NOW_MS }, 'in-flight'],
    [{ status: 'unknown' }, 'outcome-unknown'],
    [{ status: 'failed', retryAtMs: NOW_MS }, 'retry-later'],
    [{ status: 'failed', failure: { code: 'CHANNEL_REFUSED', message: '已删除' } }, 'failed-for-good'],
    [{ suspectQty: 3 }, 'suspect'],
  ])('says what the push waits for: %j', (state, expected) => {
    expect(codes({ last: { ...RECORD, ...state } })).toEqual([expected]);
  });

  it('says when a failed push is tried again, and why it failed, in both languages', () => {
    const failure = { code: 'CHANNEL_THROTTLED', message: 'slow down' };
    expect(whyNow({ ...SETTLED, last: { ...RECORD, status: 'failed', retryAtMs: NOW_MS, failure } })).toEqual([
      {
        code: 'retry-later',
        zh: '推送失败，2026-03-08 14:05:09 重试：CHANNEL_THROTTLED slow down',
        en: 'the push failed and is tried again at 2026-03-08 14:05:09: CHANNEL_THROTTLED slow down',
      },
    ]);
  });

  it('says that it waits in the pool, or for settings that were just saved', () => {
    expect(codes({ inPool: true })).toEqual(['pool-pending']);
    const resync = { kind: 'shops', shopIds: ['tmall-main'], after: null } as const;
    expect(codes({ strategies: [{ ...STRATEGY, resync }] })).toEqual(['resync-pending']);
    expect(codes({ mapping: { ...MAPPING, resync: { kind: 'sku', skuId: 'A' } } })).toEqual(['resync-pending']);
    expect(codes({ last: undefined, inPool: true })).toEqual(['never-pushed', 'pool-pending']);
  });
});
