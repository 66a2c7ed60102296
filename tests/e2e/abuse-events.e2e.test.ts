import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { freePort } from '../../infra/local/engines/free-port';
import { ERRORS } from '../../shared/errors';
import { buildBundles, PROJECT } from '../support/build-bundles';
import type { CallResult } from '../support/fuzz-function';
import { BundledFunction } from '../support/fuzz-function';
import { junk, mutated, PERSONAL } from '../support/fuzz-json';
import { ScannedLog } from '../support/fuzz-log';

// The bundles that are deployed, called with every sample event changed in a few places, and with junk. What calls a
// function is a cloud, but what stands in the event comes from platforms, people and older versions of ourselves.

/** The same in every run; a failure prints what repeats it. */
const SEED = 20_261_126;
const RUNS_PER_EVENT = 40;
const RUNS_OF_JUNK = 60;

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
  // Nobody listens there.
  gateway = `http://127.0.0.1:${await freePort()}`;
}, 30_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(FUNCTIONS)('%s, whatever event it is given', (name) => {
  const log = new ScannedLog();
  const kinds = new Map<string, number>();
  let bundled: BundledFunction;

  beforeAll(async () => {
    const storeFile = join(folder, `${name}.db`);
    const seed = ['dist/infra/local/seed-sample.js', '--store', storeFile];
    execFileSync(process.execPath, seed, { cwd: PROJECT, stdio: 'pipe' });
    const settings = {
      ...{ YIPAN_STORE_FILE: storeFile, YIPAN_SECRETS: JSON.stringify(SECRETS), YIPAN_LOG_LEVEL: 'info' },
      ...{ YIPAN_TAOBAO_GATEWAY: `${gateway}/router/rest`, YIPAN_DOUDIAN_GATEWAY: `${gateway}/doudian` },
    };
    bundled = await BundledFunction.start(join(PROJECT, 'dist/functions', name, 'handler.js'), settings, log.take);
  }, 30_000);

  afterAll(() => bundled.stop());

  it('answers each sample event that is not quite as it should be, or says by a code what is wrong', async () => {
    for (const file of readdirSync(join(PROJECT, 'events', name))) {
      const sample: unknown = JSON.parse(readFileSync(join(PROJECT, 'events', name, file), 'utf8'));
      expect(objection(sample, await bundled.call(sample))).toBeUndefined();
      await expectSane(mutated(sample), RUNS_PER_EVENT).catch((error: unknown) => {
        throw new Error(`events/${name}/${file}`, { cause: error });
      });
    }
    // Changed as little as that, many are still events, and many are none any more.
    expect(kinds.get('answered') ?? 0).toBeGreaterThan(20);
  }, 60_000);

  it('answers the events of other functions and junk, or says by a code what is wrong', async () => {
    const foreign = FUNCTIONS.filter((other) => other !== name).flatMap((other) =>
      readdirSync(join(PROJECT, 'events', other)).map(
        (file) => JSON.parse(readFileSync(join(PROJECT, 'events', other, file), 'utf8')) as unknown,
      ),
    );
    for (const event of foreign) expect(objection(event, await bundled.call(event))).toBeUndefined();
    await expectSane(junk, RUNS_OF_JUNK);
    expect(kinds.get('BAD_EVENT') ?? 0).toBeGreaterThan(20);
  }, 60_000);

  it('and its log tells no secret, nothing of a person, and no fault of its own', () => {
    const keys = Object.values(SECRETS.shops).flatMap(({ appSecret, accessToken }) => [appSecret, accessToken]);
    expect(log.size).toBeGreaterThan(20);
    expect(log.leaks([...keys, ...SECRETS.users.map(({ token }) => token)])).toEqual([]);
    expect(log.faults()).toEqual([]);
  });

  async function expectSane(events: fc.Arbitrary<unknown>, numRuns: number): Promise<void> {
    await fc.assert(
      fc.asyncProperty(events, async (event) => {
        const result = await bundled.call(event);
        const kind = result.kind === 'answered' ? 'answered' : (result.code ?? 'none');
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        expect(objection(event, result)).toBeUndefined();
      }),
      { seed: SEED, numRuns },
    );
  }
});

/** What is wrong with what became of a call, or undefined. */
function objection(event: unknown, result: CallResult): string | undefined {
  if (result.kind === 'threw') return result.code !== null && result.code in ERRORS ? undefined : result.words;
  const said = JSON.stringify(result.answer).slice(0, 500);
  const isHttp = typeof event === 'object' && event !== null && 'requestContext' in event;
  if (!isHttp) return typeof result.answer === 'object' ? undefined : said;
  const { statusCode, body, headers, isBase64Encoded } = result.answer as Record<string, unknown>;
  const whole = Number.isInteger(statusCode) && typeof body === 'string' && typeof headers === 'object';
  if (!whole || isBase64Encoded !== false) return said;
  return Number(statusCode) < 500 || Number(statusCode) === 503 ? undefined : said;
}

it('the personal text of the fuzzer is such as no event sample has', () => {
  const files = FUNCTIONS.flatMap((name) =>
    readdirSync(join(PROJECT, 'events', name)).map((file) => `${name}/${file}`),
  );
  const samples = files.map((file) => readFileSync(join(PROJECT, 'events', file), 'utf8'));
  expect(samples.filter((text) => PERSONAL.some((one) => text.includes(one)))).toEqual([]);
});
