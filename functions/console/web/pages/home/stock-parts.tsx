import { Empty, Table } from 'antd';
import { Link } from 'react-router';
import type { HomeStock } from '../../../schema/home';
import { Chart } from '../../kit/chart';
import { countText, timeText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';

const TEXTS = texts(
  {
    stockChart: '各仓可用和占用库存（件）',
    warehouse: '仓库',
    kind: '类型',
    source: '逻辑仓',
    distribution: '配销仓',
    onHand: '实物库存',
    held: '占用库存',
    available: '可用库存',
    noStock: '还没有库存：先登记入库，再用分货单分到配销仓',
    flowChart: '每小时入库、出库、仓间调拨件数',
    hour: '小时',
    in: '入库',
    out: '出库',
    moved: '仓间调拨',
    noFlow: '近 72 小时没有出入库',
    sku: '商品',
    today: '今日占用',
    yesterday: '昨日占用',
    atLeast: (n: string) => `至少 ${n}`,
    noMovers: '今天和昨天还没有订单占用库存',
    asOf: (at: string) => `截至 ${at}；之后的变动较多，尚未计入`,
  },
  {
    stockChart: 'Available and held pieces by warehouse',
    warehouse: 'Warehouse',
    kind: 'Kind',
    source: 'Source',
    distribution: 'Distribution',
    onHand: 'On hand',
    held: 'Held',
    available: 'Available',
    noStock: 'There is no stock yet: post a receipt, then allocate it to a distribution warehouse',
    flowChart: 'Pieces received, shipped and moved between warehouses, by hour',
    hour: 'Hour',
    in: 'In',
    out: 'Out',
    moved: 'Between warehouses',
    noFlow: 'Nothing moved in the last 72 hours',
    sku: 'SKU',
    today: 'Held today',
    yesterday: 'Held yesterday',
    atLeast: (n: string) => `${n} at least`,
    noMovers: 'No orders have held stock today or yesterday',
    asOf: (at: string) => `As of ${at}; so much has moved since that it is not counted yet`,
  },
);

type Warehouse = HomeStock['warehouses'][number];

function AsOf({ stock }: { stock: HomeStock }) {
  const t = useTexts(TEXTS);
  return stock.complete ? null : <p className="quiet">{t.asOf(timeText(stock.asOfMs))}</p>;
}

/** Stock by warehouse; each leads to its SKUs. */
export function WarehousesPart({ stock }: { stock: HomeStock }) {
  const t = useTexts(TEXTS);
  return (
    <>
      <AsOf stock={stock} />
      {stock.warehouses.length > 0 && (
        <Chart
          name={t.stockChart}
          kind="bars"
          stacked
          sideways
          height={Math.min(360, 80 + 34 * stock.warehouses.length)}
          labelName={t.warehouse}
          labels={stock.warehouses.map(({ title }) => title)}
          series={[
            { name: t.available, values: stock.warehouses.map(({ availableQty }) => availableQty), colour: 2 },
            { name: t.held, values: stock.warehouses.map(({ heldQty }) => heldQty), colour: 1 },
          ]}
          format={countText}
        />
      )}
      <Table<Warehouse>
        size="small"
        rowKey="warehouseId"
        pagination={false}
        scroll={{ y: 240 }}
        dataSource={[...stock.warehouses]}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.noStock} /> }}
        columns={[
          {
            title: t.warehouse,
            render: (_, { title, link, kind }) => (
              <>
                <Link to={link}>{title}</Link> {kind && <span className="quiet nowrap">{t[kind]}</span>}
              </>
            ),
          },
          { title: t.onHand, className: 'number', render: (_, { onHandQty }) => countText(onHandQty) },
          { title: t.held, className: 'number', render: (_, { heldQty }) => countText(heldQty) },
          { title: t.available, className: 'number', render: (_, { availableQty }) => countText(availableQty) },
        ]}
      />
    </>
  );
}

/** Pieces in and out by hour; what only changed its warehouse stands apart. */
export function StockFlowPart({ stock }: { stock: HomeStock }) {
  const t = useTexts(TEXTS);
  const moved = stock.hours.some(({ inQty, outQty, transferredQty }) => inQty + outQty + transferredQty > 0);
  return (
    <>
      <AsOf stock={stock} />
      {moved ? (
        <Chart
          name={t.flowChart}
          kind="bars"
          labelName={t.hour}
          labels={stock.hours.map(({ hourMs }) => timeText(hourMs).slice(5, 16))}
          series={[
            { name: t.in, values: stock.hours.map(({ inQty }) => inQty), colour: 2 },
            { name: t.out, values: stock.hours.map(({ outQty }) => outQty), colour: 1 },
            { name: t.moved, values: stock.hours.map(({ transferredQty }) => transferredQty), colour: 6 },
          ]}
          format={countText}
        />
      ) : (
        <p className="quiet">{t.noFlow}</p>
      )}
    </>
  );
}

interface MoverRow {
  readonly skuId: string;
  readonly title: string;
  readonly link: string;
  readonly today: string;
  readonly yesterday: string;
}

/** Movers that are shown. */
const MOVERS = 10;

/** SKUs by the pieces that orders hold, of today and, beside it, yesterday. */
export function MoversPart({ stock }: { stock: HomeStock }) {
  const t = useTexts(TEXTS);
  const { today, yesterday } = stock.movers;
  const qtyIn = (movers: typeof today, skuId: string): string => {
    const mover = movers.find((one) => one.skuId === skuId);
    if (!mover) return '–';
    return mover.qty === mover.atLeastQty ? countText(mover.qty) : t.atLeast(countText(mover.atLeastQty));
  };
  const seen = [...today, ...yesterday.filter(({ skuId }) => !today.some((one) => one.skuId === skuId))];
  const rows = seen.slice(0, MOVERS).map(
    ({ skuId, title, link }): MoverRow => ({
      ...{ skuId, title, link, today: qtyIn(today, skuId), yesterday: qtyIn(yesterday, skuId) },
    }),
  );
  return (
    <>
      <AsOf stock={stock} />
      <Table<MoverRow>
        size="small"
        rowKey="skuId"
        pagination={false}
        dataSource={rows}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.noMovers} /> }}
        columns={[
          {
            title: t.sku,
            render: (_, { skuId, title, link }) => (
              <div className="mover">
                <Link to={link}>{skuId}</Link> <span className="quiet">{title}</span>
              </div>
            ),
          },
          { title: t.today, className: 'number', dataIndex: 'today', width: 110 },
          { title: t.yesterday, className: 'number', dataIndex: 'yesterday', width: 130 },
        ]}
      />
    </>
  );
}
