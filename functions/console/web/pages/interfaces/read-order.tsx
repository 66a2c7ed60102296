import { Table, Tag } from 'antd';
import { Link } from 'react-router';
import { listingKey } from '../../../../../shared/domain/order/item-mapping';
import type { PlatformOrderView } from '../../../schema/platform-order';
import { countText, moneyText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { StatusTag } from '../../kit/status-tag';
import { mappingPath } from '../orders/order-links';
import { REFUND } from './platform-words';

type Line = NonNullable<PlatformOrderView['order']>['lines'][number];

const TEXTS = texts(
  {
    title: '平台明细',
    name: '平台商品',
    listing: '商品对应',
    code: '商家编码',
    lineNo: '子订单号',
    quantity: '数量',
    price: '单价',
    paid: '实付',
    refund: '退款',
    gift: '赠品',
    presale: '预售',
    unmapped: '未匹配',
  },
  {
    title: 'Lines as they came',
    name: 'Listing',
    listing: 'Mapping',
    code: 'Merchant code',
    lineNo: 'Line number',
    quantity: 'Quantity',
    price: 'Price',
    paid: 'Paid',
    refund: 'Refund',
    gift: 'Gift',
    presale: 'Presale',
    unmapped: 'Not mapped',
  },
);

/** Lines of a platform order as our adapter reads them; each leads to what says which SKU its listing is. */
export function ReadOrderLines({ order }: { order: PlatformOrderView }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const unmapped = new Set(order.unmapped);
  return (
    <section className="card" aria-label={t.title}>
      <h2>{t.title}</h2>
      <Table<Line>
        size="small"
        rowKey="lineNo"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={[...(order.order?.lines ?? [])]}
        columns={[
          {
            title: t.name,
            render: (_, line) => (
              <div className="reason">
                {line.title} {line.gift && <Tag variant="outlined">{t.gift}</Tag>}
                {line.presale && <Tag variant="outlined">{t.presale}</Tag>}
              </div>
            ),
          },
          {
            title: t.listing,
            render: (_, line) => (
              <div className="listing">
                <Link to={mappingPath(order.shopId, listingKey(line))}>{listingKey(line)}</Link>{' '}
                {unmapped.has(listingKey(line)) && <StatusTag tone="bad">{t.unmapped}</StatusTag>}
              </div>
            ),
          },
          { title: t.code, render: (_, { merchantCode }) => merchantCode ?? '–' },
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
