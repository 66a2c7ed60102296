import { passwordFault, PASSWORD_TEXT_MAX } from '../../../shared/domain/user/password-rules';
import { AppError } from '../../../shared/errors';
import type { Caller } from '../../../shared/platform/authenticate';
import type { Run } from '../../../shared/platform/define-function';
import { requireCsrfToken, requireOwnPage } from '../../../shared/platform/same-origin';
import { noSessionCookieHeader, sessionCookieHeader } from '../../../shared/platform/session-cookie';
import { withoutSessions } from '../../../shared/domain/user/login';
import { changeLogin } from '../../../shared/procedures/users/change-login';
import { changePassword, logIn } from '../../../shared/procedures/users/log-in';
import { UnknownNames } from '../../../shared/procedures/users/unknown-names';
import type { ConsoleApp } from '../api';
import { addOpenRoute, addRoute, Id, Reply, z } from '../api';
import type { PortsOf } from '../login-ports';
import { loginPorts } from '../login-ports';
import { SessionAnswer } from '../schema/session';

const PasswordText = z.string().min(1).max(PASSWORD_TEXT_MAX);

/** 登录: sessions of browsers. */
export function addSessionRoutes(app: ConsoleApp, portsOf: PortsOf = loginPorts): void {
  const unknownNames = new UnknownNames();

  const session = { path: '/api/session', tag: '系统', returns: SessionAnswer } as const;
  addOpenRoute(app, { ...session, method: 'get', summary: '当前登录的用户' }, async ({ run, user }) =>
    sessionView(run, user),
  );

  const LoginBody = z.object({ userId: Id, password: PasswordText });
  addOpenRoute(
    app,
    { ...session, method: 'post', summary: '登录', body: LoginBody },
    async ({ body, run, headers }) => {
      // Nobody is to be logged in, as somebody else, by a page of another site.
      requireOwnPage(run.config, { headers });
      const {
        user,
        session: opened,
        token,
        ...rest
      } = await logIn({ ...portsOf(run), unknownNames }, body.userId, body.password);
      const { id, name, role } = user;
      return new Reply(sessionView(run, { id, name, role, session: opened, ...rest }), {
        'set-cookie': sessionCookieHeader(run.config, headers, { userId: id, token }),
      });
    },
  );

  addOpenRoute(app, { ...session, method: 'delete', summary: '退出登录' }, async ({ run, user, headers }) => {
    if (user?.session) {
      const { tokenHash, csrfToken } = user.session;
      requireCsrfToken(run.config, { headers }, csrfToken);
      await changeLogin(run.ports.store, user.id, (login) =>
        withoutSessions(login, (one) => one.tokenHash === tokenHash),
      );
      run.ports.log.info('logged-out', { userId: user.id });
    }
    return new Reply(sessionView(run, undefined), { 'set-cookie': noSessionCookieHeader(run.config, headers) });
  });

  const PasswordBody = z.object({ oldPassword: PasswordText, newPassword: PasswordText });
  addRoute(
    app,
    {
      ...{ ...session, method: 'post', path: '/api/session/password', role: 'viewer', evenOneTime: true },
      ...{ summary: '修改密码 (其他会话随之退出)', body: PasswordBody },
    },
    async ({ body, run, user }) => {
      if (!user.session) throw new AppError('WRONG_STATUS', { password: 'none' });
      const fault = passwordFault(body.newPassword, user.id);
      if (fault) throw new AppError('WEAK_PASSWORD', { fault });
      if (body.newPassword === body.oldPassword) throw new AppError('WEAK_PASSWORD', { fault: 'unchanged' });
      await changePassword(portsOf(run), { userId: user.id, tokenHash: user.session.tokenHash }, body);
      return sessionView(run, { ...user, mustChangePassword: false });
    },
  );
}

/** What the page knows of its user. The token that goes against forged requests is for the page alone: no cookie holds it. */
function sessionView({ ports, config }: Run, user: Caller | undefined) {
  return {
    user: user ? { id: user.id, name: user.name, role: user.role } : null,
    csrfToken: user?.session?.csrfToken ?? null,
    mustChangePassword: user?.mustChangePassword ?? false,
    oidc: config.secrets.oidc ? { title: config.secrets.oidc.title } : null,
    nowMs: ports.clock.nowMs(),
  };
}
