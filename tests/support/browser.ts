import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const ARGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--lang=zh-CN'],
];

/** Screenshots of the tests, to be looked at. */
const SCREENSHOTS = join(__dirname, '../../coverage/screenshots');

/** A real Chromium. Throws, saying how to get one, where there is none. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `there is no Chromium at ${CHROMIUM}: install it (apt-get install chromium) or name it in CHROMIUM`,
    );
  }
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

/** A page of a fresh visitor, with what the browser complained of: errors, refused policies, requests to other hosts. */
export interface Visit {
  readonly page: Page;
  readonly complaints: string[];
}

/** Opens a page at 1440 × 900 whose requests must all go to `origin`. */
export async function visit(
  browser: Browser,
  origin: string,
  options: { language?: 'zh' | 'en'; width?: number; height?: number } = {},
): Promise<Visit> {
  const { language = 'zh', width = 1440, height = 900 } = options;
  const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN', timezoneId: 'UTC' });
  await context.addInitScript((chosen) => {
    if (localStorage.getItem('yipan.language') === null) localStorage.setItem('yipan.language', chosen);
  }, language);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // A refused request is told to the person by the page; the browser's own line about it is no fault.
    if (message.type() === 'error' && /Failed to load resource/.test(message.text())) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) complaints.push(`a request left the host: ${url}`);
  });
  return { page, complaints };
}

/** Keeps a picture of the page among the artefacts. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

interface AxeViolation {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** A page that never rests is looked at so often; what the last look finds stands. */
const LOOKS_MAX = 5;

/** Serious and critical findings of axe (WCAG 2.2 A and AA, contrast included) on what the page shows at rest. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // By the debugger, which the page's content security policy does not bind.
  await page.evaluate(AXE);
  const violations = await page.evaluate(async (looksMax) => {
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<{ violations: AxeViolation[] }> } };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const fading = (): Animation[] =>
      document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
    // What is fading in or out has other colours than those that it ends with: what is found while something begins to, such
    // as a short message whose time is over, is looked for once more.
    let begun = 0;
    document.onanimationstart = document.ontransitionrun = () => (begun += 1);
    for (let look = 1; ; look += 1) {
      await Promise.allSettled(fading().map((one) => one.finished));
      const before = begun;
      const found = (await axe.run({ runOnly: { type: 'tag', values: tags } })).violations;
      if (found.length === 0 || begun === before || look === looksMax) return found;
    }
  }, LOOKS_MAX);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.slice(0, 3).map((node) => `${id}: ${help}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`),
    );
}
