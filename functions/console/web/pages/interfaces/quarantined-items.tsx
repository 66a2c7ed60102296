import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { QuarantineRow } from '../../../schema/platform-order';
import { timeText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';
import type { ListColumn } from '../../kit/list-page';
import { ListPage } from '../../kit/list-page';
import { useShops } from '../../kit/names';
import { platformOrderPath } from '../../kit/paths';
import { RawText } from './raw-text';

const TEXTS = texts(
  {
    title: '隔离区',
    received: '接收时间',
    shop: '店铺',
    source: '来源',
    orderNo: '订单号',
    reason: '原因',
    push: '平台推送',
    order: '订单详情',
    text: '原文',
    empty: '没有读不懂的报文。平台增加字段或改变格式时，收到的内容会先放在这里，不会丢失。',
  },
  {
    title: 'Quarantine',
    received: 'Received',
    shop: 'Shop',
    source: 'Source',
    orderNo: 'Order number',
    reason: 'Reason',
    push: 'Push of the platform',
    order: 'Order details',
    text: 'Text',
    empty:
      'There is nothing that could not be read. Where a platform adds members or changes their form, what it sent is kept here and not lost.',
  },
);

/** What could not be read, with the reason and the text as it came. */
export function QuarantinedItems({ tabs }: { tabs: ReactNode }) {
  const t = useTexts(TEXTS);
  const { shops, shopName, shopOptions } = useShops();
  const channelOf = (shopId: string): string | undefined => shops.find(({ id }) => id === shopId)?.channel;
  const columns: ListColumn<QuarantineRow>[] = [
    {
      title: t.received,
      render: (_, { receivedAtMs }) => timeText(receivedAtMs),
      csv: { value: ({ receivedAtMs }) => timeText(receivedAtMs) },
    },
    { title: t.shop, render: (_, row) => shopName(row.shopId), csv: { value: ({ shopId }) => shopName(shopId) } },
    { title: t.source, render: (_, { source }) => t[source], csv: { value: ({ source }) => t[source] } },
    {
      title: t.orderNo,
      render: (_, { shopId, orderNo }) => {
        const channel = channelOf(shopId);
        if (orderNo === null || channel === undefined) return orderNo ?? '–';
        return <Link to={platformOrderPath(channel, shopId, orderNo)}>{orderNo}</Link>;
      },
      csv: { value: ({ orderNo }) => orderNo, text: true },
    },
    {
      title: t.reason,
      render: (_, { reason }) => <div className="reason">{reason}</div>,
      csv: { value: ({ reason }) => reason },
    },
    { title: t.text, hidden: true, csv: { value: ({ text }) => text } },
  ];
  return (
    <ListPage<QuarantineRow>
      key="unread"
      path="/api/quarantine"
      title={t.title}
      note={tabs}
      rowKey={({ id, shopId }) => `${shopId}#${id}`}
      columns={columns}
      filters={[
        { kind: 'select', names: ['shopId'], label: t.shop, options: shopOptions },
        { kind: 'time', names: ['fromMs', 'toMs'], label: t.received },
      ]}
      sortable
      expand={({ id, text }) => <RawText text={text} fileName={id} />}
      empty={t.empty}
    />
  );
}
