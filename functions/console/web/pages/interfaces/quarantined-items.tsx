import { App, Button } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { orderAside } from '../../../../../shared/domain/order/received-order';
import type { QuarantineRow, ReadAgainAnswer } from '../../../schema/platform-order';
import { useMay } from '../../app/session';
import { callApi } from '../../kit/api';
import { timeText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';
import type { ListColumn } from '../../kit/list-page';
import { ListPage } from '../../kit/list-page';
import { useShops } from '../../kit/names';
import { platformOrderPath } from '../../kit/paths';
import { useAction } from '../../kit/queries';
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
    looked: '上次读取',
    action: '操作',
    readAgain: '重新读取',
    readAgainOf: (orderNo: string) => `重新读取订单 ${orderNo}`,
    takenOut: (orderNo: string) => `订单 ${orderNo} 已读取并移出隔离区`,
    stays: (orderNo: string, reason: string) => `订单 ${orderNo} 仍留在隔离区：${reason}`,
    empty:
      '没有读不懂的报文，也没有取不到的订单。平台增加字段或改变格式、拒绝某个订单时，内容会先放在这里，不会丢失；订单每小时自动重新读取。',
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
    looked: 'Last read',
    action: 'Action',
    readAgain: 'Read again',
    readAgainOf: (orderNo: string) => `Read order ${orderNo} again`,
    takenOut: (orderNo: string) => `Order ${orderNo} was read, and is out of quarantine`,
    stays: (orderNo: string, reason: string) => `Order ${orderNo} stays in quarantine: ${reason}`,
    empty:
      'There is nothing that could not be read or had. Where a platform adds members, changes their form or refuses an order, it is kept here and not lost; orders are read again every hour.',
  },
);

/** What could not be read or had, with the reason and the text as it came; an order can be read again. */
export function QuarantinedItems({ tabs }: { tabs: ReactNode }) {
  const t = useTexts(TEXTS);
  const may = useMay('operator');
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
    {
      title: t.looked,
      render: (_, { lookedAtMs }) => (lookedAtMs === null ? '–' : timeText(lookedAtMs)),
      csv: { value: ({ lookedAtMs }) => (lookedAtMs === null ? '' : timeText(lookedAtMs)) },
    },
    { title: t.text, hidden: true, csv: { value: ({ text }) => text } },
    ...(may ? [{ title: t.action, render: (_: unknown, row: QuarantineRow) => <ReadAgain row={row} /> }] : []),
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

/** 重新读取: asks the platform for the order anew. What becomes of it is told, and seen in the list. */
function ReadAgain({ row }: { row: QuarantineRow }) {
  const t = useTexts(TEXTS);
  const { message } = App.useApp();
  const { shopId, id } = row;
  const orderNo = orderAside(row);
  const readAgain = useAction(
    () =>
      callApi<ReadAgainAnswer>(
        'POST',
        `/api/quarantine/${encodeURIComponent(shopId)}/${encodeURIComponent(id)}/read-again`,
        { body: {} },
      ),
    {
      onDone: (answer) => {
        if (answer.reason === null) void message.success(t.takenOut(answer.orderNo));
        else void message.warning(t.stays(answer.orderNo, answer.reason), 8);
      },
    },
  );
  // A push names no order, and some numbers are none that one could ask for.
  if (orderNo === undefined) return null;
  return (
    <Button
      size="small"
      aria-label={t.readAgainOf(orderNo)}
      loading={readAgain.isPending}
      onClick={() => readAgain.mutate(undefined)}
    >
      {t.readAgain}
    </Button>
  );
}
