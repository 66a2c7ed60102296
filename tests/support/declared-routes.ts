import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from '@hono/zod-openapi';
import { consoleApp } from '../../functions/console/handler';
import { REFERENCE_PATH } from '../../functions/console/serve-page';
import { ConversionsBody } from '../../functions/document-conversion/convert-by-hand';
import { readFunctionDefinitions } from '../../infra/huawei/function-definitions';
import { OWN_PAGES } from '../../infra/local/host/host';
import { PROJECT } from './build-bundles';
import type { OpenApi, Route } from './fuzz-request';
import { routesOf } from './fuzz-request';
import type { Schema } from './fuzz-schema';

/** Bodies of the addresses that are not the console's; a push's are fuzzed under its signature. */
const BODIES: Readonly<Record<string, Schema | undefined>> = {
  'POST /api/conversions': z.toJSONSchema(ConversionsBody) as Schema,
  'POST /webhooks/{channel}/{shopId}': undefined,
};

/** A route as people write it. */
export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

/** Everything that answers at some address: what the functions' files route to them, the console's own routes, the host's pages. */
export async function declaredRoutes(): Promise<Route[]> {
  const gateway = readFunctionDefinitions(PROJECT).flatMap(({ routes }) => routes);
  return [
    ...gateway.flatMap((route) => behind(route)),
    ...(await consoleRoutes()),
    ...OWN_PAGES.map((path) => page(path)),
  ];
}

/** What a route of a gateway leads to. The console's API is routed by the console. */
function behind({ method, path }: { method: string; path: string }): Route[] {
  const name = nameOf({ method, path });
  if (name === '* /api/{proxy+}') return [];
  if (path === '/') return [page(path, method)];
  if (path === '/{proxy+}') return ['/{page}', '/assets/{asset}', REFERENCE_PATH].map((one) => page(one, method));
  if (!(name in BODIES)) throw new Error(`${name} is new: say here what it takes`);
  return [{ method, path, query: [], body: BODIES[name] }];
}

function page(path: string, method = 'GET'): Route {
  return { method, path, query: [], body: undefined };
}

/** From its router: a route that its document left out would answer all the same. */
async function consoleRoutes(): Promise<Route[]> {
  const app = consoleApp();
  const document = (await (await app.request('/api/openapi.json')).json()) as OpenApi;
  const described = new Map(routesOf(document).map((route) => [nameOf(route), route]));
  return app.routes.map(({ method, path: pattern }) => {
    const path = pattern.replace(/:(\w+)/g, '{$1}');
    return described.get(nameOf({ method, path })) ?? page(path, method);
  });
}

/** Names of files of the built page. */
export function assetNames(): string[] {
  const folder = join(PROJECT, 'dist/functions/console/page');
  const named = [...readFileSync(join(folder, 'index.html'), 'utf8').matchAll(/"\/assets\/([^"]+)"/g)];
  const compressed = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.br'));
  return [...named.map(([, name = '']) => name), ...compressed.slice(0, 2)];
}
