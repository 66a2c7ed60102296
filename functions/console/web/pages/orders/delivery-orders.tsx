import { Link } from 'react-router';
import type { STATUS_ZH } from '../../../../../shared/domain/order/delivery-states';
import type { ListColumn } from '../../kit/list-page';
import { ListPage } from '../../kit/list-page';
import { texts, useTexts } from '../../kit/language';

const TEXTS = texts(
  { title: '零售发货单', no: '订单号', empty: '还没有订单' },
  { title: 'Delivery orders', no: 'Order', empty: 'No orders yet' },
);

export default function DeliveryOrdersPage() {
  const t = useTexts(TEXTS);
  const columns: ListColumn<{ shopId: string; orderNo: string; status: keyof typeof STATUS_ZH }>[] = [
    {
      title: t.no,
      dataIndex: 'orderNo',
      render: (_, row) => <Link to={row.orderNo}>{row.orderNo}</Link>,
      csv: { value: (row) => row.orderNo, text: true },
    },
  ];
  return (
    <ListPage
      path="/api/delivery-orders"
      title={t.title}
      rowKey={(row) => `${row.shopId}#${row.orderNo}`}
      columns={columns}
      empty={t.empty}
      sortable
    />
  );
}
