import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { Link } from 'react-router';
import type { AllocationStatus } from '../../../../../shared/domain/stock/allocation-order';
import type { AllocationOrderRow } from '../../../schema/allocation-order';
import { useMay } from '../../app/session';
import type { Filter } from '../../kit/filter-bar';
import { countText, timeText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import type { ListColumn } from '../../kit/list-page';
import { ListPage } from '../../kit/list-page';
import { useWarehouses } from '../../kit/names';
import { StatusTag } from '../../kit/status-tag';
import { allocationPath } from '../../kit/paths';
import { ALLOCATION_STATUS, ALLOCATION_TONE } from './stock-words';

const TEXTS = texts(
  {
    title: '分货单',
    add: '新建分货单',
    id: '分货单号',
    status: '状态',
    lacking: '库存不足',
    lackingOf: (skus: string) => `库存不足：${skus}`,
    source: '逻辑仓',
    target: '配销仓',
    lines: '行数',
    pieces: '件数',
    creator: '创建人',
    created: '创建时间',
    changed: '更新时间',
    empty: '还没有分货单。分货单把逻辑仓的库存分到配销仓，店铺才有库存可卖。',
  },
  {
    title: 'Allocation orders',
    add: 'New allocation order',
    id: 'Number',
    status: 'Status',
    lacking: 'Too few in stock',
    lackingOf: (skus: string) => `Too few of ${skus}`,
    source: 'Source warehouse',
    target: 'Distribution warehouse',
    lines: 'Lines',
    pieces: 'Pieces',
    creator: 'Created by',
    created: 'Created',
    changed: 'Changed',
    empty:
      'No allocation orders yet. An allocation order brings stock from a source to a distribution warehouse, where shops can sell it.',
  },
);

/** 库存中心 › 分货管理 › 分货单. */
export default function AllocationOrdersPage() {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const mayWrite = useMay('operator');
  const { warehouseName } = useWarehouses();
  const statusText = ALLOCATION_STATUS[language];
  const statuses = Object.entries(statusText) as [AllocationStatus, string][];
  const filters: Filter[] = [
    {
      ...{ kind: 'select', names: ['status'], label: t.status },
      options: statuses.map(([value, label]) => ({ value, label })),
    },
    { kind: 'time', names: ['fromMs', 'toMs'], label: t.created },
  ];
  const columns: ListColumn<AllocationOrderRow>[] = [
    {
      ...{ title: t.id, className: 'breaks' },
      render: (_, { id }) => <Link to={allocationPath(id)}>{id}</Link>,
      csv: { value: ({ id }) => id, text: true },
    },
    {
      title: t.status,
      render: (_, { status }) => <StatusTag tone={ALLOCATION_TONE[status]}>{statusText[status]}</StatusTag>,
      csv: { value: ({ status }) => statusText[status] },
    },
    {
      title: t.lacking,
      render: (_, { lacking }) => (lacking.length === 0 ? '' : t.lackingOf(shortList(lacking))),
      csv: { value: ({ lacking }) => lacking.join(' ') },
    },
    {
      title: t.source,
      render: (_, row) => warehouseName(row.sourceWarehouseId),
      csv: { value: ({ sourceWarehouseId }) => sourceWarehouseId },
    },
    {
      title: t.target,
      render: (_, row) => warehouseName(row.targetWarehouseId),
      csv: { value: ({ targetWarehouseId }) => targetWarehouseId },
    },
    { title: t.lines, dataIndex: 'lineCount', className: 'number' },
    {
      ...{ title: t.pieces, className: 'number' },
      render: (_, { pieces }) => countText(pieces),
      csv: { value: ({ pieces }) => pieces },
    },
    { title: t.creator, dataIndex: 'createdBy' },
    {
      title: t.created,
      render: (_, { createdAtMs }) => timeText(createdAtMs),
      csv: { value: ({ createdAtMs }) => timeText(createdAtMs) },
    },
    {
      title: t.changed,
      render: (_, { changedAtMs }) => timeText(changedAtMs),
      csv: { value: ({ changedAtMs }) => timeText(changedAtMs) },
    },
  ];
  const add = mayWrite && (
    <Link to="/stock/allocation-orders/new">
      <Button type="primary" icon={<PlusOutlined />} tabIndex={-1}>
        {t.add}
      </Button>
    </Link>
  );
  return (
    <ListPage<AllocationOrderRow>
      path="/api/allocation-orders"
      title={t.title}
      rowKey={({ id }) => id}
      columns={columns}
      filters={filters}
      actions={add}
      empty={
        <>
          <p>{t.empty}</p>
          {add}
        </>
      }
      sortable
    />
  );
}

/** The first few, and how many there are besides. */
function shortList(skuIds: readonly string[]): string {
  const [shown, more] = [skuIds.slice(0, 3).join(', '), skuIds.length - 3];
  return more > 0 ? `${shown} +${more}` : shown;
}
