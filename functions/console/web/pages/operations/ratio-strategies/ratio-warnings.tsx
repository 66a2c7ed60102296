import { Alert } from 'antd';
import { Link } from 'react-router';
import type { RatioWarning } from '../../../../schema/settings';
import { percentText } from '../../../kit/format';
import { texts, useLanguage, useTexts } from '../../../kit/language';
import { useShops, useWarehouses } from '../../../kit/names';

const TEXTS = texts(
  {
    title: (n: number) => `${n} 处同步比例合计超过 100%（库存放大），可能超卖`,
    here: (warehouse: string, sum: string, oversell: number) =>
      `${warehouse}：比例合计 ${sum}，每 100 件可用库存最多可超卖 ${oversell} 件`,
    all: '适用于未被其他策略单独列出的商品',
    some: (ids: string, n: number) => `适用于 ${ids}${n > 5 ? ` 等 ${n} 个商品` : ''}`,
    off: '未启用同步',
  },
  {
    title: (n: number) =>
      `In ${n} ${n === 1 ? 'case' : 'cases'} the ratios sum to more than 100%: stock may be oversold`,
    here: (warehouse: string, sum: string, oversell: number) =>
      `${warehouse}: the ratios sum to ${sum}; of 100 available pieces up to ${oversell} can be sold twice`,
    all: 'for all SKUs that no other strategy lists',
    some: (ids: string, n: number) => `for ${ids}${n > 5 ? ` and others, ${n} SKUs in all` : ''}`,
    off: 'sync is off',
  },
);

/** SKUs that a warning names. */
const NAMED = 5;

/** A strategy that is not saved yet has this id in its warnings, and no page. */
const UNSAVED = '\uffff';

/** Where shops on one stock together show more than there is, and what that can oversell. Nothing where they do not. */
export function RatioWarnings({ warnings }: { warnings: readonly RatioWarning[] }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { shopName } = useShops();
  const { warehouseName } = useWarehouses();
  if (warnings.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      className="form-note"
      title={t.title(warnings.length)}
      description={
        <ul className="plain-list">
          {warnings.map((warning) => (
            <li key={`${warning.warehouseId} ${warning.skuIds?.join(' ') ?? ''} ${warning.ratioSumBp}`}>
              {t.here(warehouseName(warning.warehouseId), percentText(warning.ratioSumBp), warning.oversellPer100Qty)}
              {language === 'zh' ? '；' : '; '}
              {warning.skuIds === null
                ? t.all
                : t.some(warning.skuIds.slice(0, NAMED).join('、'), warning.skuCount ?? warning.skuIds.length)}
              {language === 'zh' ? '：' : ': '}
              {warning.shops.map(({ shopId, strategyId, ratioBp, syncEnabled }, i) => (
                <span key={shopId}>
                  {i > 0 && ' + '}
                  {strategyId === UNSAVED ? (
                    shopName(shopId)
                  ) : (
                    <Link to={`/operations/ratio-strategies/${encodeURIComponent(strategyId)}`}>
                      {shopName(shopId)}
                    </Link>
                  )}{' '}
                  {percentText(ratioBp)}
                  {!syncEnabled && ` (${t.off})`}
                </span>
              ))}
            </li>
          ))}
        </ul>
      }
    />
  );
}
