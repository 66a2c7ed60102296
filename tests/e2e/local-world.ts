import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../../infra/local/demo/api';
import type { Child } from '../../infra/local/demo/child-process';
import { startChild } from '../../infra/local/demo/child-process';
import { setUpSample } from '../../infra/local/demo/sample-brand';
import type { Cloud, CloudEngines } from '../../infra/local/engines/cloud';
import { CLOUDS, startCloudEngines } from '../../infra/local/engines/cloud';
import { freePort } from '../../infra/local/engines/free-port';
import { openDataFolder, pushUrl, SAMPLE_SHOPS, sandboxConfig } from '../../infra/local/host/data-folder';
import type { LocalSecrets } from '../../infra/local/host/data-folder';
import type { OpenStore } from '../../infra/local/moving/store-address';
import { openStoreAt } from '../../infra/local/moving/store-address';
import type { ApiUser } from '../../shared/secrets';
import type { Death } from '../support/doomed-host';

export const DIST = join(__dirname, '../../dist/infra/local');
const DOOMED_HOST = join(__dirname, '../../dist/tests/support/doomed-host.js');

/** Short periods: a test waits for timers all the time. */
const TIMERS = {
  'order-ingestion/poll-messages': 100,
  'order-ingestion/pull-modified': 1_500,
  'document-conversion/sweep': 1_000,
  'auto-audit/sweep': 1_000,
  'stock-change-capture/sweep': 2_000,
  'stock-change-capture/summarise': 2_000,
  'ratio-sync-push/push': 300,
  'ratio-sync-push/read-back': 5_000,
};

/** What a test wants otherwise than the sample brand has it. */
export interface WorldOptions {
  readonly seed?: number;
  /** People besides the administrator. */
  readonly users?: readonly ApiUser[];
  /** Taobao shops besides the sample one, each with an app of its own. The host knows their keys, not yet the shops. */
  readonly taobaoShops?: readonly string[];
  /** Doudian shops besides the sample one, each with an app of its own; as {@link taobaoShops}, but not in the sandbox. */
  readonly doudianShops?: readonly string[];
  /** Other settings of the host. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where its data folder is made, if not among the system's temporary ones. */
  readonly within?: string;
  /** Other periods of timers, ms. */
  readonly timers?: Readonly<Record<string, number>>;
  /** On this cloud's engines, whatever the profile that the run tests. */
  readonly cloud?: Cloud;
  /** Is told every line that the host writes, as soon as it is written. */
  readonly onHostLine?: (line: string) => void;
}

/** Host and sandbox as real processes on free ports, with the sample brand set up. */
export class LocalWorld {
  private constructor(
    readonly folder: string,
    readonly secrets: LocalSecrets,
    readonly sandboxProcess: Child,
    private readonly port: number,
    private readonly settings: Readonly<Record<string, string>>,
    readonly engines: CloudEngines | undefined,
    private hostProcess: Child,
    private readonly options: WorldOptions,
  ) {}

  static async start(options: WorldOptions = {}): Promise<LocalWorld> {
    const folder = mkdtempSync(join(options.within ?? tmpdir(), 'yipan-e2e-'));
    const secrets = writeSecrets(folder, options);
    const configFile = join(folder, 'sandbox.json');
    writeFileSync(configFile, JSON.stringify(configWith(secrets, options)));
    const sandbox = await startChild(join(DIST, 'sandbox.js'), ['--config', configFile], {});
    const port = await freePort();
    const children: Pick<Child, 'kill'>[] = [sandbox];
    try {
      const cloud = options.cloud ?? testedCloud();
      const engines = cloud && (await startCloudEngines(cloud, options.cloud && folder));
      if (engines) children.push({ kill: () => engines.stop() });
      const settings = { ...engines?.settings, ...options.settings };
      const host = await startHostProcess(folder, port, sandbox.url, settings, options);
      children.push(host);
      const world = new LocalWorld(folder, secrets, sandbox, port, settings, engines, host, options);
      await setUpSample(world.host, sandbox.url);
      await world.sandbox.put(`/sandbox/shops/${SAMPLE_SHOPS.doudian}`, { pushUrl: pushUrl(world.hostUrl) });
      return world;
    } catch (error) {
      // Nobody would have it to close.
      for (const child of children) await child.kill();
      throw error;
    }
  }

  get hostUrl(): string {
    return this.hostProcess.url;
  }

  get hostPid(): number {
    return this.hostProcess.pid;
  }

  /** Where the store is, as the programs take it; {@link engineSettings} has the keys to it. */
  get storeAddress(): string {
    return this.engines?.storeAddress ?? join(this.folder, 'yipan.db');
  }

