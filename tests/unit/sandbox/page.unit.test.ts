import { Script } from 'node:vm';
import { renderPage } from '../../../infra/local/sandbox/page/page';
import { PAGE_SCRIPT } from '../../../infra/local/sandbox/page/script';
import { CONFIG, TestBench } from './sandbox-client';

it('is served as one HTML page that asks for nothing from outside', async () => {
  const bench = await TestBench.open();
  const response = await fetch(bench.sandbox.url);
  const html = await response.text();
  await bench.close();
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(html).toBe(renderPage());
  expect(html).not.toMatch(/(src|href)=|https?:\/\//);
  for (const shop of CONFIG.shops) expect(html).not.toContain(shop.appSecret);
});

it('inserts what it shows as text, never as markup', () => {
  expect(PAGE_SCRIPT).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
});

it('has a script that parses', () => {
  expect(() => new Script(PAGE_SCRIPT)).not.toThrow();
});
