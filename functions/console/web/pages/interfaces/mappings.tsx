import { Button } from 'antd';
import { Link } from 'react-router';
import { listingKey } from '../../../../../shared/domain/order/item-mapping';
import type { MappingRow } from '../../../schema/mapping';
import { useMay } from '../../app/session';
import { texts, useTexts } from '../../kit/language';
import type { ListColumn } from '../../kit/list-page';
import { ListPage } from '../../kit/list-page';
import { useShops } from '../../kit/names';
import { StatusTag } from '../../kit/status-tag';
import { SyncedQty, whyPath } from '../../kit/synced-qty';
import { useUrlState } from '../../kit/url-state';
import { SkuLink } from '../orders/sku-link';
import { DownloadItems } from './download-items';
import { MappingDialog } from './mapping-dialog';

const TEXTS = texts(
  {
    title: '商品对应',
    shop: '店铺',
    listing: '平台商品',
    itemId: '平台商品编号',
    platformSkuId: '平台 SKU 编号',
    code: '商家编码',
    sku: '商品编码',
    source: '对应方式',
    shown: '店铺显示',
    sync: '库存同步',
    action: '操作',
    unmapped: '未匹配',
    state: '匹配状态',
    onlyUnmapped: '只看未匹配',
    'merchant-code': '按商家编码',
    manual: '人工对应',
    on: '已启用',
    off: '未启用',
    map: '对应',
    change: '修改',
    actOn: (action: string, listing: string) => `${action} ${listing}`,
    empty: '还没有平台商品。请先点右上角“商品下载”从店铺读取。',
  },
  {
    title: 'Item mapping',
    shop: 'Shop',
    listing: 'Listing',
    itemId: 'Item id',
    platformSkuId: 'Platform SKU id',
    code: 'Merchant code',
    sku: 'SKU',
    source: 'Mapped by',
    shown: 'Shop shows',
    sync: 'Stock sync',
    action: 'Action',
    unmapped: 'Not mapped',
    state: 'Mapped or not',
    onlyUnmapped: 'Not mapped only',
    'merchant-code': 'by merchant code',
    manual: 'by hand',
    on: 'Enabled',
    off: 'Not enabled',
    map: 'Map',
    change: 'Change',
    actOn: (action: string, listing: string) => `${action} ${listing}`,
    empty: 'There are no listings yet. Press “Download items” above to read them from a shop.',
  },
);

/** 商品对应: which SKU each listing of each shop is, and what the shop shows of it. */
export default function MappingsPage() {
  const t = useTexts(TEXTS);
  const may = useMay('operator');
  const { shopName, shopOptions } = useShops();
  const { state, set } = useUrlState();
  const [editShop = '', ...listing] = (state['edit'] ?? '').split('#');

  const columns: ListColumn<MappingRow>[] = [
    { title: t.shop, render: (_, row) => shopName(row.shopId), csv: { value: ({ shopId }) => shopName(shopId) } },
    {
      title: t.listing,
      render: (_, { title }) => <div className="listing">{title}</div>,
      csv: { value: ({ title }) => title },
    },
    {
      title: t.itemId,
      render: (_, { itemId, platformSkuId }) => (
        <>
          {itemId}
          {platformSkuId !== null && <div className="quiet">SKU {platformSkuId}</div>}
        </>
      ),
      csv: { value: ({ itemId }) => itemId, text: true },
    },
    {
      title: t.platformSkuId,
      hidden: true,
      csv: { value: ({ platformSkuId }) => platformSkuId, text: true },
    },
    {
      title: t.code,
      render: (_, { merchantCode }) => merchantCode ?? '–',
      csv: { value: ({ merchantCode }) => merchantCode, text: true },
    },
    {
      title: t.sku,
      render: (_, { skuId, source }) =>
        skuId === null ? (
          <StatusTag tone="bad">{t.unmapped}</StatusTag>
        ) : (
          <>
            <SkuLink skuId={skuId} />
            <div className="quiet">{t[source]}</div>
          </>
        ),
      csv: { value: ({ skuId }) => skuId, text: true },
    },
    {
      title: t.source,
      hidden: true,
      csv: { value: ({ skuId, source }) => (skuId === null ? '' : t[source]) },
    },
    {
      title: t.sync,
      render: (_, { syncEnabled }) => (syncEnabled ? t.on : t.off),
      csv: { value: ({ syncEnabled }) => (syncEnabled ? t.on : t.off) },
    },
    {
      title: t.shown,
      className: 'number',
      render: (_, row) => <ShownQty row={row} />,
      csv: { value: ({ lastSync }) => lastSync?.shownQty },
    },
  ];
  if (may)
    columns.push({
      title: t.action,
      fixed: 'right',
      render: (_, row) => {
        const action = row.skuId === null ? t.map : t.change;
        return (
          <Button
            size="small"
            autoInsertSpace={false}
            type={row.skuId === null ? 'primary' : 'default'}
            aria-label={t.actOn(action, listingKey(row))}
            onClick={() => set({ edit: `${row.shopId}#${listingKey(row)}` })}
          >
            {action}
          </Button>
        );
      },
      csv: false,
    });
  return (
    <>
      <ListPage<MappingRow>
        path="/api/mappings"
        title={t.title}
        rowKey={(row) => `${row.shopId}#${listingKey(row)}`}
        columns={columns}
        filters={[
          { kind: 'select', names: ['shopId'], label: t.shop, options: shopOptions },
          {
            ...{ kind: 'select', names: ['unmapped'], label: t.state },
            options: [{ value: 'true', label: t.onlyUnmapped }],
          },
          { kind: 'text', names: ['itemId'], label: t.itemId },
          { kind: 'text', names: ['skuId'], label: t.sku },
        ]}
        {...(may && { actions: <DownloadItems shopId={state['shopId']} /> })}
        empty={t.empty}
      />
      {state['edit'] !== undefined && (
        <MappingDialog
          key={state['edit']}
          shopId={editShop}
          listing={listing.join('#')}
          onClose={() => set({ edit: null }, { replace: true })}
        />
      )}
    </>
  );
}

/** What the shop shows by our count, with a link to why; nothing where it was never pushed, '?' while it is unknown. */
function ShownQty({ row }: { row: MappingRow }) {
  const { lastSync } = row;
  if (!lastSync) return '–';
  return lastSync.shownQty === null ? (
    <Link to={whyPath(row)}>?</Link>
  ) : (
    <SyncedQty qty={lastSync.shownQty} place={row} />
  );
}
