import { SwapOutlined } from '@ant-design/icons';
import { Alert, Button, Descriptions } from 'antd';
import { Link, useParams } from 'react-router';
import type { PlatformOrderView } from '../../../schema/platform-order';
import { useMay } from '../../app/session';
import { DetailPage } from '../../kit/detail-page';
import { timeText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { LogTable } from '../../kit/log-table';
import { useShops } from '../../kit/names';
import { useApi } from '../../kit/queries';
import { StatusTag } from '../../kit/status-tag';
import { DELIVERY_STATUS } from '../orders/delivery-status';
import { deliveryOrderPath } from '../../kit/paths';
import { PlatformFacts } from '../orders/platform-facts';
import { useConversion } from './conversion-dialog';
import { CONVERSION, CONVERSION_SAYS, CONVERSION_TONE } from './conversion-words';
import { MapFirst } from './map-first';
import { RawText } from './raw-text';
import { ReadOrderLines } from './read-order';

const TEXTS = texts(
  {
    title: (orderNo: string) => `平台订单 ${orderNo}`,
    document: '接收',
    shop: '店铺',
    platformStatus: '平台原始状态',
    modified: '平台修改时间',
    fetched: '接收时间',
    delivery: '零售发货单',
    none: '尚未生成',
    convert: '单据转换',
    map: '请先对应商品：',
    raw: '平台原文',
    noRaw: '没有找到这一版本的原文',
  },
  {
    title: (orderNo: string) => `Platform order ${orderNo}`,
    document: 'Reception',
    shop: 'Shop',
    platformStatus: "The platform's own status",
    modified: 'Changed there',
    fetched: 'Received',
    delivery: 'Delivery order',
    none: 'none yet',
    convert: 'Convert',
    map: 'Map these listings first:',
    raw: 'Text as the platform sent it',
    noRaw: 'The text of this version was not found',
  },
);

const ALERT = { good: 'success', busy: 'info', wait: 'warning', bad: 'error', off: 'info' } as const;

/** One 平台订单: as it came, as we read it, and what became of it. */
export default function PlatformOrderPage() {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { channel = '', shopId = '', orderNo = '' } = useParams();
  const { shopName } = useShops();
  const mayConvert = useMay('operator');
  const { convert, busy, dialog } = useConversion();
  const path = `/api/platform-orders/${encodeURIComponent(shopId)}/${encodeURIComponent(orderNo)}`;
  const { data: order, error, refetch } = useApi<PlatformOrderView>(path, {}, { liveMs: 5_000 });
  return (
    <DetailPage
      title={t.title(orderNo)}
      list={`/interfaces/${channel}/orders`}
      error={order ? null : error}
      loading={!order}
      retry={() => void refetch()}
      status={
        order && (
          <StatusTag tone={CONVERSION_TONE[order.conversion]}>{CONVERSION[language][order.conversion]}</StatusTag>
        )
      }
      actions={
        order &&
        mayConvert && (
          <Button
            type="primary"
            icon={<SwapOutlined />}
            loading={busy}
            onClick={() => void convert([{ shopId, orderNo }])}
          >
            {t.convert}
          </Button>
        )
      }
    >
      {order && (
        <>
          <Alert
            type={ALERT[CONVERSION_TONE[order.conversion]]}
            showIcon
            className="form-note"
            role="status"
            title={CONVERSION_SAYS[language][order.conversion]}
            description={
              order.unmapped.length > 0 && <MapFirst says={t.map} shopId={shopId} listings={order.unmapped} />
            }
          />
          <section className="card" aria-label={t.document}>
            <Descriptions
              size="small"
              column={3}
              items={[
                { key: 'shop', label: t.shop, children: shopName(order.shopId) },
                { key: 'status', label: t.platformStatus, children: order.platformStatus },
                {
                  key: 'delivery',
                  label: t.delivery,
                  children: order.deliveryOrder ? (
                    <Link to={deliveryOrderPath(shopId, orderNo)}>
                      {orderNo} · <DeliveryStatusText status={order.deliveryOrder.status} />
                    </Link>
                  ) : (
                    t.none
                  ),
                },
                { key: 'modified', label: t.modified, children: timeText(order.modifiedAtMs) },
                { key: 'fetched', label: t.fetched, children: timeText(order.fetchedAtMs) },
              ]}
            />
          </section>
          {order.order && (
            <>
              <ReadOrderLines order={order} />
              <PlatformFacts facts={order.order} />
            </>
          )}
          <section className="card" aria-label={t.raw}>
            <h2>{t.raw}</h2>
            {order.raw === null ? <p>{t.noRaw}</p> : <RawText text={order.raw} fileName={orderNo} />}
          </section>
          <div className="card">
            <LogTable log={order.log} />
          </div>
        </>
      )}
      {dialog}
    </DetailPage>
  );
}

/** The delivery order's status in the person's language; one that is not known here is written as it came. */
function DeliveryStatusText({ status }: { status: string }) {
  const { language } = useLanguage();
  return (DELIVERY_STATUS[language] as Readonly<Record<string, string>>)[status] ?? status;
}
