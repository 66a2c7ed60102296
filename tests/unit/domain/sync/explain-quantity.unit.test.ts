import { explainQuantity } from '../../../../shared/domain/sync/explain-quantity';
import { reason } from './samples';

describe('why a shop shows its number', () => {
  it('names stock, ledger number, ratio, rounding and strategy', () => {
    expect(explainQuantity(6, reason())).toEqual({
      zh: '显示 6 件：可用库存 DIST 10 (#41) = 10，× 60% 向下取整得 6（策略 S1 v3）',
      en: 'shows 6: available DIST 10 (#41) = 10, × 60% rounded down is 6 (strategy S1 v3)',
    });
  });

  it('adds up several warehouses', () => {
    const balances = [
      { warehouseId: 'W1', ledgerNumber: 7, availableQty: 3 },
      { warehouseId: 'W2', ledgerNumber: 0, availableQty: 0 },
    ];
    const { zh, en } = explainQuantity(1, reason({ balances, availableQty: 3, flooredQty: 1 }));
    expect(zh).toBe('显示 1 件：可用库存 W1 3 (#7) + W2 0 (#0) = 3，× 60% 向下取整得 1（策略 S1 v3）');
    expect(en).toBe('shows 1: available W1 3 (#7) + W2 0 (#0) = 3, × 60% rounded down is 1 (strategy S1 v3)');
  });

  it('says that the ratio is an exception of this SKU', () => {
    const { zh, en } = explainQuantity(6, reason({ ratioFrom: 'exception' }));
    expect(zh).toBe('显示 6 件：可用库存 DIST 10 (#41) = 10，× 60% 向下取整得 6；比例取自单品例外（策略 S1 v3）');
    expect(en).toContain('; the ratio is the exception of this SKU (strategy');
  });

  it('says that the left-over piece came here', () => {
    const { zh, en } = explainQuantity(7, reason({ remainderQty: 1, ratioSumBp: 10_000 }));
    expect(zh).toContain('；各店比例合计 100%，余数分得 1 件（策略');
    expect(en).toContain('; the ratios sum to 100 %, so 1 left-over piece goes here (strategy');
  });

  it('says what was kept in reserve and where it was capped, in the order of the computation', () => {
    const { zh, en } = explainQuantity(3, reason({ reserveQty: 2, maxQty: 3 }));
    expect(zh).toContain('得 6；减安全库存 2；店铺上限 3（策略');
    expect(en).toContain('is 6; less a reserve of 2; capped at 3 (strategy');
  });

  it('names a reserve of one piece, and none where there is none', () => {
    expect(explainQuantity(5, reason({ reserveQty: 1 })).zh).toContain('减安全库存 1');
    expect(explainQuantity(6, reason()).zh).not.toContain('安全库存');
  });

  it('names a cap of nothing', () => {
    expect(explainQuantity(0, reason({ maxQty: 0 })).zh).toContain('店铺上限 0');
  });

  it('warns where pieces are shown in several shops, and not at exactly 100 %', () => {
    const { zh, en } = explainQuantity(6, reason({ ratioSumBp: 12_500 }));
    expect(zh).toContain('；注意：各店比例合计 125%，同一库存多店共享（策略');
    expect(en).toContain('; note: ratios sum to 125%, pieces are shown in several shops (strategy');
    expect(explainQuantity(6, reason({ ratioSumBp: 10_000 })).zh).not.toContain('注意');
  });

  it.each([
    [3333, '33.33%'],
    [5, '0.05%'],
    [10_000, '100%'],
    [12_550, '125.5%'],
  ])('writes %i basis points as %s', (ratioBp, percent) => {
    expect(explainQuantity(1, reason({ ratioBp })).zh).toContain(`× ${percent} `);
  });
});
