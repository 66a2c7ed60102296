import { Table } from 'antd';
import { Link } from 'react-router';
import { listingKey } from '../../../../../shared/domain/order/item-mapping';
import type { PlatformOrderView } from '../../../schema/platform-order';
import { texts, useTexts } from '../../kit/language';
import { StatusTag } from '../../kit/status-tag';
import { useLineColumns } from '../orders/line-columns';
import { mappingPath } from '../../kit/paths';

type Line = NonNullable<PlatformOrderView['order']>['lines'][number];

const TEXTS = texts(
  {
    title: '平台明细',
    listing: '商品对应',
    code: '商家编码',
    unmapped: '未匹配',
  },
  {
    title: 'Lines as they came',
    listing: 'Mapping',
    code: 'Merchant code',
    unmapped: 'Not mapped',
  },
);

/** Lines of a platform order as our adapter reads them; each leads to what says which SKU its listing is. */
export function ReadOrderLines({ order }: { order: PlatformOrderView }) {
  const t = useTexts(TEXTS);
  const lines = useLineColumns<Line>();
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
            title: lines.nameTitle,
            render: (_, line) => <div className="reason">{lines.name(line)}</div>,
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
          ...lines.amounts,
        ]}
      />
    </section>
  );
}
