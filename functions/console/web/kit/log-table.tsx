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
    rule: '规则',
    timer: '定时任务',
    platform: '平台',
    system: '系统',
  },
  {
    title: 'Operation log',
    no: 'No.',
    user: 'User',
    type: 'Type',
    content: 'Content',
    creator: 'Created by',
    at: 'Created at',
    rule: 'rule',
    timer: 'timer',
    platform: 'platform',
    system: 'system',
  },
);

/** A line as the API gives it, or as a document keeps it. */
type Line = Omit<LogLine, 'status'>;

/** 操作日志 of a document, newest first. The user is a person's login name; rules, timers and platforms stand by their kind. */
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
          { title: t.user, render: (_, { actor }) => (actor.kind === 'person' ? actor.id : t[actor.kind]) },
          { title: t.type, dataIndex: 'type' },
          { title: t.content, dataIndex: 'content' },
          { title: t.creator, render: (_, line) => actorName(line.actor) },
          { title: t.at, render: (_, line) => timeText(line.atMs), width: 170 },
        ]}
      />
    </section>
  );
}
