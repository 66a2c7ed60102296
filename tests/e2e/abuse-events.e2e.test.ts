import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type fc from 'fast-check';
import { freePort } from '../../infra/local/engines/free-port';
import { ERRORS } from '../../shared/errors';
import { buildBundles, PROJECT } from '../support/build-bundles';
import type { CallResult, Memory } from '../support/fuzz-function';
import { BundledFunction, CONTEXTS } from '../support/fuzz-function';
import { junk, mutated } from '../support/fuzz-json';
import { ScannedLog } from '../support/fuzz-log';
import { forSeeds, fuzzMs } from '../support/fuzz-runs';
import { PERSONAL } from '../support/fuzz-words';

// The bundles that are deployed, called with every sample event changed in a few places, and with junk. What calls a
// function is a cloud, but what stands in the event comes from platforms, people and older versions of ourselves.

/** With each cloud's context. */
const RUNS_PER_EVENT = 30;
const RUNS_OF_JUNK = 60;

/** The smallest function is given 256 MB. */
const RESIDENT_BYTES_MAX = 200 * 1024 * 1024;

/** What a function still needs after all the events, above what it needed after the samples. */
const GROWTH_BYTES_MAX = 4 * 1024 * 1024;

const FUNCTIONS = readdirSync(join(PROJECT, 'functions'));
const SECRETS = JSON.parse(readFileSync(join(PROJECT, 'events/sample-secrets.json'), 'utf8')) as {
  readonly shops: Readonly<Record<string, { readonly appSecret: string; readonly accessToken: string }>>;
  readonly users: readonly { readonly token: string }[];
};

let folder: string;
let gateway: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yipan-abuse-'));
  buildBundles();
  const seed = ['dist/infra/local/seed-sample.js', '--store', join(folder, 'sample.db')];
  execFileSync(process.execPath, seed, { cwd: PROJECT, stdio: 'pipe' });
  // Nobody listens there.
  gateway = `http://127.0.0.1:${await freePort()}`;
}, 30_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CASES = FUNCTIONS.flatMap((name) => CONTEXTS.map((context) => ({ name, context })));

describe.each(CASES)('$name, whatever event it is given with the context of $context', ({ name, context }) => {
  const log = new ScannedLog();
  const kinds = new Map<string, number>();
  let bundled: BundledFunction;
  /** When everything was loaded. */
  let before: Memory;

  beforeAll(async () => {
    const storeFile = join(folder, `${name}-${context}.db`);
    copyFileSync(join(folder, 'sample.db'), storeFile);
    const settings = {
      ...{ YIPAN_STORE_FILE: storeFile, YIPAN_SECRETS: JSON.stringify(SECRETS), YIPAN_LOG_LEVEL: 'info' },
      ...{ YIPAN_TAOBAO_GATEWAY: `${gateway}/router/rest`, YIPAN_DOUDIAN_GATEWAY: `${gateway}/doudian` },
    };
    const bundle = join(PROJECT, 'dist/functions', name, 'handler.js');
    bundled = await BundledFunction.start(bundle, { context, settings }, log.take);
    for (const sample of samplesOf(name))
      expect(objection(sample.event, await bundled.call(sample.event))).toBeUndefined();
    before = await bundled.memory();
  }, 30_000);

  afterAll(() => bundled.stop());

  it(
    'answers each sample event that is not quite as it should be, or says by a code what is wrong',
    async () => {
      for (const { file, event } of samplesOf(name)) {
        await expectSane(mutated(event), RUNS_PER_EVENT).catch((cause: unknown) => {
          throw new Error(`events/${name}/${file} ${cause instanceof Error ? cause.message : ''}`, { cause });
        });
      }
      // Changed as little as that, some are still events, and many are none any more.
      expect(kinds.get('answered') ?? 0).toBeGreaterThan(5);
    },
    fuzzMs(60_000),
  );

  it(
    'answers the events of other functions and junk, or says by a code what is wrong',
    async () => {
      const foreign = FUNCTIONS.filter((other) => other !== name).flatMap(samplesOf);
      for (const { event } of foreign) expect(objection(event, await bundled.call(event))).toBeUndefined();
      await expectSane(junk, RUNS_OF_JUNK);
      expect(kinds.get('BAD_EVENT') ?? 0).toBeGreaterThan(20);
    },
    fuzzMs(60_000),
  );

  it('and holds no more of them than of the first ones', async () => {
    const { heldBytes, residentBytes } = await bundled.memory();
    expect(residentBytes).toBeLessThan(RESIDENT_BYTES_MAX);
    expect(heldBytes - before.heldBytes).toBeLessThan(GROWTH_BYTES_MAX);
  });

  it('and its log tells no secret, nothing of a person, and no fault of its own', () => {
    const keys = Object.values(SECRETS.shops).flatMap(({ appSecret, accessToken }) => [appSecret, accessToken]);
    expect(log.size).toBeGreaterThan(20);
    expect(log.leaks([...keys, ...SECRETS.users.map(({ token }) => token)])).toEqual([]);
    expect(log.faults()).toEqual([]);
  });

  async function expectSane(events: fc.Arbitrary<unknown>, runs: number): Promise<void> {
    await forSeeds(events, runs, async (event) => {
      const result = await bundled.call(event);
      const kind = kindOf(result);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      expect(objection(event, result)).toBeUndefined();
    });
  }
});

/** The code of a refusal, whether it was thrown or is a gateway's answer. */
function kindOf(result: CallResult): string {
  if (result.kind === 'threw') return result.code ?? 'none';
  const { body } = (result.answer ?? {}) as { body?: unknown };
  return (typeof body === 'string' ? /"code":"([A-Z_]+)"/.exec(body)?.[1] : undefined) ?? 'answered';
}

/** The sample events of a function. */
function samplesOf(name: string): { file: string; event: unknown }[] {
  const folder = join(PROJECT, 'events', name);
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  return readdirSync(folder).map((file) => ({ file, event: read(file) }));
}

/** What is wrong with what became of a call, or undefined. */
function objection(event: unknown, result: CallResult): string | undefined {
  const isHttp = typeof event === 'object' && event !== null && 'requestContext' in event;
  if (result.kind === 'threw') {
    const isStated = result.code !== null && result.code in ERRORS;
    // A gateway makes a 502 of whatever is thrown.
    return isStated && !isHttp ? undefined : result.words;
  }
  const said = JSON.stringify(result.answer).slice(0, 500);
  if (!isHttp) return typeof result.answer === 'object' ? undefined : said;
  const { statusCode, body, headers, isBase64Encoded } = result.answer as Record<string, unknown>;
  const isText = (value: unknown): boolean => typeof value === 'string';
  const hasHeaders = typeof headers === 'object' && headers !== null && Object.values(headers).every(isText);
  if (!Number.isInteger(statusCode) || !isText(body) || !hasHeaders || isBase64Encoded !== false) return said;
  return Number(statusCode) < 500 || Number(statusCode) === 503 ? undefined : said;
}

it('the personal text of the fuzzer is such as no event sample has', () => {
  const files = FUNCTIONS.flatMap((name) =>
    readdirSync(join(PROJECT, 'events', name)).map((file) => `${name}/${file}`),
  );
  const samples = files.map((file) => readFileSync(join(PROJECT, 'events', file), 'utf8'));
  expect(samples.filter((text) => PERSONAL.some((one) => text.includes(one)))).toEqual([]);
});
