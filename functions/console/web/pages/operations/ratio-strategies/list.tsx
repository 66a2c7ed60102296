import { Tabs } from 'antd';
import { texts, useTexts } from '../../../kit/language';
import { useUrlState } from '../../../kit/url-state';
import { RatioExceptions } from './ratio-exceptions';
import { StrategyList } from './strategy-list';

const TEXTS = texts(
  { strategies: '比例同步策略', exceptions: '单品例外比例' },
  { strategies: 'Strategies', exceptions: 'Ratio exceptions' },
);

/** 比例同步策略 and, on a tab, the exceptions of single SKUs. */
export default function RatioStrategiesPage() {
  const t = useTexts(TEXTS);
  const { state, set } = useUrlState();
  const cleared = Object.fromEntries(Object.keys(state).map((name) => [name, null]));
  return (
    <Tabs
      destroyOnHidden
      activeKey={state['tab'] === 'exceptions' ? 'exceptions' : 'strategies'}
      onChange={(tab) => set({ ...cleared, tab: tab === 'strategies' ? null : tab })}
      items={[
        { key: 'strategies', label: t.strategies, children: <StrategyList /> },
        { key: 'exceptions', label: t.exceptions, children: <RatioExceptions /> },
      ]}
    />
  );
}
