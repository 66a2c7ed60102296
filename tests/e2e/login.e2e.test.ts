import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { Api } from '../../infra/local/demo/api';
import type { Child } from '../../infra/local/demo/child-process';
import { startChild } from '../../infra/local/demo/child-process';
import { openDataFolder } from '../../infra/local/host/data-folder';
import { openStoreAt } from '../../infra/local/moving/store-address';
import { ScannedLog } from '../support/fuzz-log';
import { HttpBrowser } from '../support/http-browser';
import { DIST } from './local-world';

// Logins over HTTP at the host as `npm start` runs it, from its first start on.

jest.setTimeout(60_000);

const PASSWORD = '风吹麦浪 2026 夏天';

let folder: string;
let host: Child;
let api: Api;
let firstPassword = '';
const lines: string[] = [];
const log = new ScannedLog();
/** Whatever a log must never hold. */
const secrets: string[] = [PASSWORD];

const startHost = (): Promise<Child> =>
  startChild(
    join(DIST, 'start.js'),
    ['--port', '0', '--no-sandbox', '--data-dir', folder],
    { YIPAN_LOG_LEVEL: 'info' },
    (line) => {
      lines.push(line);
      // The screen of whoever starts the host is told the first password; the log is not.
      if (line.startsWith('{')) log.take(line);
    },
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yipan-login-'));
  host = await startHost();
  api = new Api(host.url, openDataFolder(folder, { fresh: false }).secrets.users[0]?.token);
});

