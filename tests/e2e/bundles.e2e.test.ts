import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Door } from '../../shared/ports/ports';
import { buildBundles, PROJECT } from '../support/build-bundles';

// The bundles as a cloud loads them: alone in a new process, with the context of that cloud.

/**
 * Bytes of a minified bundle. 1.5 MB is what a bundle may have at most; below it each kind of function is held to what its
 * clients need, and a fifth more. Of about 666 KB without the pool, Kafka's client has 266 KB, the AWS SDK (DynamoDB and SQS)
 * 280 KB, the code itself and its schemas 100 KB; the pool's Redis client adds 140 KB; the console's API with its
 * documentation 560 KB, mostly zod.
 */
const BYTES_MAX = 1_500_000;
const LEAN_BYTES_MAX = 800 * 1024;
const POOL_BYTES_MAX = 1_000 * 1024;

/** The embedded profile's SQLite: native, so beside the bundle and not in it. */
const BESIDE = ['@photostructure/sqlite'];

const FUNCTIONS = readdirSync(join(PROJECT, 'functions'));

/** A timer that does next to nothing on an empty store, or for the console a request. */
const EVENTS: Readonly<Record<string, { readonly event: object; readonly answer: unknown }>> = {
  'order-ingestion': { event: fromTimer('poll-messages'), answer: { shops: 0, messages: 0 } },
  'document-conversion': { event: fromTimer('sweep'), answer: { waiting: 0, holding: 0, revived: 0, newSkus: 0 } },
  'auto-audit': { event: fromTimer('sweep'), answer: { due: 0, again: 0 } },
  'stock-change-capture': { event: fromTimer('sweep'), answer: { documents: 0, entries: 0 } },
  'ratio-sync-push': { event: fromTimer('push'), answer: { due: 0, walked: 0, computed: 0, again: 0 } },
  console: {
    event: {
      httpMethod: 'GET',
      path: '/api/shops',
      headers: {},
      body: '',
      isBase64Encoded: true,
      requestContext: { stage: 'RELEASE' },
    },
    answer: expect.objectContaining({ statusCode: 401, isBase64Encoded: false }),
  },
};

/**
 * Loads a bundle in a process whose environment tells of no setting, and calls it as a cloud would. Prints which settings
 * were asked for while it loaded, and the answer.
 */
