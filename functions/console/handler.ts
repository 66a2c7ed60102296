import { join } from 'node:path';
import { AppError } from '../../shared/errors';
import { connectBus } from '../../shared/platform/connect-bus';
import { connectOidc } from '../../shared/platform/connect-oidc';
import { connectPool } from '../../shared/platform/connect-pool';
import type { Run } from '../../shared/platform/define-function';
import { defineFunction } from '../../shared/platform/define-function';
import type { HttpRequest, HttpResponse } from '../../shared/platform/http';
import { SAFE_HEADERS } from '../../shared/platform/http';
import type { ConsoleApp } from './api';
import { newApp } from './api';
import { addAllocationRoutes } from './routes/allocation-routes';
import { addDeliveryOrderRoutes } from './routes/delivery-order-routes';
import { addHomeRoutes } from './routes/home-routes';
import { addMappingRoutes } from './routes/mapping-routes';
import { addPlatformOrderRoutes } from './routes/platform-order-routes';
import { addSearchRoutes } from './routes/search-routes';
import { addMasterDataRoutes } from './routes/settings-routes';
import { addOidcRoutes } from './routes/oidc-routes';
import { addSessionRoutes } from './routes/session-routes';
import { addSkuRoutes } from './routes/sku-routes';
import { addStockCheckRoutes } from './routes/stock-check-routes';
import { addStockEntryRoutes } from './routes/stock-entry-routes';
import { addStockRoutes } from './routes/stock-routes';
import { addStrategyRoutes } from './routes/strategy-routes';
import { addSyncRoutes } from './routes/sync-routes';
import { addUserRoutes } from './routes/user-routes';
import { addWhyRoutes } from './routes/why-routes';
import { REFERENCE_PATH, servePage } from './serve-page';

let app: ConsoleApp | undefined;

/** Console 后台: the web page, and the API of everything that people do. Its OpenAPI document is at /api/openapi.json. */
export const handler = defineFunction('console', { bus: connectBus, pool: connectPool }, { http: serve });

/** The app with all its routes; exported for the test that holds every answer to its schema. */
export function consoleApp(): ConsoleApp {
  const made = newApp();
  addMasterDataRoutes(made);
  addSkuRoutes(made);
  addStrategyRoutes(made);
  addStockRoutes(made);
  addStockCheckRoutes(made);
  addStockEntryRoutes(made);
  addAllocationRoutes(made);
  addPlatformOrderRoutes(made);
  addMappingRoutes(made);
  addDeliveryOrderRoutes(made);
  addSyncRoutes(made);
  addWhyRoutes(made);
  addSearchRoutes(made);
  addHomeRoutes(made);
  addSessionRoutes(made);
  addOidcRoutes(made, connectOidc);
  addUserRoutes(made);
  made.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Yipan 一盘货',
      version: '1',
      description: 'Quantities are whole pieces, amounts fen, ratios basis points, times epoch ms UTC.',
    },
  });
  return made;
}

/** Largest body: an allocation order of 500 lines is about 40 KB. */
const BODY_BYTES_MAX = 1024 * 1024;

async function serve(request: HttpRequest, run: Run): Promise<HttpResponse> {
  const answer = await answerTo(request, run);
  return { ...answer, headers: { ...SAFE_HEADERS, ...answer.headers } };
}

async function answerTo(request: HttpRequest, run: Run): Promise<HttpResponse> {
  const isApi = /^\/api(\/|$)/.test(request.path) && request.path !== REFERENCE_PATH;
  if (!isApi) return servePage(request, run.config.pageFolder ?? join(__dirname, 'page'), run.ports);
  app ??= consoleApp();
  if (request.rawBody.length > BODY_BYTES_MAX) {
    throw new AppError('BODY_TOO_LARGE', { bytes: request.rawBody.length, bytesMax: BODY_BYTES_MAX });
  }
  const response = await app.fetch(requestOf(request), { run });
  return {
    statusCode: response.status,
    headers: { 'cache-control': 'no-store', ...Object.fromEntries(response.headers) },
    body: await response.text(),
    isBase64Encoded: false,
  };
}

/** The request for Hono. Throws BAD_INPUT for a method or a header that no program may send, such as TRACE. */
function requestOf({ method, path, query, headers, rawBody }: HttpRequest): Request {
  const search = new URLSearchParams(query).toString();
  const hasBody = method !== 'GET' && method !== 'HEAD';
  try {
    return new Request(`http://console${path}${search && `?${search}`}`, {
      method,
      headers,
      ...(hasBody && { body: new Uint8Array(rawBody) }),
    });
  } catch (cause) {
    throw new AppError(
      'BAD_INPUT',
      { problems: ['the method, the path or a header is none that HTTP has'] },
      { cause },
    );
  }
}
