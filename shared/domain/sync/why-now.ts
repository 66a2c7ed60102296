import { shanghaiText } from '../kernel/time';
import type { ItemMapping } from '../order/item-mapping';
import type { Shop } from '../settings';
import type { RatioStrategy, ShopStrategy } from './ratio-strategy';
import { decidingStrategy } from './ratio-strategy';
import type { QuantityReason } from './shop-quantity';
import type { SyncRecord } from './sync-record';

/** Why a listing does not show, or not yet, what it would be computed to now. */
export type WhyCode =
  | 'no-mapping'
  | 'unmapped'
  | 'shop-inactive'
  | 'sync-disabled'
  | 'no-strategy'
  | 'never-pushed'
  | 'remapped'
  | 'stock-moved'
  | 'strategy-changed'
  | 'ratio-changed'
  | 'caps-changed'
  | 'shares-changed'
  | 'in-flight'
  | 'outcome-unknown'
  | 'retry-later'
  | 'failed-for-good'
  | 'suspect'
  | 'pool-pending'
  | 'resync-pending';

export interface WhyReason {
  readonly code: WhyCode;
  readonly zh: string;
  readonly en: string;
}

/** What is known of a listing at this moment. */
export interface WhyFacts {
  readonly shop: Shop;
  readonly mapping: ItemMapping | undefined;
  readonly switches: ShopStrategy | undefined;
  readonly strategies: readonly RatioStrategy[];
  /** Its newest sync record. */
  readonly last: SyncRecord | undefined;
  /** What it would be computed to now; undefined where nothing is pushed. */
  readonly target: { readonly qty: number; readonly reason: QuantityReason } | undefined;
  /** Its SKU waits in the stock change pool; undefined where the pool does not answer. */
  readonly inPool: boolean | undefined;
  readonly nowMs: number;
}

/**
 * Reasons in the order in which a person should look at them: what keeps it from being pushed at all, what has changed
 * since the last record, and what the next run waits for. Empty where the listing shows what it should.
 */
export function whyNow(facts: WhyFacts): WhyReason[] {
  const { last, target } = facts;
  const barred = facts.target ? [] : barredBy(facts);
  const changed = last && target ? changesSince(last, target, facts.mapping?.skuId ?? null) : [];
  const never: WhyReason[] =
    target && !last ? [{ code: 'never-pushed', zh: '还没有推送过', en: 'nothing was pushed yet' }] : [];
  return [...barred, ...never, ...changed, ...(last ? pushState(last) : []), ...pending(facts)];
}

/** Why no quantity is computed for the listing. */
function barredBy({ shop, mapping, switches, strategies, nowMs }: WhyFacts): WhyReason[] {
  if (!mapping)
    return [
      {
        code: 'no-mapping',
        zh: '没有这个平台商品的对应记录，请先下载商品',
        en: 'the item is not known: download the items',
      },
    ];
  if (mapping.skuId === null)
    return [{ code: 'unmapped', zh: '平台商品未匹配到商品编码', en: 'nobody has said which SKU the item is' }];
  const reasons: WhyReason[] = [];
  if (!shop.active) reasons.push({ code: 'shop-inactive', zh: '店铺已停用', en: 'the shop is not active' });
  if (!switches?.stockSyncEnabled)
    reasons.push({ code: 'sync-disabled', zh: '店铺策略未启用平台库存同步', en: 'platform stock sync is not ticked' });
  if (!decidingStrategy(strategies, shop.id, mapping.skuId, nowMs))
    reasons.push(withoutStrategy(strategies, shop.id, mapping.skuId));
  return reasons;
}

/** Strategies that name the shop and the SKU, and yet do not decide. */
function withoutStrategy(strategies: readonly RatioStrategy[], shopId: string, skuId: string): WhyReason {
  const named = strategies.filter(
    ({ shopIds, skuIds }) => shopIds.includes(shopId) && (skuIds === null || skuIds.includes(skuId)),
  );
  const [zh, en] =
    named.length > 0
      ? [`${named.map(({ id }) => id).join('、')} 未启用或不在有效期`, 'those that name it are off, over or not begun']
      : ['没有策略包含此店铺和商品', 'none names this shop and SKU'];
  return { code: 'no-strategy', zh: `没有生效的比例同步策略：${zh}`, en: `no ratio strategy decides: ${en}` };
}

