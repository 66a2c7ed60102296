import type { Login } from '../../../shared/domain/user/login';
import { passwordStateOf } from '../../../shared/domain/user/login';
import type { User } from '../../../shared/domain/user/user';
import { ROLES } from '../../../shared/domain/user/user';
import { keys } from '../../../shared/procedures/keys';
import { loadUsers } from '../../../shared/procedures/settings';
import { giveOneTimePassword, saveUser } from '../../../shared/procedures/users/save-user';
import type { ConsoleApp } from '../api';
import { addRoute, Title, Version, z } from '../api';
import type { PortsOf } from '../login-ports';
import { loginPorts } from '../login-ports';
import { ById } from '../schema/common';
import { OneTimePassword, SavedUser, UserRows } from '../schema/session';

/** 用户管理: who may log in, and as what. */
export function addUserRoutes(app: ConsoleApp, portsOf: PortsOf = loginPorts): void {
  addRoute(
    app,
    { method: 'get', path: '/api/users', role: 'admin', summary: '用户', tag: '系统', returns: UserRows },
    async ({ run }) => {
      const { store, clock } = run.ports;
      const users = (await loadUsers(store)).map(({ value }) => value);
      const logins = await store.getMany<Login>(users.map(({ id }) => keys.login(id)));
      return { rows: users.map((user, i) => view(user, logins[i]?.value, clock.nowMs())) };
    },
  );

  const UserBody = z.object({
    name: Title,
    role: z.enum(ROLES),
    enabled: z.boolean(),
    oidcSubject: z.string().trim().min(1).max(255).nullable().optional(),
    version: Version,
  });
  addRoute(
    app,
    {
      ...{ method: 'put', path: '/api/users/{id}', role: 'admin', params: ById, body: UserBody },
      ...{ summary: '保存用户 (新用户的一次性密码只显示一次)', tag: '系统', returns: SavedUser },
    },
    async ({ params, body, run, user: by }) => {
      const { store, clock, log } = run.ports;
      const { version: readVersion, name, role, enabled } = body;
      const user = await saveUser(
        store,
        params.id,
        // Not said is not null: who changes a name does not cut the tie to the provider, and who says null does.
        (before) => ({
          ...{ name, role, enabled },
          oidcSubject: body.oidcSubject === undefined ? (before?.oidcSubject ?? null) : body.oidcSubject,
        }),
        readVersion,
      );
      log.info('user-saved', { userId: user.id, role: user.role, enabled: user.enabled, by: by.id });
      // The user comes first: of two who create the same one, only one gets here.
      const oneTimePassword = readVersion === 0 ? await giveOneTimePassword(portsOf(run), user.id) : undefined;
      const login = await store.get<Login>(keys.login(user.id));
      return { ...view(user, login?.value, clock.nowMs()), ...(oneTimePassword !== undefined && { oneTimePassword }) };
    },
  );

  addRoute(
    app,
    {
      ...{ method: 'post', path: '/api/users/{id}/one-time-password', role: 'admin', params: ById },
      ...{ summary: '重置为一次性密码 (同时解锁, 结束其会话)', tag: '系统', returns: OneTimePassword },
    },
    async ({ params, run, user: by }) => {
      const oneTimePassword = await giveOneTimePassword(portsOf(run), params.id);
      run.ports.log.info('one-time-password-given', { userId: params.id, by: by.id });
      return { oneTimePassword };
    },
  );
}

/** A user as lists show them: of the secret part no more than its state. */
function view(user: User, login: Login | undefined, nowMs: number) {
  const lockedUntilMs = login && login.lockedUntilMs > nowMs ? login.lockedUntilMs : null;
  return { ...user, password: passwordStateOf(login), lockedUntilMs };
}
