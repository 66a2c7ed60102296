import { CheckCircleFilled, ClockCircleOutlined } from '@ant-design/icons';
import { Link } from 'react-router';
import type { ShopStrategyRow } from '../../../schema/settings';
import { texts, useTexts } from '../../kit/language';
import { useApi } from '../../kit/queries';

const TEXTS = texts(
  {
    title: '开始使用：按顺序完成这几步',
    done: '已完成',
    open: '未完成',
    warehouses: '建立仓库',
    warehousesWhy: '至少一个逻辑仓（未分配的货）和一个配销仓（给店铺销售的货）',
    shops: '建立店铺',
    shopsWhy: '每个平台账号一个店铺，指定发货的配销仓',
    skus: '新增商品并对应平台商品',
    skusWhy: '编码与平台商家编码相同会自动对应',
    receipt: '登记入库',
    receiptWhy: '把实物库存记入逻辑仓',
    ratio: '新建并保存比例同步策略',
    ratioWhy: '每个店铺显示配销仓可用库存的百分之几',
    sync: '在店铺策略中启用平台库存同步',
    syncWhy: '启用之前不会向平台推送任何数量',
    allocation: '新建分货单，保存并审核',
    allocationWhy: '货到配销仓后，数量自动推送到店铺',
    audit: '启用订单自动审核',
    auditWhy: '符合条件的订单自动审核并下发仓库，其余等待人工',
  },
  {
    title: 'First steps, in this order',
    done: 'done',
    open: 'to do',
    warehouses: 'Make warehouses',
    warehousesWhy: 'one source (goods not given to anyone) and one distribution warehouse (goods to sell) at least',
    shops: 'Set shops up',
    shopsWhy: 'one for each seller account, with the warehouses that it ships from',
    skus: 'Add SKUs and map the platforms’ items',
    skusWhy: 'an item whose merchant code is a SKU is mapped by itself',
    receipt: 'Post a receipt',
    receiptWhy: 'puts the goods into the source warehouse',
    ratio: 'Make and save a ratio sync strategy',
    ratioWhy: 'which share of a distribution warehouse each shop shows',
    sync: 'Switch platform stock sync on under shop strategies',
    syncWhy: 'nothing is pushed to a platform before',
    allocation: 'Make an allocation order, save and audit it',
    allocationWhy: 'once goods are in the distribution warehouse, quantities are pushed by themselves',
    audit: 'Switch auto audit on',
    auditWhy: 'orders that meet its limits are audited and released by themselves, others wait for a person',
  },
);

interface Rows<T> {
  readonly rows: readonly T[];
}

/** A list with anything in it; undefined while it is not known. */
function useAny<T>(path: string, is: (row: T) => boolean, limit?: number): boolean | undefined {
  const { data } = useApi<Rows<T>>(path, limit === undefined ? {} : { limit });
  return data?.rows.some(is);
}

const anything = (): boolean => true;

/** On a fresh install: what to do first, in the order of the two procedures; gone when everything is done. */
export function FirstSteps() {
  const t = useTexts(TEXTS);
  const source = useAny<{ kind: string }>('/api/warehouses', ({ kind }) => kind === 'source');
  const distribution = useAny<{ kind: string }>('/api/warehouses', ({ kind }) => kind === 'distribution');
  const steps = [
    { name: 'warehouses', to: '/master/warehouses', done: source && distribution },
    { name: 'shops', to: '/master/shops', done: useAny('/api/shops', anything) },
    { name: 'skus', to: '/master/skus', done: useAny('/api/skus', anything, 1) },
    { name: 'receipt', to: '/stock/entries', done: useAny('/api/stock-entries', anything, 1) },
    {
      name: 'ratio',
      to: '/operations/ratio-strategies',
      done: useAny<{ enabled: boolean }>('/api/ratio-strategies', ({ enabled }) => enabled),
    },
    {
      name: 'sync',
      to: '/strategies/shops',
      done: useAny<ShopStrategyRow>('/api/shop-strategies', ({ stockSyncEnabled }) => stockSyncEnabled),
    },
    { name: 'allocation', to: '/stock/allocation-orders', done: useAny('/api/allocation-orders', anything, 1) },
    {
      name: 'audit',
      to: '/strategies/audit',
      done: useAny<{ enabled: boolean }>('/api/audit-strategies', ({ enabled }) => enabled),
    },
  ] as const;
  // Shown only once every answer is here: a list that comes and goes at each visit would push the page about.
  if (steps.some(({ done }) => done === undefined) || steps.every(({ done }) => done)) return null;
  return (
    <section className="card" aria-label={t.title}>
      <h2>{t.title}</h2>
      <ol className="first-steps">
        {steps.map(({ name, to, done }) => (
          <li key={name} className={done ? 'done' : 'todo'}>
            <span className="step-state">
              {done ? <CheckCircleFilled /> : <ClockCircleOutlined />} {done ? t.done : t.open}
            </span>
            <Link to={to}>{t[name]}</Link>
            <span className="quiet">{t[`${name}Why`]}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
