import { CopyOutlined } from '@ant-design/icons';
import { Alert, App, Button, Input, Modal, Space } from 'antd';
import { useRef } from 'react';
import type { InputRef } from 'antd';
import { texts, useTexts } from '../../kit/language';

const TEXTS = texts(
  {
    title: (id: string) => `${id} 的一次性密码`,
    once: '这个密码只显示这一次，关闭后无法再查看。请通过安全的方式交给本人，首次登录时必须修改。',
    password: '一次性密码',
    copy: '复制',
    copied: '已复制',
    byHand: '浏览器不允许自动复制，密码已选中，请按 Ctrl+C',
    close: '我已记下，关闭',
  },
  {
    title: (id: string) => `One-time password of ${id}`,
    once: 'It is shown this once and cannot be seen again. Hand it over safely; it must be changed at the first login.',
    password: 'One-time password',
    copy: 'Copy',
    copied: 'Copied',
    byHand: 'The browser does not allow it; the password is selected, press Ctrl+C',
    close: 'I have it, close',
  },
);

/** Shows a one-time password, once. It is kept nowhere in the page. */
export function OneTimePasswordDialog(props: {
  readonly userId: string;
  readonly password: string;
  readonly onClose: () => void;
}) {
  const t = useTexts(TEXTS);
  const { message } = App.useApp();
  const field = useRef<InputRef>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(props.password);
      void message.success(t.copied);
    } catch {
      // No clipboard without TLS: the person takes it from the field.
      field.current?.focus();
      field.current?.select();
      void message.info(t.byHand, 8);
    }
  };
  return (
    <Modal
      open
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      title={t.title(props.userId)}
      footer={
        <Button type="primary" onClick={props.onClose}>
          {t.close}
        </Button>
      }
    >
      <Alert type="warning" showIcon className="form-note" title={t.once} />
      <Space.Compact block>
        <Input ref={field} readOnly aria-label={t.password} value={props.password} />
        <Button icon={<CopyOutlined />} onClick={() => void copy()}>
          {t.copy}
        </Button>
      </Space.Compact>
    </Modal>
  );
}
