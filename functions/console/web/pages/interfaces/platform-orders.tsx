import { SwapOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import type { Key } from 'react';
import { useEffect, useState } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import type { ChannelId } from '../../../../../shared/domain/order/platform-order';
import type { PlatformOrderRow } from '../../../schema/platform-order';
import { NotFoundPage } from '../../app/not-found-page';
import { useMay } from '../../app/session';
import { moneyText, timeText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import type { ListColumn } from '../../kit/list-page';
import { ListPage } from '../../kit/list-page';
import { useShops } from '../../kit/names';
import { StatusTag } from '../../kit/status-tag';
import { deliveryOrderPath, platformOrderPath } from '../../kit/paths';
import { channelOf, ORDER_PAGE } from './channels';
import { useConversion } from './conversion-dialog';
import { CONVERSION, CONVERSION_TONE } from './conversion-words';
import { MapFirst } from './map-first';
import { PLATFORM_STATUS } from './platform-words';

const TEXTS = texts(
  {
    orderNo: '订单号',
    shop: '店铺',
    status: '平台状态',
    conversion: '转换状态',
    next: '去向',
    delivery: '零售发货单',
    map: '未匹配：',
    amount: '金额',
    created: '下单时间',
    modified: '平台修改时间',
    fetched: '接收时间',
    action: '操作',
    convert: '单据转换',
    convertSome: (n: number) => (n === 0 ? '单据转换' : `单据转换 (${n})`),
    convertOne: (orderNo: string) => `单据转换 ${orderNo}`,
    choose: '请先勾选订单',
    empty: '还没有接收到订单。请确认店铺已启用、密钥已配置：',
    emptyLink: '查看店铺',
    chooseOne: (orderNo: string) => `选择订单 ${orderNo}`,
  },
  {
    orderNo: 'Order number',
    shop: 'Shop',
    status: 'Status there',
    conversion: 'Conversion',
    next: 'Leads to',
    delivery: 'Delivery order',
    map: 'Not mapped:',
    amount: 'Amount',
    created: 'Ordered',
    modified: 'Changed there',
    fetched: 'Received',
    action: 'Action',
    convert: 'Convert',
    convertSome: (n: number) => (n === 0 ? 'Convert' : `Convert (${n})`),
    convertOne: (orderNo: string) => `Convert ${orderNo}`,
    choose: 'Tick orders first',
    empty: 'No order has come in yet. See that the shop is active and its keys are set:',
    emptyLink: 'look at the shops',
    chooseOne: (orderNo: string) => `Choose order ${orderNo}`,
  },
);

const keyOf = ({ shopId, orderNo }: PlatformOrderRow): string => `${shopId}#${orderNo}`;

/** 淘宝订单接口 and its like: the orders as one platform sent them, and their 单据转换. */
export default function PlatformOrdersPage() {
  const channel = channelOf(useParams()['channel']);
  // Another platform's page begins anew.
  return channel ? <PlatformOrders key={channel} channel={channel} /> : <NotFoundPage />;
}

function PlatformOrders({ channel }: { channel: ChannelId }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const mayConvert = useMay('operator');
  const { shops, shopName, shopOptions } = useShops();
  const { search } = useLocation();
  const [chosen, setChosen] = useState<readonly PlatformOrderRow[]>([]);
  // What is ticked is on the page that is shown: another page or filter begins anew.
  useEffect(() => setChosen([]), [search]);
  const { convert, busy, dialog } = useConversion(() => setChosen([]));
  const ofChannel = new Set(shops.filter((shop) => shop.channel === channel).map(({ id }) => id));

  const columns: ListColumn<PlatformOrderRow>[] = [
    {
      title: t.orderNo,
      render: (_, row) => <Link to={platformOrderPath(channel, row.shopId, row.orderNo)}>{row.orderNo}</Link>,
      csv: { value: ({ orderNo }) => orderNo, text: true },
    },
    { title: t.shop, render: (_, row) => shopName(row.shopId), csv: { value: ({ shopId }) => shopName(shopId) } },
    {
      title: t.status,
      render: (_, { status, platformStatus }) => (
        <>
          {PLATFORM_STATUS[language][status]} <small className="quiet">{platformStatus}</small>
        </>
      ),
      csv: { value: ({ status }) => PLATFORM_STATUS[language][status] },
    },
    {
      title: t.conversion,
      render: (_, { conversion }) => (
        <StatusTag tone={CONVERSION_TONE[conversion]}>{CONVERSION[language][conversion]}</StatusTag>
      ),
      csv: { value: ({ conversion }) => CONVERSION[language][conversion] },
    },
    {
      title: t.next,
      render: (_, row) =>
        row.conversion === 'converted' ? (
          <Link to={deliveryOrderPath(row.shopId, row.orderNo)} aria-label={`${t.delivery} ${row.orderNo}`}>
            {t.delivery}
          </Link>
        ) : (
          row.unmapped.length > 0 && (
            <div className="listing">
              <MapFirst says={t.map} shopId={row.shopId} listings={row.unmapped} />
            </div>
          )
        ),
      csv: { value: ({ unmapped }) => unmapped.join(' ') },
    },
    {
      title: t.amount,
      className: 'number',
      render: (_, { payableFen }) => moneyText(payableFen),
      csv: { value: ({ payableFen }) => payableFen / 100 },
    },
    {
      title: t.created,
      render: (_, { createdAtMs }) => timeText(createdAtMs),
      csv: { value: ({ createdAtMs }) => timeText(createdAtMs) },
    },
    {
      title: t.modified,
      render: (_, { modifiedAtMs }) => timeText(modifiedAtMs),
      csv: { value: ({ modifiedAtMs }) => timeText(modifiedAtMs) },
    },
    {
      title: t.fetched,
      render: (_, { fetchedAtMs }) => timeText(fetchedAtMs),
      csv: { value: ({ fetchedAtMs }) => timeText(fetchedAtMs) },
    },
  ];
  if (mayConvert)
    columns.push({
      title: t.action,
      fixed: 'right',
      render: (_, row) => (
        <Button size="small" disabled={busy} aria-label={t.convertOne(row.orderNo)} onClick={() => void convert([row])}>
          {t.convert}
        </Button>
      ),
      csv: false,
    });
  const selection = {
    keys: chosen.map(keyOf),
    onChange: (_keys: Key[], rows: PlatformOrderRow[]) => setChosen(rows),
    label: ({ orderNo }: PlatformOrderRow) => t.chooseOne(orderNo),
  };
  const actions = (
    <Tooltip title={chosen.length === 0 ? t.choose : undefined}>
      <Button
        type="primary"
        icon={<SwapOutlined />}
        disabled={chosen.length === 0}
        loading={busy}
        onClick={() => void convert(chosen)}
      >
        {t.convertSome(chosen.length)}
      </Button>
    </Tooltip>
  );
  return (
    <>
      <ListPage<PlatformOrderRow>
        path="/api/platform-orders"
        title={ORDER_PAGE[language][channel]}
        rowKey={keyOf}
        columns={columns}
        filters={[
          {
            ...{ kind: 'select', names: ['shopId'], label: t.shop },
            options: shopOptions.filter(({ value }) => ofChannel.has(value)),
          },
          {
            ...{ kind: 'select', names: ['conversion'], label: t.conversion },
            options: Object.entries(CONVERSION[language]).map(([value, label]) => ({ value, label })),
          },
          { kind: 'text', names: ['orderNo'], label: t.orderNo },
          { kind: 'time', names: ['fromMs', 'toMs'], label: t.created },
        ]}
        fixed={{ channel }}
        sortable
        {...(mayConvert && { selection, actions })}
        empty={
          <>
            {t.empty} <Link to="/master/shops">{t.emptyLink}</Link>
          </>
        }
      />
      {dialog}
    </>
  );
}
