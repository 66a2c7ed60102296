import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFileSync } from 'node:fs';
import type { Child } from './demo/child-process';
import { startChild } from './demo/child-process';
import { Api } from './demo/api';
import { setUpSample, stockSample } from './demo/sample-brand';
import { openDataFolder, pushUrl, SAMPLE_SHOPS, sandboxConfig } from './host/data-folder';
import { startHost } from './host/host';
import { nameOf, timersWith } from './host/schedule';

const HELP = `Runs Yipan on this machine: all functions with their queues and timers, on one SQLite file.

  --port N            address of the host (default 8080; 0 takes a free one)
  --data-dir FOLDER   where the data lies (default .yipan); it survives restarts
  --fresh             start with an empty store
  --no-sandbox        without the platform sandbox (real platforms: YIPAN_TAOBAO_GATEWAY, YIPAN_DOUDIAN_GATEWAY)
  --sandbox-port N    address of the platform sandbox (default 8090)
  --timers JSON       other timer periods in ms, e.g. '{"ratio-sync-push/push":1000}'
`;

/** Ends by itself if what runs does not end in this time after a signal. */
const SHUTDOWN_MS = 15_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8080' },
      'data-dir': { type: 'string', default: '.yipan' },
      fresh: { type: 'boolean', default: false },
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
  const folder = openDataFolder(values['data-dir'], { fresh: values.fresh });
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  let sandbox: Child | undefined;
  if (!values['no-sandbox']) {
    const configFile = join(values['data-dir'], 'sandbox.json');
    writeFileSync(configFile, JSON.stringify(sandboxConfig(folder.secrets, undefined)), { mode: 0o600 });
    sandbox = await startChild(
      join(__dirname, 'sandbox.js'),
      ['--port', values['sandbox-port'], '--config', configFile],
      {},
    );
    process.env['YIPAN_TAOBAO_GATEWAY'] ??= `${sandbox.url}/router/rest`;
    process.env['YIPAN_DOUDIAN_GATEWAY'] ??= `${sandbox.url}/doudian`;
  }
  process.env['YIPAN_STORE_FILE'] ??= folder.storeFile;
  process.env['YIPAN_SECRETS'] ??= JSON.stringify(folder.secrets);
  process.env['YIPAN_LOG_LEVEL'] ??= 'warn';
  process.env['YIPAN_RECHECK_AFTER_MS'] ??= '5000';
  const timers = timersWith(JSON.parse(values.timers) as Record<string, number>);
  const host = await startHost({ port: portOf(values.port), timers });
  const stop = (): void => {
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    void Promise.allSettled([host.close(), sandbox?.stop()]).then((results) => {
      process.exit(results.some((result) => result.status === 'rejected') ? 1 : 0);
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (sandbox) {
    const api = new Api(host.url, folder.secrets.users[0]?.token ?? '');
    await setUpSample(api, sandbox.url);
    await stockSample(api);
    await new Api(sandbox.url).put(`/sandbox/shops/${SAMPLE_SHOPS.doudian}`, { pushUrl: pushUrl(host.url) });
  }
  say(`Yipan 一盘货  store ${process.env['YIPAN_STORE_FILE']}`);
  for (const timer of timers) say(`  timer  ${nameOf(timer).padEnd(38)} every ${timer.everyMs / 1000} s`);
  say(`  api    ${host.url}/api/…   (OpenAPI: ${host.url}/api/openapi.json)`);
  say(`  push   ${host.url}/webhooks/‹channel›/‹shop›`);
  say(`  health ${host.url}/healthz   metrics ${host.url}/metrics`);
  if (sandbox) {
    say(`  seller's back office of both platforms (sandbox): ${sandbox.url}/`);
    say(`  token  ${folder.secrets.users[0]?.token ?? ''}`);
    say(`         curl -H 'Authorization: Bearer ${folder.secrets.users[0]?.token ?? ''}' ${host.url}/api/status`);
  }
  say(JSON.stringify({ event: 'host-ready', url: host.url }));
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port ${text}: a port is a whole number from 0 to 65535`);
  return port;
}

main().catch((error: unknown) => {
  process.stderr.write(`start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
