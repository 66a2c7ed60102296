import { Alert, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { ReasonBody } from '../../../schema/delivery-order';
import type { DeliveryOrderView } from '../../../schema/delivery-order';
import { callApi } from '../../kit/api';
import { texts, useLanguage, useTexts } from '../../kit/language';
import { useAction } from '../../kit/queries';
import { zodRule } from '../../kit/zod-rule';

const TEXTS = texts(
  {
    cancel: '取消',
    title: '取消发货单',
    effect: (pieces: number) =>
      `${pieces > 0 ? `占用的 ${pieces} 件库存将全部释放，可卖给其他买家；` : '此单没有占用库存；'}取消后不能恢复。平台上的订单不受影响，退款请在平台处理。`,
    reason: '取消原因',
    ok: '取消发货单',
    keep: '保留',
    done: '已取消',
  },
  {
    cancel: 'Cancel',
    title: 'Cancel the delivery order',
    effect: (pieces: number) =>
      `${pieces > 0 ? `The ${pieces} pieces that it holds are given back and can be sold to others` : 'It holds no stock'}; a cancelled order cannot be revived. The order on the platform stays as it is: refund it there.`,
    reason: 'Reason',
    ok: 'Cancel the order',
    keep: 'Keep it',
    done: 'Cancelled',
  },
);

const REASON_SAYS = { zh: '请写明原因，1 到 200 个字符', en: 'Say why, in 1 to 200 characters' };

/** 取消, with its reason. What is typed stays where the action is refused. */
export function CancelButton({ order, path }: { order: DeliveryOrderView; path: string }) {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm<{ reason: string }>();
  const cancel = useAction((values: { reason: string }) => callApi('POST', `${path}/cancel`, { body: values }), {
    done: t.done,
    onDone: () => {
      setOpen(false);
      form.resetFields();
    },
  });
  const held = order.holds.reduce((sum, { heldQty }) => sum + heldQty, 0);
  return (
    <>
      <Button danger onClick={() => setOpen(true)}>
        {t.cancel}
      </Button>
      <Modal
        title={t.title}
        open={open}
        okText={t.ok}
        okButtonProps={{ danger: true }}
        cancelText={t.keep}
        confirmLoading={cancel.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        forceRender
      >
        <Alert type="warning" showIcon title={t.effect(held)} className="form-note" />
        <Form form={form} layout="vertical" onFinish={(values) => cancel.mutate(values)}>
          <Form.Item
            name="reason"
            label={t.reason}
            required
            rules={[zodRule(ReasonBody.shape.reason, REASON_SAYS, language)]}
          >
            <Input.TextArea rows={3} maxLength={200} showCount />
          </Form.Item>
        </Form>
      </Modal>
    </>
  );
}
