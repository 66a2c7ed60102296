import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../../infra/local/demo/api';
import type { Child } from '../../infra/local/demo/child-process';
import { startChild } from '../../infra/local/demo/child-process';
import { freePort } from '../../infra/local/engines/free-port';
import { ScannedLog } from '../support/fuzz-log';
import type { PageAnswer } from '../support/http-browser';
import { HttpBrowser } from '../support/http-browser';
import { DIST } from './local-world';

// Logins by a real OpenID provider in a process of its own, over HTTP, with the host as it is started by `npm start`.

const CLIENT = { clientId: 'yipan-console', clientSecret: 'client-secret-of-the-test-0123456789' };
const TOKEN = 'admin-token-of-the-oidc-test';

let folder: string;
let provider: Child;
let host: Child;
let api: Api;
const log = new ScannedLog();
const secretsSeen: string[] = [CLIENT.clientSecret, TOKEN];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yipan-oidc-'));
  const [providerPort, port] = [await freePort(), await freePort()];
  const consoleUrl = `http://127.0.0.1:${port}`;
  const redirectUri = `${consoleUrl}/api/session/oidc/callback`;
  const program = join(__dirname, '../support/openid-provider.mjs');
  provider = await startChild(program, [String(providerPort), ...Object.values(CLIENT), redirectUri], {});
  const oidc = {
    ...{ issuer: provider.url, ...CLIENT, title: '公司账号', scope: 'openid profile groups' },
    ...{ roleClaim: 'groups', roles: { ops: 'operator' } },
  };
  host = await startChild(
    join(DIST, 'start.js'),
    ['--port', String(port), '--no-sandbox', '--data-dir', folder],
    {
      ...{ YIPAN_CONSOLE_URL: consoleUrl, YIPAN_LOG_LEVEL: 'info' },
      YIPAN_SECRETS: JSON.stringify({
        shops: {},
        users: [{ token: TOKEN, id: 'root', name: '系统', role: 'admin' }],
        oidc,
      }),
    },
    log.take,
  );
  api = new Api(host.url, TOKEN);
}, 60_000);

