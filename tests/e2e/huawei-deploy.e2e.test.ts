import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { QUEUES } from '../../infra/local/host/queues';
import { nameOf, TIMERS } from '../../infra/local/host/schedule';
import { PROJECT } from '../support/build-bundles';
import type { HuaweiWorld } from './huawei-world';
import { ENVIRONMENT, openHuaweiWorld, SECRETS, SECRET_TEXTS } from './huawei-world';

const FUNCTIONS = readdirSync(join(PROJECT, 'functions'));

// Slow digests of secrets, on a machine that may be busy.
jest.setTimeout(60_000);

let world: HuaweiWorld;

beforeEach(async () => {
  world = await openHuaweiWorld();
  world.cloud.project.kafkaSubnets.set('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000002');
});

afterEach(() => world.close());

const deployed = (name: string) => world.cloud.project.find(`yipan-trial-${name}`);
const liveVersion = (name: string): string | undefined => deployed(name).aliases.get('live')?.version;
const liveVersions = (): (string | undefined)[] => FUNCTIONS.map(liveVersion);

/** What was asked of the platform since a count of requests, without the questions. */
function changesSince(count: number): string[] {
  return world.cloud.seen
    .slice(count)
    .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/invocations'))
    .map(({ method, path }) => `${method} ${path.replace(/urn:fss:.*?:default:/, '')}`);
}

async function apply(environment = ENVIRONMENT): Promise<string> {
  const { code, text } = await world.deploy('apply', environment);
  if (code !== 0) throw new Error(text);
  return text;
}

