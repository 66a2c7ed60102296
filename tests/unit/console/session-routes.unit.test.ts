import type { Login } from '../../../shared/domain/user/login';
import { keys } from '../../../shared/procedures/keys';
import { changeLogin } from '../../../shared/procedures/users/change-login';
import { Browser } from '../../support/console-app';
import { StubRun } from '../../support/stub-run';

const ADMIN = { authorization: 'Bearer admin-token-0123456789' };

let run: StubRun;
let browser: Browser;

beforeEach(() => {
  run = new StubRun();
  run.config.secrets.users.push({ token: 'admin-token-0123456789', id: 'root', name: '系统', role: 'admin' });
  browser = new Browser(run);
});

async function newUser(id: string, role = 'operator'): Promise<string> {
  const body = { name: '王芳', role, enabled: true, version: 0 };
  const answer = await browser.other().ask('PUT', `/api/users/${id}`, body, ADMIN);
  return String(answer.body['oneTimePassword']);
}

/** A user who has chosen their password, logged in. */
async function loggedIn(id: string, role = 'operator', password = '风吹麦浪 2026 夏天'): Promise<string> {
  const oldPassword = await newUser(id, role);
  await browser.logIn(id, oldPassword);
  const changed = await browser.ask('POST', '/api/session/password', { oldPassword, newPassword: password });
  expect(changed.status).toBe(200);
  return password;
}

it('lets a new user in with the one-time password, to nothing but the change of it, and then to everything', async () => {
  const oneTime = await newUser('wang', 'admin');
  const answer = await browser.logIn('wang', oneTime);
  expect(answer.body).toMatchObject({ user: { id: 'wang', name: '王芳', role: 'admin' }, mustChangePassword: true });
  expect(await browser.ask('GET', '/api/users')).toMatchObject({
    status: 403,
    body: { code: 'PASSWORD_CHANGE_NEEDED' },
  });
  expect((await browser.ask('GET', '/api/session')).body).toMatchObject({ mustChangePassword: true });
  const newPassword = '风吹麦浪 2026 夏天';
  const changed = await browser.ask('POST', '/api/session/password', { oldPassword: oneTime, newPassword });
  expect(changed).toMatchObject({ status: 200, body: { mustChangePassword: false } });
  const users = await browser.ask('GET', '/api/users');
  expect(users.body['rows']).toEqual([
    {
      ...{ id: 'wang', name: '王芳', role: 'admin', enabled: true, oidcSubject: null, version: 1 },
      ...{ password: 'set', lockedUntilMs: null },
    },
  ]);
  expect(await browser.other().logIn('wang', oneTime)).toMatchObject({ status: 401, body: { code: 'LOGIN_FAILED' } });
  expect((await browser.other().logIn('wang', newPassword)).status).toBe(200);
});

it('gives a cookie that no script reads and no other site sends', async () => {
  const oneTime = await newUser('wang');
  const plain = await browser.logIn('wang', oneTime);
  expect(plain.headers.get('set-cookie')).toMatch(
    /^yipan_session=d2FuZw\.[\da-f]{64}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/,
  );
  const byTls = await browser
    .other()
    .ask('POST', '/api/session', { userId: 'wang', password: oneTime }, { 'x-forwarded-proto': 'https' });
  expect(byTls.headers.get('set-cookie')).toMatch(/^__Host-yipan_session=.*; SameSite=Strict; Secure$/);
});

it('ends a session at logout for good, whoever kept the cookie', async () => {
  await loggedIn('wang');
  const stolen = browser.cookie;
  const out = await browser.ask('DELETE', '/api/session');
  expect(out.headers.get('set-cookie')).toMatch(/^yipan_session=; Path=\/; Max-Age=0/);
  browser.cookie = stolen;
  expect((await browser.ask('GET', '/api/session')).body).toMatchObject({ user: null, csrfToken: null });
});

it('takes no change by a cookie alone, nor from a page of another site', async () => {
  await loggedIn('wang', 'admin');
  const body = { name: '李雷', role: 'viewer', enabled: true, version: 0 };
  const put = (headers: Readonly<Record<string, string>>) => browser.ask('PUT', '/api/users/li', body, headers);
  const refusals = await Promise.all([
    put({ 'x-csrf-token': '' }),
    put({ 'x-csrf-token': 'f'.repeat(64) }),
    put({ 'sec-fetch-site': 'cross-site' }),
    put({ 'sec-fetch-site': 'same-site' }),
    put({ origin: 'https://evil.test', host: 'console' }),
    put({ origin: 'null', host: 'console' }),
  ]);
  expect(refusals.map(({ body: { code } }) => code)).toEqual(refusals.map(() => 'CSRF_REFUSED'));
  expect((await put({ origin: 'http://console', host: 'console', 'sec-fetch-site': 'same-origin' })).status).toBe(200);
});

it('logs nobody in from a page of another site', async () => {
  const password = await newUser('wang');
  const headers = { 'sec-fetch-site': 'cross-site' };
  const answer = await browser.ask('POST', '/api/session', { userId: 'wang', password }, headers);
  expect(answer).toMatchObject({ status: 403, body: { code: 'CSRF_REFUSED' } });
});

