import { Link } from 'react-router';
import type { StockBalance, StockRow } from '../../../schema/stock';
import { queryText } from '../../kit/api';
import type { Filter } from '../../kit/filter-bar';
import { countText, timeText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';
import type { ListColumn } from '../../kit/list-page';
import { ListPage } from '../../kit/list-page';
import { useWarehouses } from '../../kit/names';
import { useUrlState } from '../../kit/url-state';
import { ledgerPath } from '../../kit/paths';

const TEXTS = texts(
  {
    title: '库存查询',
    prefix: '商品编码开头',
    warehouse: '仓库',
    sku: '商品编码',
    name: '商品名称',
    onHand: '实物库存',
    held: '占用库存',
    available: '可用库存',
    changed: '最近变动',
    shown: '店铺显示',
    sync: '同步记录',
    of: (qty: string, held: string) => `实物 ${qty} · 占用 ${held}`,
    ledger: (qty: string, sku: string, warehouse: string) => `${qty}，${sku} 在${warehouse}的库存流水`,
    add: '先在“商品”中添加商品',
    receive: '再用入库单登记到货',
    empty: '还没有商品。',
  },
  {
    title: 'Stock on hand',
    prefix: 'SKU begins with',
    warehouse: 'Warehouse',
    sku: 'SKU',
    name: 'Name',
    onHand: 'On hand',
    held: 'Held',
    available: 'Available',
    changed: 'Last change',
    shown: 'Shown in shops',
    sync: 'Sync records',
    of: (qty: string, held: string) => `${qty} on hand · ${held} held`,
    ledger: (qty: string, sku: string, warehouse: string) => `${qty}, ledger of ${sku} in ${warehouse}`,
    add: 'Add SKUs first',
    receive: 'then enter what arrives by a receipt',
    empty: 'No SKUs yet.',
  },
);

/** 库存查询: each SKU with its stock in all, and by warehouse. */
export default function BalancesPage() {
  const t = useTexts(TEXTS);
  const { state } = useUrlState();
  const { warehouses, warehouseOptions } = useWarehouses();
  const filters: Filter[] = [
    { kind: 'text', names: ['skuId'], label: t.prefix },
    { kind: 'select', names: ['warehouseId'], label: t.warehouse, options: warehouseOptions },
  ];
  const wanted = state['warehouseId'];
  const shown = warehouses.filter(({ id }) => wanted === undefined || id === wanted);
  const columns: ListColumn<StockRow>[] = [
    {
      ...{ title: t.sku, className: 'breaks' },
      render: (_, { skuId }) => skuId,
      csv: { value: ({ skuId }) => skuId, text: true },
    },
    { title: t.name, dataIndex: 'title', className: 'breaks' },
    numberColumn(t.onHand, ({ onHandQty }) => onHandQty),
    numberColumn(t.held, ({ heldQty }) => heldQty),
    numberColumn(t.available, ({ availableQty }) => availableQty, true),
    ...shown.flatMap(({ id, title }): ListColumn<StockRow>[] => {
      const balanceOf = (row: StockRow): StockBalance | undefined => row.warehouses.find((b) => b.warehouseId === id);
      return [
        {
          ...{ title: `${title} ${t.available}`, className: 'number' },
          render: (_, row) => {
            const balance = balanceOf(row);
            return balance ? (
              <>
                <Link
                  to={ledgerPath(id, row.skuId)}
                  aria-label={t.ledger(countText(balance.availableQty), row.skuId, title)}
                >
                  {countText(balance.availableQty)}
                </Link>
                <br />
                <small className="quiet">{t.of(countText(balance.onHandQty), countText(balance.heldQty))}</small>
              </>
            ) : (
              '–'
            );
          },
          csv: { value: (row) => balanceOf(row)?.availableQty },
        },
        fileColumn(`${title} ${t.onHand}`, (row) => balanceOf(row)?.onHandQty),
        fileColumn(`${title} ${t.held}`, (row) => balanceOf(row)?.heldQty),
      ];
    }),
    {
      title: t.changed,
      render: (_, { changedAtMs }) => timeText(changedAtMs),
      csv: { value: ({ changedAtMs }) => (changedAtMs === null ? '' : timeText(changedAtMs)) },
    },
    {
      title: t.shown,
      render: (_, { skuId }) => <Link to={`/operations/sync-queue${queryText({ skuId })}`}>{t.sync}</Link>,
      csv: false,
    },
  ];
  return (
    <ListPage<StockRow>
      path="/api/stock"
      title={t.title}
      rowKey={({ skuId }) => skuId}
      columns={columns}
      filters={filters}
      empty={
        <>
          {t.empty} <Link to="/master/skus">{t.add}</Link>, <Link to="/stock/entries/new">{t.receive}</Link>
        </>
      }
    />
  );
}

function numberColumn(title: string, value: (row: StockRow) => number, bold = false): ListColumn<StockRow> {
  return {
    ...{ title, className: 'number', csv: { value } },
    render: (_, row) => (bold ? <b>{countText(value(row))}</b> : countText(value(row))),
  };
}

/** Only in the exported file: on the screen it stands beneath the available pieces. */
function fileColumn(title: string, value: (row: StockRow) => number | undefined): ListColumn<StockRow> {
  return { title, hidden: true, csv: { value } };
}
