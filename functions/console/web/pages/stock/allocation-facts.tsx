import { Alert } from 'antd';
import type { AllocationOrderView } from '../../../schema/allocation-order';
import { countText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';
import { useWarehouses } from '../../kit/names';

const TEXTS = texts(
  {
    draft: '草稿：还不能审核，请补全后点“保存”。',
    saved: '已保存：审核后库存才会移动。',
    auditing: '审核中：正在移动库存，完成后自动显示结果。',
    audited: (n: number, pieces: string, from: string, to: string) =>
      `已审核：${n} 行共 ${pieces} 件已从${from}移到${to}，单据不能再修改。`,
    refused: (skus: string) =>
      `上次审核未通过：逻辑仓库存不足（${skus}）。没有移动任何库存，请修改数量或补货后再次审核。`,
  },
  {
    draft: 'Draft: it cannot be audited yet. Complete it and press “Save”.',
    saved: 'Saved: stock moves once it is audited.',
    auditing: 'Auditing: stock is being moved; the result appears here by itself.',
    audited: (n: number, pieces: string, from: string, to: string) =>
      `Audited: ${n} lines, ${pieces} pieces have been moved from ${from} to ${to}; it cannot be changed any more.`,
    refused: (skus: string) =>
      `The last audit was refused: too few in the source warehouse (${skus}). Nothing was moved. Change the quantities, or receive stock, and audit again.`,
  },
);

/** Where the order stands, and what is to be done next. */
export function AllocationFacts({ order }: { order: AllocationOrderView }) {
  const t = useTexts(TEXTS);
  const { warehouseName } = useWarehouses();
  if (order.lacking.length > 0)
    return <Alert className="form-note" type="error" showIcon title={t.refused(order.lacking.join(', '))} />;
  const { lines, pieces, sourceWarehouseId, targetWarehouseId } = order;
  const text = {
    draft: t.draft,
    saved: t.saved,
    auditing: t.auditing,
    audited: t.audited(
      lines.length,
      countText(pieces),
      warehouseName(sourceWarehouseId),
      warehouseName(targetWarehouseId),
    ),
  }[order.status];
  return <Alert className="form-note" type={order.status === 'audited' ? 'success' : 'info'} showIcon title={text} />;
}
