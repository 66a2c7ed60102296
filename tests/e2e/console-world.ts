import type { Browser, Page } from 'playwright-core';
import { openBrowser, visit } from '../support/browser';
import type { Visit, Visitor } from '../support/browser';
import type { WorldOptions } from './local-world';
import { LocalWorld } from './local-world';

/** Password of every person of these tests. */
export const PASSWORD = 'correct-horse-battery';

export type TestRole = 'viewer' | 'operator' | 'strategist' | 'admin';

/** A host with the sample brand, a browser, and one person a role, named by the role. */
export class ConsoleWorld {
  private constructor(
    readonly local: LocalWorld,
    readonly browser: Browser,
  ) {}

  static async start(options: WorldOptions = {}): Promise<ConsoleWorld> {
    const local = await LocalWorld.start(options);
    try {
      for (const role of ['viewer', 'operator', 'strategist', 'admin'] as const) await addPerson(local, role);
      return new ConsoleWorld(local, await openBrowser());
    } catch (error) {
      await local.close();
      throw error;
    }
  }

  get url(): string {
    return this.local.hostUrl;
  }

  /** A fresh browser window with this person logged in, at `path`. */
  async enter(role: TestRole, path = '/', visitor: Visitor = {}): Promise<Visit> {
    const opened = await visit(this.browser, this.url, visitor);
    await opened.page.goto(`${this.url}/login?to=${encodeURIComponent(path)}`);
    await logIn(opened.page, nameOf(role), PASSWORD);
    await opened.page.waitForURL((url) => url.pathname !== '/login');
    return opened;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.local.close();
  }
}

/** Login name of the person of a role. */
export const nameOf = (role: TestRole): string => `p-${role}`;

/** Fills in the login form that is shown. */
export async function logIn(page: Page, userId: string, password: string): Promise<void> {
  await page.locator('#userId').fill(userId);
  await page.locator('#password').fill(password);
  await page.locator('button[type=submit]').click();
}

async function addPerson(local: LocalWorld, role: TestRole): Promise<void> {
  const userId = nameOf(role);
  const path = `/api/users/${userId}`;
  const { oneTimePassword } = await local.host.put<{ oneTimePassword: string }>(path, {
    ...{ name: `测试${role}`, role, enabled: true, version: 0 },
  });
  const login = await fetch(`${local.hostUrl}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId, password: oneTimePassword }),
  });
  const { csrfToken } = (await login.json()) as { csrfToken: string };
  const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const changed = await fetch(`${local.hostUrl}/api/session/password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken, cookie },
    body: JSON.stringify({ oldPassword: oneTimePassword, newPassword: PASSWORD }),
  });
  if (!changed.ok) throw new Error(`${userId} got no password: HTTP ${changed.status} ${await changed.text()}`);
}
