import { AppError } from '../../shared/errors';
import type { HttpRequest, HttpResponse } from '../../shared/platform/http';
import type { Clock } from '../../shared/ports/clock';
import type { Random } from '../../shared/ports/random';
import type { Asset } from './load-page';
import { pageIn } from './load-page';

/** The page that shows the API's document. It is no data: it and the document may be read without a login. */
export const REFERENCE_PATH = '/api/reference';

/** Other functions' addresses, and what browsers and searchers ask for by themselves. */
const NOT_OURS = /^\/(?:assets|webhooks)(?:\/|$)|^\/(?:favicon\.ico|robots\.txt)$/;

/**
 * No page of ours has such an address: another host's (`//host`), control characters, dots and slashes in disguise. No path ever
 * becomes the name of a file: assets are looked up among those that were read when the page was.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const NO_ADDRESS = /^\/\/|[\\\0-\x1f]|%(?:[01][\da-f]|2e|2f|5c)/i;

/**
 * What a browser may do on a page of ours: run and load what comes from this host alone, and be framed by nobody. Styles
 * that the component library makes while it runs carry the page's nonce.
 */
function policy(scripts: string, styles: string): string {
  return [
    "default-src 'none'",
    `script-src ${scripts}`,
    `style-src ${styles}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Files of the web page: those under /assets, compressed as the browser takes them and kept by it for ever, since their names
 * say what they hold; the reference of the API; and for every other address the page itself, whose own addresses these are. The page is
 * never kept, as its nonce is good for once: there is nothing to ask again about, and no ETag. Throws NOT_FOUND.
 */
export async function servePage(
  { method, path, headers }: Pick<HttpRequest, 'method' | 'path' | 'headers'>,
  folder: string,
  ports: { readonly clock: Pick<Clock, 'sleep'>; readonly random: Pick<Random, 'token'> },
): Promise<HttpResponse> {
  if (method !== 'GET' && method !== 'HEAD') throw new AppError('NOT_FOUND', { method, path });
  const { index, reference, assets } = await pageIn(folder, ports.clock);
  const asset = path.startsWith('/assets/') ? assets.get(path.slice('/assets/'.length)) : undefined;
  if (!asset && (NOT_OURS.test(path) || NO_ADDRESS.test(path))) throw new AppError('NOT_FOUND', { path });
  const answer = asset
    ? assetAnswer(asset, headers['accept-encoding'] ?? '')
    : path === REFERENCE_PATH
      ? document(reference, policy("'self'", "'self'"))
      : pageWithNonce(index, ports.random.token());
  return method === 'HEAD' ? { ...answer, body: '', isBase64Encoded: false } : answer;
}

function pageWithNonce(index: string, nonce: string): HttpResponse {
  return document(index.replace('%NONCE%', nonce), policy(`'self' 'nonce-${nonce}'`, `'self' 'nonce-${nonce}'`));
}

function document(text: string, contentSecurityPolicy: string): HttpResponse {
  return {
    statusCode: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': contentSecurityPolicy,
    },
    body: text,
    isBase64Encoded: false,
  };
}

function assetAnswer({ type, bytes }: Asset, accepted: string): HttpResponse {
  const coding = (['br', 'gzip'] as const).find((one) => bytes[one] !== undefined && takes(accepted, one));
  return {
    statusCode: 200,
    headers: {
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
      ...(coding && { 'content-encoding': coding }),
    },
    body: (coding === undefined ? bytes.identity : (bytes[coding] ?? bytes.identity)).toString('base64'),
    isBase64Encoded: true,
  };
}

/** Whether a header `accept-encoding` takes a content coding: named, or by `*`, and not with the weight 0 (RFC 9110 §12.5.3). */
function takes(accepted: string, coding: string): boolean {
  const weights = new Map(
    accepted.split(',').map((part) => {
      const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const weight = parameters.find((text) => text.startsWith('q='))?.slice(2);
      return [name, weight === undefined ? 1 : Number(weight)];
    }),
  );
  return (weights.get(coding) ?? weights.get('*') ?? 0) > 0;
}
