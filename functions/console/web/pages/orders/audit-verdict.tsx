import { Descriptions } from 'antd';
import { Link } from 'react-router';
import type { DeliveryOrderView } from '../../../schema/delivery-order';
import { timeText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { reasonText } from './audit-reasons';

const TEXTS = texts(
  {
    title: '审核结论',
    strategy: '审核策略',
    none: '没有启用的策略',
    version: (version: number) => `第 ${version} 版`,
    reasons: '未通过原因',
    again: '再次审核',
    never: '情况变化时',
  },
  {
    title: 'Audit',
    strategy: 'Strategy',
    none: 'no strategy is enabled',
    version: (version: number) => `version ${version}`,
    reasons: 'Stopped by',
    again: 'Looked at again',
    never: 'when something changes',
  },
);

/** Why the rules stopped the order, by which version of which strategy, and when they look again. */
export function AuditVerdict({ audit }: { audit: NonNullable<DeliveryOrderView['audit']> }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { strategyId, strategyVersion, reasons, againAtMs } = audit;
  return (
    <section className="card" aria-label={t.title}>
      <h2>{t.title}</h2>
      <Descriptions
        size="small"
        column={1}
        items={[
          {
            key: 'strategy',
            label: t.strategy,
            children:
              strategyId === null ? (
                <Link to="/strategies/audit">{t.none}</Link>
              ) : (
                <>
                  <Link to={`/strategies/audit/${encodeURIComponent(strategyId)}`}>{strategyId}</Link>
                  &nbsp;{t.version(strategyVersion)}
                </>
              ),
          },
          {
            key: 'reasons',
            label: t.reasons,
            children: reasons.map((reason) => reasonText(reason, language)).join(language === 'zh' ? '；' : '; '),
          },
          { key: 'again', label: t.again, children: againAtMs === null ? t.never : timeText(againAtMs) },
        ]}
      />
    </section>
  );
}
