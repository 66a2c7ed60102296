import type { Actor } from '../../../../shared/domain/kernel/log-line';
import type { StockEntry } from '../../../../shared/domain/stock/stock-entry';
import { endStockEntry, stockEntryPlan } from '../../../../shared/domain/stock/stock-entry';
import { advanceStockWork, startStockWork } from '../../../../shared/domain/stock/stock-work';

const AT = Date.parse('2026-03-08T06:00:00Z');
const actor: Actor = { kind: 'system', id: 'stock' };

const entry = (type: StockEntry['type'], ...lines: [string, number][]): StockEntry => ({
  id: 'E1',
  type,
  warehouseId: 'SH-1',
  lines: lines.map(([skuId, qty]) => ({ skuId, qty })),
  reason: '盘点',
  status: 'posting',
  work: null,
  lacking: [],
  createdAtMs: AT,
  log: [],
});

describe('what a stock entry moves', () => {
  it('brings a receipt in, lines of one SKU summed', () => {
    // TEE: 5 + 7 = 12
    expect(stockEntryPlan(entry('receipt', ['TEE', 5], ['CAP', 1], ['TEE', 7]))).toEqual({
      documentId: 'receipt#E1',
      outgoing: [],
      outKind: 'adjustment-out',
      incoming: [
        { warehouseId: 'SH-1', skuId: 'TEE', qty: 12 },
        { warehouseId: 'SH-1', skuId: 'CAP', qty: 1 },
      ],
      inKind: 'receipt',
    });
  });

  it('takes out the minus of an adjustment and brings in its plus', () => {
    const plan = stockEntryPlan(entry('adjustment', ['TEE', -3], ['CAP', 2]));
    expect([plan.outKind, plan.outgoing]).toEqual(['adjustment-out', [{ warehouseId: 'SH-1', skuId: 'TEE', qty: 3 }]]);
    expect([plan.inKind, plan.incoming]).toEqual(['adjustment-in', [{ warehouseId: 'SH-1', skuId: 'CAP', qty: 2 }]]);
  });

  it('takes the sum where lines of one SKU pull both ways', () => {
    // −5 + 2 = −3
    const plan = stockEntryPlan(entry('adjustment', ['TEE', -5], ['TEE', 2]));
    expect([plan.outgoing, plan.incoming]).toEqual([[{ warehouseId: 'SH-1', skuId: 'TEE', qty: 3 }], []]);
  });

  it('moves nothing for +3 −3 and is done at once', () => {
    const plan = stockEntryPlan(entry('adjustment', ['TEE', 3], ['TEE', -3]));
    const work = startStockWork(plan, 1, () => 0);
    expect(work.intents).toEqual([]);
    expect(advanceStockWork(plan, work, new Map(), () => 0)).toEqual({ kind: 'done' });
  });

  it('tells a receipt from an adjustment of the same number', () => {
    expect(stockEntryPlan(entry('receipt', ['TEE', 1])).documentId).toBe('receipt#E1');
    expect(stockEntryPlan(entry('adjustment', ['TEE', 1])).documentId).toBe('adjustment#E1');
  });
});

describe('the end of posting', () => {
  const by = { actor, atMs: AT };

  it('posts', () => {
    const posted = endStockEntry(entry('receipt', ['TEE', 5]), { kind: 'done' }, by);
    expect([posted.status, posted.work]).toEqual(['posted', null]);
    expect(posted.log).toEqual([{ no: 1, type: '入库', content: '已过账', ...by, status: 'posted' }]);
  });

  it('refuses an adjustment that would take pieces which orders hold, naming the SKUs', () => {
    const end = { kind: 'refused', lacking: ['TEE', 'CAP'] } as const;
    const refused = endStockEntry(entry('adjustment', ['TEE', -5], ['CAP', -1]), end, by);
    expect([refused.status, refused.work, refused.lacking]).toEqual(['refused', null, ['TEE', 'CAP']]);
    expect(refused.log).toEqual([
      { no: 1, type: '调整', content: '未过账，可用库存不足：TEE、CAP', ...by, status: 'refused' },
    ]);
  });
});