afterAll(async () => {
  await host.kill();
  await provider.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** The browser has come back to the host and is sent on to a page of it. */
const back = ({ url, headers }: PageAnswer): boolean =>
  url.startsWith(`${host.url}/api/session/oidc/callback`) && headers.get('location') !== null;

/** From the login page's button to where the browser ends, by way of the provider's pages. */
async function logIn(browser: HttpBrowser, login: string, to = '/orders'): Promise<PageAnswer> {
  const page = await browser.open(`${host.url}/api/session/oidc?to=${encodeURIComponent(to)}`, back);
  const consent = await browser.submit(page, { login, password: 'x' }, back);
  return back(consent) ? consent : browser.submit(consent, {}, back);
}

async function session(browser: HttpBrowser): Promise<{ user: { id: string } | null; csrfToken: string | null }> {
  const { text } = await browser.send(`${host.url}/api/session`);
  const view = JSON.parse(text) as { user: { id: string } | null; csrfToken: string | null };
  if (view.csrfToken !== null) secretsSeen.push(view.csrfToken);
  const cookie = browser.cookie(host.url, 'yipan_session');
  if (cookie !== undefined) secretsSeen.push(cookie);
  return view;
}

const newUser = (id: string, more: object = {}): Promise<unknown> =>
  api.put(`/api/users/${id}`, { name: id, role: 'strategist', enabled: true, version: 0, ...more });

it('says on the login page that there is another way in', async () => {
  expect(await session(new HttpBrowser())).toMatchObject({ user: null, oidc: { title: '公司账号' } });
});

it('gives somebody of a group that has a role a user, and the page that they wanted', async () => {
  const browser = new HttpBrowser();
  const end = await logIn(browser, 'ops-li', '/orders?status=audited#top');
  expect([end.status, end.headers.get('location')]).toEqual([302, '/orders?status=audited#top']);
  expect(await session(browser)).toMatchObject({
    user: { id: 'ops-li', name: '姓名 ops-li', role: 'operator' },
    mustChangePassword: false,
  });
  const { rows } = await api.get<{ rows: { id: string }[] }>('/api/users');
  expect(rows.find(({ id }) => id === 'ops-li')).toMatchObject({ oidcSubject: 'ops-li', password: 'none' });
});

it('lets nobody in who has no user and no group with a role, and says so on the login page', async () => {
  const browser = new HttpBrowser();
  expect((await logIn(browser, 'stranger')).headers.get('location')).toBe('/login?error=OIDC_UNKNOWN_USER');
  expect((await session(browser)).user).toBeNull();
});

it('lets a user of ours in by their name, and from then on nobody else who goes by that name', async () => {
  await newUser('wang');
  const [first, second] = [new HttpBrowser(), new HttpBrowser()];
  await logIn(first, 'wang');
  expect(await session(first)).toMatchObject({ user: { id: 'wang', role: 'strategist' } });
  expect((await logIn(second, 'wang~2')).headers.get('location')).toBe('/login?error=OIDC_UNKNOWN_USER');
  expect((await session(second)).user).toBeNull();
});

it('gives nobody an admin by a name: an admin is tied to their account by an admin', async () => {
  await newUser('chief', { role: 'admin' });
  const browser = new HttpBrowser();
  expect((await logIn(browser, 'chief')).headers.get('location')).toBe('/login?error=OIDC_UNKNOWN_USER');
  await api.put('/api/users/chief', { name: '主管', role: 'admin', enabled: true, oidcSubject: 'chief', version: 1 });
  const again = new HttpBrowser();
  await logIn(again, 'chief');
  expect(await session(again)).toMatchObject({ user: { id: 'chief', role: 'admin' } });
});

it('lets no disabled user in', async () => {
  await newUser('gone', { enabled: false });
  expect((await logIn(new HttpBrowser(), 'gone')).headers.get('location')).toBe('/login?error=OIDC_UNKNOWN_USER');
});

it.each([
  'https://evil.test/',
  '//evil.test/',
  '/\\evil.test/',
  '/%09/evil.test',
  '/\t/evil.test',
  'javascript:alert(1)',
  '/..//evil.test',
])('sends nobody on to %j', async (to) => {
  const { headers } = await logIn(new HttpBrowser(), 'ops-li', to);
  const location = headers.get('location') ?? '';
  expect(new URL(location, host.url).origin).toBe(host.url);
  expect(location).toMatch(/^\/(?![/\\])/);
});

describe('a browser that comes back', () => {
  /** A login that the provider has agreed to, stopped before the host sees the answer. */
  async function onTheWayBack(browser: HttpBrowser): Promise<string> {
    const page = await browser.open(`${host.url}/api/session/oidc`, back);
    const leads = (answer: PageAnswer): boolean => (answer.headers.get('location') ?? '').startsWith(host.url);
    const consent = await browser.submit(page, { login: 'ops-li', password: 'x' }, leads);
    const end = leads(consent) ? consent : await browser.submit(consent, {}, leads);
    return end.headers.get('location') ?? '';
  }

  const end = async (browser: HttpBrowser, url: string): Promise<string | null> =>
    (await browser.send(url)).headers.get('location');

  it('with an answer that was meant for another browser, is not logged in by it', async () => {
    const theirs = await onTheWayBack(new HttpBrowser());
    const victim = new HttpBrowser();
    expect(await end(victim, theirs)).toBe('/login?error=OIDC_REFUSED');
    await onTheWayBack(victim);
    expect(await end(victim, theirs)).toBe('/login?error=OIDC_REFUSED');
    expect((await session(victim)).user).toBeNull();
  });

  it('with an answer that was used before, is refused', async () => {
    const browser = new HttpBrowser();
    const url = await onTheWayBack(browser);
    expect(await end(browser, url)).toBe('/');
    expect(await end(browser, url)).toBe('/login?error=OIDC_REFUSED');
  });

  it.each(['state', 'code', 'iss'])('with another %s, is refused', async (name) => {
    const browser = new HttpBrowser();
    const url = new URL(await onTheWayBack(browser));
    url.searchParams.set(name, 'made-up');
    expect(await end(browser, url.href)).toBe('/login?error=OIDC_REFUSED');
  });

  it('with a cookie that it has changed, is refused', async () => {
    const browser = new HttpBrowser();
    const url = await onTheWayBack(browser);
    const cookie = browser.cookie(url, 'yipan_oidc') ?? '';
    browser.setCookie(url, 'yipan_oidc', `${cookie.startsWith('A') ? 'B' : 'A'}${cookie.slice(1)}`);
    expect(await end(browser, url)).toBe('/login?error=OIDC_REFUSED');
  });

  it('because its user did not want to, is told so', async () => {
    const browser = new HttpBrowser();
    const url = new URL(await onTheWayBack(browser));
    url.searchParams.delete('code');
    url.searchParams.set('error', 'access_denied');
    expect(await end(browser, url.href)).toBe('/login?error=OIDC_REFUSED');
  });
});

it('the log holds no secret of any of this', async () => {
  expect(log.size).toBeGreaterThan(20);
  const parts = secretsSeen.flatMap((secret) => [secret, secret.split('.')[1] ?? secret]);
  expect(log.leaks(parts)).toEqual([]);
  expect(log.faults()).toEqual([]);
});

it('a provider that does not answer is told on the login page, and passwords work on', async () => {
  await provider.kill();
  const browser = new HttpBrowser();
  const page = await browser.send(`${host.url}/api/session/oidc/callback?code=x&state=y`);
  expect(page.headers.get('location')).toBe('/login?error=OIDC_REFUSED');
  const { oneTimePassword } = await api.post<{ oneTimePassword: string }>('/api/users/wang/one-time-password');
  const body = JSON.stringify({ userId: 'wang', password: oneTimePassword });
  expect((await browser.send(`${host.url}/api/session`, { method: 'POST', body })).status).toBe(200);
});
