import { Alert, Space } from 'antd';
import { Link, useParams } from 'react-router';
import type { WhyAnswer } from '../../../schema/why';
import { queryText } from '../../kit/api';
import { DetailPage } from '../../kit/detail-page';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { useShops } from '../../kit/names';
import { useApi } from '../../kit/queries';
import { whyPath } from '../../kit/synced-qty';
import { useUrlState } from '../../kit/url-state';
import { SyncActions } from './sync-actions';
import { WhyChain } from './why-chain';
import { WhyHistory } from './why-history';
import { WhyNow } from './why-now';

const TEXTS = texts(
  {
    title: '为什么是这个数？',
    shop: '店铺',
    item: '平台商品',
    sku: '商品编码',
    none: '未匹配',
    never: '还没有向平台推送过这个商品的库存。',
    old: (number: number) => `这是第 ${number} 次同步的推导，不是最新一次。`,
    newest: '查看最新一次',
  },
  {
    title: 'Why is this number?',
    shop: 'Shop',
    item: 'Listing',
    sku: 'SKU',
    none: 'not mapped',
    never: 'Nothing was ever pushed to the platform for this listing.',
    old: (number: number) => `This is how sync record ${number} came about; it is not the newest.`,
    newest: 'Show the newest',
  },
);

/** The derivation of one quantity that a shop shows: from the ledger to the platform, each part with its document. */
export default function WhyPage() {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const { shopName } = useShops();
  const { shopId = '', itemId = '' } = useParams();
  const { state } = useUrlState();
  const { platformSkuId, number } = state;
  const part = encodeURIComponent;
  const { data, error, refetch } = useApi<WhyAnswer>(
    `/api/sync-queue/${part(shopId)}/${part(itemId)}/why`,
    { platformSkuId, number },
    { liveMs: 5_000, keep: true },
  );
  const place = { shopId, itemId, platformSkuId: platformSkuId ?? null };
  const listing = platformSkuId === undefined ? itemId : `${itemId} / ${platformSkuId}`;
  return (
    <DetailPage
      title={t.title}
      list="/operations/sync-queue"
      error={data ? null : error}
      loading={!data}
      retry={() => void refetch()}
      actions={data?.skuId !== null && data && <SyncActions skuIds={[data.skuId]} />}
    >
      {data && (
        <>
          <div className="card">
            <Space size="large" wrap>
              <span>
                <span className="quiet">{t.shop}</span> <b>{shopName(shopId)}</b>
              </span>
              <span>
                <span className="quiet">{t.item}</span>{' '}
                <Link to={`/interfaces/mappings${queryText({ shopId, itemId })}`}>{listing}</Link>
              </span>
              <span>
                <span className="quiet">{t.sku}</span>{' '}
                {data.skuId === null ? (
                  t.none
                ) : (
                  <Link to={`/stock/balances${queryText({ skuId: data.skuId })}`}>{data.skuId}</Link>
                )}
              </span>
            </Space>
            <p className="answer">{data.record ? data.record.why[language] : t.never}</p>
            {data.record && !data.isNewest && (
              <Alert
                type="warning"
                showIcon
                title={t.old(data.record.number)}
                action={<Link to={whyPath(place)}>{t.newest}</Link>}
              />
            )}
          </div>
          <WhyNow answer={data} />
          {data.record && <WhyChain answer={data} record={data.record} />}
          <WhyHistory place={place} {...(data.record && { shown: data.record.number })} />
        </>
      )}
    </DetailPage>
  );
}
