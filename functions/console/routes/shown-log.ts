import type { LogLine } from '../../../shared/domain/kernel/log-line';
import { actorName } from '../../../shared/domain/kernel/log-line';
import { shanghaiText } from '../../../shared/domain/kernel/time';

/** 操作日志 as the console shows it, newest first: 序号, 用户名称, 日志类型, 日志内容, 创建时间. */
export function shownLog(log: readonly LogLine[]) {
  return [...log].reverse().map((line) => ({ ...line, userName: actorName(line.actor), at: shanghaiText(line.atMs) }));
}