const PROGRAM = `
  const { bundle, cloud, event, settings } = JSON.parse(process.argv[1]);
  const asked = [];
  const environment = {};
  const watched = { get: (all, name) => (String(name).startsWith('YIPAN_') && asked.push(name), all[name]) };
  Object.defineProperty(process, 'env', { value: new Proxy(environment, watched) });
  const { handler } = require(bundle);
  const whileLoading = [...asked];
  const huawei = {
    getRequestID: () => 'request-1',
    getUserData: (name) => settings[name],
    getRemainingTimeInMilliSeconds: () => 60_000,
  };
  const aws = { functionName: 'f', awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 };
  if (cloud === 'lambda') Object.assign(environment, settings);
  handler(event, cloud === 'lambda' ? aws : huawei).then((answer) => {
    console.log(JSON.stringify({ whileLoading, askedOfEnvironment: asked.length > 0, answer }));
  });
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yipan-bundles-'));
  buildBundles();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(FUNCTIONS)('the bundle of %s', (name) => {
  const bundle = join(PROJECT, 'dist/functions', name, 'handler.js');

  it('runs on FunctionGraph, with settings from the context and none from the environment', () => {
    expect(call('function-graph', name, bundle)).toEqual({
      whileLoading: [],
      askedOfEnvironment: false,
      answer: EVENTS[name]?.answer,
    });
  });

  it('runs on Lambda, with settings from the environment, read after it has loaded', () => {
    expect(call('lambda', name, bundle)).toEqual({
      whileLoading: [],
      askedOfEnvironment: true,
      answer: EVENTS[name]?.answer,
    });
  });

  it('needs nothing beside it but Node and what the embedded profile brings', () => {
    const imports = outputOf(name)?.imports.map(({ path }) => path.replace(/^node:/, '')) ?? [];
    expect(imports.filter((path) => !builtinModules.includes(path) && !BESIDE.includes(path))).toEqual([]);
  });

  it('holds the clients of the doors that it opens, and no others', () => {
    const packages = packagesIn(name);
    expect([...packages].filter((one) => one.startsWith('@huaweicloud/'))).toEqual([]);
    // Keys are settings: the AWS SDK's search for them would be half a client more.
    expect(
      [...packages].filter((one) => /credential-provider|token-providers|client-sso|client-sts/.test(one)),
    ).toEqual([]);
    const held = CLIENTS.filter(({ client }) => packages.has(client)).map(({ client }) => client);
    const needed = CLIENTS.filter(({ door }) => door === null || opens(name, door)).map(({ client }) => client);
    expect(held).toEqual(needed);
  });

  it('is no larger than its clients make it', () => {
    const ownMax = name === 'console' ? BYTES_MAX : opens(name, 'pool') ? POOL_BYTES_MAX : LEAN_BYTES_MAX;
    expect(statSync(bundle).size).toBeLessThan(Math.min(BYTES_MAX, ownMax));
  });
});

it('prints what each function weighs', () => {
  const kb = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`.padStart(11);
  const rows = FUNCTIONS.map((name) => {
    const bytes = readFileSync(join(PROJECT, 'dist/functions', name, 'handler.js'));
    return `${name.padEnd(22)}${kb(bytes.length)}${kb(gzipSync(bytes).length)}`;
  });
  process.stdout.write(
    `${['function'.padEnd(22) + 'minified'.padStart(11) + 'gzip'.padStart(11), ...rows].join('\n')}\n`,
  );
  expect(rows).toHaveLength(FUNCTIONS.length);
});

/** Clients by the door that they are behind; every function has the store. */
const CLIENTS: readonly { readonly client: string; readonly door: Door | null }[] = [
  { client: '@aws-sdk/client-dynamodb', door: null },
  { client: '@aws-sdk/client-sqs', door: 'bus' },
  { client: 'kafkajs', door: 'bus' },
  { client: 'ioredis', door: 'pool' },
];

function opens(name: string, door: Door): boolean {
  return new RegExp(`\\b${door}: connect`).test(readFileSync(join(PROJECT, 'functions', name, 'handler.ts'), 'utf8'));
}

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly imports: readonly { readonly path: string }[];
        readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
      }
    >
  >;
}

function outputOf(name: string): Metafile['outputs'][string] | undefined {
  const { outputs } = JSON.parse(readFileSync(join(PROJECT, 'dist/metafile.json'), 'utf8')) as Metafile;
  return outputs[`dist/functions/${name}/handler.js`];
}

/** Packages of which a bundle holds any code. */
function packagesIn(name: string): Set<string> {
  const inputs = Object.entries(outputOf(name)?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return new Set(
    inputs.flatMap(([path]) => [...path.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].map(([, one = '']) => one)),
  );
}

function fromTimer(task: string): object {
  return {
    version: 'v2.0',
    time: '2026-03-08T14:05:00+08:00',
    trigger_type: 'TIMER',
    trigger_name: 'timer',
    user_event: task,
  };
}

function call(cloud: 'function-graph' | 'lambda', name: string, bundle: string): unknown {
  const settings = {
    YIPAN_STORE_FILE: join(folder, `${name}.${cloud}.db`),
    YIPAN_SECRETS: '{"shops":{},"users":[]}',
    YIPAN_LOG_LEVEL: 'error',
  };
  const input = JSON.stringify({ bundle, cloud, settings, event: EVENTS[name]?.event });
  const stdout = execFileSync(process.execPath, ['-e', PROGRAM, input], { cwd: folder, env: {}, encoding: 'utf8' });
  return JSON.parse(stdout) as unknown;
}
