import type { ActualFunction } from '../../../infra/huawei/actual-state';
import { noteText, readNote } from '../../../infra/huawei/actual-state';
import type { DesiredFunction } from '../../../infra/huawei/desired-state';
import { readMark, releaseOf } from '../../../infra/huawei/desired-state';
import { planApply } from '../../../infra/huawei/plan-apply';
import { planRollback } from '../../../infra/huawei/plan-rollback';
import { planText, stepText } from '../../../infra/huawei/plan-text';

const URN = 'urn:fss:r:p:function:default:yipan-t-audit';
const MARK = '[yipan code=00000000000000aa secrets=00000000000000bb]';

const DESIRED: DesiredFunction = {
  ...{ name: 'audit', functionName: 'yipan-t-audit', urn: URN, version: 'r-new', instancesMax: 3 },
  configuration: { description: `audits ${MARK}`, memory_size: '256', 'setting YIPAN_PROFILE': 'huawei' },
  settings: { plain: { YIPAN_PROFILE: 'huawei' }, encrypted: { YIPAN_SECRETS: 'the secret itself' } },
  zip: { bytes: new Uint8Array(), digest: '00000000000000aa' },
  failures: { attemptsMax: 3, ageSMax: 600, topicUrn: 'urn:smn' },
  triggers: [
    { identity: 'TIMER sweep', type: 'TIMER', data: { name: 'sweep', schedule: '1m' } },
    { identity: 'KAFKA t', type: 'KAFKA', data: { topic_ids: ['t'], batch_size: 50 } },
  ],
  kafkaLogin: '00000000000000cc',
};

/** The platform's state when everything is as it should be. */
const MET: ActualFunction = {
  ...{ functionName: DESIRED.functionName, urn: URN, configuration: DESIRED.configuration, instancesMax: 3 },
  versions: [
    { name: 'r-old', modifiedAt: '2026-01-01' },
    { name: 'r-new', modifiedAt: '2026-01-02' },
  ],
  alias: {
    ...{ name: 'live', urn: `${URN}:!live`, version: 'r-new', modifiedAt: '2026-01-03', isSplit: false },
    description: noteText({ release: 'rel', before: 'r-old', login: '00000000000000cc' }),
  },
  failures: { latest: DESIRED.failures, live: DESIRED.failures },
  triggers: [
    { id: '1', type: 'TIMER', status: 'ACTIVE', data: { name: 'sweep', schedule: '1m', user_event: 'x' } },
    { id: '2', type: 'KAFKA', status: 'ACTIVE', data: { topic_ids: ['t'], batch_size: 50 } },
  ],
};

const aliasWith = (change: Partial<NonNullable<ActualFunction['alias']>>): ActualFunction => ({
  ...MET,
  alias: { ...(MET.alias as NonNullable<ActualFunction['alias']>), ...change },
});

const planned = (actual: readonly ActualFunction[]): string[] =>
  planApply([DESIRED], actual, 10).map((step) => stepText(step).replace(/ +/g, ' '));

