import type { Actor, LogLine } from '../../../../shared/domain/kernel/log-line';
import { actorName, withLine } from '../../../../shared/domain/kernel/log-line';

const actor: Actor = { kind: 'person', id: 'u1', name: '王芳' };

function logOf(lines: number): LogLine[] {
  let log: LogLine[] = [];
  for (let i = 1; i <= lines; i += 1) log = withLine(log, { type: '备注', content: `第 ${i} 行`, actor, atMs: i });
  return log;
}

describe('operation log', () => {
  it('numbers its lines from 1 and puts the newest last', () => {
    expect(logOf(3).map((line) => [line.no, line.content])).toEqual([
      [1, '第 1 行'],
      [2, '第 2 行'],
      [3, '第 3 行'],
    ]);
  });

  it('leaves the log that it was given as it was', () => {
    const before = logOf(1);
    withLine(before, { type: '备注', content: '又一行', actor, atMs: 2 });
    expect(before).toHaveLength(1);
  });

  it('keeps all of 200 lines', () => {
    const log = logOf(200);
    expect(log).toHaveLength(200);
    expect(log[1]?.no).toBe(2);
  });

  it('drops the second line for the 201st, so that the line of creation stays', () => {
    const log = logOf(201);
    expect(log).toHaveLength(200);
    expect([log[0]?.no, log[1]?.no, log.at(-1)?.no]).toEqual([1, 3, 201]);
  });

  it('keeps the first and the newest 199 lines however long the document lives', () => {
    // Of 450 lines stay number 1 and the last 199: 450 − 199 + 1 = 252 and on.
    const log = logOf(450);
    expect(log).toHaveLength(200);
    expect(log.map((line) => line.no)).toEqual([1, ...Array.from({ length: 199 }, (_, i) => 252 + i)]);
  });
});

it.each<[Actor, string]>([
  [actor, '王芳'],
  [{ kind: 'rule', id: 'default', version: 3 }, '规则 default v3'],
  [{ kind: 'timer', id: 'sweep' }, '定时任务 sweep'],
  [{ kind: 'platform', id: 'taobao' }, '平台 taobao'],
  [{ kind: 'system', id: 'stock' }, '系统'],
])('names the actor %j as %s', (who, name) => {
  expect(actorName(who)).toBe(name);
});
