import type { HomeSyncDelay } from '../../../schema/home';
import { Chart } from '../../kit/chart';
import { ageText, timeText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { Figure } from './figure';

const TEXTS = texts(
  {
    chart: '最近的库存变动从发生到推送到平台的秒数',
    at: '推送时间',
    each: '每次',
    median: '中位数',
    p95: '95% 分位',
    seconds: (n: string) => `${n} 秒`,
    upTo: '已计算至',
    ago: (age: string) => `${age}前`,
    none: '最近没有由库存变动引起的推送',
    parts: (computed: string, pushed: string) => `中位数：变动到计算 ${computed}，计算到推送 ${pushed}`,
    all: '查看库存同步队列',
  },
  {
    chart: 'Seconds from a change of stock to its push to the platform, the latest ones',
    at: 'Pushed at',
    each: 'Each',
    median: 'Median',
    p95: '95th percentile',
    seconds: (n: string) => `${n} s`,
    upTo: 'Computed up to',
    ago: (age: string) => `${age} ago`,
    none: 'No change of stock was pushed lately',
    parts: (computed: string, pushed: string) => `Median: change to computed ${computed}, computed to pushed ${pushed}`,
    all: 'Stock sync queue',
  },
);

/** From a change of stock to the quantity in the shop. */
export function SyncPart({ sync, nowMs }: { sync: HomeSyncDelay; nowMs: number }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { changeToPushed, changeToComputed, computedToPushed, samples, computedUpToMs } = sync;
  const seconds = (value: number): string => t.seconds(value.toFixed(value < 1 ? 2 : value < 10 ? 1 : 0));
  const ofMs = (ms: number): string => seconds(ms / 1000);
  return (
    <>
      <div className="figures">
        <Figure name={t.median} value={changeToPushed ? ofMs(changeToPushed.medianMs) : '–'} link={sync.link} />
        <Figure name={t.p95} value={changeToPushed ? ofMs(changeToPushed.p95Ms) : '–'} />
        <Figure
          name={t.upTo}
          value={computedUpToMs === null ? '–' : t.ago(ageText(nowMs - computedUpToMs, language))}
        />
      </div>
      {changeToPushed === null ? (
        <p className="quiet">{t.none}</p>
      ) : (
        <>
          <Chart
            name={t.chart}
            kind="lines"
            labelName={t.at}
            labels={samples.map(({ pushedAtMs }) => timeText(pushedAtMs).slice(5))}
            series={[
              { name: t.each, values: samples.map((one) => (one.pushedAtMs - one.changedAtMs) / 1000) },
              { name: t.median, values: samples.map(() => changeToPushed.medianMs / 1000), dashed: true, colour: 2 },
              { name: t.p95, values: samples.map(() => changeToPushed.p95Ms / 1000), dashed: true, colour: 1 },
            ]}
            format={seconds}
          />
          {changeToComputed && computedToPushed && (
            <p className="quiet">{t.parts(ofMs(changeToComputed.medianMs), ofMs(computedToPushed.medianMs))}</p>
          )}
        </>
      )}
    </>
  );
}
