import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { Link } from 'react-router';
import type { StockEntryRow } from '../../../schema/stock';
import { useMay } from '../../app/session';
import type { Filter } from '../../kit/filter-bar';
import { countText, timeText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import type { ListColumn } from '../../kit/list-page';
import { ListPage } from '../../kit/list-page';
import { useWarehouses } from '../../kit/names';
import { StatusTag } from '../../kit/status-tag';
import { stockEntryPath } from '../../kit/paths';
import { ENTRY_STATUS, ENTRY_TONE, ENTRY_TYPE } from './stock-words';

const TEXTS = texts(
  {
    title: '出入库单',
    receipt: '新建入库单',
    adjustment: '新建调整单',
    id: '单号',
    type: '类型',
    status: '状态',
    warehouse: '仓库',
    reason: '备注',
    lines: '行数',
    pieces: '件数',
    creator: '创建人',
    created: '创建时间',
    empty: '还没有出入库单。到货用入库单登记，盘点差异用调整单登记。',
  },
  {
    title: 'Stock entries',
    receipt: 'New receipt',
    adjustment: 'New adjustment',
    id: 'Number',
    type: 'Type',
    status: 'Status',
    warehouse: 'Warehouse',
    reason: 'Note',
    lines: 'Lines',
    pieces: 'Pieces',
    creator: 'Created by',
    created: 'Created',
    empty: 'No stock entries yet. A receipt enters goods that arrive, an adjustment a count that differs.',
  },
);

/** 出入库单: receipts 入库 and adjustments 调整. */
export default function EntriesPage() {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const mayWrite = useMay('operator');
  const { warehouseName, warehouseOptions } = useWarehouses();
  const [types, statuses] = [ENTRY_TYPE[language], ENTRY_STATUS[language]];
  const filters: Filter[] = [
    {
      ...{ kind: 'select', names: ['type'], label: t.type },
      options: Object.entries(types).map(([value, label]) => ({ value, label })),
    },
    { kind: 'select', names: ['warehouseId'], label: t.warehouse, options: warehouseOptions },
    { kind: 'time', names: ['fromMs', 'toMs'], label: t.created },
  ];
  const columns: ListColumn<StockEntryRow>[] = [
    {
      ...{ title: t.id, className: 'breaks' },
      render: (_, { id }) => <Link to={stockEntryPath(id)}>{id}</Link>,
      csv: { value: ({ id }) => id, text: true },
    },
    { title: t.type, render: (_, { type }) => types[type], csv: { value: ({ type }) => types[type] } },
    {
      title: t.status,
      render: (_, { status }) => <StatusTag tone={ENTRY_TONE[status]}>{statuses[status]}</StatusTag>,
      csv: { value: ({ status }) => statuses[status] },
    },
    {
      title: t.warehouse,
      render: (_, row) => warehouseName(row.warehouseId),
      csv: { value: ({ warehouseId }) => warehouseId },
    },
    { title: t.lines, dataIndex: 'lineCount', className: 'number' },
    {
      ...{ title: t.pieces, className: 'number' },
      render: (_, { pieces }) => countText(pieces),
      csv: { value: ({ pieces }) => pieces },
    },
    { title: t.reason, dataIndex: 'reason', className: 'breaks' },
    { title: t.creator, dataIndex: 'createdBy' },
    {
      title: t.created,
      render: (_, { createdAtMs }) => timeText(createdAtMs),
      csv: { value: ({ createdAtMs }) => timeText(createdAtMs) },
    },
  ];
  const actions = mayWrite && (
    <>
      <Link to="/stock/entries/new?type=receipt">
        <Button type="primary" icon={<PlusOutlined />} tabIndex={-1}>
          {t.receipt}
        </Button>
      </Link>{' '}
      <Link to="/stock/entries/new?type=adjustment">
        <Button icon={<PlusOutlined />} tabIndex={-1}>
          {t.adjustment}
        </Button>
      </Link>
    </>
  );
  return (
    <ListPage<StockEntryRow>
      path="/api/stock-entries"
      title={t.title}
      rowKey={({ id }) => id}
      columns={columns}
      filters={filters}
      actions={actions}
      empty={
        <>
          <p>{t.empty}</p>
          {actions}
        </>
      }
      sortable
    />
  );
}
