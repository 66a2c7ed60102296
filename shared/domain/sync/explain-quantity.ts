import { FULL_RATIO_BP } from '../kernel/quantity';
import type { QuantityReason } from './shop-quantity';

const percent = (bp: number): string => `${bp / 100}%`;

/** 'Why does the shop show 7 pieces?' in one sentence, Chinese and English. */
export function explainQuantity(qty: number, reason: QuantityReason): { zh: string; en: string } {
  const stocks = reason.balances.map((b) => `${b.warehouseId} ${b.availableQty} (#${b.ledgerNumber})`).join(' + ');
  const ratio = percent(reason.ratioBp);
  const zh = [`可用库存 ${stocks} = ${reason.availableQty}，× ${ratio} 向下取整得 ${reason.flooredQty}`];
  const en = [`available ${stocks} = ${reason.availableQty}, × ${ratio} rounded down is ${reason.flooredQty}`];
  if (reason.ratioFrom === 'exception') {
    zh.push('比例取自单品例外');
    en.push('the ratio is the exception of this SKU');
  }
  if (reason.remainderQty > 0) {
    zh.push(`各店比例合计 100%，余数分得 ${reason.remainderQty} 件`);
    en.push(`the ratios sum to 100 %, so ${reason.remainderQty} left-over piece goes here`);
  }
  if (reason.reserveQty > 0) {
    zh.push(`减安全库存 ${reason.reserveQty}`);
    en.push(`less a reserve of ${reason.reserveQty}`);
  }
  if (reason.maxQty !== null) {
    zh.push(`店铺上限 ${reason.maxQty}`);
    en.push(`capped at ${reason.maxQty}`);
  }
  if (reason.ratioSumBp > FULL_RATIO_BP) {
    zh.push(`注意：各店比例合计 ${percent(reason.ratioSumBp)}，同一库存多店共享`);
    en.push(`note: ratios sum to ${percent(reason.ratioSumBp)}, pieces are shown in several shops`);
  }
  const by = `${reason.strategyId} v${reason.strategyVersion}`;
  return {
    zh: `显示 ${qty} 件：${zh.join('；')}（策略 ${by}）`,
    en: `shows ${qty}: ${en.join('; ')} (strategy ${by})`,
  };
}
