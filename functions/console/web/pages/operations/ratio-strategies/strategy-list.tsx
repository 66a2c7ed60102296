import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import type { RatioStrategyRows, RatioStrategyView } from '../../../../schema/settings';
import { useMay } from '../../../app/session';
import { countText, percentText, timeText } from '../../../kit/format';
import { texts, useTexts } from '../../../kit/language';
import { useShops, useWarehouses } from '../../../kit/names';
import { StatusTag } from '../../../kit/status-tag';
import type { WholeColumn } from '../../../kit/whole-list';
import { found, WholeList } from '../../../kit/whole-list';
import { strategyState } from './strategy-state';
import { RatioWarnings } from './ratio-warnings';

const TEXTS = texts(
  {
    title: '比例同步策略',
    name: '策略名称',
    status: '状态',
    shops: '店铺',
    shop: '店铺',
    skus: '商品',
    allSkus: '全部商品',
    skuCount: (n: string) => `${n} 个商品`,
    warehouses: '配销仓',
    ratio: '同步比例',
    priority: '优先级',
    validFrom: '生效时间',
    validTo: '失效时间',
    progress: '重算',
    computing: '重算中',
    done: '已完成',
    create: '新建策略',
    inForce: '生效中',
    planned: '未到生效时间',
    over: '已失效',
    off: '未启用',
    empty: '还没有比例同步策略。策略决定每个店铺显示配销仓可用库存的多少：先建立店铺和配销仓，再',
    emptyLink: '新建第一个策略',
    emptyRead: '请策略人员新建。',
  },
  {
    title: 'Ratio sync strategies',
    name: 'Name',
    status: 'Status',
    shops: 'Shops',
    shop: 'Shop',
    skus: 'SKUs',
    allSkus: 'All SKUs',
    skuCount: (n: string) => `${n} SKUs`,
    warehouses: 'Distribution warehouses',
    ratio: 'Ratio',
    priority: 'Priority',
    validFrom: 'Valid from',
    validTo: 'Valid to',
    progress: 'Computed anew',
    computing: 'under way',
    done: 'done',
    create: 'New strategy',
    inForce: 'In force',
    planned: 'Not yet valid',
    over: 'No longer valid',
    off: 'Switched off',
    empty:
      'There are no ratio sync strategies yet. A strategy says which share of a distribution warehouse each shop shows. With shops and a distribution warehouse set up,',
    emptyLink: 'make the first strategy',
    emptyRead: 'a strategist can make one.',
  },
);

/** Every ratio sync strategy, whether it is in force, and where together they let shops show more than there is. */
export function StrategyList() {
  const t = useTexts(TEXTS);
  const navigate = useNavigate();
  const mayEdit = useMay('strategist');
  const { shopName, shopOptions } = useShops();
  const { warehouseName } = useWarehouses('distribution');
  const shopsOf = (row: RatioStrategyView): string => row.shopIds.map(shopName).join('、');
  const warehousesOf = (row: RatioStrategyView): string => row.warehouseIds.map(warehouseName).join('、');
  const skusOf = ({ skuIds }: RatioStrategyView): string =>
    skuIds === null ? t.allSkus : t.skuCount(countText(skuIds.length));
  const stateOf = (row: RatioStrategyView) => strategyState(row, Date.now());
  const columns: WholeColumn<RatioStrategyView>[] = [
    {
      title: t.name,
      key: 'name',
      by: ({ name }) => name,
      render: (_, { id, name }) => <Link to={`/operations/ratio-strategies/${encodeURIComponent(id)}`}>{name}</Link>,
      csv: { value: ({ name }) => name },
    },
    {
      title: t.status,
      key: 'status',
      by: (row) => stateOf(row),
      render: (_, row) => (
        <StatusTag tone={stateOf(row) === 'inForce' ? 'good' : stateOf(row) === 'planned' ? 'wait' : 'off'}>
          {t[stateOf(row)]}
        </StatusTag>
      ),
      csv: { value: (row) => t[stateOf(row)] },
    },
    { title: t.shops, render: (_, row) => <div className="names">{shopsOf(row)}</div>, csv: { value: shopsOf } },
    { title: t.skus, render: (_, row) => skusOf(row), csv: { value: skusOf } },
    {
      title: t.warehouses,
      render: (_, row) => <div className="names">{warehousesOf(row)}</div>,
      csv: { value: warehousesOf },
    },
    {
      title: t.ratio,
      key: 'ratio',
      className: 'number',
      by: ({ ratioBp }) => ratioBp,
      render: (_, { ratioBp }) => percentText(ratioBp),
      csv: { value: ({ ratioBp }) => percentText(ratioBp) },
    },
    {
      title: t.priority,
      key: 'priority',
      className: 'number',
      by: ({ priority }) => priority,
      dataIndex: 'priority',
    },
    {
      title: t.validFrom,
      key: 'from',
      by: ({ validFromMs }) => validFromMs ?? 0,
      render: (_, { validFromMs }) => timeText(validFromMs),
      csv: { value: ({ validFromMs }) => timeText(validFromMs) },
    },
    {
      title: t.validTo,
      key: 'to',
      by: ({ validToMs }) => validToMs ?? Number.MAX_SAFE_INTEGER,
      render: (_, { validToMs }) => timeText(validToMs),
      csv: { value: ({ validToMs }) => timeText(validToMs) },
    },
    {
      title: t.progress,
      render: (_, { resync }) => (resync ? <StatusTag tone="busy">{t.computing}</StatusTag> : t.done),
      csv: false,
    },
  ];
  return (
    <WholeList<RatioStrategyView, RatioStrategyRows>
      path="/api/ratio-strategies"
      title={t.title}
      rowKey={({ id }) => id}
      columns={columns}
      filters={[
        { kind: 'text', names: ['name'], label: t.name, matches: ({ name }, text) => found(text, name) },
        {
          kind: 'select',
          names: ['shopId'],
          label: t.shop,
          options: shopOptions,
          matches: ({ shopIds }, shopId) => shopIds.includes(shopId),
        },
        {
          kind: 'select',
          names: ['state'],
          label: t.status,
          options: (['inForce', 'planned', 'over', 'off'] as const).map((value) => ({ value, label: t[value] })),
          matches: (row, state) => stateOf(row) === state,
        },
      ]}
      actions={
        mayEdit && (
          <Button type="primary" onClick={() => void navigate('/operations/ratio-strategies/new')}>
            {t.create}
          </Button>
        )
      }
      note={({ warnings }) => <RatioWarnings warnings={warnings} />}
      empty={
        <>
          {t.empty} {mayEdit ? <Link to="/operations/ratio-strategies/new">{t.emptyLink}</Link> : t.emptyRead}
        </>
      }
    />
  );
}