  get engineSettings(): Readonly<Record<string, string>> {
    return this.engines?.settings ?? {};
  }

  /** For looking into it while the host does not run; the one who opens it closes it. */
  openStore(): Promise<OpenStore> {
    return openStoreAt(this.storeAddress, this.engineSettings);
  }

  get host(): Api {
    return new Api(this.hostProcess.url, this.secrets.users[0]?.token ?? '');
  }

  get sandbox(): Api {
    return new Api(this.sandboxProcess.url);
  }

  /** SIGKILL, as a power cut of the process. */
  killHost(): Promise<void> {
    return this.hostProcess.kill();
  }

  /** SIGTERM; throws unless it ends cleanly. */
  stopHost(): Promise<void> {
    return this.hostProcess.stop();
  }

  /** Starts the host again on the same port and data; `changed` are settings of this life. */
  async startHost(changed: Readonly<Record<string, string>> = {}): Promise<void> {
    const { folder, port, settings, options } = this;
    const now = { ...settings, ...changed };
    this.hostProcess = await startHostProcess(folder, port, this.sandboxProcess.url, now, options);
  }

  /**
   * Starts it so that it dies at a write, which may be before it is ready; `died` tells of which document it was. `runs` are
   * the writes of each run of a host that shall not die, as they end.
   */
  async startDoomedHost(death: Death): Promise<{ died: Promise<string>; runs: readonly number[] }> {
    const { folder, port, settings, options } = this;
    let last = '';
    const runs: number[] = [];
    const onHostLine = (line: string): void => {
      const writes = /^\{"event":"run-ended","writes":(\d+)\}$/.exec(line)?.[1];
      if (writes !== undefined) runs.push(Number(writes));
      if (line.includes('"event":"host-dies"')) last = line;
    };
    const doomed = { ...options, death, onHostLine };
    try {
      const host = await startHostProcess(folder, port, this.sandboxProcess.url, settings, doomed);
      this.hostProcess = host;
      return { died: host.ended.then(() => last), runs };
    } catch (error) {
      if (last === '') throw error;
      return { died: Promise.resolve(last), runs };
    }
  }

  async close(): Promise<void> {
    await this.hostProcess.kill();
    await this.sandboxProcess.kill();
    await this.engines?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The cloud whose profile these tests run on (jest.config.cjs); undefined for one machine. */
export function testedCloud(): Cloud | undefined {
  return CLOUDS.find((cloud) => cloud === process.env['YIPAN_TEST_CLOUD']);
}

/** The folder's secrets, made before the host starts and therefore taken by it. */
function writeSecrets(folder: string, { users = [], taobaoShops = [], doudianShops = [] }: WorldOptions): LocalSecrets {
  const made = openDataFolder(folder, { fresh: true }).secrets;
  const keysOf = (id: string) => ({ appKey: `app-${id}`, appSecret: `secret-of-${id}`, accessToken: `token-of-${id}` });
  const shops = Object.fromEntries([...taobaoShops, ...doudianShops].map((id) => [id, keysOf(id)]));
  const secrets = { shops: { ...made.shops, ...shops }, users: [...made.users, ...users] };
  writeFileSync(join(folder, 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

function configWith(secrets: LocalSecrets, { seed, taobaoShops = [] }: WorldOptions): object {
  const sample = sandboxConfig(secrets, undefined, seed);
  const more = taobaoShops.map((shopId) => ({ shopId, channel: 'taobao', title: shopId, ...secrets.shops[shopId] }));
  return { ...sample, shops: [...sample.shops, ...more] };
}

function startHostProcess(
  folder: string,
  port: number,
  sandboxUrl: string,
  settings: Readonly<Record<string, string>>,
  { timers, onHostLine, death }: WorldOptions & { readonly death?: Death },
): Promise<Child> {
  const places = ['--port', String(port), '--data-dir', folder];
  const env = {
    YIPAN_TAOBAO_GATEWAY: `${sandboxUrl}/router/rest`,
    YIPAN_DOUDIAN_GATEWAY: `${sandboxUrl}/doudian`,
    YIPAN_PULL_OVERLAP_MS: '60000',
    YIPAN_RECHECK_AFTER_MS: '2000',
    YIPAN_LOG_LEVEL: 'error',
    ...settings,
  };
  const args = [...places, '--no-sandbox', '--timers', JSON.stringify({ ...TIMERS, ...timers })];
  if (death) return startChild(DOOMED_HOST, [JSON.stringify(death), ...args], env, onHostLine);
  return startChild(join(DIST, 'start.js'), args, env, onHostLine);
}
