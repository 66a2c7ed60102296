import { join } from 'node:path';
import { readConfig } from '../../../shared/config';
import { DeployError } from '../../../infra/huawei/deploy-error';
import { readFunctionDefinitions } from '../../../infra/huawei/function-definitions';
import type { Secrets } from '../../../infra/huawei/function-settings';
import { secretsDigest, secretsNeeded, settingsOf, takeSecrets } from '../../../infra/huawei/function-settings';
import { redacting } from '../../../infra/huawei/redacting';
import type { Stage } from '../../../infra/huawei/stage-file';
import { readStageFile } from '../../../infra/huawei/stage-file';
import { PROJECT } from '../../support/build-bundles';

const DEFINITIONS = readFunctionDefinitions(PROJECT);
const STAGE = readStageFile('example', join(PROJECT, 'infra/huawei/stages/example.yml'));

const shops = (count: number): string =>
  JSON.stringify({
    shops: Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `tmall-${i}`,
        { appKey: '12345678', appSecret: '0123456789abcdef0123456789abcdef', accessToken: '0'.repeat(56) },
      ]),
    ),
    users: [{ token: 'token-of-wang-fang', id: 'u1', name: '王芳', role: 'admin' }],
  });

const SECRETS: Secrets = {
  YIPAN_SECRETS: shops(2),
  YIPAN_STORE_ACCESS_KEY: 'store-access-key',
  YIPAN_STORE_SECRET_KEY: 'store-secret-key',
  YIPAN_KAFKA_PASSWORD: 'kafka-password',
  YIPAN_REDIS_URL: 'rediss://:redis-password@redis:6379',
};

const settings = (name: string, secrets = SECRETS, stage: Stage = STAGE) => {
  const definition = DEFINITIONS.find((one) => one.name === name);
  if (!definition) throw new Error(`no function ${name}`);
  return settingsOf(definition, stage, secrets);
};

describe('settings of a function', () => {
  it.each(DEFINITIONS.map(({ name }) => name))(
    '%s: make it start on the profile huawei, with the engines that it uses',
    (name) => {
      const { plain, encrypted } = settings(name);
      const all: Readonly<Record<string, string>> = { ...plain, ...encrypted };
      const config = readConfig((key) => all[key]);
      const opensPool = ['console', 'ratio-sync-push', 'stock-change-capture'].includes(name);
      expect([config.profile, config.store.kind, config.bus?.kind, config.pool?.kind]).toEqual([
        ...['huawei', 'dynamodb', 'kafka'],
        opensPool ? 'redis' : undefined,
      ]);
      const knowsSecrets = !['auto-audit', 'stock-change-capture'].includes(name);
      expect(Object.keys(config.secrets.shops)).toEqual(knowsSecrets ? ['tmall-0', 'tmall-1'] : []);
    },
  );

  it('leave out what is the default, since entries are few', () => {
    expect(Object.keys(settings('auto-audit').plain)).toEqual([
      ...['YIPAN_KAFKA_BROKERS', 'YIPAN_KAFKA_USER', 'YIPAN_PROFILE', 'YIPAN_SECRETS', 'YIPAN_STORE_ENDPOINT'],
      ...['YIPAN_STORE_REGION', 'YIPAN_STORE_TABLE'],
    ]);
  });

  it('hold seven shops in the 2 KB that FunctionGraph takes everywhere, and refuse an eighth with a way out', () => {
    // Plain 0.3 KB, keys, password and URL 0.3 KB, and 150 bytes a shop.
    expect(() => settings('console', { ...SECRETS, YIPAN_SECRETS: shops(7) })).not.toThrow();
    const refused = thrownBy(() => settings('console', { ...SECRETS, YIPAN_SECRETS: shops(9) }));
    expect(refused.message).toMatch(/^settings of console are \d+ bytes, at most 2048 can be kept \(FSS.1018\)/);
    expect(refused.advice).toContain('userDataBytesMax: 4096');
    expect(() =>
      settings('console', { ...SECRETS, YIPAN_SECRETS: shops(9) }, { ...STAGE, userDataBytesMax: 4096 }),
    ).not.toThrow();
  });

  it('are at most twenty', () => {
    const stage = {
      ...STAGE,
      settings: Object.fromEntries(
        ['YIPAN_CHANNEL_TIMEOUT_MS', 'YIPAN_PULL_OVERLAP_MS', 'YIPAN_RECHECK_AFTER_MS', 'YIPAN_STORE_INDEX_LAG_MS'].map(
          (name) => [name, '1000'],
        ),
      ),
      kafka: { ...STAGE.kafka, sasl: 'plain' as const, tls: false, topicPrefix: 'x-', caFile: 'ca.pem' },
      redis: { cluster: true },
    };
    expect(Object.keys(settings('console', SECRETS, stage).plain).length).toBe(15);
    const more = { ...stage, settings: { ...stage.settings, YIPAN_LOG_LEVEL: 'warn' } };
    expect(() => settings('console', SECRETS, more)).toThrow(
      'console has 21 settings, FunctionGraph takes 20 (FSS.1017)',
    );
  });

  it.each([
    ['a name that no function reads', { YIPAN_LOGLEVEL: 'warn' }, 'YIPAN_LOGLEVEL cannot be set there'],
    ['a secret in the stage file', { YIPAN_REDIS_URL: 'rediss://x' }, 'YIPAN_REDIS_URL cannot be set there'],
    ['a value that would keep a function from starting', { YIPAN_LOG_LEVEL: 'loud' }, 'YIPAN_LOG_LEVEL must be one of'],
  ])('refuse %s before anything is sent', (_, extra, message) => {
    expect(thrownBy(() => settings('console', SECRETS, { ...STAGE, settings: extra })).message).toContain(message);
  });
});

describe('secrets', () => {
  it('come from the environment, and what is missing is named', () => {
    const needed = secretsNeeded(DEFINITIONS, STAGE);
    expect(needed).toEqual(Object.keys(SECRETS).sort());
    const { secrets, missing } = takeSecrets(needed, { ...SECRETS, YIPAN_REDIS_URL: '', HOME: '/root' });
    expect(missing).toEqual(['YIPAN_REDIS_URL']);
    expect(Object.keys(secrets)).not.toContain('HOME');
  });

  it('have a digest that changes with each of them and with the function, and with nothing else', () => {
    const digest = secretsDigest({ a: '1', b: '2' }, 'urn:1');
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
    expect(secretsDigest({ b: '2', a: '1' }, 'urn:1')).toBe(digest);
    expect(secretsDigest({ a: '1', b: '3' }, 'urn:1')).not.toBe(digest);
    expect(secretsDigest({ a: '1', b: '2' }, 'urn:2')).not.toBe(digest);
  });

  it('get into no output, whole or in part', () => {
    let out = '';
    const write = redacting((text) => (out += text), { ...SECRETS, HUAWEICLOUD_SDK_SK: 'sk-0123456789' });
    write(`${SECRETS.YIPAN_SECRETS ?? ''} ${JSON.stringify(SECRETS)} sk-0123456789`);
    for (const text of [
      '0123456789abcdef',
      '0'.repeat(56),
      'token-of-wang',
      'redis-password',
      'kafka-password',
      'sk-01',
    ]) {
      expect(out).not.toContain(text);
    }
    expect(out).toContain('store-access-key');
  });
});

function thrownBy(act: () => unknown): DeployError {
  try {
    act();
  } catch (error) {
    if (error instanceof DeployError) return error;
    throw error;
  }
  throw new Error('expected a DeployError');
}