it('shuts a disabled user out at once, and opens none of their old sessions where they are enabled again', async () => {
  const password = await loggedIn('wang');
  const save = async (enabled: boolean, version: number): Promise<void> => {
    const body = { name: '王芳', role: 'operator', enabled, version };
    expect((await browser.other().ask('PUT', '/api/users/wang', body, ADMIN)).status).toBe(200);
  };
  const sessions = async () => (await run.store.get<Login>(keys.login('wang')))?.value.sessions;
  await save(true, 1);
  expect((await browser.ask('GET', '/api/session')).body).toMatchObject({ user: { id: 'wang' } });
  await save(false, 2);
  expect(await sessions()).toEqual([]);
  expect((await browser.ask('GET', '/api/session')).body).toMatchObject({ user: null });
  await save(true, 3);
  expect((await browser.ask('GET', '/api/session')).body).toMatchObject({ user: null });
  expect((await browser.logIn('wang', password)).status).toBe(200);
});

it('drops when it enables a user what was opened at the moment in which they were disabled', async () => {
  await loggedIn('wang');
  const sessions = (await run.store.get<Login>(keys.login('wang')))?.value.sessions ?? [];
  const body = { name: '王芳', role: 'operator', enabled: false, version: 1 };
  await browser.other().ask('PUT', '/api/users/wang', body, ADMIN);
  await changeLogin(run.store, 'wang', (login) => ({ ...login, sessions }));
  await browser.other().ask('PUT', '/api/users/wang', { ...body, enabled: true, version: 2 }, ADMIN);
  expect((await browser.ask('GET', '/api/session')).body).toMatchObject({ user: null });
});

it('reads the role at each request', async () => {
  await loggedIn('wang', 'admin');
  await newUser('li', 'admin');
  expect((await browser.ask('GET', '/api/users')).status).toBe(200);
  const body = { name: '王芳', role: 'viewer', enabled: true, version: 1 };
  await browser.other().ask('PUT', '/api/users/wang', body, ADMIN);
  expect(await browser.ask('GET', '/api/users')).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
});

it('ends a session that was not used for twelve hours, and one of a week however much it is used', async () => {
  await loggedIn('wang');
  const user = async () => (await browser.ask('GET', '/api/session')).body['user'];
  await run.clock.advance(11 * 3_600_000);
  expect(await user()).not.toBeNull();
  await run.clock.advance(12 * 3_600_000);
  expect(await user()).toBeNull();
  await browser.logIn('wang', '风吹麦浪 2026 夏天');
  for (let hours = 0; hours < 160; hours += 10) {
    expect(await user()).not.toBeNull();
    await run.clock.advance(10 * 3_600_000);
  }
  expect(await user()).not.toBeNull();
  await run.clock.advance(8 * 3_600_000);
  expect(await user()).toBeNull();
});

it('keeps the last enabled admin', async () => {
  await loggedIn('wang', 'admin');
  const body = { name: '王芳', role: 'admin', enabled: false, version: 1 };
  expect(await browser.ask('PUT', '/api/users/wang', body)).toMatchObject({
    status: 409,
    body: { code: 'LAST_ADMIN' },
  });
  await newUser('li', 'admin');
  expect((await browser.ask('PUT', '/api/users/wang', body)).status).toBe(200);
});

it('asks for the old password, and for a new one that is none of the commonest', async () => {
  const oldPassword = await loggedIn('wang');
  const change = (newPassword: string, old = oldPassword) =>
    browser.ask('POST', '/api/session/password', { oldPassword: old, newPassword });
  expect(await change('四海为家 2026 秋天', 'guess')).toMatchObject({ status: 422, body: { code: 'WRONG_PASSWORD' } });
  expect(await change('1q2w3e4r5t')).toMatchObject({ status: 422, body: { facts: { fault: 'common' } } });
  expect(await change(oldPassword)).toMatchObject({ status: 422, body: { facts: { fault: 'unchanged' } } });
});

it('waits after five failures, longer each time, and says for how long', async () => {
  const password = await loggedIn('wang');
  const guess = () => browser.other().logIn('wang', 'not the password');
  for (let i = 0; i < 5; i += 1) expect((await guess()).status).toBe(401);
  const locked = await browser.other().logIn('wang', password);
  expect(locked).toMatchObject({
    status: 429,
    body: { code: 'LOGIN_LOCKED', facts: { untilMs: run.clock.nowMs() + 30_000 } },
  });
  expect(locked.headers.get('retry-after')).toBe('30');
  expect((await browser.ask('GET', '/api/session')).body['user']).toMatchObject({ id: 'wang' });
  await run.clock.advance(30_000);
  expect((await guess()).status).toBe(401);
  expect((await guess()).headers.get('retry-after')).toBe('60');
  await run.clock.advance(60_000);
  expect((await browser.other().logIn('wang', password)).status).toBe(200);
  expect((await guess()).status).toBe(401);
});

it('answers a name that nobody has as it answers a user', async () => {
  await newUser('wang');
  const answers = async (userId: string) => {
    const all = [];
    for (let i = 0; i < 6; i += 1) all.push(await browser.other().logIn(userId, 'not the password'));
    return all.map(({ status, body: { code, facts } }) => ({ status, code, facts }));
  };
  expect(await answers('nobody')).toEqual(await answers('wang'));
  expect(await run.store.get({ pk: 'login#nobody', sk: 'login' })).toBeUndefined();
});
