import { Table } from 'antd';
import type { LogLine } from '../../../../shared/domain/kernel/log-line';
import { actorName } from '../../../../shared/domain/kernel/log-line';
import { timeText } from './format';
import { texts, useTexts } from './language';

const TEXTS = texts(
  {
    title: '操作日志',
    no: '序号',
    user: '用户名称',
    type: '日志类型',
    content: '日志内容',
    creator: '创建人姓名',
    at: '创建时间',
  },
  {
    title: 'Operation log',
    no: 'No.',
    user: 'User',
    type: 'Type',
    content: 'Content',
    creator: 'Created by',
    at: 'Created at',
  },
);

/** A line as the API gives it, or as a document keeps it. */
type Line = Omit<LogLine, 'status'>;

/** 操作日志 of a document, newest first. */
export function LogTable({ log }: { log: readonly Line[] }) {
  const t = useTexts(TEXTS);
  return (
    <section aria-label={t.title}>
      <h2>{t.title}</h2>
      <Table<Line>
        size="small"
        rowKey="no"
        pagination={false}
        dataSource={[...log].sort((a, b) => b.no - a.no)}
        columns={[
          { title: t.no, dataIndex: 'no', width: 70 },
          { title: t.user, render: (_, line) => userId(line) },
          { title: t.type, dataIndex: 'type' },
          { title: t.content, dataIndex: 'content' },
          { title: t.creator, render: (_, line) => actorName(line.actor) },
          { title: t.at, render: (_, line) => timeText(line.atMs), width: 170 },
        ]}
      />
    </section>
  );
}

/** The login name of a person; rules, timers and platforms stand by their kind. */
function userId({ actor }: Line): string {
  return actor.kind === 'person' ? actor.id : actor.kind;
}