describe('plan', () => {
  it('without an account compares with an empty project, says so, and asks nobody', async () => {
    const { code, text } = await world.deploy('plan', {});
    expect([code, world.cloud.seen.length]).toEqual([0, 0]);
    expect(text).toMatch(/^no account: compared with an empty project/);
    expect(text).toContain('not in the environment, so that its size is not checked: YIPAN_KAFKA_PASSWORD');
    for (const name of FUNCTIONS) expect(text).toContain(`function yipan-trial-${name}`);
  });

  it('is what apply then does, and changes nothing itself', async () => {
    const { text } = await world.deploy('plan');
    expect(world.cloud.seen.every(({ method }) => method === 'GET')).toBe(true);
    const planned = text.split('\n').filter((line) => /^ {2}[+~?-] /.test(line));
    const done = (await apply()).split('\n').filter((line) => /^\[/.test(line));
    expect(done.map((line) => line.replace(/^\[.*?\] /, '  ').replace(/ {2}done$/, ''))).toEqual(planned);
  });

  it('says what it lacks before it asks for anything', async () => {
    const { code, text } = await world.deploy('plan', { ...ENVIRONMENT, YIPAN_SECRETS: undefined });
    expect([code, world.cloud.seen.length]).toEqual([1, 0]);
    expect(text).toContain('SECRETS_MISSING: not in the environment: YIPAN_SECRETS');
  });
});

describe('the first apply', () => {
  it('makes the triggers of the local host, on the alias, and switches all of them on', async () => {
    await apply();
    const triggers = FUNCTIONS.flatMap((name) => {
      expect([...deployed(name).triggers.keys()]).toEqual(['!live']);
      return (deployed(name).triggers.get('!live') ?? []).map(({ type, status, data }) => ({
        name,
        type,
        status,
        data,
      }));
    });
    expect(triggers.every(({ status }) => status === 'ACTIVE')).toBe(true);
    const timers = triggers.filter(({ type }) => type === 'TIMER');
    expect(timers.map(({ name, data }) => `${name}/${String(data['user_event'])}`).sort()).toEqual(
      TIMERS.map(nameOf).sort(),
    );
    const queues = triggers.filter(({ type }) => type === 'KAFKA');
    expect(queues.map(({ name, data }) => [name, data['topic_ids'], data['batch_size']]).sort()).toEqual(
      QUEUES.map(({ topic, functionName, batchMax }) => [functionName, [`yipan-${topic}`], batchMax]).sort(),
    );
    const routes = triggers.filter(({ type }) => type === 'DEDICATEDGATEWAY');
    expect(
      routes
        .map(
          ({ name, data }) =>
            `${name} ${String(data['req_method'])} ${String(data['path'])} ${String(data['match_mode'])}`,
        )
        .sort(),
    ).toEqual([
      'console ANY /api SWA',
      'console GET / SWA',
      'console HEAD / SWA',
      'document-conversion POST /api/conversions NORMAL',
      'order-ingestion POST /webhooks SWA',
    ]);
  });

  it('sets what happens to failures before anything can be called, and tests every version before one goes live', async () => {
    await apply();
    const order = world.cloud.seen.map(({ method, path }) => `${method} ${path}`);
    const last = (pattern: RegExp): number => order.findLastIndex((line) => pattern.test(line));
    const first = (pattern: RegExp): number => order.findIndex((line) => pattern.test(line));
    expect(last(/^PUT .*:latest\/async-invoke-config/)).toBeLessThan(first(/^POST triggers/));
    expect(last(/^PUT .*:!live\/async-invoke-config/)).toBeLessThan(first(/^POST triggers/));
    expect(last(/invocations$/)).toBeLessThan(first(/^POST .*aliases/));
    expect(order.filter((line) => line.endsWith('/invocations'))).toHaveLength(FUNCTIONS.length);
    expect(Object.fromEntries(FUNCTIONS.map((name) => [name, [...deployed(name).failures.keys()]]))).toEqual({
      ...Object.fromEntries(FUNCTIONS.map((name) => [name, ['latest', '!live']])),
      // Nothing calls it asynchronously.
      console: [],
    });
  });

  it('gives each function its instances: queue, timers, people, and the smoke test', async () => {
    await apply();
    const limits = FUNCTIONS.map((name) => [
      name,
      (deployed(name).latest.config['strategy_config'] as { concurrency: number } | undefined)?.concurrency,
    ]);
    expect(Object.fromEntries(limits)).toEqual({
      // 10 batches, 1 timer, 1 smoke test.
      'auto-audit': 12,
      console: undefined,
      // 10 batches, 1 timer, 10 for the button, 1 smoke test.
      'document-conversion': 22,
      'order-ingestion': undefined,
      // 2 timers, 1 smoke test.
      'ratio-sync-push': 3,
      // 2 batches, 2 timers, 1 smoke test.
      'stock-change-capture': 5,
    });
  });

  it('encrypts every secret, and gives none to a function that has no use for it', async () => {
    await apply();
    const settings = (name: string, kind: 'user_data' | 'encrypted_user_data'): Record<string, string> =>
      JSON.parse(String(deployed(name).latest.config[kind])) as Record<string, string>;
    for (const name of FUNCTIONS) {
      const plain = JSON.stringify(settings(name, 'user_data'));
      for (const secret of SECRET_TEXTS) expect(plain).not.toContain(secret);
    }
    expect(Object.keys(settings('auto-audit', 'encrypted_user_data')).sort()).toEqual([
      'YIPAN_KAFKA_PASSWORD',
      'YIPAN_STORE_ACCESS_KEY',
      'YIPAN_STORE_SECRET_KEY',
    ]);
    expect(settings('console', 'encrypted_user_data')).toEqual(SECRETS);
  });

  it('done again only asks', async () => {
    await apply();
    const count = world.cloud.seen.length;
    expect(await apply()).toContain('nothing to change');
    expect(changesSince(count)).toEqual([]);
  });
});

describe('an apply of a change', () => {
  beforeEach(() => apply().then(() => undefined));

  it('of code touches the one function, and moves its alias after the smoke test', async () => {
    const before = liveVersions();
    const count = world.cloud.seen.length;
    world.changeCode('auto-audit', 'a new rule');
    await apply();
    expect(changesSince(count)).toEqual([
      'PUT functions/yipan-trial-auto-audit:latest/code',
      'PUT functions/yipan-trial-auto-audit:latest/config',
      'POST functions/yipan-trial-auto-audit:latest/versions',
      'PUT functions/yipan-trial-auto-audit/aliases/live',
    ]);
    expect(liveVersions().map((version, i) => version === before[i])).toEqual(
      FUNCTIONS.map((name) => name !== 'auto-audit'),
    );
  });

  it('of the page alone is seen, and reaches the console', async () => {
    const count = world.cloud.seen.length;
    world.changePage('another word');
    expect((await world.deploy('plan')).text).toMatch(/^ {2}~ console +code/m);
    await apply();
    expect(changesSince(count)).toContain('PUT functions/yipan-trial-console:latest/code');
    expect(changesSince(count).filter((line) => !line.includes('yipan-trial-console'))).toEqual([]);
    const { code } = deployed('console').latest;
    expect(Object.keys(unzipSync(code)).filter((path) => path.startsWith('page/'))).toEqual([
      ...['page/assets/main-1234ABCD.js', 'page/assets/main-1234ABCD.js.br', 'page/index.html'],
    ]);
  });

  it('of a secret is seen though no secret can be read back, and reaches those that use it', async () => {
    const count = world.cloud.seen.length;
    const environment = { ...ENVIRONMENT, YIPAN_REDIS_URL: 'rediss://:another-password@redis:6379' };
    const { text } = await world.deploy('plan', environment);
    expect(text).toContain('secrets: one or more have changed; their values are never shown');
    await apply(environment);
    const touched = changesSince(count).filter((line) => line.endsWith('/config'));
    expect(touched).toEqual(
      ['console', 'ratio-sync-push', 'stock-change-capture'].map(
        (name) => `PUT functions/yipan-trial-${name}:latest/config`,
      ),
    );
  });

  it('of the Kafka password makes the triggers that hold it again, once', async () => {
    const environment = { ...ENVIRONMENT, YIPAN_KAFKA_PASSWORD: 'kafka-password-2' };
    await apply(environment);
    for (const { functionName } of QUEUES) {
      const kafka = deployed(functionName)
        .triggers.get('!live')
        ?.filter(({ type }) => type === 'KAFKA');
      expect(kafka?.map(({ data, status }) => [data['kafka_password'], status])).toEqual([
        ['kafka-password-2', 'ACTIVE'],
      ]);
    }
    expect(await apply(environment)).toContain('nothing to change');
  });

  it('of a timer replaces that trigger alone', async () => {
    const count = world.cloud.seen.length;
    world.changeDefinition('order-ingestion', 'rate(2 minutes)', 'rate(5 minutes)');
    await apply();
    expect(changesSince(count)).toEqual([
      expect.stringMatching(/^DELETE triggers\/yipan-trial-order-ingestion:!live\/TIMER\/trigger-/),
      'POST triggers/yipan-trial-order-ingestion:!live',
    ]);
  });

  it('takes back what was done by hand: a timeout, a disabled timer, a second consumer, a split alias', async () => {
    const state = world.cloud.state();
    const audit = deployed('auto-audit');
    world.cloud.project.updateConfig(audit, { ...audit.latest.config, timeout: 10 });
    const [first, ...rest] = audit.triggers.get('!live') ?? [];
    if (!first) throw new Error('no trigger');
    const kafka = [first, ...rest].find(({ type }) => type === 'KAFKA');
    const timer = [first, ...rest].find(({ type }) => type === 'TIMER');
    if (!kafka || !timer) throw new Error('no such trigger');
    timer.status = 'DISABLED';
    world.cloud.project.createTrigger(audit, '!live', { trigger_type_code: 'KAFKA', event_data: kafka.data });
    world.cloud.project.alias(audit, 'live').weights = { 'r-000000000000': 10 };
    const text = await apply();
    expect(text).toContain('it is there twice');
    expect(world.cloud.state()).toEqual(state);
  });

  it('deletes a function whose folder is gone, with all that calls it', async () => {
    rmSync(join(world.root, 'functions/auto-audit'), { recursive: true });
    expect((await world.deploy('plan')).text).toContain('function with all its versions (its folder is gone)');
    await apply();
    expect([...world.cloud.project.functions.keys()]).not.toContain('yipan-trial-auto-audit');
    expect(world.cloud.project.functions.size).toBe(FUNCTIONS.length - 1);
  });

  it('keeps ten versions, the live one and the one before among them', async () => {
    for (let release = 1; release <= 12; release += 1) {
      world.changeCode('console', `release ${release}`);
      await apply();
    }
    const { versions, aliases } = deployed('console');
    expect(versions.size).toBe(10);
    expect([...versions.keys()].at(-1)).toBe(aliases.get('live')?.version);
    expect((await world.deploy('rollback')).code).toBe(0);
  });
});

describe('a smoke test that fails', () => {
  it('leaves every alias where it was, says what to do, and is asked again by the next apply', async () => {
    await apply();
    const before = liveVersions();
    for (const name of FUNCTIONS) world.changeCode(name, 'second release');
    world.cloud.answer = (name) =>
      name.endsWith('ratio-sync-push')
        ? { errorMessage: `cannot reach ${SECRETS['YIPAN_REDIS_URL'] ?? ''}` }
        : { ok: true };
    const { code, text } = await world.deploy('apply');
    expect(code).toBe(1);
    expect(text).toContain('SMOKE_TEST: ratio-sync-push: r-');
    expect(text).toContain('What is live stays as it was.');
    for (const secret of SECRET_TEXTS) expect(text).not.toContain(secret);
    expect(liveVersions()).toEqual(before);
    world.cloud.answer = () => ({ ok: true });
    await apply();
    expect(liveVersions().some((version) => before.includes(version))).toBe(false);
  });
});

describe('rollback', () => {
  it('takes back the newest release, and no function that it had not touched', async () => {
    await apply();
    const first = liveVersions();
    world.changeCode('console', 'second release');
    await apply();
    world.changeCode('auto-audit', 'third release');
    world.changeCode('order-ingestion', 'third release');
    await apply();
    const third = liveVersions();
    const count = world.cloud.seen.length;
    expect((await world.deploy('rollback')).code).toBe(0);
    expect(changesSince(count)).toEqual([
      'PUT functions/yipan-trial-auto-audit/aliases/live',
      'PUT functions/yipan-trial-order-ingestion/aliases/live',
    ]);
    expect(liveVersions()).toEqual(FUNCTIONS.map((name, i) => (name === 'console' ? third[i] : first[i])));
    // Twice undoes itself, and so does an apply of what is checked out.
    await world.deploy('rollback');
    expect(liveVersions()).toEqual(third);
    await world.deploy('rollback');
    await apply();
    expect(liveVersions()).toEqual(third);
  });

  it('of one function leaves the others', async () => {
    await apply();
    const first = liveVersions();
    for (const name of FUNCTIONS) world.changeCode(name, 'second release');
    await apply();
    const second = liveVersions();
    await world.deploy('rollback --function console');
    expect(liveVersions()).toEqual(FUNCTIONS.map((name, i) => (name === 'console' ? first[i] : second[i])));
  });

  it('of the first release is refused with another way', async () => {
    await apply();
    const { code, text } = await world.deploy('rollback');
    expect([code, text]).toEqual([1, expect.stringContaining('NO_VERSION: there is no version before')]);
    expect(text).toContain('Check out the commit that was good, and apply it');
  });
});

describe('status and destroy', () => {
  it('tell what is live, and take away only what was deployed, when told twice', async () => {
    expect((await world.deploy('status')).text).toBe('nothing is deployed\n');
    await apply();
    const stranger = deployed('console').latest;
    world.cloud.project.create({
      ...stranger.config,
      ...{ func_name: 'yipan-trial-by-hand', description: 'made by hand' },
      func_code: { file: Buffer.from(stranger.code).toString('base64') },
    });
    const { text } = await world.deploy('status');
    expect(text).toContain(`live       ${liveVersion('console') ?? ''} since 2026-`);
    expect(text).toContain('trigger    ACTIVE   KAFKA yipan-stock-changed');
    expect(text).not.toContain('by-hand');
    const refused = await world.deploy('destroy --yes prod');
    expect([refused.code, refused.text]).toEqual([1, expect.stringContaining('NOT_CONFIRMED')]);
    expect((await world.deploy('destroy --yes trial')).code).toBe(0);
    expect([...world.cloud.project.functions.keys()]).toEqual(['yipan-trial-by-hand']);
  });
});
