import { Alert, Descriptions } from 'antd';
import { Link, useParams } from 'react-router';
import type { DeliveryOrderView } from '../../../schema/delivery-order';
import { DetailPage } from '../../kit/detail-page';
import { countText, timeText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { LogTable } from '../../kit/log-table';
import { useShops, useWarehouses } from '../../kit/names';
import { useApi } from '../../kit/queries';
import type { Tone } from '../../kit/status-tag';
import { StatusTag } from '../../kit/status-tag';
import { AuditVerdict } from './audit-verdict';
import { DeliveryActions } from './delivery-actions';
import { DeliveryHolds } from './delivery-holds';
import { DeliveryLines } from './delivery-lines';
import { DELIVERY_STATUS, DELIVERY_TONE } from './delivery-status';
import { nextStep } from './next-step';
import { mappingPath, platformOrderPath } from '../../kit/paths';
import { PlatformFacts } from './platform-facts';

const TEXTS = texts(
  {
    title: (orderNo: string) => `零售发货单 ${orderNo}`,
    document: '单据',
    shop: '店铺',
    warehouse: '仓库',
    pieces: '件数',
    created: '创建时间',
    platformOrder: '平台订单',
    unmapped: '未匹配商品',
  },
  {
    title: (orderNo: string) => `Delivery order ${orderNo}`,
    document: 'Document',
    shop: 'Shop',
    warehouse: 'Warehouse',
    pieces: 'Pieces',
    created: 'Created',
    platformOrder: 'Platform order',
    unmapped: 'Listings without a SKU',
  },
);

const ALERT: Record<Tone, 'success' | 'info' | 'warning' | 'error'> = {
  good: 'success',
  busy: 'info',
  wait: 'warning',
  bad: 'error',
  off: 'info',
};

/** One 零售发货单: where it stands, what is to do next, and everything that explains it. */
export default function DeliveryOrderPage() {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { shopId = '', orderNo = '' } = useParams();
  const { shopName } = useShops();
  const { warehouseName } = useWarehouses();
  const path = `/api/delivery-orders/${encodeURIComponent(shopId)}/${encodeURIComponent(orderNo)}`;
  const { data: order, error, refetch } = useApi<DeliveryOrderView>(path, {}, { liveMs: 5_000 });
  const next = order && nextStep(order, warehouseName(order.warehouseId), language);
  return (
    <DetailPage
      title={t.title(orderNo)}
      list="/orders/delivery-orders"
      error={order ? null : error}
      loading={!order}
      retry={() => void refetch()}
      status={
        order && <StatusTag tone={DELIVERY_TONE[order.status]}>{DELIVERY_STATUS[language][order.status]}</StatusTag>
      }
      actions={order && <DeliveryActions order={order} path={path} />}
    >
      {order && next && (
        <>
          <Alert type={ALERT[next.tone]} showIcon title={next.text} className="form-note" role="status" />
          <section className="card" aria-label={t.document}>
            <Descriptions
              size="small"
              column={4}
              items={[
                { key: 'shop', label: t.shop, children: shopName(order.shopId) },
                { key: 'warehouse', label: t.warehouse, children: warehouseName(order.warehouseId) },
                { key: 'pieces', label: t.pieces, children: countText(order.pieces) },
                { key: 'created', label: t.created, children: timeText(order.createdAtMs) },
                {
                  key: 'platform',
                  label: t.platformOrder,
                  span: order.unmapped.length > 0 ? 2 : 4,
                  children: (
                    <Link to={platformOrderPath(order.channel, order.shopId, order.orderNo)}>{order.orderNo}</Link>
                  ),
                },
                ...(order.unmapped.length === 0
                  ? []
                  : [
                      {
                        key: 'unmapped',
                        label: t.unmapped,
                        span: 2,
                        children: order.unmapped.map((listing) => (
                          <Link key={listing} to={mappingPath(order.shopId, listing)}>
                            {listing}&ensp;
                          </Link>
                        )),
                      },
                    ]),
              ]}
            />
          </section>
          <DeliveryLines order={order} />
          <div className="facts">
            <div>
              <DeliveryHolds order={order} />
              {order.audit && order.status === 'pending-audit' && <AuditVerdict audit={order.audit} />}
            </div>
            <PlatformFacts facts={order.platform} />
          </div>
          <div className="card">
            <LogTable log={order.log} />
          </div>
        </>
      )}
    </DetailPage>
  );
}
