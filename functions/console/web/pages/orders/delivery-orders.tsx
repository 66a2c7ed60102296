import type { Key } from 'react';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'react-router';
import type { DeliveryOrderRow } from '../../../schema/delivery-order';
import { useMay } from '../../app/session';
import { countText, moneyText, timeText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import type { ListColumn } from '../../kit/list-page';
import { ListPage } from '../../kit/list-page';
import { useShops, useWarehouses } from '../../kit/names';
import { StatusTag } from '../../kit/status-tag';
import { BatchAudit } from './batch-audit';
import { DELIVERY_STATUS, DELIVERY_TONE, deliveryStatusOptions } from './delivery-status';
import { heldUpBy } from './holding-up';
import { deliveryOrderPath } from '../../kit/paths';

const TEXTS = texts(
  {
    title: '零售发货单',
    orderNo: '订单号',
    shop: '店铺',
    status: '状态',
    heldUp: '卡住原因',
    pieces: '件数',
    amount: '金额',
    warehouse: '仓库',
    region: '收货地区',
    created: '创建时间',
    paid: '付款时间',
    empty: '还没有零售发货单。平台订单接入并转换后会出现在这里：',
    emptyLink: '查看淘宝订单接口',
    choose: (orderNo: string) => `选择订单 ${orderNo}`,
  },
  {
    title: 'Delivery orders',
    orderNo: 'Order number',
    shop: 'Shop',
    status: 'Status',
    heldUp: 'Held up by',
    pieces: 'Pieces',
    amount: 'Amount',
    warehouse: 'Warehouse',
    region: 'Region',
    created: 'Created',
    paid: 'Paid',
    empty: 'There are no delivery orders yet. They appear once platform orders have come in and were converted:',
    emptyLink: 'look at the Taobao orders',
    choose: (orderNo: string) => `Choose order ${orderNo}`,
  },
);

const keyOf = ({ shopId, orderNo }: DeliveryOrderRow): string => `${shopId}#${orderNo}`;

/** 零售发货单: every delivery order, what holds it up, and the audit of several at once. */
export default function DeliveryOrdersPage() {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const mayAudit = useMay('operator');
  const { shopName, shopOptions } = useShops();
  const { warehouseName } = useWarehouses();
  const { search } = useLocation();
  const [chosen, setChosen] = useState<readonly DeliveryOrderRow[]>([]);
  // What is ticked is on the page that is shown: another page or filter begins anew.
  useEffect(() => setChosen([]), [search]);

  const columns: ListColumn<DeliveryOrderRow>[] = [
    {
      title: t.orderNo,
      render: (_, row) => <Link to={deliveryOrderPath(row.shopId, row.orderNo)}>{row.orderNo}</Link>,
      csv: { value: ({ orderNo }) => orderNo, text: true },
    },
    {
      title: t.shop,
      render: (_, row) => shopName(row.shopId),
      csv: { value: ({ shopId }) => shopName(shopId) },
    },
    {
      title: t.status,
      render: (_, { status }) => (
        <StatusTag tone={DELIVERY_TONE[status]}>{DELIVERY_STATUS[language][status]}</StatusTag>
      ),
      csv: { value: ({ status }) => DELIVERY_STATUS[language][status] },
    },
    {
      title: t.heldUp,
      render: (_, row) => <div className="reason">{heldUpBy(row, language)}</div>,
      csv: { value: (row) => heldUpBy(row, language) },
    },
    {
      title: t.pieces,
      className: 'number',
      render: (_, { pieces }) => countText(pieces),
      csv: { value: ({ pieces }) => pieces },
    },
    {
      title: t.amount,
      className: 'number',
      render: (_, { payableFen }) => moneyText(payableFen),
      csv: { value: ({ payableFen }) => payableFen / 100 },
    },
    {
      title: t.warehouse,
      render: (_, row) => warehouseName(row.warehouseId),
      csv: { value: ({ warehouseId }) => warehouseName(warehouseId) },
    },
    {
      title: t.region,
      hidden: true,
      csv: { value: ({ province, city }) => `${province} ${city}` },
    },
    {
      title: t.created,
      render: (_, { createdAtMs }) => timeText(createdAtMs),
      csv: { value: ({ createdAtMs }) => timeText(createdAtMs) },
    },
    {
      title: t.paid,
      render: (_, { paidAtMs }) => timeText(paidAtMs),
      csv: { value: ({ paidAtMs }) => timeText(paidAtMs) },
    },
  ];
  const selection = {
    keys: chosen.map(keyOf),
    onChange: (_keys: Key[], rows: DeliveryOrderRow[]) => setChosen(rows),
    label: ({ orderNo }: DeliveryOrderRow) => t.choose(orderNo),
    selectable: ({ status }: DeliveryOrderRow) => status === 'pending-audit',
  };
  return (
    <ListPage<DeliveryOrderRow>
      path="/api/delivery-orders"
      title={t.title}
      rowKey={keyOf}
      columns={columns}
      filters={[
        { kind: 'select', names: ['shopId'], label: t.shop, options: shopOptions },
        { kind: 'select', names: ['status'], label: t.status, options: deliveryStatusOptions(language) },
        { kind: 'text', names: ['orderNo'], label: t.orderNo },
        { kind: 'time', names: ['fromMs', 'toMs'], label: t.created },
      ]}
      sortable
      {...(mayAudit && { selection, actions: <BatchAudit rows={chosen} onDone={() => setChosen([])} /> })}
      empty={
        <>
          {t.empty} <Link to="/interfaces/taobao/orders">{t.emptyLink}</Link>
        </>
      }
    />
  );
}
