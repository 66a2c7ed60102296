import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { SkuView } from '../../../schema/settings';
import { useMay } from '../../app/session';
import { texts, useTexts } from '../../kit/language';
import type { ListColumn } from '../../kit/list-page';
import { ListPage } from '../../kit/list-page';
import { SkuBatch } from './sku-batch';
import { SkuDrawer } from './sku-drawer';

const TEXTS = texts(
  {
    title: '商品',
    id: '商品编码',
    name: '商品名称',
    prefix: '编码开头',
    links: '相关',
    stock: '库存',
    stockOf: (id: string) => `${id} 的库存`,
    mappings: '商品对应',
    mappingsOf: (id: string) => `${id} 的商品对应`,
    exceptions: '例外比例',
    exceptionsOf: (id: string) => `${id} 的例外比例`,
    edit: '修改',
    editOf: (id: string) => `修改 ${id}`,
    create: '新增商品',
    batch: '批量新增',
    empty: '还没有商品。新增或批量导入商品：编码与平台上的商家编码相同时，平台商品会自动对应。',
    emptyRead: '还没有商品，请管理员新增。',
  },
  {
    title: 'SKUs',
    id: 'SKU',
    name: 'Title',
    prefix: 'Beginning of the SKU',
    links: 'See also',
    stock: 'Stock',
    stockOf: (id: string) => `Stock of ${id}`,
    mappings: 'Mapping',
    mappingsOf: (id: string) => `Mapping of ${id}`,
    exceptions: 'Ratio exceptions',
    exceptionsOf: (id: string) => `Ratio exceptions of ${id}`,
    edit: 'Edit',
    editOf: (id: string) => `Edit ${id}`,
    create: 'Add a SKU',
    batch: 'Add many',
    empty:
      'There are no SKUs yet. Add them or import them: listings whose merchant code is a SKU are mapped by themselves.',
    emptyRead: 'There are no SKUs yet; an admin can add them.',
  },
);

/** 商品: our SKUs by their ids. */
export default function SkusPage() {
  const t = useTexts(TEXTS);
  const mayEdit = useMay('admin');
  const [edited, setEdited] = useState<SkuView | 'new' | null>(null);
  const [batch, setBatch] = useState(false);
  const columns: ListColumn<SkuView>[] = [
    { title: t.id, dataIndex: 'id', csv: { value: ({ id }) => id, text: true } },
    { title: t.name, dataIndex: 'title', render: (_, { title }) => <div className="sentence">{title}</div> },
    {
      title: t.links,
      csv: false,
      render: (_, { id }) => {
        const of = `skuId=${encodeURIComponent(id)}`;
        return (
          <span className="row-links">
            <Link to={`/stock/balances?${of}`} aria-label={t.stockOf(id)}>
              {t.stock}
            </Link>
            <Link to={`/interfaces/mappings?${of}`} aria-label={t.mappingsOf(id)}>
              {t.mappings}
            </Link>
            <Link to={`/operations/ratio-strategies?tab=exceptions&${of}`} aria-label={t.exceptionsOf(id)}>
              {t.exceptions}
            </Link>
          </span>
        );
      },
    },
    ...(mayEdit
      ? [
          {
            title: '',
            csv: false as const,
            render: (_: unknown, row: SkuView) => (
              <Button size="small" autoInsertSpace={false} aria-label={t.editOf(row.id)} onClick={() => setEdited(row)}>
                {t.edit}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <ListPage<SkuView>
        path="/api/skus"
        title={t.title}
        rowKey={({ id }) => id}
        columns={columns}
        filters={[{ kind: 'text', names: ['prefix'], label: t.prefix }]}
        {...(mayEdit && {
          actions: (
            <>
              <Button onClick={() => setBatch(true)}>{t.batch}</Button>
              <Button type="primary" onClick={() => setEdited('new')}>
                {t.create}
              </Button>
            </>
          ),
        })}
        empty={mayEdit ? t.empty : t.emptyRead}
      />
      {edited !== null && (
        <SkuDrawer
          key={edited === 'new' ? 'new' : `${edited.id} ${edited.version}`}
          row={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(null)}
        />
      )}
      {batch && <SkuBatch onClose={() => setBatch(false)} />}
    </>
  );
}
