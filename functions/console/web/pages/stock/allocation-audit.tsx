import { CheckOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import type { AllocationOrderView } from '../../../schema/allocation-order';
import { callApi } from '../../kit/api';
import { useConfirm } from '../../kit/confirm';
import { countText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';
import { useWarehouses } from '../../kit/names';
import { useAction } from '../../kit/queries';

const TEXTS = texts(
  {
    audit: '审核',
    sure: (id: string) => `审核分货单 ${id}？`,
    moves: (lines: number, pieces: string, from: string, to: string) =>
      `将把 ${lines} 行共 ${pieces} 件从“${from}”移到“${to}”。任何一行库存不足则全部不移动。审核后不能撤销。`,
    done: '审核成功，库存已移动',
    dirty: '有未保存的修改，请先保存',
    draft: '草稿不能审核，请先点“保存”',
    empty: '没有明细',
  },
  {
    audit: 'Audit',
    sure: (id: string) => `Audit allocation order ${id}?`,
    moves: (lines: number, pieces: string, from: string, to: string) =>
      `It moves ${lines} lines, ${pieces} pieces, from “${from}” to “${to}”. Where the source has too few of any of them, nothing is moved. It cannot be undone.`,
    done: 'Audited; the stock has been moved',
    dirty: 'There are changes that are not saved; save them first',
    draft: 'A draft cannot be audited; press “Save” first',
    empty: 'It has no lines',
  },
);

/** 审核: says what it will move, then moves it. */
export function AllocationAudit(props: {
  readonly order: AllocationOrderView;
  readonly dirty: boolean;
  readonly onEnd: () => void;
}) {
  const { order, dirty, onEnd } = props;
  const t = useTexts(TEXTS);
  const confirm = useConfirm();
  const { warehouseName } = useWarehouses();
  const audit = useAction(
    // What is moved is what the question said, or nothing.
    ({ id, version }: AllocationOrderView) =>
      callApi<AllocationOrderView>('POST', `/api/allocation-orders/${encodeURIComponent(id)}/audit`, {
        query: { version },
      }),
    {
      done: t.done,
      onDone: onEnd,
      onError: () => {
        // The order tells now which lines lack what.
        onEnd();
        return false;
      },
    },
  );
  const why = dirty ? t.dirty : order.status === 'draft' ? t.draft : order.lines.length === 0 ? t.empty : '';
  const ask = (): void =>
    confirm({
      title: t.sure(order.id),
      content: t.moves(
        order.lines.length,
        countText(order.pieces),
        warehouseName(order.sourceWarehouseId),
        warehouseName(order.targetWarehouseId),
      ),
      ok: t.audit,
      act: () => audit.mutateAsync(order),
    });
  return (
    <Tooltip title={why}>
      <Button type="primary" icon={<CheckOutlined />} disabled={why !== ''} loading={audit.isPending} onClick={ask}>
        {t.audit}
      </Button>
    </Tooltip>
  );
}
