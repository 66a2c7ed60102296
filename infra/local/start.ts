import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFileSync } from 'node:fs';
import type { Child } from './demo/child-process';
import { startChild } from './demo/child-process';
import { Api } from './demo/api';
import { setUpSample, stockSample } from './demo/sample-brand';
import { systemRandom } from '../../shared/adapters/system/system';
import type { Config } from '../../shared/config';
import { readConfig } from '../../shared/config';
import { instanceOf } from '../../shared/platform/profile';
import { createFirstAdmin } from '../../shared/procedures/users/first-admin';
import { scryptPasswords } from '../../shared/procedures/users/passwords';
import type { Cloud, CloudEngines } from './engines/cloud';
import { CLOUDS, startCloudEngines } from './engines/cloud';
import type { DataFolder } from './host/data-folder';
import { openDataFolder, pushUrl, SAMPLE_SHOPS, sandboxConfig } from './host/data-folder';
import type { Host } from './host/host';
import { startHost } from './host/host';
import type { Timer } from './host/schedule';
import { nameOf, timersWith } from './host/schedule';

const HELP = `Runs Yipan on this machine: all functions with their queues and timers, on one SQLite file, or on a cloud's engines.

  --port N            address of the host (default 8080; 0 takes a free one)
  --data-dir FOLDER   where the data lies (default .yipan); it survives restarts
  --fresh             start with an empty store
  --cloud CLOUD       with the profile of aws or huawei, whose engines are started and stopped beside the host:
                      DynamoDB API and Redis, with the SQS API for aws and Kafka for huawei
  --no-sandbox        without the platform sandbox (real platforms: YIPAN_TAOBAO_GATEWAY, YIPAN_DOUDIAN_GATEWAY)
  --sandbox-port N    address of the platform sandbox (default 8090)
  --timers JSON       other timer periods in ms, e.g. '{"ratio-sync-push/push":1000}'
`;

/** Ends by itself if what runs does not end in this time after a signal. */
const SHUTDOWN_MS = 15_000;

