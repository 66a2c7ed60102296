import { Button } from 'antd';
import { useCallback, useMemo } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { ShopRow } from '../../../schema/settings';
import { useMay } from '../../app/session';
import { callApi } from '../../kit/api';
import { DetailPage } from '../../kit/detail-page';
import { DocumentForm } from '../../kit/document-form';
import { downloadListings } from '../../kit/download-listings';
import { timeText } from '../../kit/format';
import { texts, useTexts } from '../../kit/language';
import { MissingDocument } from '../../kit/missing-document';
import { useAction } from '../../kit/queries';
import { StatusTag } from '../../kit/status-tag';
import { useOpened } from '../../kit/use-opened';
import type { ShopValues } from './shop-fields';
import { ShopFields } from './shop-fields';

const TEXTS = texts(
  {
    create: '新增店铺',
    active: '启用',
    inactive: '停用',
    noKeys: '密钥未配置',
    covered: (at: string) => `订单已拉取至 ${at}`,
    orders: '平台订单',
    deliveryOrders: '零售发货单',
    mappings: '商品对应',
    queue: '库存同步队列',
    strategy: '店铺策略',
    download: '下载平台商品',
    downloaded: (listings: number, mapped: number, unmapped: number) =>
      `已读取 ${listings} 个在售商品：${mapped} 个已对应，${unmapped} 个未匹配`,
  },
  {
    create: 'Add a shop',
    active: 'Active',
    inactive: 'Not active',
    noKeys: 'Keys missing',
    covered: (at: string) => `Orders pulled up to ${at}`,
    orders: 'Platform orders',
    deliveryOrders: 'Delivery orders',
    mappings: 'Item mapping',
    queue: 'Stock sync queue',
    strategy: 'Shop strategy',
    download: 'Download its items',
    downloaded: (listings: number, mapped: number, unmapped: number) =>
      `${listings} listings read: ${mapped} mapped, ${unmapped} unmapped`,
  },
);

const NEW: ShopValues = {
  ...{ id: '', channel: null, title: '', platformShopId: '', warehouseIds: [], active: true },
  ...{ writesPerSecond: 20, writeBurst: 20 },
};

const LIST = '/master/shops';

/** One shop 店铺, or a new one. */
export default function ShopPage() {
  const t = useTexts(TEXTS);
  const mayOperate = useMay('operator');
  const { id: given = 'new' } = useParams();
  const isNew = given === 'new';
  const find = useCallback((rows: readonly ShopRow[]) => rows.find(({ id }) => id === given), [given]);
  const { row, count, missing, error, retry, reopen } = useOpened('/api/shops', find, !isNew);
  const download = useAction(() => downloadListings(given), {
    done: ({ listings, mapped, unmapped }) => t.downloaded(listings, mapped, unmapped),
  });
  if (missing) return <MissingDocument list={LIST} />;
  return (
    <DetailPage
      title={isNew ? t.create : (row?.title ?? given)}
      list={LIST}
      status={
        row && (
          <>
            <StatusTag tone={row.active ? 'good' : 'off'}>{row.active ? t.active : t.inactive}</StatusTag>
            {!row.hasKeys && <StatusTag tone="bad">{t.noKeys}</StatusTag>}
          </>
        )
      }
      actions={
        row &&
        mayOperate && (
          <Button loading={download.isPending} onClick={() => download.mutate(undefined)}>
            {t.download}
          </Button>
        )
      }
      error={error}
      retry={retry}
      loading={!isNew && !row}
    >
      {row && <ShopLinks row={row} />}
      <ShopForm key={`${given} ${count}`} row={row} reopen={reopen} />
    </DetailPage>
  );
}

function ShopLinks({ row }: { row: ShopRow }) {
  const t = useTexts(TEXTS);
  const of = `?shopId=${encodeURIComponent(row.id)}`;
  return (
    <p className="links">
      <Link to={`/interfaces/${row.channel}/orders${of}`}>{t.orders}</Link>
      <Link to={`/orders/delivery-orders${of}`}>{t.deliveryOrders}</Link>
      <Link to={`/interfaces/mappings${of}`}>{t.mappings}</Link>
      <Link to={`/operations/sync-queue${of}`}>{t.queue}</Link>
      <Link to={`/strategies/shops?shop=${encodeURIComponent(row.id)}`}>{t.strategy}</Link>
      <span className="quiet">{t.covered(timeText(row.coveredToMs))}</span>
    </p>
  );
}

function ShopForm({ row, reopen }: { row: ShopRow | undefined; reopen: () => void }) {
  const navigate = useNavigate();
  const mayEdit = useMay('admin');
  const initial = useMemo<ShopValues>(() => {
    if (!row) return NEW;
    const { id, channel, title, platformShopId, warehouseIds, active, writesPerSecond, writeBurst } = row;
    return { id, channel, title, platformShopId, warehouseIds, active, writesPerSecond, writeBurst };
  }, [row]);
  return (
    <div className="card form-card">
      <DocumentForm<ShopValues>
        name={`shop.${row?.id ?? 'new'}`}
        version={row?.version ?? 0}
        initial={initial}
        editable={mayEdit}
        save={({ id, ...body }, version) =>
          callApi('PUT', `/api/shops/${encodeURIComponent(id.trim())}`, { body: { ...body, version } })
        }
        onSaved={() => void navigate(LIST)}
        onTheirs={row ? reopen : () => void navigate(LIST)}
        onCancel={() => void navigate(LIST)}
      >
        <ShopFields row={row} />
      </DocumentForm>
    </div>
  );
}
