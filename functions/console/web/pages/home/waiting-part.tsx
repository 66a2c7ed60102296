import { Table } from 'antd';
import { Link } from 'react-router';
import type { HomeWaiting } from '../../../schema/home';
import { ageText, countText } from '../../kit/format';
import type { Language } from '../../kit/language';
import { texts, useLanguage, useTexts } from '../../kit/language';

const KIND: Record<Language, Record<HomeWaiting['kind'], string>> = {
  zh: {
    conversion: '待转换的平台订单',
    holding: '待占用库存的发货单',
    audit: '待自动审核的发货单',
    'stock-work': '过账中的库存单据',
    resync: '待重算的设置',
    sync: '待推送的库存',
  },
  en: {
    conversion: 'Platform orders to convert',
    holding: 'Delivery orders to hold stock for',
    audit: 'Delivery orders to audit',
    'stock-work': 'Stock documents being posted',
    resync: 'Settings to compute anew',
    sync: 'Quantities to push',
  },
};

const TEXTS = texts(
  {
    kind: '工作',
    count: '等待',
    oldest: '最早一个',
    overdue: (age: string) => `已过 ${age}`,
    none: '–',
    soon: '未到时间',
  },
  {
    kind: 'Work',
    count: 'Waiting',
    oldest: 'Oldest',
    overdue: (age: string) => `due ${age} ago`,
    none: '–',
    soon: 'not due yet',
  },
);

/** What queues and timers are to drive on by themselves; a growing age says that something stands still. */
export function WaitingPart({ waiting }: { waiting: readonly HomeWaiting[] }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  return (
    <Table<HomeWaiting>
      size="small"
      rowKey="kind"
      pagination={false}
      dataSource={[...waiting]}
      columns={[
        { title: t.kind, render: (_, { kind }) => KIND[language][kind] },
        {
          title: t.count,
          className: 'number',
          render: (_, { count, orMore }) => `${countText(count)}${orMore ? '+' : ''}`,
        },
        {
          title: t.oldest,
          render: (_, { oldest }) => {
            if (!oldest) return t.none;
            const says = oldest.overdueMs > 0 ? t.overdue(ageText(oldest.overdueMs, language)) : t.soon;
            return oldest.link === null ? says : <Link to={oldest.link}>{says}</Link>;
          },
        },
      ]}
    />
  );
}
