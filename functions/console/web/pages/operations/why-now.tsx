import { Alert } from 'antd';
import { Link } from 'react-router';
import type { WhyAnswer } from '../../../schema/why';
import { queryText } from '../../kit/api';
import { countText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';

type ReasonCode = WhyAnswer['reasons'][number]['code'];

const TEXTS = texts(
  {
    same: (qty: string) => `现在重新计算，结果仍是 ${qty} 件。`,
    differs: (qty: string) => `现在重新计算应为 ${qty} 件，与最新一次同步不同：`,
    held: (qty: string) => `现在重新计算为 ${qty} 件，但请注意：`,
    nothing: '现在不会向平台推送，原因：',
    mapping: '商品对应',
    shop: '店铺',
    shopStrategy: '店铺策略',
    strategy: '比例同步策略',
    pool: '缓存池',
    ledger: '库存查询',
  },
  {
    same: (qty: string) => `Computed now, it is still ${qty}.`,
    differs: (qty: string) => `Computed now it would be ${qty}, other than in the newest sync record:`,
    held: (qty: string) => `Computed now it is ${qty}, but mind:`,
    nothing: 'Nothing would be pushed to the platform now, because:',
    mapping: 'Item mapping',
    shop: 'Shop',
    shopStrategy: 'Shop strategies',
    strategy: 'Ratio sync strategies',
    pool: 'Stock change pool',
    ledger: 'Stock on hand',
  },
);

/** What the quantity would be if it were computed now, why it differs from what was pushed, and where to go for each reason. */
export function WhyNow({ answer }: { answer: WhyAnswer }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { now, differs, reasons } = answer;
  const qty = countText(now?.qty ?? 0);
  if (now && !differs && reasons.length === 0)
    return <Alert className="form-note" type="success" showIcon title={t.same(qty)} />;
  return (
    <Alert
      className="form-note"
      type="warning"
      showIcon
      title={now ? (differs ? t.differs(qty) : t.held(qty)) : t.nothing}
      description={
        <>
          {now && differs && <p className="flush">{now.why[language]}</p>}
          <ul className="plain-list linked">
            {reasons.map((reason) => (
              <li key={reason.code}>
                {reason[language]} <Remedy code={reason.code} answer={answer} />
              </li>
            ))}
          </ul>
        </>
      }
    />
  );
}

/** The page where the reason can be looked into or removed; some go away by themselves. */
function Remedy({ code, answer }: { code: ReasonCode; answer: WhyAnswer }) {
  const t = useTexts(TEXTS);
  const { shopId, itemId, skuId } = answer;
  switch (code) {
    case 'no-mapping':
    case 'unmapped':
    case 'remapped':
      return <Link to={`/interfaces/mappings${queryText({ shopId, itemId })}`}>{t.mapping}</Link>;
    case 'shop-inactive':
      return <Link to={`/master/shops/${encodeURIComponent(shopId)}`}>{t.shop}</Link>;
    case 'sync-disabled':
    case 'caps-changed':
      return <Link to="/strategies/shops">{t.shopStrategy}</Link>;
    case 'no-strategy':
    case 'strategy-changed':
    case 'ratio-changed':
    case 'shares-changed':
      return <Link to="/operations/ratio-strategies">{t.strategy}</Link>;
    case 'stock-moved':
      return <Link to={`/stock/balances${queryText({ skuId })}`}>{t.ledger}</Link>;
    case 'pool-pending':
      return <Link to="/operations/stock-change-pool">{t.pool}</Link>;
    case 'never-pushed':
    case 'in-flight':
    case 'outcome-unknown':
    case 'retry-later':
    case 'failed-for-good':
    case 'suspect':
    case 'resync-pending':
      return null;
  }
}
