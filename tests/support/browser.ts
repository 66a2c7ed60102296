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

/** Pages of this file's tests, the youngest last. */
const openPages: Page[] = [];

/** Longest text of a page that is told with a failure. */
const TOLD_MAX = 1_500;

/** What the open pages show, for the error of a test that failed (tests/support/telling-environment.cjs). */
async function whatPagesShow(): Promise<string> {
  const shown = openPages
    .filter((page) => !page.isClosed())
    .slice(-2)
    .map(async (page) => {
      const text = await page.locator('body').innerText({ timeout: 2_000 });
      return `the page ${page.url()} shows: ${text.replace(/\s+/g, ' ').slice(0, TOLD_MAX)}`;
    });
  const told = await Promise.allSettled(shown);
  return told
    .map((one) => (one.status === 'fulfilled' ? one.value : `a page does not answer: ${String(one.reason)}`))
    .join('\n');
}

Object.assign(globalThis, { whatPagesShow });

/** What a visitor is like. */
export interface Visitor {
  readonly language?: 'zh' | 'en';
  readonly width?: number;
  readonly height?: number;
  /** Sees dialogs and lists grow and fade; otherwise one who wants little motion, for whom nothing moves under the hand. */
  readonly motion?: boolean;
}

/** Opens a page at 1440 × 900 whose requests must all go to `origin`. */
export async function visit(browser: Browser, origin: string, visitor: Visitor = {}): Promise<Visit> {
  const { language = 'zh', width = 1440, height = 900, motion = false } = visitor;
  const context = await browser.newContext({
    ...{ viewport: { width, height }, locale: 'zh-CN', timezoneId: 'UTC' },
    reducedMotion: motion ? 'no-preference' : 'reduce',
  });
  await context.addInitScript((chosen) => {
    if (localStorage.getItem('yipan.language') === null) localStorage.setItem('yipan.language', chosen);
  }, language);
  const page = await context.newPage();
  openPages.push(page);
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