function changesSince(
  last: SyncRecord,
  target: { qty: number; reason: QuantityReason },
  skuId: string | null,
): WhyReason[] {
  if (last.skuId !== skuId) {
    return [
      {
        code: 'remapped',
        zh: `商品对应已变更：${last.skuId} → ${skuId ?? ''}`,
        en: `the listing is of another SKU now: ${last.skuId} → ${skuId ?? ''}`,
      },
    ];
  }
  const [then, now] = [last.reason, target.reason];
  const reasons: WhyReason[] = [];
  const moved = now.balances.filter(({ warehouseId, ledgerNumber }) => {
    const before = then.balances.find((balance) => balance.warehouseId === warehouseId);
    return before !== undefined && before.ledgerNumber !== ledgerNumber;
  });
  for (const { warehouseId, ledgerNumber, availableQty } of moved) {
    reasons.push({
      code: 'stock-moved',
      zh: `${warehouseId} 之后又有库存变动，现在可用 ${availableQty} (#${ledgerNumber})`,
      en: `stock in ${warehouseId} has moved since: ${availableQty} available now (#${ledgerNumber})`,
    });
  }
  if (then.strategyId !== now.strategyId || then.strategyVersion !== now.strategyVersion) {
    reasons.push({
      code: 'strategy-changed',
      zh: `策略已变更：${then.strategyId} v${then.strategyVersion} → ${now.strategyId} v${now.strategyVersion}`,
      en: `the strategy has changed: ${then.strategyId} v${then.strategyVersion} → ${now.strategyId} v${now.strategyVersion}`,
    });
  } else if (then.ratioBp !== now.ratioBp || then.ratioFrom !== now.ratioFrom) {
    reasons.push({
      code: 'ratio-changed',
      zh: `比例已变更：${then.ratioBp / 100}% → ${now.ratioBp / 100}%（单品例外）`,
      en: `the ratio has changed: ${then.ratioBp / 100} % → ${now.ratioBp / 100} % (exception of the SKU)`,
    });
  }
  if (then.reserveQty !== now.reserveQty || then.maxQty !== now.maxQty)
    reasons.push({
      code: 'caps-changed',
      zh: '店铺的安全库存或上限已变更',
      en: "the shop's reserve or cap has changed",
    });
  if (reasons.length === 0 && last.qty !== target.qty)
    reasons.push({
      code: 'shares-changed',
      zh: '其他店铺的比例已变更，余数改变',
      en: 'ratios of other shops have changed, and with them who gets what is left over',
    });
  return reasons;
}

/** What the newest record waits for. */
function pushState({ status, deadlineMs, retryAtMs, failure, suspectQty, recheckAtMs }: SyncRecord): WhyReason[] {
  switch (status) {
    case 'in-flight':
      return [
        {
          code: 'in-flight',
          zh: `正在推送，最迟 ${shanghaiText(deadlineMs)} 有结果`,
          en: `being pushed; the outcome is known by ${shanghaiText(deadlineMs)} at the latest`,
        },
      ];
    case 'unknown':
      return [
        {
          code: 'outcome-unknown',
          zh: '推送结果未知，下次运行先读取平台库存再决定',
          en: 'the outcome of the push is unknown: the next run reads what the platform shows first',
        },
      ];
    case 'failed': {
      const why = failure ? `${failure.code} ${failure.message}` : '';
      return retryAtMs === null
        ? [
            {
              code: 'failed-for-good',
              zh: `推送失败，需要人工处理：${why}`,
              en: `the push failed, and only a person can help: ${why}`,
            },
          ]
        : [
            {
              code: 'retry-later',
              zh: `推送失败，${shanghaiText(retryAtMs)} 重试：${why}`,
              en: `the push failed and is tried again at ${shanghaiText(retryAtMs)}: ${why}`,
            },
          ];
    }
    case 'pushed':
    case 'shown':
      return suspectQty === null
        ? []
        : [
            {
              code: 'suspect',
              zh: `平台只显示 ${suspectQty} 件，可能有未到达的订单${recheckAtMs === null ? '' : `，${shanghaiText(recheckAtMs)} 再核对`}`,
              en: `the platform shows only ${suspectQty}: perhaps an order is on its way; looked at again later`,
            },
          ];
  }
}

function pending({ mapping, switches, strategies, shop, inPool, target }: WhyFacts): WhyReason[] {
  const reasons: WhyReason[] = [];
  if (inPool)
    reasons.push({
      code: 'pool-pending',
      zh: '商品在库存异动计算缓存池中，等待下次计算',
      en: 'its SKU waits in the pool for the next run',
    });
  const saved = strategies.some(({ resync }) => resync?.kind === 'shops' && resync.shopIds.includes(shop.id));
  // A listing that is not synced keeps the request that it be read back.
  const own = mapping?.resync && (mapping.resync.kind !== 'read-back' || target);
  if (own || shop.resync || switches?.resync || saved)
    reasons.push({
      code: 'resync-pending',
      zh: '刚保存的设置正在逐页同步到店铺',
      en: 'settings that were just saved are being brought to the shop',
    });
  return reasons;
}
