import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Warehouse } from '../../../../../shared/domain/settings';
import { useMay } from '../../app/session';
import { texts, useTexts } from '../../kit/language';
import { StatusTag } from '../../kit/status-tag';
import type { WholeColumn } from '../../kit/whole-list';
import { found, WholeList } from '../../kit/whole-list';
import { WarehouseDrawer } from './warehouse-drawer';

const TEXTS = texts(
  {
    title: '仓库',
    id: '仓库编码',
    name: '仓库名称',
    kind: '类型',
    source: '逻辑仓',
    distribution: '配销仓',
    stock: '库存',
    show: '查看库存',
    showOf: (name: string) => `查看库存：${name}`,
    edit: '修改',
    editOf: (name: string) => `修改 ${name}`,
    create: '新增仓库',
    note: '逻辑仓：还没有分给任何店铺的货。配销仓：已分给店铺销售的货，店铺的数量按它计算。用分货单把货从逻辑仓分到配销仓。',
    empty: '还没有仓库。至少建立一个逻辑仓和一个配销仓。',
  },
  {
    title: 'Warehouses',
    id: 'Warehouse id',
    name: 'Name',
    kind: 'Kind',
    source: 'Source',
    distribution: 'Distribution',
    stock: 'Stock',
    show: 'Show stock',
    showOf: (name: string) => `Show stock of ${name}`,
    edit: 'Edit',
    editOf: (name: string) => `Edit ${name}`,
    create: 'Add a warehouse',
    note: 'Source: goods not yet given to any shop. Distribution: goods given to shops to sell; quantities in shops are computed from it. Allocation orders move goods from the one to the other.',
    empty: 'There are no warehouses yet. Make one source and one distribution warehouse at least.',
  },
);

/** 仓库: source and distribution warehouses. */
export default function WarehousesPage() {
  const t = useTexts(TEXTS);
  const mayEdit = useMay('admin');
  const [edited, setEdited] = useState<Warehouse | 'new' | null>(null);
  const columns: WholeColumn<Warehouse>[] = [
    { title: t.id, key: 'id', by: ({ id }) => id, dataIndex: 'id' },
    { title: t.name, key: 'name', by: ({ title }) => title, dataIndex: 'title' },
    {
      title: t.kind,
      key: 'kind',
      by: ({ kind }) => kind,
      render: (_, { kind }) => <StatusTag tone={kind === 'source' ? 'off' : 'busy'}>{t[kind]}</StatusTag>,
      csv: { value: ({ kind }) => t[kind] },
    },
    {
      title: t.stock,
      csv: false,
      render: (_, { id, title }) => (
        <Link to={`/stock/balances?warehouseId=${encodeURIComponent(id)}`} aria-label={t.showOf(title)}>
          {t.show}
        </Link>
      ),
    },
    ...(mayEdit
      ? [
          {
            title: '',
            csv: false as const,
            render: (_: unknown, row: Warehouse) => (
              <Button
                size="small"
                autoInsertSpace={false}
                aria-label={t.editOf(row.title)}
                onClick={() => setEdited(row)}
              >
                {t.edit}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <WholeList<Warehouse>
        path="/api/warehouses"
        title={t.title}
        rowKey={({ id }) => id}
        columns={columns}
        filters={[
          { kind: 'text', names: ['name'], label: t.name, matches: ({ id, title }, text) => found(text, id, title) },
          {
            kind: 'select',
            names: ['kind'],
            label: t.kind,
            options: (['source', 'distribution'] as const).map((value) => ({ value, label: t[value] })),
            matches: ({ kind }, value) => kind === value,
          },
        ]}
        note={() => <p className="quiet">{t.note}</p>}
        actions={
          mayEdit && (
            <Button type="primary" onClick={() => setEdited('new')}>
              {t.create}
            </Button>
          )
        }
        empty={t.empty}
      />
      {edited !== null && (
        <WarehouseDrawer
          key={edited === 'new' ? 'new' : `${edited.id} ${edited.version}`}
          row={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}