describe('a plan', () => {
  it('has nothing to do where everything is as it should be', () => {
    expect(planned([MET])).toEqual([]);
    expect(planText([])).toBe('nothing to change: everything is as it should be\n');
  });

  it('makes a function in the order in which nothing can be called before its failures have a place to go', () => {
    expect(planned([])).toEqual([
      '+ audit function yipan-t-audit',
      '~ audit failure handling of latest',
      '~ audit at most 3 instances (was no limit)',
      '+ audit version r-new',
      '? audit smoke test of r-new',
      '+ audit alias live → r-new',
      '~ audit failure handling of live',
      '+ audit trigger TIMER sweep',
      '+ audit trigger KAFKA t',
    ]);
  });

  it('goes on behind what a broken-off apply has done', () => {
    expect(
      planned([{ ...MET, alias: undefined, triggers: [], failures: { ...MET.failures, live: undefined } }]),
    ).toEqual([
      '? audit smoke test of r-new',
      '+ audit alias live → r-new',
      '~ audit failure handling of live',
      '+ audit trigger TIMER sweep',
      '+ audit trigger KAFKA t',
    ]);
  });

  it('sends code again while the description does not record it, since an apply may have ended in between', () => {
    const configuration = {
      ...MET.configuration,
      description: 'audits [yipan code=0000000000000000 secrets=00000000000000bb]',
    };
    expect(planned([{ ...MET, configuration }])).toEqual([
      '~ audit code 0000000000000000 → 00000000000000aa',
      '~ audit configuration',
    ]);
  });

  it('tells of a changed secret that it has changed, and never what it is', () => {
    const configuration = { ...MET.configuration, description: `audits ${MARK.replace('bb]', 'b0]')}` };
    const text = planText(planApply([DESIRED], [{ ...MET, configuration }], 10));
    expect(text).toContain('secrets: one or more have changed; their values are never shown');
    expect(planText(planApply([DESIRED], [], 10))).not.toContain('the secret itself');
  });

  it('takes away a setting that is no longer wanted', () => {
    const configuration = { ...MET.configuration, 'setting YIPAN_LOG_LEVEL': 'warn' };
    expect(planText(planApply([DESIRED], [{ ...MET, configuration }], 10))).toContain(
      'setting YIPAN_LOG_LEVEL: warn → (none)',
    );
  });

  it('leaves an instance limit alone where it has no wish', () => {
    expect(planApply([{ ...DESIRED, instancesMax: undefined }], [MET], 10)).toEqual([]);
  });

  it('moves an alias that has a second version beside the right one', () => {
    expect(planned([aliasWith({ isSplit: true })])).toEqual([
      '? audit smoke test of r-new',
      '~ audit alias live stays on r-new: its note',
    ]);
  });

  it('makes a changed trigger again, since the platform changes nothing but its status', () => {
    const [, kafka] = MET.triggers;
    const timer = { id: '1', type: 'TIMER', status: 'ACTIVE', data: { name: 'sweep', schedule: '5m' } };
    expect(planned([{ ...MET, triggers: kafka ? [timer, kafka] : [] }])).toEqual([
      '- audit trigger TIMER sweep (changed: schedule "5m" → "1m")',
      '+ audit trigger TIMER sweep',
    ]);
  });

  it('makes Kafka triggers again when their login is another, which the platform does not show', () => {
    const description = noteText({ release: 'rel', before: 'r-old', login: '00000000000000c0' });
    expect(planned([aliasWith({ description })])).toEqual([
      '- audit trigger KAFKA t (changed: its login)',
      '+ audit trigger KAFKA t',
      '~ audit alias live stays on r-new: its note',
    ]);
  });

  it('makes room for a version by its oldest, but never by the live one or the one before', () => {
    const versions = ['r-old', 'r-1', 'r-2', 'r-live'].map((name, i) => ({ name, modifiedAt: `2026-01-0${i + 1}` }));
    const description = noteText({ release: 'rel', before: 'r-old', login: '00000000000000cc' });
    const is = { ...aliasWith({ version: 'r-live', description }), versions };
    const deleted = planApply([DESIRED], [is], 4).filter(({ kind }) => kind === 'delete-version');
    expect(deleted.map((step) => 'version' in step && step.version)).toEqual(['r-1']);
  });

  it('names the version before, so that a rollback knows where to', () => {
    const [move] = planApply([DESIRED], [aliasWith({ version: 'r-old' })], 10).filter(
      ({ kind }) => kind === 'move-alias',
    );
    expect(move && 'note' in move && move.note).toEqual({
      ...{ before: 'r-old', login: '00000000000000cc', release: releaseOf([DESIRED]) },
    });
  });

  it('takes a function away from its callers to its code', () => {
    const gone = { ...MET, functionName: 'yipan-t-gone' };
    expect(planned([MET, gone]).map((line) => line.replace(/ \(.*/, ''))).toEqual([
      '- yipan-t-gone trigger TIMER sweep',
      '- yipan-t-gone trigger KAFKA t',
      '- yipan-t-gone alias live',
      '- yipan-t-gone function with all its versions',
    ]);
  });
});

describe('a rollback', () => {
  const moved = (functionName: string, release: string, modifiedAt: string): ActualFunction => ({
    ...aliasWith({ modifiedAt, description: noteText({ release, before: 'r-old', login: '' }) }),
    functionName,
  });

  it('takes back what the newest release moved, and nothing that an older one did', () => {
    const functions = [
      moved('a', 'first', '2026-01-01'),
      moved('b', 'second', '2026-01-03'),
      moved('c', 'second', '2026-01-02'),
    ];
    const steps = planRollback(functions, undefined);
    expect(steps.map((step) => 'to' in step && `${step.of.name} ${step.to}`)).toEqual(['b r-old', 'c r-old']);
  });

  it('is refused where the version before is no longer there', () => {
    const gone = { ...moved('a', 'first', '2026-01-01'), versions: [{ name: 'r-new', modifiedAt: '2026' }] };
    expect(() => planRollback([gone], undefined)).toThrow('version r-old is no longer there');
  });
});

describe('what the platform keeps for us', () => {
  it('reads as it was written', () => {
    const note = { release: 'back-0123456789ab', before: 'r-0123456789ab', login: '' };
    expect(readNote(noteText(note))).toEqual(note);
    expect(readMark(`anything ${MARK}`)).toEqual({ code: '00000000000000aa', secrets: '00000000000000bb' });
  });

  it('is nothing where somebody else wrote the text', () => {
    expect(readNote('the alias of production')).toEqual({ release: '', before: '', login: '' });
    expect(readMark(`${MARK} and more`)).toBeUndefined();
  });
});
