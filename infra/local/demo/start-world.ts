import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../engines/cloud';
import { startCloudEngines } from '../engines/cloud';
import type { LocalSecrets } from '../host/data-folder';
import { openDataFolder, pushUrl, SAMPLE_SHOPS, sandboxConfig } from '../host/data-folder';
import { Api } from './api';
import type { Child } from './child-process';
import { startChild } from './child-process';
import { setUpSample } from './sample-brand';
import type { World } from './walk-stock';

/** Short periods: a demonstration waits for timers all the time. */
const TIMERS = {
  'order-ingestion/poll-messages': 200,
  'order-ingestion/pull-modified': 5_000,
  'document-conversion/sweep': 3_000,
  'auto-audit/sweep': 3_000,
  'stock-change-capture/sweep': 10_000,
  'ratio-sync-push/push': 1_000,
  'ratio-sync-push/read-back': 10_000,
};

/** Host and sandbox in processes of their own on a fresh store, with the sample brand. */
export interface RunningWorld extends World {
  readonly hostProcess: Child;
  readonly secrets: LocalSecrets;
  readonly storeAddress: string;
  /** Settings of the engines, where there are any. */
  readonly settings: Readonly<Record<string, string>>;
  /** Ends all that was started, the last one first; says what did not end cleanly. */
  stop(): Promise<void>;
}

/** Starts them; `programs` is the folder of the built programs, `tell` hears what runs where. */
export async function startWorld(options: {
  programs: string;
  folder: string;
  cloud: Cloud | undefined;
  tell: (line: string) => void;
}): Promise<RunningWorld> {
  const { programs, folder, cloud, tell } = options;
  const { storeFile, secrets } = openDataFolder(folder, { fresh: true });
  const configFile = join(folder, 'sandbox.json');
  writeFileSync(configFile, JSON.stringify(sandboxConfig(secrets, undefined)), { mode: 0o600 });
  const children: Pick<Child, 'stop'>[] = [];
  const stop = async (): Promise<void> => {
    for (const child of children.splice(0).reverse())
      await child.stop().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  };
  try {
    const engines = cloud && (await startCloudEngines(cloud));
    if (engines) children.push(engines);
    const settings = engines?.settings ?? {};
    for (const engine of engines?.said ?? []) tell(`engine ${engine}`);
    const sandbox = await startChild(join(programs, 'sandbox.js'), ['--config', configFile], {});
    children.push(sandbox);
    const hostProcess = await startChild(
      join(programs, 'start.js'),
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
    children.push(hostProcess);
    tell(`host ${hostProcess.url}   sandbox ${sandbox.url}   data ${folder}`);
    const world = { host: new Api(hostProcess.url, secrets.users[0]?.token ?? ''), sandbox: new Api(sandbox.url) };
    await setUpSample(world.host, sandbox.url);
    await world.sandbox.put(`/sandbox/shops/${SAMPLE_SHOPS.doudian}`, { pushUrl: pushUrl(hostProcess.url) });
    return { ...world, hostProcess, secrets, storeAddress: engines?.storeAddress ?? storeFile, settings, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
