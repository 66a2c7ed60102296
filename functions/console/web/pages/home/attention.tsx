import { CheckCircleFilled, ExclamationCircleFilled, WarningFilled } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Home, HomeAttention, HomeSilentShop } from '../../../schema/home';
import { ageText, countText } from '../../kit/format';
import type { Language } from '../../kit/language';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { useShops } from '../../kit/names';
import { ERROR_TEXTS } from './part-error';

const TEXTS = texts(
  {
    nothing: '现在没有需要人处理的事',
    none: '无',
    oldest: (age: string) => `最早 ${age}前`,
    orMore: '以上',
    silent: '久无订单的店铺',
    silentFor: (shop: string, age: string) => `${shop}：${age}没有新订单`,
    never: (shop: string) => `${shop}：还没有收到过订单`,
    behind: (shop: string) => `${shop}：订单拉取落后`,
    cannot: '读不到',
    more: (n: number) => `另有 ${n} 个店铺`,
  },
  {
    nothing: 'Nothing needs a person now',
    none: 'none',
    oldest: (age: string) => `oldest ${age} ago`,
    orMore: 'or more',
    silent: 'Shops without orders for long',
    silentFor: (shop: string, age: string) => `${shop}: no order for ${age}`,
    never: (shop: string) => `${shop}: no order yet`,
    behind: (shop: string) => `${shop}: the pull of orders is behind`,
    cannot: 'not readable',
    more: (n: number) => `and ${n} more shops`,
  },
);

/** What a count leaves out, where it does. */
const NOTE: Record<Language, Partial<Record<HomeAttention['kind'], string>>> = {
  zh: { 'push-failing': '只统计最先到期的记录' },
  en: { 'push-failing': 'among the records that are due first' },
};

/** Shops that a card names. */
const NAMED = 2;

/** What needs a person now, a card each, always in the same place; green where there is nothing. */
export function Attention(props: {
  readonly attention: readonly HomeAttention[];
  readonly silentShops: Home['silentShops'];
  readonly nowMs: number;
}) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { shopName } = useShops();
  const { attention, silentShops, nowMs } = props;
  const silent = silentShops.value ?? [];
  const quiet = silentShops.value?.length === 0 && attention.every(({ count, error }) => count === 0 && error === null);
  return (
    <>
      {quiet && (
        <p className="all-good">
          <CheckCircleFilled /> {t.nothing}
        </p>
      )}
      <ul className="attention">
        {attention.map((item) => (
          <AttentionCard
            key={item.kind}
            title={language === 'zh' ? item.title : item.titleEn}
            link={item.link}
            count={item.count}
            orMore={item.orMore}
            error={item.error}
          >
            {item.oldestAtMs !== null && <span>{t.oldest(ageText(nowMs - item.oldestAtMs, language))}</span>}
            {item.byShop.slice(0, NAMED).map(({ shopId, count, orMore, link }) => (
              <Link key={shopId} to={link}>
                {shopName(shopId)} {countText(count)}
                {orMore && '+'}
              </Link>
            ))}
            {item.byShop.length > NAMED && <span>{t.more(item.byShop.length - NAMED)}</span>}
            {item.note !== null && (item.count ?? 0) > 0 && <span>{NOTE[language][item.kind]}</span>}
          </AttentionCard>
        ))}
        <AttentionCard
          title={t.silent}
          link="/master/shops"
          count={silentShops.value === null ? null : silent.length}
          orMore={false}
          error={silentShops.error}
        >
          {silent.slice(0, NAMED).map((shop) => (
            <Link key={shop.shopId} to={shop.link}>
              {silenceOf(shop, t, language)}
            </Link>
          ))}
          {silent.length > NAMED && <span>{t.more(silent.length - NAMED)}</span>}
        </AttentionCard>
      </ul>
    </>
  );
}

function silenceOf(
  { title, reason, silentForMs }: HomeSilentShop,
  t: (typeof TEXTS)['zh'],
  language: Language,
): string {
  if (reason === 'pull-behind') return t.behind(title);
  return silentForMs === null ? t.never(title) : t.silentFor(title, ageText(silentForMs, language));
}

function AttentionCard(props: {
  readonly title: string;
  readonly link: string;
  readonly count: number | null;
  readonly orMore: boolean;
  readonly error: string | null;
  readonly children: ReactNode;
}) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { title, link, count, orMore, error } = props;
  const tone = count === null ? 'unread' : count === 0 ? 'none' : 'some';
  return (
    <li className={`attention-card ${tone}`}>
      <Link to={link} className="attention-main">
        <span className="attention-title">
          {tone === 'none' ? <CheckCircleFilled /> : tone === 'some' ? <ExclamationCircleFilled /> : <WarningFilled />}{' '}
          {title}
        </span>
        <span className="attention-count">
          {count === null ? t.cannot : count === 0 ? t.none : countText(count)}
          {orMore && <small> {t.orMore}</small>}
        </span>
      </Link>
      <div className="attention-more">
        {error !== null ? <span>{ERROR_TEXTS[language](error)}</span> : props.children}
      </div>
    </li>
  );
}
