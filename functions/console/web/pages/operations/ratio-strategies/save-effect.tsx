import { Alert } from 'antd';
import type { ShopRow } from '../../../../schema/settings';
import { texts, useTexts } from '../../../kit/language';
import { useApi } from '../../../kit/queries';
import type { StrategyValues } from './strategy-values';

const TEXTS = texts(
  {
    title: '保存后会做什么',
    none: '选择店铺后，这里说明保存的影响。',
    pushed: (shops: string) => `重新计算并推送 ${shops} 的在售商品库存。`,
    notPushed: (shops: string) => `${shops} 未启用平台库存同步，只计算不推送；请到“店铺策略”中启用。`,
    left: (shops: string) => `${shops} 已从策略中移除，会按其余策略重新计算；没有其他策略时不再推送。`,
    off: '策略未启用：以上店铺按其余策略计算。',
  },
  {
    title: 'What saving will do',
    none: 'Choose shops to see it.',
    pushed: (shops: string) => `The quantities of everything listed in ${shops} are computed anew and pushed.`,
    notPushed: (shops: string) =>
      `Platform stock sync is off for ${shops}: nothing is pushed there before it is switched on under “Shop strategies”.`,
    left: (shops: string) =>
      `${shops} leave this strategy: they are computed by the others, and where there is none nothing more is pushed.`,
    off: 'The strategy is switched off: these shops are computed by the others.',
  },
);

/** Says before the save which shops are computed anew, and which of them will show it. */
export function SaveEffect({ before, values }: { before: readonly string[]; values: StrategyValues }) {
  const t = useTexts(TEXTS);
  const { data } = useApi<{ rows: ShopRow[] }>('/api/shops');
  const rows = data?.rows ?? [];
  const names = (ids: readonly string[]): string =>
    ids.map((id) => rows.find((shop) => shop.id === id)?.title ?? id).join('、');
  const syncs = (id: string): boolean => rows.some((shop) => shop.id === id && shop.stockSyncEnabled && shop.active);
  const pushed = values.shopIds.filter(syncs);
  const silent = values.shopIds.filter((id) => !syncs(id));
  const left = before.filter((id) => !values.shopIds.includes(id));
  const sentences = [
    pushed.length > 0 && t.pushed(names(pushed)),
    silent.length > 0 && t.notPushed(names(silent)),
    left.length > 0 && t.left(names(left)),
    !values.enabled && values.shopIds.length > 0 && t.off,
  ].filter((sentence) => sentence !== false);
  return (
    <Alert
      type="info"
      showIcon
      className="form-note"
      title={t.title}
      description={sentences.length === 0 ? t.none : sentences.map((sentence) => <div key={sentence}>{sentence}</div>)}
    />
  );
}
