import { Table } from 'antd';
import { Link } from 'react-router';
import { listingKey } from '../../../../../shared/domain/order/item-mapping';
import type { DeliveryOrderView } from '../../../schema/delivery-order';
import { texts, useTexts } from '../../kit/language';
import { useLineColumns } from './line-columns';
import { mappingPath } from '../../kit/paths';
import { SkuLink } from './sku-link';

type Line = DeliveryOrderView['lines'][number];

const TEXTS = texts(
  {
    title: '明细',
    sku: '商品编码',
  },
  {
    title: 'Lines',
    sku: 'SKU',
  },
);

/** 明细: each line of the platform in our SKU. */
export function DeliveryLines({ order }: { order: DeliveryOrderView }) {
  const t = useTexts(TEXTS);
  const lines = useLineColumns<Line>();
  return (
    <section className="card" aria-label={t.title}>
      <h2>{t.title}</h2>
      <Table<Line>
        size="small"
        rowKey="lineNo"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={[...order.lines]}
        columns={[
          { title: t.sku, render: (_, { skuId }) => <SkuLink skuId={skuId} /> },
          {
            title: lines.nameTitle,
            render: (_, line) => (
              <div className="reason">
                {lines.name(line)}
                <div>
                  <Link to={mappingPath(order.shopId, listingKey(line))}>{listingKey(line)}</Link>
                </div>
              </div>
            ),
          },
          ...lines.amounts,
        ]}
      />
    </section>
  );
}
