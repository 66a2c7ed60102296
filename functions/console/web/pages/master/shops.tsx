import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import type { ShopRow } from '../../../schema/settings';
import { useMay } from '../../app/session';
import { CHANNEL } from '../../kit/channels';
import { timeText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { useWarehouses } from '../../kit/names';
import { StatusTag } from '../../kit/status-tag';
import type { WholeColumn } from '../../kit/whole-list';
import { found, WholeList } from '../../kit/whole-list';

const TEXTS = texts(
  {
    title: '店铺',
    name: '店铺名称',
    id: '店铺编码',
    channel: '平台',
    platformShopId: '平台店铺号',
    warehouses: '发货配销仓（按优先顺序）',
    status: '状态',
    active: '启用',
    inactive: '停用',
    keys: '密钥',
    hasKeys: '已配置',
    noKeys: '未配置',
    sync: '库存同步',
    on: '已启用',
    off: '未启用',
    covered: '订单已拉取至',
    create: '新增店铺',
    empty: '还没有店铺。第一步：先建立',
    emptyWarehouses: '配销仓',
    emptyThen: '，再',
    emptyLink: '新增店铺',
  },
  {
    title: 'Shops',
    name: 'Name',
    id: 'Shop id',
    channel: 'Channel',
    platformShopId: "Platform's number",
    warehouses: 'Ships from (in order of preference)',
    status: 'Status',
    active: 'Active',
    inactive: 'Not active',
    keys: 'Keys',
    hasKeys: 'Set',
    noKeys: 'Missing',
    sync: 'Stock sync',
    on: 'On',
    off: 'Off',
    covered: 'Orders pulled up to',
    create: 'Add a shop',
    empty: 'There are no shops yet. First make a',
    emptyWarehouses: 'distribution warehouse',
    emptyThen: ', then',
    emptyLink: 'add a shop',
  },
);

/** 店铺: every seller account, whether it is active, has its keys, and how far its orders are pulled. */
export default function ShopsPage() {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const navigate = useNavigate();
  const mayEdit = useMay('admin');
  const { warehouseName } = useWarehouses();
  const warehousesOf = ({ warehouseIds }: ShopRow): string => warehouseIds.map(warehouseName).join('、');
  const columns: WholeColumn<ShopRow>[] = [
    {
      title: t.name,
      key: 'name',
      by: ({ title }) => title,
      render: (_, { id, title }) => <Link to={`/master/shops/${encodeURIComponent(id)}`}>{title}</Link>,
      csv: { value: ({ title }) => title },
    },
    { title: t.id, key: 'id', by: ({ id }) => id, dataIndex: 'id' },
    {
      title: t.channel,
      key: 'channel',
      by: ({ channel }) => channel,
      render: (_, { channel }) => CHANNEL[language][channel],
      csv: { value: ({ channel }) => CHANNEL[language][channel] },
    },
    { title: t.platformShopId, dataIndex: 'platformShopId' },
    {
      title: t.warehouses,
      render: (_, row) => <div className="names">{warehousesOf(row)}</div>,
      csv: { value: warehousesOf },
    },
    {
      title: t.status,
      key: 'status',
      by: ({ active }) => Number(active),
      render: (_, { active }) => <StatusTag tone={active ? 'good' : 'off'}>{active ? t.active : t.inactive}</StatusTag>,
      csv: { value: ({ active }) => (active ? t.active : t.inactive) },
    },
    {
      title: t.keys,
      key: 'keys',
      by: ({ hasKeys }) => Number(hasKeys),
      render: (_, { hasKeys }) => (
        <StatusTag tone={hasKeys ? 'good' : 'bad'}>{hasKeys ? t.hasKeys : t.noKeys}</StatusTag>
      ),
      csv: { value: ({ hasKeys }) => (hasKeys ? t.hasKeys : t.noKeys) },
    },
    {
      title: t.sync,
      key: 'sync',
      by: ({ stockSyncEnabled }) => Number(stockSyncEnabled),
      render: (_, { stockSyncEnabled }) => <Link to="/strategies/shops">{stockSyncEnabled ? t.on : t.off}</Link>,
      csv: { value: ({ stockSyncEnabled }) => (stockSyncEnabled ? t.on : t.off) },
    },
    {
      title: t.covered,
      key: 'covered',
      by: ({ coveredToMs }) => coveredToMs ?? 0,
      render: (_, { coveredToMs }) => timeText(coveredToMs),
      csv: { value: ({ coveredToMs }) => timeText(coveredToMs) },
    },
  ];
  return (
    <WholeList<ShopRow>
      path="/api/shops"
      title={t.title}
      rowKey={({ id }) => id}
      columns={columns}
      filters={[
        { kind: 'text', names: ['shop'], label: t.name, matches: ({ id, title }, text) => found(text, id, title) },
        {
          kind: 'select',
          names: ['channel'],
          label: t.channel,
          options: Object.entries(CHANNEL[language]).map(([value, label]) => ({ value, label })),
          matches: ({ channel }, value) => channel === value,
        },
        {
          kind: 'select',
          names: ['active'],
          label: t.status,
          options: [
            { value: 'true', label: t.active },
            { value: 'false', label: t.inactive },
          ],
          matches: ({ active }, value) => String(active) === value,
        },
      ]}
      actions={
        mayEdit && (
          <Button type="primary" onClick={() => void navigate('/master/shops/new')}>
            {t.create}
          </Button>
        )
      }
      empty={
        <>
          {t.empty} <Link to="/master/warehouses">{t.emptyWarehouses}</Link>
          {mayEdit && (
            <>
              {t.emptyThen} <Link to="/master/shops/new">{t.emptyLink}</Link>
            </>
          )}
        </>
      }
    />
  );
}
