import { Button, Switch } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ShopStrategyRow } from '../../../schema/settings';
import { useMay } from '../../app/session';
import { callApi } from '../../kit/api';
import { CHANNEL } from '../../kit/channels';
import { useConfirm } from '../../kit/confirm';
import { countText } from '../../kit/format';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { useAction } from '../../kit/queries';
import { StatusTag } from '../../kit/status-tag';
import type { WholeColumn } from '../../kit/whole-list';
import { found, WholeList } from '../../kit/whole-list';
import { ShopCaps } from './shop-caps';

const TEXTS = texts(
  {
    title: '店铺策略',
    shop: '店铺',
    channel: '平台',
    sync: '启用平台库存同步',
    syncOf: (shop: string) => `${shop}：启用平台库存同步`,
    on: '已启用',
    off: '未启用',
    inactive: '店铺已停用',
    reserve: '安全库存',
    max: '上限',
    noMax: '不限',
    pieces: (n: string) => `${n} 件`,
    progress: '重算',
    computing: '重算中',
    done: '已完成',
    edit: '修改',
    editOf: (shop: string) => `修改 ${shop} 的安全库存和上限`,
    askOn: (shop: string) => `为 ${shop} 启用平台库存同步？`,
    askOnWhy:
      '启用后，系统会按比例同步策略计算该店铺全部在售商品的数量并推送到平台，覆盖平台上现有的库存数。没有策略覆盖的商品不推送。',
    askOff: (shop: string) => `停止向 ${shop} 同步库存？`,
    askOffWhy: '停止后不再推送数量，平台上保留最后一次推送的库存数，不会自动清零；继续销售可能超卖。',
    turnOn: '启用',
    turnOff: '停止同步',
    turnedOn: '已启用，正在重新计算',
    turnedOff: '已停止同步',
    empty: '还没有店铺。先在基础资料中',
    emptyLink: '建立店铺',
  },
  {
    title: 'Shop strategies',
    shop: 'Shop',
    channel: 'Channel',
    sync: 'Platform stock sync',
    syncOf: (shop: string) => `${shop}: platform stock sync`,
    on: 'On',
    off: 'Off',
    inactive: 'the shop is not active',
    reserve: 'Safety stock',
    max: 'Cap',
    noMax: 'none',
    pieces: (n: string) => `${n} pcs`,
    progress: 'Computed anew',
    computing: 'under way',
    done: 'done',
    edit: 'Edit',
    editOf: (shop: string) => `Edit safety stock and cap of ${shop}`,
    askOn: (shop: string) => `Switch platform stock sync on for ${shop}?`,
    askOnWhy:
      'The quantities of everything that the shop lists are then computed by the ratio sync strategies and pushed: they replace what the platform shows now. What no strategy covers is not pushed.',
    askOff: (shop: string) => `Stop syncing stock to ${shop}?`,
    askOffWhy:
      'No quantity is pushed any more. The platform keeps the last one, it is not set to zero: selling on may oversell.',
    turnOn: 'Switch on',
    turnOff: 'Stop syncing',
    turnedOn: 'Switched on; quantities are being computed',
    turnedOff: 'Syncing is stopped',
    empty: 'There are no shops yet. Begin under master data:',
    emptyLink: 'set a shop up',
  },
);

