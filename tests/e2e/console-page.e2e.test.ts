import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import type { Child } from '../../infra/local/demo/child-process';
import { startChild } from '../../infra/local/demo/child-process';
import { openDataFolder } from '../../infra/local/host/data-folder';
import { openBrowser, screenshot, visit } from '../support/browser';
import { buildBundles, PROJECT } from '../support/build-bundles';
import { DIST } from './local-world';

// The console's page as the built host serves it: byte by byte over HTTP, and the reference of the API in a real browser.

jest.setTimeout(60_000);

/** What a first visit may load, compressed: 3 s at 2 Mbit/s. */
const FIRST_LOAD_BYTES_MAX = 700_000;

/** An answer of a function on either cloud, with its body in base64 and its headers. */
const ANSWER_BYTES_MAX = 6 * 1024 * 1024;

/** On every answer, whatever it says. */
const SAFE = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
  'permissions-policy': expect.stringContaining('camera=()') as string,
  'content-security-policy': expect.stringContaining("frame-ancestors 'none'") as string,
};

interface Raw {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

let folder: string;
let host: Child;
let token: string;

beforeAll(async () => {
  buildBundles();
  folder = mkdtempSync(join(tmpdir(), 'yipan-page-'));
  token = openDataFolder(folder, { fresh: true }).secrets.users[0]?.token ?? '';
  host = await startChild(join(DIST, 'start.js'), ['--port', '0', '--data-dir', folder, '--no-sandbox'], {
    YIPAN_TAOBAO_GATEWAY: 'http://127.0.0.1:9/router/rest',
    YIPAN_DOUDIAN_GATEWAY: 'http://127.0.0.1:9/doudian',
  });
}, 120_000);

afterAll(async () => {
  await host.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** A request as it is said: the path is not normalised, and the body not decompressed. */
function ask(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Raw> {
  const { hostname, port } = new URL(host.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(parts) }),
      );
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

const matchAll = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, one = '']) => one);

/** Everything that a page and its pieces name, at once or later, found by following them. */
async function allAssets(): Promise<string[]> {
  const documents = await Promise.all(['/', '/api/reference'].map((path) => ask(path)));
  const found = new Set(documents.flatMap(({ bytes }) => matchAll(bytes.toString(), /"(\/assets\/[^"]+)"/g)));
  for (const path of found) {
    if (!path.endsWith('.js') || path.includes('swagger')) continue;
    const text = (await ask(path)).bytes.toString();
    for (const name of matchAll(text, /"\.\/([\w-]+-[A-Z0-9]{8}\.(?:js|css))"/g)) found.add(`/assets/${name}`);
  }
  return [...found];
}

describe('an asset of the page', () => {
  it('is the same in each encoding, says which, and may be kept for ever: its name says what it holds', async () => {
    const assets = await allAssets();
    expect(assets.length).toBeGreaterThan(8);
    for (const path of assets) {
      const [plain, br, gzip, identity] = await Promise.all(
        [{}, { 'accept-encoding': 'br' }, { 'accept-encoding': 'gzip' }, { 'accept-encoding': 'identity' }].map(
          (headers) => ask(path, headers),
        ),
      );
      if (!plain || !br || !gzip || !identity) throw new Error('four were asked for');
      expect([path, plain.status, br.status, gzip.status, identity.status]).toEqual([path, 200, 200, 200, 200]);
      expect(path).toMatch(/-[A-Z0-9]{8}\.(js|css|svg)$/);
      const codings = [plain, br, gzip, identity].map(({ headers }) => headers['content-encoding']);
      expect(codings).toEqual([undefined, 'br', 'gzip', undefined]);
      expect(brotliDecompressSync(br.bytes).equals(plain.bytes)).toBe(true);
      expect(gunzipSync(gzip.bytes).equals(plain.bytes)).toBe(true);
      expect(identity.bytes.equals(plain.bytes)).toBe(true);
      for (const { headers, bytes } of [plain, br, gzip]) {
        expect(headers).toMatchObject({
          ...SAFE,
          'cache-control': 'public, max-age=31536000, immutable',
          vary: 'accept-encoding',
          'content-length': String(bytes.length),
        });
        // As a cloud's function answers it.
        expect(Math.ceil(bytes.length / 3) * 4 + 4_096).toBeLessThan(ANSWER_BYTES_MAX);
      }
      const head = await ask(path, { 'accept-encoding': 'br' }, 'HEAD');
      expect([head.status, head.bytes.length, head.headers['content-encoding']]).toEqual([200, 0, 'br']);
    }
  });

  it('is no source map, and names none', async () => {
    for (const path of await allAssets()) expect((await ask(path)).bytes.toString()).not.toContain('sourceMappingURL=');
  });
});

describe('whatever else is asked for', () => {
  it.each([
    '/assets/nothing-1234ABCD.js',
    '/assets/',
    '/assets/../index.html',
    '/assets/%2e%2e/index.html',
    '/assets/..%2findex.html',
    '/assets/..\\index.html',
    '/assets/%00',
    '//assets/main.js',
    '//evil.example/',
    '/..%5c..%5cetc/passwd',
    '/api/nothing',
    '/api',
    '/favicon.ico',
  ])('GET %s is refused with a code and the safe headers, or is the page', async (path) => {
    const { status, headers, bytes } = await ask(path);
    expect(headers).toMatchObject(SAFE);
    // The host's own URL parser makes `..` and `\` into what they mean, before a function sees them.
    if (status === 200) expect(bytes.toString()).toContain('<div id="root">');
    else
      expect([status, JSON.parse(bytes.toString())]).toMatchObject([
        404,
        { code: 'NOT_FOUND', facts: expect.any(Object) as object },
      ]);
    expect(bytes.toString()).not.toMatch(/root:|"dependencies"/);
  });

  it.each([
    ['GET', '/webhooks/doudian/nobody', 404],
    ['GET', '/api/status', 401],
    ['POST', '/orders', 404],
    ['PUT', '/api/conversions', 404],
    ['GET', '/api/openapi.json', 200],
  ])('%s %s is answered with the safe headers', async (method, path, status) => {
    const answer = await ask(path, {}, method);
    expect([answer.status, answer.headers]).toMatchObject([status, SAFE]);
  });

  it('an address of the page is the page, with a nonce of its own and never kept', async () => {
    const nonces = new Set<string>();
    for (const path of ['/', '/orders/delivery-orders', '/stock/%E5%95%86%E5%93%81?x=1', '/nothing/of/the/kind']) {
      const { status, headers, bytes } = await ask(path);
      const nonce = /<script type="module" nonce="(\w+)"/.exec(bytes.toString())?.[1] ?? 'none';
      const policy = headers['content-security-policy'] ?? '';
      expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
      expect(headers).toMatchObject(SAFE);
      expect(policy).toContain(`script-src 'self' 'nonce-${nonce}';`);
      expect(policy).not.toContain('unsafe');
      nonces.add(nonce);
      const head = await ask(path, {}, 'HEAD');
      expect([head.status, head.bytes.length, head.headers['content-type']]).toEqual([200, 0, headers['content-type']]);
    }
    expect(nonces.size).toBe(4);
  });
});

describe('the first visit', () => {
  it(`loads less than ${FIRST_LOAD_BYTES_MAX} bytes, compressed`, async () => {
    const accept = { 'accept-encoding': 'br, gzip' };
    const index = await ask('/', accept);
    const atOnce = new Set(matchAll(index.bytes.toString(), /(?:src|href)="\/assets\/([^"]+)"/g));
    let bytes = index.bytes.length;
    for (const name of atOnce) {
      const piece = await ask(`/assets/${name}`, accept);
      expect(piece.headers['content-encoding']).toBe('br');
      bytes += piece.bytes.length;
      // `import"./x.js"` and `import{a}from"./x.js"`; not `import("./x.js")`, which waits for its page.
      const text = name.endsWith('.js') ? brotliDecompressSync(piece.bytes).toString() : '';
      for (const one of matchAll(text, /(?:from|import|;export\*from)\s*"\.\/([\w-]+\.js)"/g)) atOnce.add(one);
    }
    const counted = JSON.parse(readFileSync(join(PROJECT, 'dist/.built/page.json'), 'utf8')) as {
      note: { names: string[] };
    };
    // The build knows from esbuild which these are; the icon is ours.
    expect([...atOnce].filter((name) => !name.endsWith('.svg')).sort()).toEqual(counted.note.names.sort());
    process.stdout.write(`first visit of the console: ${Math.round(bytes / 1000)} kB in ${atOnce.size + 1} files\n`);
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES_MAX);
  });
});

