import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { SyncRecordView } from '../../../schema/sync';
import type { WhyStep } from '../../../schema/why';
import { queryText } from '../../kit/api';
import { countText, percentText, timeText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { useWarehouses } from '../../kit/names';
import { StatusTag } from '../../kit/status-tag';
import { LedgerMovements } from '../stock/ledger-movements';
import { ledgerPath } from '../../kit/paths';
import { usePushText } from './push-result';
import { SYNC_STATUS, SYNC_TONE } from './sync-words';

const TEXTS = texts(
  {
    balance: '配销仓可用库存',
    entry: (number: number) => `库存流水 #${number}`,
    noEntry: '还没有库存流水',
    now: (number: number, qty: string) => `现在已到流水 #${number}，可用 ${qty}`,
    sum: '合计可用库存',
    ratio: '同步比例',
    strategy: (id: string, version: number) => `策略 ${id} v${version}`,
    exception: '单品例外比例',
    gone: '该策略已不存在',
    changed: (version: number) => `该策略现为 v${version}`,
    overruled: '现在由另一策略决定',
    rounding: '向下取整',
    remainder: '余数分配',
    gets: (sum: string, qty: string) => `各店比例合计 ${sum}，余数分得 ${qty} 件`,
    reserve: '安全库存',
    cap: '店铺上限',
    shopStrategy: '店铺策略',
    push: '推送到平台',
    key: '幂等键',
  },
  {
    balance: 'Available in the distribution warehouse',
    entry: (number: number) => `ledger entry #${number}`,
    noEntry: 'its ledger is empty',
    now: (number: number, qty: string) => `the ledger is at #${number} now, ${qty} available`,
    sum: 'Available in all',
    ratio: 'Ratio',
    strategy: (id: string, version: number) => `strategy ${id} v${version}`,
    exception: 'exception of this SKU',
    gone: 'the strategy is gone',
    changed: (version: number) => `the strategy is at v${version} now`,
    overruled: 'another strategy decides now',
    rounding: 'Rounded down',
    remainder: 'Left-over pieces',
    gets: (sum: string, qty: string) => `the ratios sum to ${sum}; ${qty} of what rounding left over goes here`,
    reserve: 'Reserve',
    cap: 'Cap of the shop',
    shopStrategy: 'shop strategy',
    push: 'Pushed to the platform',
    key: 'key',
  },
);

/** One step: what it is, how it is reckoned with links to what it comes from, and the number after it. */
export function WhyStepRow(props: {
  readonly step: WhyStep;
  readonly record: SyncRecordView;
  readonly terms: readonly number[];
}) {
  const t = useTexts(TEXTS);
  const { name, how, result } = useStep(props);
  return (
    <li aria-label={t[name]}>
      <span className="chain-name">{t[name]}</span>
      <span className="chain-how">{how}</span>
      <b className="chain-result">{result}</b>
    </li>
  );
}

type StepName = WhyStep['step'];

function useStep({ step, record, terms }: { step: WhyStep; record: SyncRecordView; terms: readonly number[] }): {
  readonly name: StepName;
  readonly how: ReactNode;
  readonly result: string;
} {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { warehouseName } = useWarehouses();
  const pushText = usePushText();
  switch (step.step) {
    case 'balance': {
      const { warehouseId, skuId, ledgerNumber, entry, now } = step;
      const moved = now.ledgerNumber !== ledgerNumber;
      const how = (
        <>
          <b>{warehouseName(warehouseId)}</b>{' '}
          {entry ? (
            <>
              <Link to={ledgerPath(warehouseId, skuId, ledgerNumber)}>{t.entry(ledgerNumber)}</Link>{' '}
              <span className="quiet">{timeText(entry.atMs)}</span>
              <LedgerMovements movements={entry.movements} />
            </>
          ) : (
            t.noEntry
          )}
          {moved && (
            <div className="note">
              <Link to={ledgerPath(warehouseId, skuId)}>{t.now(now.ledgerNumber, countText(now.availableQty))}</Link>
            </div>
          )}
        </>
      );
      return { name: 'balance', how, result: countText(step.qty) };
    }
    case 'sum':
      return { name: 'sum', how: terms.map(countText).join(' + '), result: countText(step.qty) };
    case 'ratio': {
      const { strategyId, strategyVersion, presentVersion, isPresent } = step;
      const how = (
        <>
          × {percentText(step.ratioBp)} ·{' '}
          <Link to={`/operations/ratio-strategies/${encodeURIComponent(strategyId)}`}>
            {t.strategy(strategyId, strategyVersion)}
          </Link>
          {step.ratioFrom === 'exception' && (
            <>
              {' · '}
              <Link to={`/operations/ratio-strategies${queryText({ tab: 'exceptions', skuId: record.skuId })}`}>
                {t.exception}
              </Link>
            </>
          )}
          {presentVersion === null ? (
            <div className="note">{t.gone}</div>
          ) : presentVersion !== strategyVersion ? (
            <div className="note">{t.changed(presentVersion)}</div>
          ) : (
            !isPresent && <div className="note">{t.overruled}</div>
          )}
        </>
      );
      return { name: 'ratio', how, result: step.exact };
    }
    case 'rounding':
      return { name: 'rounding', how: null, result: countText(step.qty) };
    case 'remainder':
      return {
        name: 'remainder',
        how: t.gets(percentText(step.ratioSumBp), countText(step.remainderQty)),
        result: countText(step.qty),
      };
    case 'reserve':
      return { name: 'reserve', how: limit(`− ${countText(step.reserveQty)}`), result: countText(step.qty) };
    case 'cap':
      return { name: 'cap', how: limit(`≤ ${countText(step.maxQty)}`), result: countText(step.qty) };
    case 'push': {
      const how = (
        <>
          <StatusTag tone={SYNC_TONE[step.status]}>{SYNC_STATUS[language][step.status]}</StatusTag> {pushText(record)}
          {step.key !== null && (
            <div className="quiet">
              {t.key} {step.key}
            </div>
          )}
        </>
      );
      return { name: 'push', how, result: countText(record.qty) };
    }
  }

  function limit(formula: string): ReactNode {
    return (
      <>
        {formula} · <Link to="/strategies/shops">{t.shopStrategy}</Link>
      </>
    );
  }
}
