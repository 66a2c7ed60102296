import { Empty, Select, Space } from 'antd';
import { Link } from 'react-router';
import type { LedgerRow } from '../../../schema/stock';
import { queryText } from '../../kit/api';
import { countText, timeText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';
import type { ListColumn } from '../../kit/list-page';
import { ListPage } from '../../kit/list-page';
import { useWarehouses } from '../../kit/names';
import { SkuPicker } from '../../kit/sku-picker';
import { useUrlState } from '../../kit/url-state';
import { LedgerMovements, useMovementsText } from './ledger-movements';

const TEXTS = texts(
  {
    title: '库存流水',
    warehouse: '仓库',
    sku: '商品编码',
    no: '序号',
    at: '时间',
    movements: '变动与来源单据',
    onHand: '实物',
    held: '占用',
    available: '可用',
    change: 'Δ',
    after: '后',
    marked: '所查看的流水',
    choose: '选择仓库和商品，查看每一笔库存变动及变动后的结存。',
    empty: '该商品在这个仓库还没有任何库存变动。',
    receive: '新建入库单',
    balances: '库存查询',
    sync: '店铺同步记录',
  },
  {
    title: 'Stock ledger',
    warehouse: 'Warehouse',
    sku: 'SKU',
    no: 'No.',
    at: 'Time',
    movements: 'Movements and their documents',
    onHand: 'On hand',
    held: 'Held',
    available: 'Available',
    change: 'Δ ',
    after: ' after',
    marked: 'the entry in question',
    choose: 'Choose a warehouse and a SKU to see each movement with the balance after it.',
    empty: 'This SKU has never moved in this warehouse.',
    receive: 'New receipt',
    balances: 'Stock on hand',
    sync: 'Sync records of the shops',
  },
);

/** 库存流水 of one SKU in one warehouse, newest first. */
export default function LedgerPage() {
  const t = useTexts(TEXTS);
  const { state, set } = useUrlState();
  const { warehouseOptions } = useWarehouses();
  const { warehouseId, skuId, number } = state;
  const part = encodeURIComponent;
  const pick = (
    <div className="list-tools">
      <Space wrap>
        <Select
          className="filter"
          aria-label={t.warehouse}
          placeholder={t.warehouse}
          value={warehouseId ?? null}
          options={warehouseOptions}
          popupMatchSelectWidth={false}
          onChange={(id: string) => set({ warehouseId: id, after: null, number: null })}
        />
        <SkuPicker
          label={t.sku}
          value={skuId ?? null}
          onChange={(id) => set({ skuId: id, after: null, number: null })}
        />
      </Space>
      {skuId !== undefined && (
        <Space size="large">
          <Link to={`/stock/balances${queryText({ skuId })}`}>{t.balances}</Link>
          <Link to={`/operations/sync-queue${queryText({ skuId })}`}>{t.sync}</Link>
        </Space>
      )}
    </div>
  );
  const columns = useColumns(Number(number));
  if (warehouseId === undefined || skuId === undefined) {
    return (
      <section aria-label={t.title}>
        <div className="page-head">
          <h1>{t.title}</h1>
        </div>
        {pick}
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.choose} />
      </section>
    );
  }
  return (
    <ListPage<LedgerRow>
      path={`/api/stock/${part(warehouseId)}/${part(skuId)}/ledger`}
      title={t.title}
      rowKey={(row) => String(row.number)}
      columns={columns}
      note={pick}
      empty={
        <>
          {t.empty} <Link to="/stock/entries/new">{t.receive}</Link>
        </>
      }
      sortable
    />
  );
}

/** `marked`: number of the entry that a link has led to. */
function useColumns(marked: number): ListColumn<LedgerRow>[] {
  const t = useTexts(TEXTS);
  const movementsText = useMovementsText();
  const members = [
    ['onHandQty', t.onHand],
    ['heldQty', t.held],
    ['availableQty', t.available],
  ] as const;
  return [
    {
      ...{ title: t.no, className: 'number' },
      render: (_, { number }) =>
        number === marked ? <b className="marked" title={t.marked}>{`▸ ${number}`}</b> : number,
      csv: { value: ({ number }) => number },
    },
    { title: t.at, render: (_, { atMs }) => timeText(atMs), csv: { value: ({ atMs }) => timeText(atMs) } },
    {
      ...{ title: t.movements, className: 'breaks' },
      render: (_, row) => <LedgerMovements movements={row.movements} />,
      csv: { value: ({ movements }) => movementsText(movements) },
    },
    ...members.map(
      ([member, title]): ListColumn<LedgerRow> => ({
        ...{ title: `${t.change}${title}`, className: 'number' },
        render: (_, { delta }) => signed(delta[member]),
        csv: { value: ({ delta }) => delta[member] },
      }),
    ),
    ...members.map(
      ([member, title]): ListColumn<LedgerRow> => ({
        ...{ title: `${title}${t.after}`, className: 'number' },
        render: (_, { balance }) =>
          member === 'availableQty' ? <b>{countText(balance[member])}</b> : countText(balance[member]),
        csv: { value: ({ balance }) => balance[member] },
      }),
    ),
  ];
}

/** +5, −3; nothing where it has not changed. */
function signed(delta: number): string {
  if (delta === 0) return '';
  return delta > 0 ? `+${countText(delta)}` : `−${countText(-delta)}`;
}
