import type { HomeOrders } from '../../../schema/home';
import { Chart } from '../../kit/chart';
import { countText, timeText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';
import { Figure } from './figure';

const TEXTS = texts(
  {
    chart: '近 24 小时每小时订单数，按店铺',
    hour: '小时',
    today: '今日订单',
    yesterday: '昨日同时',
    others: '其他店铺',
    none: '近 24 小时没有订单',
    orMore: '以上',
  },
  {
    chart: 'Orders an hour of the last 24 hours, by shop',
    hour: 'Hour',
    today: 'Today',
    yesterday: 'Yesterday by this time',
    others: 'Other shops',
    none: 'No orders in the last 24 hours',
    orMore: 'or more',
  },
);

/** Shops with bars of their own; the rest is one bar. */
const SHOPS = 7;

export function OrdersPart({ orders }: { orders: HomeOrders }) {
  const t = useTexts(TEXTS);
  const heaviest = [...orders.shops].sort((a, b) => sum(b.perHour) - sum(a.perHour));
  // The heaviest change from hour to hour; their order and colours must not.
  const own = heaviest.slice(0, SHOPS).sort((a, b) => (a.shopId < b.shopId ? -1 : 1));
  const rest = heaviest.slice(SHOPS);
  const series = [
    ...own.map(({ title, perHour }) => ({ name: title, values: perHour })),
    ...(rest.length > 0
      ? [{ name: t.others, values: orders.hoursMs.map((_, i) => sum(rest.map(({ perHour }) => perHour[i] ?? 0))) }]
      : []),
  ];
  const more = orders.orMore ? ` ${t.orMore}` : '';
  return (
    <>
      <div className="figures">
        <Figure name={t.today} value={countText(orders.today) + more} link={orders.link} />
        <Figure name={t.yesterday} value={countText(orders.yesterdaySameTime) + more} />
        {own.slice(0, 4).map(({ shopId, title, today, link }) => (
          <Figure key={shopId} name={title} value={countText(today)} link={link} />
        ))}
      </div>
      {sum(orders.shops.map(({ perHour }) => sum(perHour))) === 0 ? (
        <p className="quiet">{t.none}</p>
      ) : (
        <Chart
          name={t.chart}
          kind="bars"
          stacked
          labelName={t.hour}
          labels={orders.hoursMs.map((atMs) => timeText(atMs).slice(5, 16))}
          series={series}
          format={countText}
        />
      )}
    </>
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
