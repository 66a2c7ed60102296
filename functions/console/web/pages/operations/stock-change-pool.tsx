import { Alert } from 'antd';
import { Link } from 'react-router';
import type { PoolRow, SystemStatus } from '../../../schema/sync';
import { queryText } from '../../kit/api';
import { ageText, countText, timeText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';
import type { ListColumn } from '../../kit/list-page';
import { ListPage } from '../../kit/list-page';
import { useApi } from '../../kit/queries';

const TEXTS = texts(
  {
    title: '库存异动计算缓存池',
    sku: '商品编码',
    name: '商品名称',
    counter: '异动次数',
    since: '最早异动时间',
    waits: '已等待',
    records: '同步记录',
    show: '查看',
    none: '缓存池为空：所有库存异动都已计算，等待下一次异动。',
    waiting: (n: string) => `${n} 个商品等待计算。定时任务会取出它们，计算各店铺数量并写入库存同步队列。`,
    unknown: '缓存池暂时无法读取，恢复后自动继续。',
    upTo: (at: string) => `${at} 之前的库存异动都已计入店铺数量。`,
    empty: '没有等待计算的商品',
    queue: '查看库存同步队列',
  },
  {
    title: 'Stock change pool',
    sku: 'SKU',
    name: 'Name',
    counter: 'Changes',
    since: 'Oldest change',
    waits: 'Waits',
    records: 'Sync records',
    show: 'Show',
    none: 'The pool is empty: every change of stock is computed.',
    waiting: (n: string) =>
      `${n} SKUs wait to be computed. The timer takes them out, computes the shops' quantities and writes the sync queue.`,
    unknown: 'The pool cannot be read at present; it goes on by itself.',
    upTo: (at: string) => `Every change of stock before ${at} is in the shops' quantities.`,
    empty: 'Nothing waits to be computed',
    queue: 'Show the sync queue',
  },
);

/** 运营中心 › 库存同步查询 › 库存异动计算缓存池: what waits to be computed; it looks again by itself. */
export default function StockChangePoolPage() {
  const t = useTexts(TEXTS);
  const { data: status } = useApi<SystemStatus>('/api/status', undefined, { liveMs: 2_000 });
  const nowMs = status?.nowMs ?? Date.now();
  const columns: ListColumn<PoolRow>[] = [
    {
      ...{ title: t.sku, className: 'breaks' },
      render: (_, { skuId }) => <Link to={`/stock/balances${queryText({ skuId })}`}>{skuId}</Link>,
      csv: { value: ({ skuId }) => skuId, text: true },
    },
    { title: t.name, dataIndex: 'title', className: 'breaks' },
    { title: t.counter, dataIndex: 'counter', className: 'number' },
    {
      title: t.since,
      render: (_, { sinceMs }) => timeText(sinceMs),
      csv: { value: ({ sinceMs }) => timeText(sinceMs) },
    },
    { ...{ title: t.waits, className: 'number' }, render: (_, { sinceMs }) => ageText(nowMs - sinceMs), csv: false },
    {
      title: t.records,
      render: (_, { skuId }) => <Link to={`/operations/sync-queue${queryText({ skuId })}`}>{t.show}</Link>,
      csv: false,
    },
  ];
  const { poolSkus, computedUpToMs } = status ?? {};
  const note = status && (
    <Alert
      className="form-note"
      type={poolSkus === null ? 'warning' : poolSkus === 0 ? 'success' : 'info'}
      showIcon
      title={poolSkus === null ? t.unknown : poolSkus === 0 ? t.none : t.waiting(countText(poolSkus ?? 0))}
      description={typeof computedUpToMs === 'number' ? t.upTo(timeText(computedUpToMs)) : undefined}
    />
  );
  return (
    <ListPage<PoolRow>
      path="/api/stock-change-pool"
      title={t.title}
      rowKey={({ skuId }) => skuId}
      columns={columns}
      note={note}
      liveMs={2_000}
      empty={
        <>
          {t.empty} · <Link to="/operations/sync-queue">{t.queue}</Link>
        </>
      }
    />
  );
}
