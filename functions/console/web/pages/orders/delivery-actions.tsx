import { Button, Space } from 'antd';
import type { DeliveryOrderView } from '../../../schema/delivery-order';
import { useMay } from '../../app/session';
import { callApi } from '../../kit/api';
import { useConfirm } from '../../kit/confirm';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { useAction } from '../../kit/queries';
import { CancelButton } from './cancel-button';
import { DELIVERY_STATUS } from './delivery-status';

type Action = DeliveryOrderView['actions'][number];
type Move = Exclude<Action, 'cancel'>;

/** As the buttons stand: what goes on first, what ends it last. */
const ORDER: readonly Action[] = ['audit', 'pick', 'resume', 'ship', 'cancel'];

const TEXTS = texts(
  {
    audit: '审核',
    pick: '开始配货',
    ship: '发货出库',
    resume: '恢复处理',
    auditEffect: '审核通过后，订单释放给仓库配货；占用的库存不变。',
    pickEffect: '开始配货后，买家退款不再自动退回，会变为异常由人工拦截；占用的库存不变。',
    shipEffect: (pieces: number) => `从库存扣减 ${pieces} 件，占用同时减少；不能撤销。`,
    resumeEffect: '回到待分配，按现在的明细重新占用或释放库存，再次等待审核。',
    sure: (action: string) => `确定${action}吗？`,
    done: (status: string) => `完成，当前状态：${status}`,
  },
  {
    audit: 'Audit',
    pick: 'Begin picking',
    ship: 'Ship',
    resume: 'Resume',
    auditEffect: 'The order is released to its warehouse; the stock that it holds stays as it is.',
    pickEffect:
      'From then on a refund does not stop the order by itself: it becomes an exception for a person to stop the parcel. The stock that it holds stays as it is.',
    shipEffect: (pieces: number) => `${pieces} pieces are taken out of stock, and held no more; this cannot be undone.`,
    resumeEffect: 'It is allocated anew: stock is held or given back as its lines are now, and it waits for its audit.',
    sure: (action: string) => `${action}?`,
    done: (status: string) => `Done; its status is now: ${status}`,
  },
);

/** What a person may do with the order now: each says what happens to the stock before it does it. */
export function DeliveryActions({ order, path }: { order: DeliveryOrderView; path: string }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const may = useMay('operator');
  const confirm = useConfirm();
  const move = useAction((action: Move) => callApi<DeliveryOrderView>('POST', `${path}/${action}`, { body: {} }), {
    done: ({ status }) => t.done(DELIVERY_STATUS[language][status]),
  });
  if (!may) return null;
  const held = order.holds.reduce((sum, { heldQty }) => sum + heldQty, 0);
  const effects: Record<Move, string> = {
    audit: t.auditEffect,
    pick: t.pickEffect,
    ship: t.shipEffect(held),
    resume: t.resumeEffect,
  };
  const ask = (action: Move): void =>
    confirm({
      title: t.sure(t[action]),
      content: effects[action],
      ok: t[action],
      act: () => move.mutateAsync(action),
    });
  const offered = ORDER.filter((action) => order.actions.includes(action));
  return (
    <Space wrap>
      {offered.map((action, i) =>
        action === 'cancel' ? (
          <CancelButton key={action} order={order} path={path} />
        ) : (
          <Button
            key={action}
            type={i === 0 ? 'primary' : 'default'}
            loading={move.isPending && move.variables === action}
            onClick={() => ask(action)}
          >
            {t[action]}
          </Button>
        ),
      )}
    </Space>
  );
}
