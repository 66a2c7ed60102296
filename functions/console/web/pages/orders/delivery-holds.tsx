import { Table } from 'antd';
import { Link } from 'react-router';
import type { DeliveryOrderView } from '../../../schema/delivery-order';
import { countText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';
import type { Tone } from '../../kit/status-tag';
import { StatusTag } from '../../kit/status-tag';
import { ledgerPath } from '../../kit/paths';
import { SkuLink } from './sku-link';

type Hold = DeliveryOrderView['holds'][number];

const TEXTS = texts(
  {
    title: '库存占用',
    none: '还没有占用库存',
    sku: '商品编码',
    wanted: '需要',
    held: '已占用',
    lacking: '缺少',
    state: '状态',
    ledger: '库存流水',
    see: '查看流水',
    moving: '处理中',
    short: '缺货',
    full: '已占足',
    given: '已释放',
    out: '已出库',
    due: '待占用',
  },
  {
    title: 'Stock held',
    none: 'It has held no stock yet',
    sku: 'SKU',
    wanted: 'Wanted',
    held: 'Held',
    lacking: 'Lacking',
    state: 'State',
    ledger: 'Ledger',
    see: 'See its entries',
    moving: 'Under way',
    short: 'Out of stock',
    full: 'All held',
    given: 'Given back',
    out: 'Taken out',
    due: 'To be held',
  },
);

/** 库存占用: what the order wants, holds and lacks of each SKU, with the ledgers that say so. */
export function DeliveryHolds({ order }: { order: DeliveryOrderView }) {
  const t = useTexts(TEXTS);
  const live = order.status !== 'shipped' && order.status !== 'cancelled';
  const stateOf = ({ intent, lacking, wantedQty, heldQty }: Hold): [Tone, string] => {
    if (intent) return ['busy', t.moving];
    if (order.status === 'shipped') return ['good', t.out];
    if (!live) return heldQty > 0 ? ['busy', t.moving] : ['off', t.given];
    if (heldQty < wantedQty) return lacking ? ['wait', t.short] : ['busy', t.due];
    return wantedQty === 0 ? ['off', t.given] : ['good', t.full];
  };
  return (
    <section className="card" aria-label={t.title}>
      <h2>{t.title}</h2>
      <Table<Hold>
        size="small"
        rowKey="skuId"
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: t.none }}
        dataSource={[...order.holds]}
        columns={[
          { title: t.sku, render: (_, { skuId }) => <SkuLink skuId={skuId} /> },
          { title: t.wanted, className: 'number', render: (_, { wantedQty }) => countText(wantedQty) },
          { title: t.held, className: 'number', render: (_, { heldQty }) => countText(heldQty) },
          {
            title: t.lacking,
            className: 'number',
            render: (_, { wantedQty, heldQty }) => countText(live ? Math.max(0, wantedQty - heldQty) : 0),
          },
          {
            title: t.state,
            render: (_, hold) => {
              const [tone, text] = stateOf(hold);
              return <StatusTag tone={tone}>{text}</StatusTag>;
            },
          },
          {
            title: t.ledger,
            render: (_, { skuId }) => (
              <Link to={ledgerPath(order.warehouseId, skuId)} aria-label={`${t.see} ${skuId}`}>
                {t.see}
              </Link>
            ),
          },
        ]}
      />
    </section>
  );
}
