import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Child } from '../../infra/local/demo/child-process';
import { startChild } from '../../infra/local/demo/child-process';
import { ROLES } from '../../shared/domain/user/user';
import { DIST } from './local-world';
import { send } from './raw-http';

// Every address of the API's own document, asked by everybody: whoever adds a route without a role finds it here.

const tokenOf = (role: string): string => `token-of-the-${role}-0123456789`;

let folder: string;
let host: Child;

interface Operation {
  readonly 'x-role'?: string;
  readonly security?: readonly unknown[];
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

async function routes(): Promise<Route[]> {
  const { paths } = (await (await fetch(`${host.url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yipan-roles-'));
  const users = ROLES.map((role) => ({ token: tokenOf(role), id: role, name: role, role }));
  host = await startChild(join(DIST, 'start.js'), ['--port', '0', '--no-sandbox', '--data-dir', folder], {
    YIPAN_SECRETS: JSON.stringify({ shops: {}, users }),
  });
}, 60_000);

afterAll(async () => {
  await host.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** The status of one request: an id that nothing has, and no body, so that whoever is let in changes nothing. */
async function statusOf({ method, path }: Route, token?: string): Promise<number> {
  const url = `${host.url}${path.replace(/\{[^}]+\}/g, 'nothing-has-this-id')}`;
  const { status } = await send(method, url, {
    ...(token !== undefined && { token }),
    ...(method !== 'GET' && { text: '' }),
  });
  return status;
}

it('every route says who may call it', async () => {
  const all = await routes();
  expect(all.length).toBeGreaterThan(35);
  const silent = all.filter(({ operation }) => ![...ROLES, 'anyone'].includes(operation['x-role'] ?? ''));
  expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

it('only the routes of the login are open to everybody', async () => {
  const open = (await routes()).filter(({ operation }) => operation['x-role'] === 'anyone');
  expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    'DELETE /api/session',
    'GET /api/session',
    'GET /api/session/oidc',
    'GET /api/session/oidc/callback',
    'POST /api/session',
  ]);
});

it('every route refuses who is nobody by 401 and whose role is too low by 403, and nobody else', async () => {
  const wrong: string[] = [];
  for (const route of await routes()) {
    const needed = route.operation['x-role'] ?? '';
    if (needed === 'anyone') continue;
    const expectFrom = (who: string, status: number, right: boolean): void => {
      if (!right) wrong.push(`${route.method} ${route.path} (${needed}) answers ${status} to ${who}`);
    };
    const nobody = await statusOf(route);
    expectFrom('nobody', nobody, nobody === 401);
    const stranger = await statusOf(route, 'a-token-that-nobody-has');
    expectFrom('a stranger', stranger, stranger === 401);
    for (const role of ROLES) {
      const status = await statusOf(route, tokenOf(role));
      const enough = ROLES.indexOf(role) >= ROLES.findIndex((one) => one === needed);
      expectFrom(role, status, enough ? status !== 401 && status !== 403 && status < 500 : status === 403);
    }
  }
  expect(wrong).toEqual([]);
}, 120_000);

it('the button of the other function is for operators', async () => {
  const route = { method: 'POST', path: '/api/conversions', operation: {} };
  const statuses = [await statusOf(route)];
  for (const role of ROLES) statuses.push(await statusOf(route, tokenOf(role)));
  expect(statuses).toEqual([401, 403, 400, 400, 400]);
});
