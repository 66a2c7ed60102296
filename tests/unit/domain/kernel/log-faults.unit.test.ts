import { logFaults } from '../../../../shared/domain/kernel/log-faults';
import type { Actor, LogLine } from '../../../../shared/domain/kernel/log-line';
import { withLine } from '../../../../shared/domain/kernel/log-line';

const actor: Actor = { kind: 'system', id: 'stock' };
const line = (no: number, status?: string): LogLine => ({
  ...{ no, type: '分配库存', content: '', actor, atMs: no },
  ...(status !== undefined && { status }),
});
/** draft → saved → audited, and no other way. */
const mayMove = (from: string, to: string): boolean => ['draft saved', 'saved audited'].includes(`${from} ${to}`);
const sound = [line(1, 'draft'), line(2, 'draft'), line(3, 'saved'), line(4, 'audited')];

describe('whether a log explains its document', () => {
  it('finds nothing wrong where each step is allowed and the last line says the status', () => {
    expect(logFaults(sound, 'audited', mayMove)).toEqual([]);
  });

  it('finds a status that changed without a line', () => {
    expect(logFaults(sound, 'cancelled', mayMove)).toEqual(['the status is cancelled, the last line says audited']);
    expect(logFaults([], 'draft', mayMove)).toEqual(['the status is draft, the last line says nothing']);
  });

  it('finds a step that the table does not allow', () => {
    expect(logFaults([line(1, 'draft'), line(2, 'audited')], 'audited', mayMove)).toEqual([
      'line 2 goes from draft to audited, which is not allowed',
    ]);
  });

  it('finds a line that is missing in the middle, or at the front', () => {
    expect(logFaults([line(1, 'draft'), line(2, 'saved'), line(4, 'audited')], 'audited', mayMove)).toEqual([
      'line 4 stands behind line 2',
    ]);
    expect(logFaults([line(2, 'saved')], 'saved', mayMove)).toEqual(['line 2 stands behind line 0']);
  });

  it('finds a line that stands twice', () => {
    expect(logFaults([line(1, 'draft'), line(2, 'saved'), line(2, 'saved')], 'saved', mayMove)).toEqual([
      'line 2 stands behind line 2',
    ]);
  });

  it('accepts the gap behind the first line that a long log leaves, whatever the step over it', () => {
    let log: LogLine[] = [];
    for (let i = 1; i <= 250; i += 1) {
      const status = i === 1 ? 'draft' : i < 250 ? 'audited' : 'closed';
      log = withLine(log, { type: '备注', content: '', actor, atMs: i, status });
    }
    expect(logFaults(log, 'closed', (from, to) => from === 'audited' && to === 'closed')).toEqual([]);
    expect(logFaults(log, 'closed', () => false)).toEqual([
      'line 250 goes from audited to closed, which is not allowed',
    ]);
  });
});
