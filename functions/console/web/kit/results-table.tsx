import { Table } from 'antd';
import type { ReactNode } from 'react';
import { texts, useTexts } from './language';
import type { Tone } from './status-tag';
import { StatusTag } from './status-tag';

/** What became of one of several documents. */
export interface Result {
  readonly key: string;
  readonly name: ReactNode;
  readonly tone: Tone;
  /** Written in the tag, e.g. the status that it has now. */
  readonly outcome: string;
  readonly detail?: ReactNode;
}

const TEXTS = texts(
  { name: '单据', outcome: '结果', detail: '说明' },
  { name: 'Document', outcome: 'Result', detail: 'Details' },
);

/** What became of each document of an action on several, in the order in which they were chosen. */
export function ResultsTable({ results, name }: { results: readonly Result[]; name?: string }) {
  const t = useTexts(TEXTS);
  return (
    <Table<Result>
      size="small"
      rowKey="key"
      pagination={false}
      scroll={{ y: 420 }}
      dataSource={[...results]}
      columns={[
        { title: name ?? t.name, dataIndex: 'name', width: 230 },
        {
          title: t.outcome,
          width: 110,
          render: (_, { tone, outcome }) => <StatusTag tone={tone}>{outcome}</StatusTag>,
        },
        { title: t.detail, dataIndex: 'detail' },
      ]}
    />
  );
}
