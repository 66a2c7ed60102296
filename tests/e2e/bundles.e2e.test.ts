import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBundles, PROJECT } from '../support/build-bundles';

// The bundles as a cloud loads them: alone in a new process, with the context of that cloud.

/** Cold start is mostly reading the bundle; the console brings its API's schemas and starts for people, not for pushes. */
const BUNDLE_BYTES_MAX = 300 * 1024;

/** The embedded profile's SQLite: native, so beside the bundle and not in it. */
const BESIDE = ['@photostructure/sqlite'];

const FUNCTIONS = readdirSync(join(PROJECT, 'functions'));

/** A timer that does next to nothing on an empty store, or for the console a request. */
const EVENTS: Readonly<Record<string, { readonly event: object; readonly answer: unknown }>> = {
  'order-ingestion': { event: fromTimer('poll-messages'), answer: { shops: 0, messages: 0 } },
  'document-conversion': { event: fromTimer('sweep'), answer: { waiting: 0, holding: 0 } },
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
    const { outputs } = JSON.parse(readFileSync(join(PROJECT, 'dist/metafile.json'), 'utf8')) as Metafile;
    const imports =
      outputs[`dist/functions/${name}/handler.js`]?.imports.map(({ path }) => path.replace(/^node:/, '')) ?? [];
    expect(imports.filter((path) => !builtinModules.includes(path) && !BESIDE.includes(path))).toEqual([]);
  });

  if (name !== 'console') {
    it('stays within 300 KB', () => {
      expect(statSync(bundle).size).toBeLessThanOrEqual(BUNDLE_BYTES_MAX);
    });
  }
});

interface Metafile {
  readonly outputs: Readonly<Record<string, { readonly imports: readonly { readonly path: string }[] }>>;
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