const FIRST_ADMIN = 'admin';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8080' },
      'data-dir': { type: 'string', default: '.yipan' },
      fresh: { type: 'boolean', default: false },
      cloud: { type: 'string' },
      'no-sandbox': { type: 'boolean', default: false },
      'sandbox-port': { type: 'string', default: '8090' },
      timers: { type: 'string', default: '{}' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  // All that was asked for is read before anything is thrown away or started.
  const port = portOf('--port', values.port);
  const sandboxPort = portOf('--sandbox-port', values['sandbox-port']);
  const timers = timersWith(periodsOf(values.timers));
  const cloud = values.cloud === undefined ? undefined : cloudOf(values.cloud);
  const folder = openDataFolder(values['data-dir'], { fresh: values.fresh });
  process.env['YIPAN_STORE_FILE'] ??= folder.storeFile;
  process.env['YIPAN_SECRETS'] ??= JSON.stringify(folder.secrets);
  process.env['YIPAN_PAGE_FOLDER'] ??= join(__dirname, '../../functions/console/page');
  process.env['YIPAN_LOG_LEVEL'] ??= 'warn';
  process.env['YIPAN_RECHECK_AFTER_MS'] ??= '5000';

  const running: (() => Promise<void>)[] = [];
  // In turn, the last one first: a host needs its engines until it has ended.
  const endAll = async (): Promise<PromiseSettledResult<void>[]> => {
    const results: PromiseSettledResult<void>[] = [];
    for (const end of running.splice(0).reverse()) results.push(...(await Promise.allSettled([end()])));
    return results;
  };
  const stopped = new AbortController();
  const stop = (): void => {
    stopped.abort();
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    void endAll().then((results) => {
      process.exit(results.some((result) => result.status === 'rejected') ? 1 : 0);
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  try {
    const engines = cloud && (await startCloudEngines(cloud, values['data-dir']));
    if (engines) running.push(() => engines.stop());
    Object.assign(process.env, engines?.settings);
    const config = readConfig((name) => process.env[name]);
    const sandbox = values['no-sandbox'] ? undefined : await startSandbox(values['data-dir'], folder, sandboxPort);
    if (sandbox) running.push(() => sandbox.stop());
    const host = await startHost({ port, timers });
    running.push(() => host.close());
    if (sandbox) await setUp(host, sandbox, folder);
    const password = await firstAdmin(config);
    sayAddresses(host, sandbox, { timers, folder, engines, password });
  } catch (error) {
    // A signal in the middle of the start: what fails then is not the reason for the end.
    if (stopped.signal.aborted) return;
    // A sandbox would go on without its host.
    await endAll();
    throw error;
  }
}

async function startSandbox(dataDir: string, { secrets }: DataFolder, port: number): Promise<Child> {
  const configFile = join(dataDir, 'sandbox.json');
  writeFileSync(configFile, JSON.stringify(sandboxConfig(secrets, undefined)), { mode: 0o600 });
  const sandbox = await startChild(join(__dirname, 'sandbox.js'), ['--port', String(port), '--config', configFile], {});
  process.env['YIPAN_TAOBAO_GATEWAY'] ??= `${sandbox.url}/router/rest`;
  process.env['YIPAN_DOUDIAN_GATEWAY'] ??= `${sandbox.url}/doudian`;
  return sandbox;
}

async function setUp(host: Host, sandbox: Child, { secrets }: DataFolder): Promise<void> {
  const api = new Api(host.url, secrets.users[0]?.token ?? '');
  await setUpSample(api, sandbox.url);
  await stockSample(api);
  await new Api(sandbox.url).put(`/sandbox/shops/${SAMPLE_SHOPS.doudian}`, { pushUrl: pushUrl(host.url) });
}

/** The password for the first login of the first user, where this start has made them. */
async function firstAdmin(config: Config): Promise<string | undefined> {
  // The store that the host has opened: an instance has one.
  const store = (await instanceOf(config)).store.storeOf(() => Number.MAX_SAFE_INTEGER);
  const ports = { store, random: systemRandom, passwords: scryptPasswords(systemRandom) };
  return createFirstAdmin(ports, { id: FIRST_ADMIN, name: '管理员' });
}

interface Running {
  readonly timers: readonly Timer[];
  readonly folder: DataFolder;
  readonly engines: CloudEngines | undefined;
  /** Of the first admin, where they are new. */
  readonly password: string | undefined;
}

function sayAddresses(host: Host, sandbox: Child | undefined, running: Running): void {
  const {
    timers,
    folder: { secrets },
    engines,
    password,
  } = running;
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const store = engines?.storeAddress ?? process.env['YIPAN_STORE_FILE'];
  say(`Yipan 一盘货  store ${store}`);
  for (const engine of engines?.said ?? []) say(`  engine ${engine}`);
  for (const timer of timers) say(`  timer  ${nameOf(timer).padEnd(38)} every ${timer.everyMs / 1000} s`);
  say(`  console ${host.url}/`);
  if (password === undefined) say(`         forgot the password? npm run create-admin -- '${store}' --reset`);
  else say(`         user ${FIRST_ADMIN}, password ${password} (shown this once; the first login asks for your own)`);
  say(`  api    ${host.url}/api/…   (OpenAPI: ${host.url}/api/openapi.json)`);
  say(`  push   ${host.url}/webhooks/‹channel›/‹shop›`);
  say(`  health ${host.url}/healthz   metrics ${host.url}/metrics`);
  if (sandbox) {
    const token = secrets.users[0]?.token ?? '';
    say(`  seller's back office of both platforms (sandbox): ${sandbox.url}/`);
    say(`  token  ${token}`);
    say(`         curl -H 'Authorization: Bearer ${token}' ${host.url}/api/status`);
  }
  say(JSON.stringify({ event: 'host-ready', url: host.url }));
}

function cloudOf(text: string): Cloud {
  const cloud = CLOUDS.find((name) => name === text);
  if (!cloud) throw new Error(`--cloud ${text}: one of ${CLOUDS.join(', ')}`);
  return cloud;
}

function portOf(option: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`${option} ${text}: a port is a whole number from 0 to 65535`);
  return port;
}

/** Periods by name of timer; their names and numbers are for {@link timersWith} to check. */
function periodsOf(text: string): Record<string, number> {
  const isNot = new Error(`--timers ${text}: a JSON object such as {"ratio-sync-push/push":1000}`);
  try {
    const periods: unknown = JSON.parse(text);
    if (typeof periods === 'object' && periods !== null && !Array.isArray(periods))
      return periods as Record<string, number>;
  } catch (error) {
    isNot.cause = error;
  }
  throw isNot;
}

main().catch((error: unknown) => {
  process.stderr.write(`start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
