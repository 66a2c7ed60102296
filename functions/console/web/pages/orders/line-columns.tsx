import { Tag } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import type { PlatformOrderLine } from '../../../../../shared/domain/order/platform-order';
import { countText, moneyText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { REFUND } from '../interfaces/platform-words';

const TEXTS = texts(
  {
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

type Shown = Pick<PlatformOrderLine, 'title' | 'gift' | 'presale' | 'quantity' | 'unitPriceFen' | 'paidFen' | 'refund'>;

/** What both the platform's order and ours show of a line, in this order: `amounts` stand last. */
export function useLineColumns<Line extends Shown>() {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const amounts: ColumnsType<Line> = [
    { title: t.lineNo, dataIndex: 'lineNo' },
    { title: t.quantity, className: 'number', render: (_, { quantity }) => countText(quantity) },
    { title: t.price, className: 'number', render: (_, { unitPriceFen }) => moneyText(unitPriceFen) },
    { title: t.paid, className: 'number', render: (_, { paidFen }) => moneyText(paidFen) },
    {
      title: t.refund,
      render: (_, { refund }) => (refund === 'none' ? '–' : <Tag variant="outlined">{REFUND[language][refund]}</Tag>),
    },
  ];
  return {
    nameTitle: t.name,
    /** What the buyer read, and whether it is a gift or a presale. */
    name: ({ title, gift, presale }: Line) => (
      <>
        {title} {gift && <Tag variant="outlined">{t.gift}</Tag>}
        {presale && <Tag variant="outlined">{t.presale}</Tag>}
      </>
    ),
    amounts,
  };
}