afterAll(async () => {
  await host.kill();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A person's browser with our page in it. */
class Person {
  readonly browser = new HttpBrowser();
  csrfToken = '';

  async ask(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await this.browser.send(`${host.url}${path}`, {
      method,
      headers: { 'x-csrf-token': this.csrfToken, 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const value = JSON.parse(answer.text) as Answer['body'];
    if (typeof value['csrfToken'] === 'string') this.csrfToken = value['csrfToken'];
    secrets.push(...[this.csrfToken, this.token()].filter((text) => text !== ''));
    return { status: answer.status, code: value['code'] as string | undefined, body: value };
  }

  logIn(userId: string, password: string): Promise<Answer> {
    secrets.push(password);
    return this.ask('POST', '/api/session', { userId, password });
  }

  token(): string {
    return this.browser.cookie(host.url, 'yipan_session')?.split('.')[1] ?? '';
  }
}

/** A user who has chosen their password; logged in. */
async function newPerson(id: string, role = 'operator'): Promise<Person> {
  const body = { name: id, role, enabled: true, version: 0 };
  const { oneTimePassword } = await api.put<{ oneTimePassword: string }>(`/api/users/${id}`, body);
  const person = new Person();
  await person.logIn(id, oneTimePassword);
  const change = { oldPassword: oneTimePassword, newPassword: PASSWORD };
  expect((await person.ask('POST', '/api/session/password', change)).status).toBe(200);
  return person;
}

it('the first start says who may log in and with what, and a later one does not say it again', async () => {
  const said = lines.find((line) => line.includes('password ')) ?? '';
  firstPassword = /user admin, password (\S+)/.exec(said)?.[1] ?? '';
  expect(firstPassword).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
  const admin = new Person();
  expect(await admin.logIn('admin', firstPassword)).toMatchObject({ status: 200, body: { mustChangePassword: true } });
  expect((await admin.ask('GET', '/api/users')).code).toBe('PASSWORD_CHANGE_NEEDED');
  const before = lines.length;
  await host.stop();
  host = await startHost();
  api = new Api(host.url, openDataFolder(folder, { fresh: false }).secrets.users[0]?.token);
  expect(lines.slice(before).join('\n')).not.toMatch(/user admin, password/);
  expect(lines.slice(before).join('\n')).toContain('create-admin');
  expect(lines.slice(before).join('\n')).not.toContain(firstPassword);
});

it('the document of a login holds neither password nor token, and lists of users hold no hash', async () => {
  const person = await newPerson('wang');
  const { store, close } = await openStoreAt(join(folder, 'yipan.db'), {});
  const stored = JSON.stringify(await store.get({ pk: 'login#wang', sk: 'login' }));
  await close();
  expect(stored).toContain('$scrypt$ln=15,r=8,p=3$');
  expect(stored).not.toContain(PASSWORD);
  expect(stored).not.toContain(person.token());
  const users = JSON.stringify(await api.get('/api/users'));
  expect(users).toContain('"password":"set"');
  expect(users).not.toContain('scrypt');
});

it('a login gives a new token, whatever token a browser was planted with', async () => {
  await newPerson('fixed');
  const victim = new Person();
  const planted = `${Buffer.from('fixed').toString('base64url')}.${'a'.repeat(64)}`;
  victim.browser.setCookie(host.url, 'yipan_session', planted);
  expect((await victim.ask('GET', '/api/session')).body['user']).toBeNull();
  expect((await victim.logIn('fixed', PASSWORD)).status).toBe(200);
  expect(victim.token()).toMatch(/^[\da-f]{64}$/);
  expect(victim.token()).not.toBe('a'.repeat(64));
  const attacker = new Person();
  attacker.browser.setCookie(host.url, 'yipan_session', planted);
  expect((await attacker.ask('GET', '/api/session')).body['user']).toBeNull();
});

it('a cookie that was kept is worth nothing after the logout', async () => {
  const person = await newPerson('leaver');
  const kept = person.browser.cookie(host.url, 'yipan_session') ?? '';
  expect((await person.ask('DELETE', '/api/session')).status).toBe(200);
  const thief = new Person();
  thief.browser.setCookie(host.url, 'yipan_session', kept);
  expect((await thief.ask('GET', '/api/shops')).code).toBe('UNAUTHENTICATED');
});

it('a cookie without the page that knows its token changes nothing, on either function', async () => {
  const person = await newPerson('robbed', 'admin');
  const thief = new Person();
  thief.browser.setCookie(host.url, 'yipan_session', person.browser.cookie(host.url, 'yipan_session') ?? '');
  const warehouse = { title: '仓', kind: 'source', version: 0 };
  expect((await thief.ask('PUT', '/api/warehouses/W1', warehouse)).code).toBe('CSRF_REFUSED');
  const conversion = { orders: [{ shopId: 'a', orderNo: '1' }] };
  expect((await thief.ask('POST', '/api/conversions', conversion)).code).toBe('CSRF_REFUSED');
  expect((await thief.ask('DELETE', '/api/session')).code).toBe('CSRF_REFUSED');
  expect((await person.ask('PUT', '/api/warehouses/W1', warehouse)).status).toBe(200);
  expect((await person.ask('POST', '/api/conversions', conversion)).code).not.toBe('CSRF_REFUSED');
  const evil = { origin: 'https://evil.test' };
  expect((await person.ask('PUT', '/api/warehouses/W2', warehouse, evil)).code).toBe('CSRF_REFUSED');
});

it('a disabled user is out at the next request', async () => {
  const person = await newPerson('fired');
  expect((await person.ask('GET', '/api/shops')).status).toBe(200);
  await api.put('/api/users/fired', { name: 'fired', role: 'operator', enabled: false, version: 1 });
  expect((await person.ask('GET', '/api/shops')).code).toBe('UNAUTHENTICATED');
  expect((await new Person().logIn('fired', PASSWORD)).code).toBe('LOGIN_FAILED');
});

it('of twenty guesses at once five are looked at, and an admin lets the user in again', async () => {
  const person = await newPerson('target');
  const guesses = await Promise.all(
    Array.from({ length: 20 }, (_, i) => new Person().logIn('target', `guess number ${i}`)),
  );
  const codes = guesses.map(({ code }) => code);
  expect(codes.filter((code) => code === 'LOGIN_FAILED')).toHaveLength(5);
  expect(codes.filter((code) => code === 'LOGIN_LOCKED')).toHaveLength(15);
  expect((await new Person().logIn('target', PASSWORD)).status).toBe(429);
  // Who is in stays in: nobody shuts a colleague out of the work under way.
  expect((await person.ask('GET', '/api/shops')).status).toBe(200);
  const { oneTimePassword } = await api.post<{ oneTimePassword: string }>('/api/users/target/one-time-password');
  expect((await person.ask('GET', '/api/shops')).code).toBe('UNAUTHENTICATED');
  expect((await new Person().logIn('target', oneTimePassword)).status).toBe(200);
});

it('a changed password ends the other sessions, not the one that changed it', async () => {
  const person = await newPerson('changer');
  const other = new Person();
  await other.logIn('changer', PASSWORD);
  const change = { oldPassword: PASSWORD, newPassword: '四海为家 2026 秋天' };
  secrets.push(change.newPassword);
  expect((await person.ask('POST', '/api/session/password', change)).status).toBe(200);
  expect((await person.ask('GET', '/api/shops')).status).toBe(200);
  expect((await other.ask('GET', '/api/shops')).code).toBe('UNAUTHENTICATED');
});

it('where nobody can log in, whoever has the store makes an admin', async () => {
  await host.stop();
  const program = join(DIST, 'create-admin.js');
  const store = join(folder, 'yipan.db');
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, [program, store, ...args], { encoding: 'utf8' });
  expect(() => run()).toThrow(/there are users already/);
  const password = /password {2}(\S+)/.exec(run('--reset', '--id', 'fired'))?.[1] ?? '';
  host = await startHost();
  const person = new Person();
  expect(await person.logIn('fired', password)).toMatchObject({ status: 200, body: { user: { role: 'admin' } } });
});

it('no line of the log holds a password, a token or a hash', async () => {
  await host.stop();
  expect(log.size).toBeGreaterThan(20);
  expect(log.leaks([...secrets, firstPassword, '$scrypt$', 'yipan_session='])).toEqual([]);
  expect(log.faults()).toEqual([]);
});
