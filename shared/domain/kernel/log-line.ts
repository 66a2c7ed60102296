/** Who did it: a person, a rule with its version, a timer, or what the platform reported. */
export type Actor =
  | { kind: 'person'; id: string; name: string }
  | { kind: 'rule'; id: string; version: number }
  | { kind: 'timer'; id: string }
  | { kind: 'platform'; id: string }
  | { kind: 'system'; id: string };

/** One line of an operation log 操作日志: written in the same put as the change that it tells of. */
export interface LogLine {
  /** Position in this document's log, from 1; the console lists newest first. */
  readonly no: number;
  /** 日志类型, e.g. 订单审核. */
  readonly type: string;
  /** 日志内容, e.g. 订单自动审核成功! */
  readonly content: string;
  readonly actor: Actor;
  readonly atMs: number;
  /** The document's status after this line, where it has one. */
  readonly status?: string;
}

/** 用户名称 as the console shows it. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'person':
      return actor.name;
    case 'rule':
      return `规则 ${actor.id} v${actor.version}`;
    case 'timer':
      return `定时任务 ${actor.id}`;
    case 'platform':
      return `平台 ${actor.id}`;
    case 'system':
      return '系统';
  }
}

/**
 * Most lines a document keeps. A document is one item of at most 400 KB in the cloud's store; a line is about 200
 * bytes. Older lines give way from the second on, so the first (creation) always stays.
 */
const LOG_LINES_MAX = 200;

/** The log with one more line at its end (newest last). */
export function withLine(log: readonly LogLine[], line: Omit<LogLine, 'no'>): LogLine[] {
  const last = log.at(-1);
  const next = [...log, { no: (last?.no ?? 0) + 1, ...line }];
  return next.length <= LOG_LINES_MAX ? next : [...next.slice(0, 1), ...next.slice(next.length - LOG_LINES_MAX + 1)];
}
