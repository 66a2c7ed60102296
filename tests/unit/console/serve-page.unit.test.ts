import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageIn } from '../../../functions/console/load-page';
import { servePage } from '../../../functions/console/serve-page';
import { systemClock } from '../../../shared/adapters/system/system';
import type { HttpResponse } from '../../../shared/platform/http';
import { SeededRandom } from '../../support/seeded-random';

const ports = { clock: systemClock, random: new SeededRandom(1) };

let place: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'yipan-page-'));
  writeFileSync(join(place, 'secret.js'), 'outside of the page');
});

afterEach(() => rmSync(place, { recursive: true, force: true }));

const folder = (): string => join(place, 'page');

/** A page as a build leaves it, whose documents name its one piece. */
function writePage(at: string, build: string): void {
  mkdirSync(join(at, 'assets'), { recursive: true });
  const name = `main-${build}.js`;
  for (const document of ['index.html', 'reference.html'])
    writeFileSync(join(at, document), `<script nonce="%NONCE%" src="/assets/${name}"></script>`);
  writeFileSync(join(at, 'assets', name), `plain ${build}`);
  writeFileSync(join(at, 'assets', `${name}.br`), `brotli ${build}`);
  writeFileSync(join(at, 'assets', `${name}.gz`), `gzip ${build}`);
}

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<HttpResponse> =>
  servePage({ method, path, headers }, folder(), ports);

const textOf = ({ body, isBase64Encoded }: HttpResponse): string =>
  Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString('utf8');

describe('an asset', () => {
  beforeEach(() => writePage(folder(), 'AAAA1111'));

  it.each([
    ['br', 'brotli', 'br'],
    ['gzip, deflate, br, zstd', 'brotli', 'br'],
    ['GZIP', 'gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip', 'gzip'],
    ['br;q=0,gzip;q=0', 'plain', undefined],
    ['*', 'brotli', 'br'],
    ['br;q=0, *', 'gzip', 'gzip'],
    ['identity', 'plain', undefined],
    ['xbr, gzipped', 'plain', undefined],
    ['', 'plain', undefined],
  ])('to a browser that takes "%s" is sent as %s', async (accepted, form, coding) => {
    const answer = await ask('/assets/main-AAAA1111.js', { 'accept-encoding': accepted });
    expect(textOf(answer)).toBe(`${form} AAAA1111`);
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true });
    expect(answer.headers['content-encoding']).toBe(coding);
    // A cache between must not give one browser what another takes.
    expect(answer.headers).toMatchObject({ vary: 'accept-encoding', 'content-type': 'text/javascript; charset=utf-8' });
  });

  it('is sent as it is to who says nothing of encodings, and may be kept for ever', async () => {
    const answer = await ask('/assets/main-AAAA1111.js');
    expect(textOf(answer)).toBe('plain AAAA1111');
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('is not there under any other name', async () => {
    const names = ['main-BBBB2222.js', 'main-AAAA1111.js.br', '', 'MAIN-AAAA1111.js', 'main-AAAA1111.js/', '__proto__'];
    for (const name of names) await expect(ask(`/assets/${name}`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('no path', () => {
  beforeEach(() => writePage(folder(), 'AAAA1111'));

  it.each([
    '/assets/../index.html',
    '/assets/../../secret.js',
    '/assets/%2e%2e/%2e%2e/secret.js',
    '/assets/..%2f..%2fsecret.js',
    '/assets/..\\..\\secret.js',
    '/assets/..%5c..%5csecret.js',
    '/assets/main-AAAA1111.js\0.svg',
    '/assets/main-AAAA1111.js%00',
    '/%2E%2E/secret.js',
    '//evil.example/assets/main-AAAA1111.js',
    '//assets/main-AAAA1111.js',
    '/orders\\..\\secret.js',
    '/orders%0d%0aset-cookie:x',
    '/webhooks/doudian/dy-main',
    '/webhooks',
    '/favicon.ico',
    '/robots.txt',
  ])('such as %j leads out of the page or to it', async (path) => {
    await expect(ask(path)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the page', () => {
  beforeEach(() => writePage(folder(), 'AAAA1111'));

  it.each([
    '/',
    '/orders/delivery-orders',
    '/orders/delivery-orders/tmall-main%2326',
    '/stock/商品 A+1',
    '/assetsx',
    '/a.b',
  ])('is what %j shows, and is never kept', async (path) => {
    const answer = await ask(path);
    expect(textOf(answer)).toContain('src="/assets/main-AAAA1111.js"');
    expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  });

  it('carries another nonce each time, which stands in its policy for scripts and for styles', async () => {
    const nonces = new Set<string>();
    for (let i = 0; i < 3; i += 1) {
      const answer = await ask('/');
      const nonce = /nonce="([\w+/=-]{22,})"/.exec(textOf(answer))?.[1] ?? 'none';
      const policy = answer.headers['content-security-policy'] ?? '';
      expect(policy).toContain(`script-src 'self' 'nonce-${nonce}';`);
      expect(policy).toContain(`style-src 'self' 'nonce-${nonce}';`);
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(3);
  });

  it('is asked for by HEAD with the same headers and no body', async () => {
    for (const path of ['/', '/assets/main-AAAA1111.js', '/api/reference']) {
      const [head, get] = [await ask(path, {}, 'HEAD'), await ask(path)];
      expect(head.body).toBe('');
      expect(Object.keys(head.headers)).toEqual(Object.keys(get.headers));
    }
  });

  it('takes no other method', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      await expect(ask('/', {}, method)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('tells who has not built it how to', async () => {
    rmSync(folder(), { recursive: true });
    const missing = servePage({ method: 'GET', path: '/', headers: {} }, join(place, 'nothing'), ports);
    await expect(missing).rejects.toMatchObject({ facts: { hint: 'the page was not built: npm run build' } });
  });
});

describe('a build beside a running host', () => {
  it('takes no asset from the page that the host has shown, and a new host shows the new one', async () => {
    writePage(folder(), 'AAAA1111');
    await ask('/');
    rmSync(folder(), { recursive: true });
    writePage(folder(), 'BBBB2222');
    expect(textOf(await ask('/'))).toContain('main-AAAA1111.js');
    expect(textOf(await ask('/assets/main-AAAA1111.js'))).toBe('plain AAAA1111');
    const next = await pageIn(`${folder()}/.`, systemClock);
    expect([...next.assets.keys()]).toEqual(['main-BBBB2222.js']);
  });

  it('that replaces the folder while it is read is waited for: no page is ever of two builds', async () => {
    writePage(folder(), 'BUILD000');
    let n = 0;
    const replace = (): void => {
      n += 1;
      writePage(join(place, 'next'), `BUILD${String(n).padStart(3, '0')}`);
      renameSync(folder(), join(place, 'former'));
      renameSync(join(place, 'next'), folder());
      rmSync(join(place, 'former'), { recursive: true });
    };
    for (let i = 1; i <= 40; i += 1) {
      const reading = pageIn(folder() + '/.'.repeat(i), systemClock);
      // Each time a little later in the reading.
      for (let turn = 0; turn < i % 10; turn += 1) await new Promise((next) => setImmediate(next));
      replace();
      const { index, reference, assets } = await reading;
      const [name = ''] = [...assets.keys()];
      expect([assets.size, index === reference, index.includes(`"/assets/${name}"`)]).toEqual([1, true, true]);
      const { identity, br } = assets.get(name)?.bytes ?? {};
      expect(br?.toString()).toBe(identity?.toString().replace('plain', 'brotli'));
    }
  });
});
