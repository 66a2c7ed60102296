import { Descriptions } from 'antd';
import type { DeliveryOrderView } from '../../../schema/delivery-order';
import { moneyText, timeText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { DEPOSIT, PLATFORM_STATUS } from '../interfaces/platform-words';

const TEXTS = texts(
  {
    title: '平台信息',
    status: '平台状态',
    deposit: '定金预售',
    amount: '应付金额',
    freight: '其中运费',
    ordered: '下单时间',
    paid: '付款时间',
    modified: '平台修改时间',
    buyer: '买家',
    receiver: '收货人',
    phone: '电话',
    address: '地址',
    buyerMemo: '买家留言',
    sellerMemo: '卖家备注',
    masked: '买家信息以平台脱敏后的形式保存。',
  },
  {
    title: 'What the platform says',
    status: 'Status there',
    deposit: 'Deposit presale',
    amount: 'Payable',
    freight: 'of it freight',
    ordered: 'Ordered',
    paid: 'Paid',
    modified: 'Changed there',
    buyer: 'Buyer',
    receiver: 'Receiver',
    phone: 'Phone',
    address: 'Address',
    buyerMemo: 'Buyer memo',
    sellerMemo: 'Seller memo',
    masked: 'Buyer data is kept as the platform masks it.',
  },
);

type Facts = DeliveryOrderView['platform'];

/** What the platform last said of an order, buyer data as it masks them. */
export function PlatformFacts({ facts }: { facts: Facts }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { receiver } = facts;
  const address = [receiver.province, receiver.city, receiver.district, receiver.address].filter((part) => part !== '');
  const rows: [label: string, value: string, wide?: boolean][] = [
    [t.status, PLATFORM_STATUS[language][facts.status]],
    [t.deposit, DEPOSIT[language][facts.deposit]],
    [t.amount, moneyText(facts.payableFen)],
    [t.freight, moneyText(facts.freightFen)],
    [t.ordered, timeText(facts.createdAtMs)],
    [t.paid, timeText(facts.paidAtMs)],
    [t.buyer, facts.buyerNick],
    [t.modified, timeText(facts.modifiedAtMs)],
    [t.receiver, receiver.name],
    [t.phone, receiver.phone],
    [t.address, address.join(' '), true],
    [t.buyerMemo, facts.buyerMemo, true],
    [t.sellerMemo, facts.sellerMemo, true],
  ];
  return (
    <section className="card" aria-label={t.title}>
      <h2>{t.title}</h2>
      <Descriptions
        size="small"
        column={2}
        items={rows.map(([label, value, wide]) => ({
          key: label,
          label,
          children: value === '' ? '–' : value,
          ...(wide === true && { span: 2 }),
        }))}
      />
      <p className="quiet">{t.masked}</p>
    </section>
  );
}