describe('the reference of the API', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  });

  afterAll(() => browser.close());

  it('is drawn from the document by the browser, under a strict policy and with no complaint', async () => {
    const answer = await ask('/api/reference');
    expect(answer.headers['content-security-policy']).not.toContain('unsafe');
    const { page, complaints } = await visit(browser, host.url);
    await page.goto(`${host.url}/api/reference`);
    const document = (await (await fetch(`${host.url}/api/openapi.json`)).json()) as { paths: Record<string, object> };
    const all = Object.values(document.paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0);
    await page
      .locator('.opblock')
      .nth(all - 1)
      .waitFor();
    expect(await page.locator('.opblock').count()).toBe(all);
    const status = page.locator('.opblock').filter({ hasText: '/api/status' }).first();
    await status.locator('.opblock-summary-control').click();
    await status.getByText('200', { exact: true }).first().waitFor();
    await screenshot(page, 'api-reference');
    expect(
      await page.evaluate(
        () => getComputedStyle(globalThis.document.querySelector('.opblock') as Element).borderRadius,
      ),
    ).toBe('4px');
    // Its contrast is the library's own.
    expect(complaints).toEqual([]);
  });

  it('tries a request out, and shows what the host answers', async () => {
    const { page, complaints } = await visit(browser, host.url);
    await page.goto(`${host.url}/api/reference`);
    await page.locator('.scheme-container .authorize').click();
    await page.locator('#auth-bearer-value').fill(token);
    await page.locator('.modal-ux button.authorize').first().click();
    await page.locator('.modal-ux .btn-done').first().click();
    const status = page.locator('.opblock').filter({ hasText: '/api/status' }).first();
    await status.locator('.opblock-summary-control').click();
    await status.getByRole('button', { name: 'Try it out' }).click();
    await status.getByRole('button', { name: 'Execute' }).click();
    await status.locator('.live-responses-table .response-col_status').getByText('200').waitFor();
    await status.locator('.live-responses-table').filter({ hasText: '"poolSkus"' }).waitFor();
    expect(complaints).toEqual([]);
  });
});
