import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Api } from './demo/api';
import type { Child } from './demo/child-process';
import { startChild } from './demo/child-process';
import { replayOrders } from './demo/replay';
import { Report } from './demo/report';
import { setUpSample } from './demo/sample-brand';
import { summarise } from './demo/summary';
import { walkOrderProcedure } from './demo/walk-orders';
import { walkChanges, walkStockProcedure } from './demo/walk-stock';
import type { Cloud } from './engines/cloud';
import { CLOUDS, startCloudEngines } from './engines/cloud';
import { openDataFolder, pushUrl, SAMPLE_SHOPS, sandboxConfig } from './host/data-folder';

const HELP = `The main job: both procedures walked through HTTP, then real orders replayed, then every invariant checked.

  --orders N      real orders to replay (default 2000, at most 6018; 0 leaves the replay out)
  --profile P     embedded (default), or on a cloud's engines on this machine: aws (also: cloud) or huawei
  --data-dir F    keep the data in this folder (default: a temporary one, removed at the end)
`;

const TIMERS = {
  'order-ingestion/poll-messages': 200,
  'order-ingestion/pull-modified': 5_000,
  'document-conversion/sweep': 3_000,
  'auto-audit/sweep': 3_000,
  'stock-change-capture/sweep': 10_000,
  'ratio-sync-push/push': 1_000,
  'ratio-sync-push/read-back': 10_000,
};

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '2000' },
      profile: { type: 'string', default: 'embedded' },
      'data-dir': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const orders = Number(values.orders);
  if (!Number.isInteger(orders) || orders < 0 || orders > 6_018)
    throw new Error(`--orders ${values.orders}: a whole number from 0 to 6018`);
  const cloud = cloudOf(values.profile);
  const startedAtMs = Date.now();
  const folder = values['data-dir'] ?? mkdtempSync(join(tmpdir(), 'yipan-demo-'));
  const { storeFile, secrets } = openDataFolder(folder, { fresh: true });
  const configFile = join(folder, 'sandbox.json');
  writeFileSync(configFile, JSON.stringify(sandboxConfig(secrets, undefined)), { mode: 0o600 });
  const children: Pick<Child, 'stop'>[] = [];
  const report = new Report((text) => process.stdout.write(text));
  try {
    const engines = cloud && (await startCloudEngines(cloud));
    if (engines) children.push(engines);
    const settings = engines?.settings ?? {};
    for (const engine of engines?.said ?? []) report.line(`engine ${engine}`);
    const sandbox = await startChild(join(__dirname, 'sandbox.js'), ['--config', configFile], {});
    children.unshift(sandbox);
    const host = await startChild(
      join(__dirname, 'start.js'),
      ['--port', '0', '--no-sandbox', '--data-dir', folder, '--timers', JSON.stringify(TIMERS)],
      {
        ...settings,
        YIPAN_TAOBAO_GATEWAY: `${sandbox.url}/router/rest`,
        YIPAN_DOUDIAN_GATEWAY: `${sandbox.url}/doudian`,
        YIPAN_PULL_OVERLAP_MS: '60000',
        YIPAN_RECHECK_AFTER_MS: '3000',
        YIPAN_LOG_LEVEL: 'error',
      },
    );
    children.unshift(host);
    report.line(`host ${host.url}   sandbox ${sandbox.url}   data ${folder}`);
    const world = { host: new Api(host.url, secrets.users[0]?.token ?? ''), sandbox: new Api(sandbox.url) };
    await setUpSample(world.host, sandbox.url);
    await world.sandbox.put(`/sandbox/shops/${SAMPLE_SHOPS.doudian}`, { pushUrl: pushUrl(host.url) });
    await walkStockProcedure(world, report);
    const sold = await walkOrderProcedure(world, report);
    await walkChanges(world, report, sold);
    report.line(`${report.steps - report.failures} of ${report.steps} steps passed`);
    if (orders > 0) await replayOrders(world, report, { orders, dataFolder: join(__dirname, 'replay', 'data') });
    const storeAddress = engines?.storeAddress ?? storeFile;
    await summarise(world, report, { host, storeAddress, settings, replayed: orders > 0 });
    children.shift();
    report.line(`time taken ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`);
    report.heading(report.failures === 0 ? 'All passed.' : `${report.failures} FAILED.`);
    return report.failures === 0 ? 0 : 1;
  } finally {
    for (const child of children)
      await child.stop().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
    if (values['data-dir'] === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Which cloud is the one that `cloud` means is a matter of taste: AWS's engines need nothing but Redis installed. */
function cloudOf(profile: string): Cloud | undefined {
  if (profile === 'embedded') return undefined;
  const cloud = CLOUDS.find((name) => name === (profile === 'cloud' ? 'aws' : profile));
  if (!cloud) throw new Error(`--profile ${profile}: one of embedded, cloud, ${CLOUDS.join(', ')}`);
  return cloud;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
