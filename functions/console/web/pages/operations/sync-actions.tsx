import { ReloadOutlined, SyncOutlined } from '@ant-design/icons';
import { Button, Space, Tooltip } from 'antd';
import { useMay } from '../../app/session';
import { callApi } from '../../kit/api';
import { texts, useTexts } from '../../kit/language';
import { useAction } from '../../kit/queries';

const TEXTS = texts(
  {
    retry: '重新计算并同步',
    retryDone: (n: number) => `已把 ${n} 个商品放入缓存池，下次定时任务重新计算并同步`,
    retryWhat: '按当前库存和策略重新计算，数量不同则推送到平台',
    readBack: '核对平台库存',
    readBackDone: (n: number) => `已要求核对 ${n} 个平台商品，不一致的会自动修正`,
    readBackWhat: '读取平台当前显示的数量，不一致则修正',
    choose: '请先勾选记录',
  },
  {
    retry: 'Compute and sync again',
    retryDone: (n: number) => `${n} SKUs are in the pool; the next run of the timer computes and syncs them`,
    retryWhat: 'Computes by the stock and strategies of now, and pushes what differs',
    readBack: 'Check against the platform',
    readBackDone: (n: number) => `${n} listings will be read from the platform; what differs is repaired`,
    readBackWhat: 'Reads what the platform shows now, and repairs it where it differs',
    choose: 'Tick records first',
  },
);

/** What a person can do for SKUs whose shops may show a wrong number. Nothing here can do harm. */
export function SyncActions({ skuIds }: { skuIds: readonly string[] }) {
  const t = useTexts(TEXTS);
  const may = useMay('operator');
  const body = { skuIds: [...new Set(skuIds)] };
  const retry = useAction(() => callApi<{ skus: number }>('POST', '/api/sync-queue/retry', { body }), {
    done: ({ skus }) => t.retryDone(skus),
  });
  const readBack = useAction(() => callApi<{ listings: number }>('POST', '/api/sync-queue/read-back', { body }), {
    done: ({ listings }) => t.readBackDone(listings),
  });
  if (!may) return null;
  const none = body.skuIds.length === 0;
  return (
    <Space wrap>
      <Tooltip title={none ? t.choose : t.retryWhat}>
        <Button
          icon={<SyncOutlined />}
          disabled={none}
          loading={retry.isPending}
          onClick={() => retry.mutate(undefined)}
        >
          {t.retry}
        </Button>
      </Tooltip>
      <Tooltip title={none ? t.choose : t.readBackWhat}>
        <Button
          icon={<ReloadOutlined />}
          disabled={none}
          loading={readBack.isPending}
          onClick={() => readBack.mutate(undefined)}
        >
          {t.readBack}
        </Button>
      </Tooltip>
    </Space>
  );
}
