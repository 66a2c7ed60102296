import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { replayOrders } from './demo/replay';
import { Report } from './demo/report';
import { SAMPLE } from './demo/sample-brand';
import type { RunningWorld } from './demo/start-world';
import { startWorld } from './demo/start-world';
import { walkOrderProcedure } from './demo/walk-orders';
import { walkStockProcedure } from './demo/walk-stock';

const HELP = `Takes the README's pictures of the console: both procedures are walked through and real orders replayed, then Chromium
looks at the pages.

  --out FOLDER    where the pictures go (default infra/pictures)
  --orders N      real orders to replay before (default 400)
  --language L    zh (default) or en

Needs Chromium (apt-get install chromium), or its path in CHROMIUM.
`;

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** The person who looks at the pages, in a store that is thrown away afterwards. */
const VIEWER = 'screenshots';

/** Charts are drawn with the answer that brought them; a page is still when so long nothing came. */
const STILL_MS = 1_500;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'infra/pictures' },
      orders: { type: 'string', default: '400' },
      language: { type: 'string', default: 'zh' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (!existsSync(CHROMIUM))
    throw new Error(
      `there is no Chromium at ${CHROMIUM}: install it (apt-get install chromium) or name it in CHROMIUM`,
    );
  const out = resolve(values.out);
  const folder = mkdtempSync(join(tmpdir(), 'yipan-screenshots-'));
  const report = new Report((text) => process.stdout.write(text));
  let world: RunningWorld | undefined;
  try {
    world = await startWorld({ programs: __dirname, folder, cloud: undefined, tell: (line) => report.line(line) });
    await walkStockProcedure(world, report);
    await walkOrderProcedure(world, report);
    const dataFolder = join(__dirname, 'replay', 'data');
    await replayOrders(world, report, { orders: Number(values.orders), dataFolder });
    mkdirSync(out, { recursive: true });
    for (const file of await takePictures(world, out, values.language)) process.stdout.write(`${file}\n`);
  } finally {
    await world?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function takePictures(world: RunningWorld, out: string, language: string): Promise<string[]> {
  const url = world.hostProcess.url;
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
    await context.addInitScript((chosen) => localStorage.setItem('yipan.language', chosen), language);
    const page = await context.newPage();
    await enter(world, page);
    const { shopId, itemId } = SAMPLE.tmall;
    const pages = { home: '/', why: `/operations/sync-queue/${shopId}/${itemId}` };
    const files: string[] = [];
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(url + path);
      await page.locator('h1').first().waitFor();
      await page.waitForLoadState('networkidle');
      await page.waitForTimeout(STILL_MS);
      const file = join(out, `${name}.png`);
      await page.screenshot({ path: file });
      files.push(file);
    }
    return files;
  } finally {
    await browser.close();
  }
}

/** Makes a user who may look, and logs in as they would for the first time. */
async function enter(world: RunningWorld, page: Page): Promise<void> {
  const user = { name: '演示', role: 'admin', enabled: true, version: 0 };
  const { oneTimePassword } = await world.host.put<{ oneTimePassword: string }>(`/api/users/${VIEWER}`, user);
  await page.goto(`${world.hostProcess.url}/login`);
  await page.locator('#userId').fill(VIEWER);
  await page.locator('#password').fill(oneTimePassword);
  await page.locator('button[type=submit]').click();
  await page.waitForURL(/\/password/);
  const own = `${oneTimePassword}-own`;
  await page.locator('#oldPassword').fill(oneTimePassword);
  await page.locator('#newPassword').fill(own);
  await page.locator('#again').fill(own);
  await page.locator('button[type=submit]').click();
  await page.waitForURL((address) => address.pathname === '/');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`screenshots: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
