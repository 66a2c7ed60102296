import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { parse, stringify } from 'yaml';
import { runDeploy } from '../../infra/huawei/run-deploy';
import type { Engine } from '../../infra/local/engines/node-server';
import { startDynamoDb } from '../../infra/local/engines/dynamodb';
import { createTable } from '../../shared/adapters/dynamodb/table';
import type { HttpResponse } from '../../shared/platform/http';
import { systemClock } from '../../shared/adapters/system/system';
import { buildBundles, PROJECT } from '../support/build-bundles';
import { FunctionGraphStandIn, PROJECT_ID } from '../support/function-graph-stand-in';
import { ENVIRONMENT, SECRETS } from './huawei-world';

jest.setTimeout(180_000);

/** Calls a handler as FunctionGraph's runtime does: settings come from the context alone. */
const RUNTIME = `
  const { event, settings } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
  const context = {
    getUserData: (name) => settings[name],
    getRequestID: () => 'request-1',
    getRemainingTimeInMilliSeconds: () => 60_000,
  };
  require('./index.js').handler(event, context).then(
    (answer) => { process.stderr.write('answer ' + JSON.stringify(answer)); process.exit(0); },
    (error) => { process.stderr.write('answer ' + JSON.stringify({ errorMessage: error.message })); process.exit(0); },
  );
`;

let store: Engine;
let cloud: FunctionGraphStandIn;
let folder: string;

beforeAll(async () => {
  buildBundles();
  [store, cloud] = await Promise.all([startDynamoDb(), FunctionGraphStandIn.start()]);
  folder = mkdtempSync(join(tmpdir(), 'yipan-packed-'));
  await createTable(
    {
      ...{ kind: 'dynamodb', table: 'yipan', region: 'cn-north-4', endpoint: store.endpoint, indexLagMs: 0 },
      credentials: {
        accessKeyId: SECRETS['YIPAN_STORE_ACCESS_KEY'] ?? '',
        secretAccessKey: SECRETS['YIPAN_STORE_SECRET_KEY'] ?? '',
      },
    },
    systemClock,
  );
  cloud.answer = (name, version, event) => runVersion(name, version, event);
});

afterAll(async () => {
  await Promise.all([store.stop(), cloud.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const answers = new Map<string, unknown>();

/** Unpacks what was deployed and runs it in a process of its own, away from node_modules. */
async function runVersion(name: string, version: string, event: unknown): Promise<unknown> {
  const { code, config } = cloud.project.snapshot(cloud.project.find(name), version);
  const place = mkdtempSync(join(folder, `${name}-`));
  for (const [file, content] of Object.entries(unzipSync(code))) {
    mkdirSync(join(place, file, '..'), { recursive: true });
    writeFileSync(join(place, file), content);
  }
  const settings = { ...settingsIn(config['user_data']), ...settingsIn(config['encrypted_user_data']) };
  const running = promisify(execFile)(process.execPath, ['-e', RUNTIME], {
    cwd: place,
    env: { PATH: process.env['PATH'] },
    timeout: 60_000,
  });
  running.child.stdin?.end(JSON.stringify({ event, settings }));
  const { stderr } = await running;
  const answer: unknown = JSON.parse(/answer (\{.*\})$/.exec(stderr)?.[1] ?? 'null');
  answers.set(name, answer);
  return answer;
}

const settingsIn = (text: unknown): Record<string, string> => JSON.parse(String(text)) as Record<string, string>;

async function apply(change: object): Promise<{ code: number; text: string }> {
  const example = parse(readFileSync(join(PROJECT, 'infra/huawei/stages/example.yml'), 'utf8')) as object;
  const stageFile = join(folder, 'trial.yml');
  const stage = { ...example, projectId: PROJECT_ID, namePrefix: 'yipan-trial', endpoint: cloud.endpoint, ...change };
  writeFileSync(stageFile, stringify(stage));
  let text = '';
  const args = ['apply', '--stage', 'trial', '--file', stageFile];
  const code = await runDeploy(args, ENVIRONMENT, PROJECT, (piece) => (text += piece));
  return { code, text };
}

describe('the code as it is packed, with the settings as they are kept', () => {
  it('answers the smoke test of every function', async () => {
    const { code, text } = await apply({ store: { endpoint: store.endpoint, table: 'yipan' } });
    expect([code, text]).toEqual([0, expect.stringContaining('everything is as it should be')]);
    expect([...answers.keys()].sort()).toEqual([...cloud.project.functions.keys()].sort());
    expect([...answers.values()]).toEqual([...answers.keys()].map(() => ({ ok: true })));
  });

  it('shows the page from beside the console, as the gateway asks for it and takes it', async () => {
    const name = 'yipan-trial-console';
    const version = cloud.project.find(name).aliases.get('live')?.version ?? '';
    const ask = (path: string): Promise<unknown> =>
      runVersion(name, version, {
        ...{ body: '', isBase64Encoded: true, httpMethod: 'GET', path, pathParameters: {}, queryStringParameters: {} },
        ...{
          headers: { 'accept-encoding': 'gzip, br' },
          requestContext: { apiId: 'a', requestId: 'r', stage: 'RELEASE' },
        },
      });
    const index = (await ask('/orders/delivery-orders')) as HttpResponse;
    expect(index).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    const main = /src="(\/assets\/main-[^"]+\.js)"/.exec(index.body)?.[1] ?? '';
    const asset = (await ask(main)) as HttpResponse;
    expect(asset).toMatchObject({ statusCode: 200, isBase64Encoded: true, headers: { 'content-encoding': 'br' } });
    const packed = readFileSync(join(PROJECT, 'dist/functions/console/page', `${main}.br`));
    expect(Buffer.from(asset.body, 'base64').equals(packed)).toBe(true);
  });

  it('fails it where the store has no such table, so that nothing goes live', async () => {
    const live = () => [...cloud.project.functions.values()].map(({ aliases }) => aliases.get('live')?.version);
    const before = live();
    const { code, text } = await apply({ store: { endpoint: store.endpoint, table: 'yipan-2' } });
    expect([code, text]).toEqual([1, expect.stringContaining('SMOKE_TEST: auto-audit')]);
    expect(answers.get('yipan-trial-auto-audit')).toEqual({ errorMessage: expect.any(String) as string });
    expect(live()).toEqual(before);
  });
});
