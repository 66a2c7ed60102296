import { Skeleton } from 'antd';
import type { Home } from '../../../schema/home';
import { ErrorView } from '../../kit/error-view';
import { timeText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';
import { useApi } from '../../kit/queries';
import { Attention } from './attention';
import { FirstSteps } from './first-steps';
import { OrdersPart } from './orders-part';
import { Part } from './part';
import { MoversPart, StockFlowPart, WarehousesPart } from './stock-parts';
import { SyncPart } from './sync-part';
import { WaitingPart } from './waiting-part';

const TEXTS = texts(
  {
    title: '首页',
    live: (at: string) => `截至 ${at}，每 10 秒自动更新`,
    attention: '需要人处理',
    waiting: '系统处理中',
    orders: '近 24 小时订单',
    sync: '库存同步时延',
    warehouses: '各仓库存',
    flow: '近 72 小时出入库',
    movers: '热销商品',
  },
  {
    title: 'Home',
    live: (at: string) => `As of ${at}; updated every 10 seconds`,
    attention: 'What needs a person',
    waiting: 'At work',
    orders: 'Orders of the last 24 hours',
    sync: 'How long stock takes to the shops',
    warehouses: 'Stock by warehouse',
    flow: 'Pieces in and out, last 72 hours',
    movers: 'Top movers',
  },
);

/** Pause between two readings. */
const LIVE_MS = 10_000;

/** 首页: what needs a person now, and how orders, sync and stock run. Each part stands by itself. */
export default function HomePage() {
  const t = useTexts(TEXTS);
  const { data, error, refetch } = useApi<Home>('/api/home', {}, { liveMs: LIVE_MS, keep: true });
  return (
    <section>
      <div className="page-head">
        <h1>{t.title}</h1>
        {data && <span className="quiet">{t.live(timeText(data.nowMs))}</span>}
      </div>
      {error !== null && <ErrorView error={error} retry={() => void refetch()} />}
      <FirstSteps />
      {data ? <Parts home={data} /> : error === null && <Skeleton active paragraph={{ rows: 12 }} />}
    </section>
  );
}

function Parts({ home }: { home: Home }) {
  const t = useTexts(TEXTS);
  const { nowMs, attention, silentShops, waiting, orders, sync, stock } = home;
  return (
    <>
      <Part title={t.attention} part={attention}>
        {(value) => <Attention attention={value} silentShops={silentShops} nowMs={nowMs} />}
      </Part>
      <div className="home-grid">
        <Part title={t.orders} part={orders} card className="wide-part">
          {(value) => <OrdersPart orders={value} />}
        </Part>
        <Part title={t.sync} part={sync} card>
          {(value) => <SyncPart sync={value} nowMs={nowMs} />}
        </Part>
        <Part title={t.waiting} part={waiting} card>
          {(value) => <WaitingPart waiting={value} />}
        </Part>
        <Part title={t.flow} part={stock} card className="wide-part">
          {(value) => <StockFlowPart stock={value} />}
        </Part>
        <Part title={t.warehouses} part={stock} card>
          {(value) => <WarehousesPart stock={value} />}
        </Part>
        <Part title={t.movers} part={stock} card className="rest-part">
          {(value) => <MoversPart stock={value} />}
        </Part>
      </div>
    </>
  );
}
