import type { SyncRecordView } from '../../../schema/sync';
import type { WhyAnswer } from '../../../schema/why';
import { timeText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';
import { durationText } from './sync-words';
import { WhyStepRow } from './why-step';

const TEXTS = texts(
  {
    title: '推导过程',
    changed: (at: string) => `库存变动 ${at}`,
    computed: (at: string, after: string) => `计算 ${at}${after}`,
    pushed: (at: string, after: string) => `推送完成 ${at}${after}`,
    later: (duration: string) => `（${duration}后）`,
  },
  {
    title: 'How it came about',
    changed: (at: string) => `stock changed ${at}`,
    computed: (at: string, after: string) => `computed ${at}${after}`,
    pushed: (at: string, after: string) => `pushed ${at}${after}`,
    later: (duration: string) => ` (${duration} later)`,
  },
);

/** From what lies in the warehouses to what the shop shows, one step a line. */
export function WhyChain({ answer, record }: { answer: WhyAnswer; record: SyncRecordView }) {
  const t = useTexts(TEXTS);
  const { delays, steps } = answer;
  const after = (ms: number | null): string => (ms === null ? '' : t.later(durationText(ms)));
  const timesOf = (times: NonNullable<typeof delays>): string[] => [
    ...(times.stockChangedAtMs === null ? [] : [t.changed(timeText(times.stockChangedAtMs))]),
    t.computed(timeText(times.computedAtMs), after(times.stockToComputedMs)),
    ...(times.pushedAtMs === null ? [] : [t.pushed(timeText(times.pushedAtMs), after(times.computedToPushedMs))]),
  ];
  return (
    <section className="card" aria-label={t.title}>
      <h2 className="flush">{t.title}</h2>
      <ol className="chain">
        {steps.map((step, i) => (
          <WhyStepRow key={i} step={step} record={record} terms={termsOf(steps)} />
        ))}
      </ol>
      {delays && <p className="quiet">{timesOf(delays).join(' → ')}</p>}
    </section>
  );
}

/** The numbers that the sum is made of. */
function termsOf(steps: WhyAnswer['steps']): number[] {
  return steps.flatMap((step) => (step.step === 'balance' ? [step.qty] : []));
}
