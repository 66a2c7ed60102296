import { AppError } from '../../shared/errors';
import { connectBus } from '../../shared/platform/connect-bus';
import { connectPool } from '../../shared/platform/connect-pool';
import type { Run } from '../../shared/platform/define-function';
import { defineFunction } from '../../shared/platform/define-function';
import type { HttpRequest, HttpResponse } from '../../shared/platform/http';
import type { ConsoleApp } from './api';
import { newApp } from './api';
import { addDeliveryOrderRoutes } from './routes/delivery-order-routes';
import { addPlatformOrderRoutes } from './routes/platform-order-routes';
import { addMasterDataRoutes, addStrategyRoutes } from './routes/settings-routes';
import { addAllocationRoutes, addStockRoutes } from './routes/stock-routes';
import { addSyncRoutes } from './routes/sync-routes';

let app: ConsoleApp | undefined;

/** Console 后台: the API of everything that people do. Its OpenAPI document is at /api/openapi.json. */
export const handler = defineFunction('console', { bus: connectBus, pool: connectPool }, { http: serve });

function consoleApp(): ConsoleApp {
  const made = newApp();
  addMasterDataRoutes(made);
  addStrategyRoutes(made);
  addStockRoutes(made);
  addAllocationRoutes(made);
  addPlatformOrderRoutes(made);
  addDeliveryOrderRoutes(made);
  addSyncRoutes(made);
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
