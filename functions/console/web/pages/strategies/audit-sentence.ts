import type * as z from 'zod';
import type { AuditStrategyView } from '../../../schema/settings';
import { countText, moneyText } from '../../kit/format';
import type { Language } from '../../kit/language';

type AuditRow = z.infer<typeof AuditStrategyView>;

/** What the sentence is made of. */
export type AuditTerms = Pick<AuditRow, 'enabled' | 'shopIds' | 'limits'>;

/** In plain words: which orders an auto-audit strategy lets through, and what becomes of the others. */
export function auditSentence(terms: AuditTerms, shopName: (id: string) => string, language: Language): string {
  return language === 'zh' ? inChinese(terms, shopName) : inEnglish(terms, shopName);
}

function inChinese({ enabled, shopIds, limits }: AuditTerms, shopName: (id: string) => string): string {
  const shops = shopIds.length === 0 ? '所有店铺' : shopIds.map(shopName).join('、');
  const wait =
    limits.minutesSincePayment > 0 ? `付款满 ${countText(limits.minutesSincePayment)} 分钟后，` : '付款后立即，';
  const conditions = [
    limits.buyerMemo === 'empty' && '没有买家留言',
    limits.sellerMemo === 'empty' && '没有卖家备注',
    limits.amountFenMax !== null && `金额不超过 ${moneyText(limits.amountFenMax)}`,
    limits.quantityMax !== null && `件数不超过 ${countText(limits.quantityMax)} 件`,
  ].filter((condition) => condition !== false);
  const those = conditions.length === 0 ? '全部自动审核' : `${conditions.join('、')}的自动审核`;
  const rest = conditions.length === 0 ? '' : '，其余等待人工审核';
  return `${enabled ? '' : '未启用。启用后：'}${shops}的订单，${wait}${those}并下发仓库${rest}。`;
}

function inEnglish({ enabled, shopIds, limits }: AuditTerms, shopName: (id: string) => string): string {
  const shops = shopIds.length === 0 ? 'all shops' : shopIds.map(shopName).join(', ');
  const minutes = limits.minutesSincePayment;
  const wait =
    minutes > 0 ? `${countText(minutes)} ${minutes === 1 ? 'minute' : 'minutes'} after payment` : 'once paid';
  const conditions = [
    limits.buyerMemo === 'empty' && 'that carry no buyer memo',
    limits.sellerMemo === 'empty' && 'that carry no seller memo',
    limits.amountFenMax !== null && `of at most ${moneyText(limits.amountFenMax)}`,
    limits.quantityMax !== null && `of at most ${countText(limits.quantityMax)} pieces`,
  ].filter((condition) => condition !== false);
  const those = conditions.length === 0 ? '' : ` ${conditions.join(' and ')}`;
  const rest = conditions.length === 0 ? '' : '; the others wait for a person';
  const off = enabled ? '' : 'Switched off. Once on: ';
  return `${off}Orders of ${shops}${those} are audited and released to the warehouse by themselves, ${wait}${rest}.`;
}
