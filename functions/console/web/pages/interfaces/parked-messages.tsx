import type { ReactNode } from 'react';
import type { ParkedRow } from '../../../schema/platform-order';
import { countText, timeText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';
import type { ListColumn } from '../../kit/list-page';
import { ListPage } from '../../kit/list-page';
import { RawText } from './raw-text';

const TEXTS = texts(
  {
    title: '隔离区',
    at: '搁置时间',
    functionName: '函数',
    code: '错误代码',
    bytes: '字节数',
    text: '消息',
    empty: '没有搁置的消息。消息只是提示，它涉及的单据会由定时扫描继续处理。',
  },
  {
    title: 'Quarantine',
    at: 'Parked',
    functionName: 'Function',
    code: 'Code',
    bytes: 'Bytes',
    text: 'Message',
    empty:
      'There are no parked messages. A message is only a hint: the timed sweep drives on the document that it names.',
  },
);

/** Messages that a queue function could not do. */
export function ParkedMessages({ tabs }: { tabs: ReactNode }) {
  const t = useTexts(TEXTS);
  const columns: ListColumn<ParkedRow>[] = [
    { title: t.at, render: (_, { atMs }) => timeText(atMs), csv: { value: ({ atMs }) => timeText(atMs) } },
    { title: t.functionName, dataIndex: 'functionName' },
    { title: t.code, dataIndex: 'code' },
    {
      title: t.bytes,
      className: 'number',
      render: (_, { textBytes }) => countText(textBytes),
      csv: { value: ({ textBytes }) => textBytes },
    },
    { title: t.text, hidden: true, csv: { value: ({ text }) => text } },
  ];
  return (
    <ListPage<ParkedRow>
      key="parked"
      path="/api/parked-messages"
      title={t.title}
      note={tabs}
      rowKey={({ id }) => id}
      columns={columns}
      sortable
      expand={({ id, text }) => <RawText text={text} fileName={id} />}
      empty={t.empty}
    />
  );
}
