import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors';
import type { HttpRequest, HttpResponse } from '../../shared/platform/http';

/** Content types of the files that the page is made of. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Names that the build gives: nothing that leads out of the folder. */
const ASSET = /^\/assets\/([\w-]+(?:\.[\w-]+)*\.(js|css|svg))$/;

/** A name with the hash of what it holds never holds anything else. */
const HASHED = /-[A-Z0-9]{8}\.\w+$/;

/**
 * What a browser may do on a page of ours: run and load what comes from this host alone, and be framed by nobody. Styles
 * that the component library makes while it runs carry the page's nonce.
 */
function policy(nonce: string, styles: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' ${styles}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Files of the web page: those under /assets, compressed as the browser takes them and kept by it for ever where their name
 * says what they hold, and for every other address the page itself, whose own addresses these are. Throws NOT_FOUND.
 */
export async function servePage(request: HttpRequest, folder: string): Promise<HttpResponse> {
  const { method, path } = request;
  if (method !== 'GET' && method !== 'HEAD') throw new AppError('NOT_FOUND', { method, path });
  const asset = ASSET.exec(path);
  if (asset?.[1] !== undefined && asset[2] !== undefined)
    return serveAsset(request, join(folder, 'assets', asset[1]), asset[2]);
  if (path.startsWith('/assets/') || path === '/favicon.ico' || path === '/robots.txt')
    throw new AppError('NOT_FOUND', { path });
  const nonce = randomBytes(16).toString('base64');
  if (path === '/api/reference') {
    // This library writes style attributes, which no nonce can allow.
    return html((await readPage(folder, 'reference.html')).toString('utf8'), policy(nonce, "'unsafe-inline'"));
  }
  const page = (await readPage(folder, 'index.html')).toString('utf8').replace('%NONCE%', nonce);
  return html(page, policy(nonce, `'nonce-${nonce}'`));
}

function html(text: string, contentSecurityPolicy: string): HttpResponse {
  return {
    statusCode: 200,
    headers: { ...headersOf('html'), 'cache-control': 'no-store', 'content-security-policy': contentSecurityPolicy },
    body: text,
    isBase64Encoded: false,
  };
}

async function serveAsset(request: HttpRequest, file: string, type: string): Promise<HttpResponse> {
  const accepted = request.headers['accept-encoding'] ?? '';
  const encodings = [
    ...(/\bbr\b/.test(accepted) ? ['br'] : []),
    ...(/\bgzip\b/.test(accepted) ? ['gzip'] : []),
    undefined,
  ];
  for (const encoding of encodings) {
    const suffix = encoding === undefined ? '' : encoding === 'br' ? '.br' : '.gz';
    const bytes = await readFile(file + suffix).catch(missing);
    if (!bytes) continue;
    return {
      statusCode: 200,
      headers: {
        ...headersOf(type),
        'cache-control': HASHED.test(file) ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
        vary: 'accept-encoding',
        ...(encoding !== undefined && { 'content-encoding': encoding }),
      },
      body: request.method === 'HEAD' ? '' : bytes.toString('base64'),
      isBase64Encoded: true,
    };
  }
  throw new AppError('NOT_FOUND', { path: request.path });
}

function headersOf(type: string): Record<string, string> {
  return { 'content-type': TYPES[type] ?? 'application/octet-stream' };
}

async function readPage(folder: string, name: string): Promise<Buffer> {
  const bytes = await readFile(join(folder, name)).catch(missing);
  if (!bytes) throw new AppError('NOT_FOUND', { file: name, hint: 'the page was not built: npm run build' });
  return bytes;
}

function missing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
