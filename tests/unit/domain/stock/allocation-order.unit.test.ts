import type { Actor } from '../../../../shared/domain/kernel/log-line';
import type { AllocationOrder } from '../../../../shared/domain/stock/allocation-order';
import {
  allocationPlan,
  beginAllocationAudit,
  endAllocationAudit,
} from '../../../../shared/domain/stock/allocation-order';
import { startStockWork } from '../../../../shared/domain/stock/stock-work';

const AT = Date.parse('2026-03-08T06:00:00Z');
const actor: Actor = { kind: 'person', id: 'u1', name: '王芳' };

const saved: AllocationOrder = {
  id: 'A1',
  sourceWarehouseId: 'SRC',
  targetWarehouseId: 'DIST',
  lines: [
    { skuId: 'TEE', qty: 3 },
    { skuId: 'CAP', qty: 2 },
    { skuId: 'TEE', qty: 4 },
  ],
  status: 'saved',
  attempt: 0,
  work: null,
  lacking: [],
  createdAtMs: AT,
  log: [{ no: 1, type: '新增', content: '新增分货单', actor, atMs: AT, status: 'draft' }],
};

describe('what the audit of an allocation order moves', () => {
  it('sums lines that share a SKU, out of the source and into the target', () => {
    // TEE: 3 + 4 = 7
    expect(allocationPlan(saved)).toEqual({
      documentId: 'allocation-order#A1',
      outgoing: [
        { warehouseId: 'SRC', skuId: 'TEE', qty: 7 },
        { warehouseId: 'SRC', skuId: 'CAP', qty: 2 },
      ],
      outKind: 'transfer-out',
      incoming: [
        { warehouseId: 'DIST', skuId: 'TEE', qty: 7 },
        { warehouseId: 'DIST', skuId: 'CAP', qty: 2 },
      ],
      inKind: 'transfer-in',
    });
  });
});

describe('the audit of an allocation order', () => {
  const by = { actor, atMs: AT + 1000 };
  const begun = beginAllocationAudit(
    { ...saved, lacking: ['CAP'] },
    startStockWork(allocationPlan(saved), 1, () => 0),
    by,
  );

  it('opens with its intents saved, the earlier refusal forgotten, and one line in the log', () => {
    expect([begun.status, begun.attempt, begun.lacking, begun.work?.phase]).toEqual(['auditing', 1, [], 'hold']);
    expect(begun.log.map((line) => [line.no, line.type, line.status])).toEqual([
      [1, '新增', 'draft'],
      [2, '审核', 'auditing'],
    ]);
  });

  it('ends audited with no work left', () => {
    const ended = endAllocationAudit(begun, { kind: 'done' }, by);
    expect([ended.status, ended.work, ended.lacking]).toEqual(['audited', null, []]);
    expect(ended.log.at(-1)).toEqual({
      no: 3,
      type: '审核',
      content: '审核成功，SRC → DIST',
      ...by,
      status: 'audited',
    });
  });

  it('goes back to saved where the source had too few, naming the SKUs', () => {
    const ended = endAllocationAudit(begun, { kind: 'refused', lacking: ['TEE', 'CAP'] }, by);
    expect([ended.status, ended.work, ended.lacking]).toEqual(['saved', null, ['TEE', 'CAP']]);
    expect(ended.log.at(-1)?.content).toBe('审核未通过，来源仓库存不足：TEE、CAP');
    expect(ended.log.at(-1)?.status).toBe('saved');
  });

  it('uses new movement ids when it is audited again after a refusal', () => {
    const refused = endAllocationAudit(begun, { kind: 'refused', lacking: ['TEE'] }, by);
    const plan = allocationPlan(refused);
    const again = beginAllocationAudit(
      refused,
      startStockWork(plan, refused.attempt + 1, () => 9),
      by,
    );
    expect(begun.work?.intents[0]?.id).toBe('allocation-order#A1@SRC/TEE/hold/1');
    expect(again.work?.intents[0]?.id).toBe('allocation-order#A1@SRC/TEE/hold/2');
    expect([again.attempt, again.lacking]).toEqual([2, []]);
  });
});
