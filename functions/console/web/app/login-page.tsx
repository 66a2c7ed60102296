import { Alert, Button, Card, Divider, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { ApiError, callApi } from '../kit/api';
import { useErrorText } from '../kit/error-text';
import { timeText } from '../kit/format';
import { texts, useLanguage, useTexts } from '../kit/language';
import { queryClient, useApi } from '../kit/queries';
import { LanguageSwitch } from './language-switch';
import type { Session } from '../../schema/session';
import { SESSION, takeSession } from './session';

const TEXTS = texts(
  {
    title: '一盘货',
    about: '一份库存，卖遍所有渠道',
    user: '用户名',
    password: '密码',
    login: '登录',
    need: '必填',
    locked: (at: string) => `登录失败次数过多，请在 ${at} 后再试`,
    or: '或',
    oidc: (title: string) => `使用 ${title} 登录`,
    refused: (code: string) => `单点登录未成功 [${code}]，请联系管理员`,
  },
  {
    title: 'Yipan',
    about: 'One pool of stock, sold through every channel',
    user: 'User',
    password: 'Password',
    login: 'Log in',
    need: 'Needed',
    locked: (at: string) => `Too many failed attempts; try again after ${at}`,
    or: 'or',
    oidc: (title: string) => `Log in with ${title}`,
    refused: (code: string) => `Single sign-on was refused [${code}]; ask an administrator`,
  },
);

/** Where to go after the login: a path of this page, never another site. */
export function ownPath(to: string | null): string {
  return to !== null && /^\/(?![/\\])/.test(to) && !to.startsWith('/login') && !to.startsWith('/password') ? to : '/';
}

export function LoginPage() {
  const t = useTexts(TEXTS);
  const { language } = useLanguage();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const errorText = useErrorText();
  const to = ownPath(params.get('to'));
  const { data: session } = useApi<Session>(SESSION);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${t.login} · ${t.title}`;
  }, [t]);
  if (session?.user && !session.mustChangePassword) return <Navigate to={to} replace />;

  const login = async (credentials: { userId: string; password: string }): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const answer = await callApi<Session>('POST', SESSION, { body: credentials });
      queryClient.clear();
      takeSession(answer);
      void navigate(answer.mustChangePassword ? `/password?to=${encodeURIComponent(to)}` : to, { replace: true });
    } catch (error) {
      const untilMs = error instanceof ApiError && error.code === 'LOGIN_LOCKED' ? error.facts['untilMs'] : undefined;
      setProblem(typeof untilMs === 'number' ? t.locked(timeText(untilMs)) : errorText(error));
    } finally {
      setBusy(false);
    }
  };

  const refused = params.get('error');
  return (
    <main className="login">
      <Card>
        <div className="page-head">
          <h1>
            {t.title} <small>{language === 'zh' ? 'Yipan' : '一盘货'}</small>
          </h1>
          <LanguageSwitch />
        </div>
        <p className="quiet">{t.about}</p>
        {problem !== null && <Alert type="error" showIcon title={problem} className="form-note" role="alert" />}
        {refused !== null && <Alert type="error" showIcon title={t.refused(refused)} className="form-note" />}
        <Form
          layout="vertical"
          requiredMark={false}
          onFinish={(values: { userId: string; password: string }) => void login(values)}
        >
          <Form.Item label={t.user} name="userId" rules={[{ required: true, message: t.need }]}>
            <Input autoComplete="username" autoFocus maxLength={80} />
          </Form.Item>
          <Form.Item label={t.password} name="password" rules={[{ required: true, message: t.need }]}>
            <Input.Password autoComplete="current-password" maxLength={200} />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={busy}>
            {t.login}
          </Button>
        </Form>
        {session?.oidc && (
          <>
            <Divider plain>{t.or}</Divider>
            <Button block href={`/api/session/oidc?to=${encodeURIComponent(to)}`}>
              {t.oidc(session.oidc.title)}
            </Button>
          </>
        )}
      </Card>
    </main>
  );
}
