import { Table, Tag } from 'antd';
import { Link } from 'react-router';
import { listingKey } from '../../../../../shared/domain/order/item-mapping';
import type { DeliveryOrderView } from '../../../schema/delivery-order';
import { countText, moneyText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { REFUND } from '../interfaces/platform-words';
import { mappingPath, SkuLink } from './order-links';

type Line = DeliveryOrderView['lines'][number];

const TEXTS = texts(
  {
    title: '明细',
    sku: '商品编码',
    name: '平台商品',
    lineNo: '子订单号',
    quantity: '数量',
    price: '单价',
    paid: '实付',
    refund: '退款',
    gift: '赠品',
    presale: '预售',
  },
  {
    title: 'Lines',
    sku: 'SKU',
    name: 'Listing',
    lineNo: 'Line number',
    quantity: 'Quantity',
    price: 'Price',
    paid: 'Paid',
    refund: 'Refund',
    gift: 'Gift',
    presale: 'Presale',
  },
);

/** 明细: each line of the platform in our SKU. */
export function DeliveryLines({ order }: { order: DeliveryOrderView }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
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
            title: t.name,
            render: (_, line) => (
              <div className="reason">
                {line.title} {line.gift && <Tag variant="outlined">{t.gift}</Tag>}
                {line.presale && <Tag variant="outlined">{t.presale}</Tag>}
                <div>
                  <Link to={mappingPath(order.shopId, listingKey(line))}>{listingKey(line)}</Link>
                </div>
              </div>
            ),
          },
          { title: t.lineNo, dataIndex: 'lineNo' },
          { title: t.quantity, className: 'number', render: (_, { quantity }) => countText(quantity) },
          { title: t.price, className: 'number', render: (_, { unitPriceFen }) => moneyText(unitPriceFen) },
          { title: t.paid, className: 'number', render: (_, { paidFen }) => moneyText(paidFen) },
          {
            title: t.refund,
            render: (_, { refund }) =>
              refund === 'none' ? '–' : <Tag variant="outlined">{REFUND[language][refund]}</Tag>,
          },
        ]}
      />
    </section>
  );
}