/** 店铺策略: a row per shop with its switch for platform stock sync and its caps. */
export default function ShopStrategiesPage() {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const confirm = useConfirm();
  const mayEdit = useMay('strategist');
  const [edited, setEdited] = useState<ShopStrategyRow | null>(null);
  const flip = useAction(
    ({ shopId, stockSyncEnabled, reserveQty, maxQty, version }: ShopStrategyRow) =>
      callApi<{ stockSyncEnabled: boolean }>('PUT', `/api/shop-strategies/${encodeURIComponent(shopId)}`, {
        body: { stockSyncEnabled: !stockSyncEnabled, reserveQty, maxQty, version },
      }),
    { done: ({ stockSyncEnabled }) => (stockSyncEnabled ? t.turnedOn : t.turnedOff) },
  );
  const ask = (row: ShopStrategyRow): void => {
    const on = !row.stockSyncEnabled;
    confirm({
      title: on ? t.askOn(row.shopTitle) : t.askOff(row.shopTitle),
      content: on ? t.askOnWhy : t.askOffWhy,
      ok: on ? t.turnOn : t.turnOff,
      danger: !on,
      act: () => flip.mutateAsync(row),
    });
  };
  const maxOf = ({ maxQty }: ShopStrategyRow): string => (maxQty === null ? t.noMax : t.pieces(countText(maxQty)));
  const columns: WholeColumn<ShopStrategyRow>[] = [
    {
      title: t.shop,
      key: 'shop',
      by: ({ shopTitle }) => shopTitle,
      render: (_, { shopId, shopTitle }) => (
        <>
          <Link className="in-text" to={`/master/shops/${encodeURIComponent(shopId)}`}>
            {shopTitle}
          </Link>{' '}
          <span className="quiet">{shopId}</span>
        </>
      ),
      csv: { value: ({ shopId, shopTitle }) => `${shopTitle} (${shopId})` },
    },
    {
      title: t.channel,
      render: (_, { channel }) => CHANNEL[language][channel],
      csv: { value: ({ channel }) => CHANNEL[language][channel] },
    },
    {
      title: t.sync,
      key: 'sync',
      by: ({ stockSyncEnabled }) => Number(stockSyncEnabled),
      render: (_, row) => (
        <>
          {mayEdit && (
            <Switch
              size="small"
              checked={row.stockSyncEnabled}
              aria-label={t.syncOf(row.shopTitle)}
              onChange={() => ask(row)}
            />
          )}{' '}
          <StatusTag tone={row.stockSyncEnabled && row.active ? 'good' : 'off'}>
            {row.stockSyncEnabled ? t.on : t.off}
          </StatusTag>
          {!row.active && <span className="quiet">{t.inactive}</span>}
        </>
      ),
      csv: { value: ({ stockSyncEnabled }) => (stockSyncEnabled ? t.on : t.off) },
    },
    {
      title: t.reserve,
      key: 'reserve',
      className: 'number',
      by: ({ reserveQty }) => reserveQty,
      render: (_, { reserveQty }) => t.pieces(countText(reserveQty)),
      csv: { value: ({ reserveQty }) => reserveQty },
    },
    {
      title: t.max,
      key: 'max',
      className: 'number',
      by: ({ maxQty }) => maxQty ?? Number.MAX_SAFE_INTEGER,
      render: (_, row) => maxOf(row),
      csv: { value: ({ maxQty }) => maxQty },
    },
    {
      title: t.progress,
      render: (_, { resync }) => (resync ? <StatusTag tone="busy">{t.computing}</StatusTag> : t.done),
      csv: false,
    },
    ...(mayEdit
      ? [
          {
            title: '',
            csv: false as const,
            render: (_: unknown, row: ShopStrategyRow) => (
              <Button
                size="small"
                autoInsertSpace={false}
                aria-label={t.editOf(row.shopTitle)}
                onClick={() => setEdited(row)}
              >
                {t.edit}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <WholeList<ShopStrategyRow>
        path="/api/shop-strategies"
        title={t.title}
        rowKey={({ shopId }) => shopId}
        columns={columns}
        filters={[
          {
            kind: 'text',
            names: ['shop'],
            label: t.shop,
            matches: ({ shopId, shopTitle }, text) => found(text, shopId, shopTitle),
          },
          {
            kind: 'select',
            names: ['sync'],
            label: t.sync,
            options: [
              { value: 'on', label: t.on },
              { value: 'off', label: t.off },
            ],
            matches: ({ stockSyncEnabled }, value) => stockSyncEnabled === (value === 'on'),
          },
        ]}
        empty={
          <>
            {t.empty} <Link to="/master/shops/new">{t.emptyLink}</Link>
          </>
        }
      />
      {edited && <ShopCaps key={`${edited.shopId} ${edited.version}`} row={edited} onClose={() => setEdited(null)} />}
    </>
  );
}
