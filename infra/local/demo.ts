import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { replayOrders } from './demo/replay';
import { Report } from './demo/report';
import type { RunningWorld } from './demo/start-world';
import { startWorld } from './demo/start-world';
import { summarise } from './demo/summary';
import { walkOrderProcedure } from './demo/walk-orders';
import { walkChanges, walkStockProcedure } from './demo/walk-stock';
import type { Cloud } from './engines/cloud';
import { CLOUDS } from './engines/cloud';

const HELP = `The main job: both procedures walked through HTTP, then real orders replayed, then every invariant checked.

  --orders N      real orders to replay (default 2000, at most 6018; 0 leaves the replay out)
  --profile P     embedded (default), or on a cloud's engines on this machine: aws (also: cloud) or huawei
  --data-dir F    keep the data in this folder (default: a temporary one, removed at the end)
`;

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
  const report = new Report((text) => process.stdout.write(text));
  let world: RunningWorld | undefined;
  try {
    world = await startWorld({ programs: __dirname, folder, cloud, tell: (line) => report.line(line) });
    await walkStockProcedure(world, report);
    const sold = await walkOrderProcedure(world, report);
    await walkChanges(world, report, sold);
    report.line(`${report.steps - report.failures} of ${report.steps} steps passed`);
    if (orders > 0) await replayOrders(world, report, { orders, dataFolder: join(__dirname, 'replay', 'data') });
    const { hostProcess, storeAddress, settings } = world;
    await summarise(world, report, { host: hostProcess, storeAddress, settings, replayed: orders > 0 });
    report.line(`time taken ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`);
    report.heading(report.failures === 0 ? 'All passed.' : `${report.failures} FAILED.`);
    return report.failures === 0 ? 0 : 1;
  } finally {
    await world?.stop();
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
