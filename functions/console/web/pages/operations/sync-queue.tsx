import type { Key } from 'react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { SyncRecordView } from '../../../schema/sync';
import { useMay } from '../../app/session';
import { queryText } from '../../kit/api';
import type { Filter } from '../../kit/filter-bar';
import { timeText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import type { ListColumn } from '../../kit/list-page';
import { ListPage } from '../../kit/list-page';
import { useShops } from '../../kit/names';
import { StatusTag } from '../../kit/status-tag';
import { SyncedQty } from '../../kit/synced-qty';
import { usePushText } from './push-result';
import { SyncActions } from './sync-actions';
import { SYNC_STATUS, SYNC_TONE } from './sync-words';

const TEXTS = texts(
  {
    title: '库存同步队列',
    shop: '店铺',
    status: '状态',
    sku: '商品编码',
    item: '平台商品',
    qty: '数量',
    why: '为什么',
    push: '推送结果',
    created: '创建时间',
    finished: '完成时间',
    tick: (sku: string, shop: string) => `勾选 ${sku} 在 ${shop} 的记录`,
    empty: '还没有同步记录。需要：比例同步策略覆盖店铺、店铺策略启用平台库存同步、配销仓有库存变动。',
    strategies: '比例同步策略',
    shops: '店铺策略',
    allocation: '新建分货单',
  },
  {
    title: 'Stock sync queue',
    shop: 'Shop',
    status: 'Status',
    sku: 'SKU',
    item: 'Listing',
    qty: 'Quantity',
    why: 'Why',
    push: 'What became of the push',
    created: 'Created',
    finished: 'Finished',
    tick: (sku: string, shop: string) => `Tick the record of ${sku} in ${shop}`,
    empty:
      'No sync records yet. They need a ratio sync strategy that covers the shop, platform stock sync ticked in its shop strategy, and stock that moves in a distribution warehouse.',
    strategies: 'Ratio sync strategies',
    shops: 'Shop strategies',
    allocation: 'New allocation order',
  },
);

/** 运营中心 › 库存同步查询 › 库存同步队列. */
export default function SyncQueuePage() {
  const t = useTexts(TEXTS);
  const mayAct = useMay('operator');
  const { language } = useLanguage();
  const { shopOptions, shopName } = useShops();
  const [ticked, setTicked] = useState<{ keys: Key[]; skuIds: string[] }>({ keys: [], skuIds: [] });
  const statuses = SYNC_STATUS[language];
  const filters: Filter[] = [
    { kind: 'select', names: ['shopId'], label: t.shop, options: shopOptions },
    {
      ...{ kind: 'select', names: ['status'], label: t.status },
      options: Object.entries(statuses).map(([value, label]) => ({ value, label })),
    },
    { kind: 'text', names: ['skuId'], label: t.sku },
    { kind: 'time', names: ['fromMs', 'toMs'], label: t.created },
  ];
  return (
    <ListPage<SyncRecordView>
      path="/api/sync-queue"
      title={t.title}
      rowKey={keyOf}
      columns={useColumns(shopName)}
      filters={filters}
      actions={<SyncActions skuIds={ticked.skuIds} />}
      liveMs={3_000}
      sortable
      {...(mayAct && {
        selection: {
          keys: ticked.keys,
          onChange: (keys: Key[], rows: SyncRecordView[]) =>
            setTicked({ keys, skuIds: rows.map(({ skuId }) => skuId) }),
          label: (row: SyncRecordView) => t.tick(row.skuId, shopName(row.shopId)),
        },
      })}
      empty={
        <>
          <p>{t.empty}</p>
          <Link to="/operations/ratio-strategies">{t.strategies}</Link> · <Link to="/strategies/shops">{t.shops}</Link>{' '}
          · <Link to="/stock/allocation-orders/new">{t.allocation}</Link>
        </>
      }
    />
  );
}

function useColumns(shopName: (id: string) => string): ListColumn<SyncRecordView>[] {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const pushText = usePushText();
  const statuses = SYNC_STATUS[language];
  return [
    {
      title: t.created,
      render: (_, { createdAtMs }) => <div className="two-lines">{timeText(createdAtMs)}</div>,
      csv: { value: ({ createdAtMs }) => timeText(createdAtMs) },
    },
    { title: t.shop, render: (_, { shopId }) => shopName(shopId), csv: { value: ({ shopId }) => shopId } },
    {
      ...{ title: t.sku, className: 'breaks' },
      render: (_, { skuId }) => <Link to={`/stock/balances${queryText({ skuId })}`}>{skuId}</Link>,
      csv: { value: ({ skuId }) => skuId, text: true },
    },
    {
      ...{ title: t.item, className: 'breaks' },
      render: (_, { shopId, itemId, platformSkuId }) => (
        <>
          <Link to={`/interfaces/mappings${queryText({ shopId, itemId })}`}>{itemId}</Link>
          {platformSkuId !== null && (
            <>
              <br />
              <small className="quiet">{platformSkuId}</small>
            </>
          )}
        </>
      ),
      csv: {
        value: ({ itemId, platformSkuId }) => `${itemId}${platformSkuId === null ? '' : `#${platformSkuId}`}`,
        text: true,
      },
    },
    {
      ...{ title: t.qty, className: 'number' },
      render: (_, record) => <SyncedQty qty={record.qty} place={record} />,
      csv: { value: ({ qty }) => qty },
    },
    {
      title: t.push,
      render: (_, record) => (
        <div className="push-text">
          <StatusTag tone={SYNC_TONE[record.status]}>{statuses[record.status]}</StatusTag>
          <div>{pushText(record)}</div>
        </div>
      ),
      csv: { value: pushText },
    },
    {
      title: t.why,
      render: (_, { why }) => <div className="why-text">{why[language]}</div>,
      csv: { value: ({ why }) => why[language] },
    },
    { ...{ title: t.status, hidden: true }, csv: { value: ({ status }) => statuses[status] } },
    {
      ...{ title: t.finished, hidden: true },
      csv: { value: ({ finishedAtMs }) => (finishedAtMs === null ? '' : timeText(finishedAtMs)) },
    },
  ];
}

function keyOf({ shopId, itemId, platformSkuId, number }: SyncRecordView): string {
  return [shopId, itemId, platformSkuId ?? '', number].join('#');
}
