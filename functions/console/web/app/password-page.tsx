import { Alert, Button, Card, Form, Input, Space } from 'antd';
import { useState } from 'react';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { callApi } from '../kit/api';
import { useErrorText } from '../kit/error-text';
import { texts, useTexts } from '../kit/language';
import { useApi } from '../kit/queries';
import { ownPath } from './login-page';
import type { Session } from '../../schema/session';
import { SESSION, takeSession } from './session';

/** Shortest password that the API takes. */
const LENGTH_MIN = 10;

const TEXTS = texts(
  {
    title: '修改密码',
    oneTime: '您正在使用一次性密码，请先设置自己的密码。',
    old: '当前密码',
    fresh: '新密码',
    again: '再次输入新密码',
    need: '必填',
    short: `至少 ${LENGTH_MIN} 个字符`,
    differs: '两次输入不一致',
    save: '保存',
    cancel: '取消',
    others: '保存后，您在其他设备上的登录将失效。',
  },
  {
    title: 'Change password',
    oneTime: 'You are using a one-time password: set one of your own first.',
    old: 'Present password',
    fresh: 'New password',
    again: 'New password again',
    need: 'Needed',
    short: `At least ${LENGTH_MIN} characters`,
    differs: 'The two differ',
    save: 'Save',
    cancel: 'Cancel',
    others: 'Saving ends your sessions on other devices.',
  },
);

export function PasswordPage() {
  const t = useTexts(TEXTS);
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const to = ownPath(params.get('to'));
  const errorText = useErrorText();
  const { data: session } = useApi<Session>(SESSION);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  if (session && !session.user) return <Navigate to="/login" replace />;

  const change = async (values: { oldPassword: string; newPassword: string }): Promise<void> => {
    setBusy(true);
    setProblem(null);
    const { oldPassword, newPassword } = values;
    try {
      takeSession(await callApi<Session>('POST', `${SESSION}/password`, { body: { oldPassword, newPassword } }));
      void navigate(to, { replace: true });
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="login">
      <Card>
        <h1>{t.title}</h1>
        {session?.mustChangePassword && <Alert type="info" showIcon title={t.oneTime} className="form-note" />}
        {problem !== null && <Alert type="error" showIcon title={problem} className="form-note" role="alert" />}
        <Form
          layout="vertical"
          requiredMark={false}
          onFinish={(values: { oldPassword: string; newPassword: string }) => void change(values)}
        >
          <input type="text" autoComplete="username" value={session?.user?.id ?? ''} readOnly hidden />
          <Form.Item label={t.old} name="oldPassword" rules={[{ required: true, message: t.need }]}>
            <Input.Password autoComplete="current-password" autoFocus maxLength={200} />
          </Form.Item>
          <Form.Item
            label={t.fresh}
            name="newPassword"
            extra={t.others}
            rules={[
              { required: true, message: t.need },
              { min: LENGTH_MIN, message: t.short },
            ]}
          >
            <Input.Password autoComplete="new-password" maxLength={200} />
          </Form.Item>
          <Form.Item
            label={t.again}
            name="again"
            dependencies={['newPassword']}
            rules={[
              { required: true, message: t.need },
              ({ getFieldValue }) => ({
                validator: (_rule, value) =>
                  !value || value === getFieldValue('newPassword')
                    ? Promise.resolve()
                    : Promise.reject(new Error(t.differs)),
              }),
            ]}
          >
            <Input.Password autoComplete="new-password" maxLength={200} />
          </Form.Item>
          <Space>
            <Button type="primary" htmlType="submit" loading={busy}>
              {t.save}
            </Button>
            {!session?.mustChangePassword && <Button onClick={() => void navigate(-1)}>{t.cancel}</Button>}
          </Space>
        </Form>
      </Card>
    </main>
  );
}
