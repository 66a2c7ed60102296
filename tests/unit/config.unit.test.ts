import type { Config } from '../../shared/config';
import { readConfig, readStoreSettings } from '../../shared/config';
import { AppError } from '../../shared/errors';

const SECRETS = {
  shops: { 'tmall-1': { appKey: 'key-1', appSecret: 'app-secret-1', accessToken: 'session-1' } },
  users: [{ token: 'token-0123456789', id: 'u1', name: '王芳', role: 'admin' }],
};

const SETTINGS: Readonly<Record<string, string>> = {
  YIPAN_STORE_FILE: 'yipan.db',
  YIPAN_SECRETS: JSON.stringify(SECRETS),
};

const read = (change: Readonly<Record<string, string | undefined>> = {}): Config => {
  const settings = { ...SETTINGS, ...change };
  return readConfig((name) => settings[name]);
};

function problems(change: Readonly<Record<string, string | undefined>>): unknown {
  try {
    read(change);
  } catch (error) {
    if (error instanceof AppError && error.code === 'BAD_SETTINGS') return error.facts['problems'];
  }
  throw new Error('expected BAD_SETTINGS');
}

describe('settings', () => {
  it('need a store file and the secrets, and have a default for all else', () => {
    expect(read()).toEqual({
      profile: 'embedded',
      store: { kind: 'sqlite', file: 'yipan.db' },
      pool: { kind: 'in-process' },
      bus: { kind: 'in-process' },
      secrets: SECRETS,
      taobaoGateway: 'https://eco.taobao.com/router/rest',
      doudianGateway: 'https://openapi-fxg.jinritemai.com',
      channelTimeoutMs: 4000,
      logLevel: 'info',
      metricsInLog: true,
      pullOverlapMs: 300_000,
      recheckAfterMs: 60_000,
      consoleUrl: undefined,
    });
  });

  it('take what is stated before the default, and an empty text for not stated', () => {
    const config = read({ YIPAN_LOG_LEVEL: 'warn', YIPAN_CHANNEL_TIMEOUT_MS: '', YIPAN_PULL_OVERLAP_MS: '0' });
    expect([config.logLevel, config.channelTimeoutMs, config.pullOverlapMs]).toEqual(['warn', 4000, 0]);
  });

  it('drop the slash at the end of an address', () => {
    expect(read({ YIPAN_DOUDIAN_GATEWAY: 'http://127.0.0.1:4002/' }).doudianGateway).toBe('http://127.0.0.1:4002');
  });

  it('cannot be changed once they are read', () => {
    expect(Object.isFrozen(read())).toBe(true);
  });

  it('report all their problems at once', () => {
    expect(
      problems({
        YIPAN_PROFILE: 'azure',
        YIPAN_STORE_FILE: undefined,
        YIPAN_SECRETS: undefined,
        YIPAN_TAOBAO_GATEWAY: 'ftp://taobao',
        YIPAN_DOUDIAN_GATEWAY: 'openapi',
        YIPAN_CHANNEL_TIMEOUT_MS: 'soon',
        YIPAN_LOG_LEVEL: 'debug',
        YIPAN_PULL_OVERLAP_MS: '-1',
        YIPAN_RECHECK_AFTER_MS: '1.5',
      }),
    ).toEqual([
      'YIPAN_PROFILE must be one of embedded, aws, huawei',
      'YIPAN_STORE_TABLE is not set',
      'YIPAN_STORE_REGION is not set',
      'YIPAN_STORE_ACCESS_KEY is not set',
      'YIPAN_STORE_SECRET_KEY is not set',
      'YIPAN_SECRETS is not set',
      'YIPAN_TAOBAO_GATEWAY must be an http or https address',
      'YIPAN_DOUDIAN_GATEWAY must be an http or https address',
      'YIPAN_CHANNEL_TIMEOUT_MS must be a whole number from 100 to 10000',
      'YIPAN_LOG_LEVEL must be one of info, warn, error',
      'YIPAN_PULL_OVERLAP_MS must be a whole number from 0 to 86400000',
      'YIPAN_RECHECK_AFTER_MS must be a whole number from 100 to 86400000',
    ]);
  });

  it('take a number at its bounds and refuse it beyond', () => {
    expect(read({ YIPAN_CHANNEL_TIMEOUT_MS: '100' }).channelTimeoutMs).toBe(100);
    expect(read({ YIPAN_CHANNEL_TIMEOUT_MS: '10000' }).channelTimeoutMs).toBe(10_000);
    expect(problems({ YIPAN_CHANNEL_TIMEOUT_MS: '99' })).toHaveLength(1);
    expect(problems({ YIPAN_CHANNEL_TIMEOUT_MS: '10001' })).toHaveLength(1);
  });

  it('name the place inside the secrets where they are wrong', () => {
    const [shop, user] = [SECRETS.shops['tmall-1'], SECRETS.users[0]];
    const wrong = {
      shops: { 'tmall-1': { ...shop, appKey: '' }, 'jd-1': { appKey: 'key-2', appSecret: 'app-secret-2' } },
      users: [
        { ...user, token: 'short-token' },
        { ...user, role: 'owner' },
      ],
    };
    expect(problems({ YIPAN_SECRETS: JSON.stringify(wrong) })).toEqual([
      'YIPAN_SECRETS is not of its shape (shops.tmall-1.appKey, shops.jd-1.accessToken, users.0.token, users.1.role)',
    ]);
  });

  it.each(['{"shops":', 'null', '[]', '"text"', '42'])('say of %s that it is no JSON object', (text) => {
    expect(problems({ YIPAN_SECRETS: text })).toEqual(['YIPAN_SECRETS is not of its shape (it is not a JSON object)']);
  });

  it('never name a value in their problems, least of all a secret', () => {
    const secret = 'hunter2-hunter2';
    const wrongs = [
      `{"shops":{},"users":[{"token":"${secret}"`,
      JSON.stringify({ shops: { a: { appSecret: secret } }, users: [{ ...SECRETS.users[0], token: secret }] }),
      JSON.stringify(secret),
    ];
    for (const text of wrongs) {
      try {
        read({
          YIPAN_SECRETS: text,
          YIPAN_TAOBAO_GATEWAY: secret,
          YIPAN_CHANNEL_TIMEOUT_MS: secret,
          YIPAN_LOG_LEVEL: secret,
        });
        throw new Error('expected BAD_SETTINGS');
      } catch (error) {
        expect(error).toMatchObject({ code: 'BAD_SETTINGS' });
        expect(JSON.stringify([error, String(error)])).not.toContain('hunter2');
      }
    }
  });
});

describe('the login of people', () => {
  const OIDC = { issuer: 'https://id.test', clientId: 'c', clientSecret: 'hunter2-hunter2-hunter2', title: '公司账号' };
  const CONSOLE = { YIPAN_CONSOLE_URL: 'https://yipan.test/' };
  const secrets = (oidc: object) => ({ YIPAN_SECRETS: JSON.stringify({ shops: {}, users: [], oidc }) });

  it('is by password alone where nothing is said', () => {
    expect([read().secrets.oidc, read().consoleUrl]).toEqual([undefined, undefined]);
  });

  it('by a provider takes its address, our keys and what the button says, and has defaults for the rest', () => {
    expect(read({ ...CONSOLE, ...secrets(OIDC) })).toMatchObject({
      consoleUrl: 'https://yipan.test',
      secrets: { oidc: { ...OIDC, scope: 'openid profile email', userIdClaim: 'preferred_username', roles: {} } },
    });
  });

  it('goes back to an address that the settings name, and to no part of a page', () => {
    expect(problems(secrets(OIDC))).toEqual([
      'YIPAN_CONSOLE_URL is not set, and the oidc of YIPAN_SECRETS sends browsers back to it',
    ]);
    for (const url of ['https://yipan.test/console', 'https://yipan.test?x=1', 'https://u:p@yipan.test'])
      expect(problems({ YIPAN_CONSOLE_URL: url })).toEqual([
        'YIPAN_CONSOLE_URL must be a scheme and a host, and no more',
      ]);
  });

  it.each([
    [{ issuer: 'http://id.test' }, 'issuer'],
    [{ issuer: 'http://localhost.evil.test' }, 'issuer'],
    [{ clientSecret: 'hunter2' }, 'clientSecret'],
    [{ scope: 'profile' }, 'scope'],
    [{ roles: { ops: 'owner' } }, 'roles.ops'],
  ])('by a provider of %j is refused, naming no value', (change, where) => {
    const said = problems({ ...CONSOLE, ...secrets({ ...OIDC, ...change }) });
    expect(said).toEqual([`YIPAN_SECRETS is not of its shape (oidc.${where})`]);
  });

  it('by a provider on this machine may be unencrypted', () => {
    const local = { ...OIDC, issuer: 'http://127.0.0.1:9000' };
    expect(read({ ...CONSOLE, ...secrets(local) }).secrets.oidc?.issuer).toBe('http://127.0.0.1:9000');
  });
});

describe('settings of a cloud', () => {
  const QUEUES = {
    'platform-order-changed': 'https://sqs.test/1/a',
    'delivery-order-ready': 'https://sqs.test/1/b',
    'stock-changed': 'https://sqs.test/1/c',
  };
  const AWS = {
    ...{ YIPAN_PROFILE: 'aws', YIPAN_STORE_FILE: undefined, YIPAN_STORE_TABLE: 'yipan-prod' },
    ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'S', AWS_SESSION_TOKEN: 'T' },
  };
  const HUAWEI = {
    ...{
      YIPAN_PROFILE: 'huawei',
      YIPAN_STORE_FILE: undefined,
      YIPAN_STORE_TABLE: 'yipan',
      YIPAN_STORE_REGION: 'cn-north-4',
    },
    ...{ YIPAN_STORE_ENDPOINT: 'https://gemini.test:8000/', YIPAN_STORE_ACCESS_KEY: 'A', YIPAN_STORE_SECRET_KEY: 'S' },
  };

  it('take on AWS the region and the keys of the function', () => {
    expect(read(AWS).store).toEqual({
      ...{ kind: 'dynamodb', table: 'yipan-prod', region: 'eu-west-1', endpoint: undefined, indexLagMs: 120_000 },
      credentials: { accessKeyId: 'A', secretAccessKey: 'S', sessionToken: 'T' },
    });
  });

  it('never mix own keys with the session of the function', () => {
    const own = { YIPAN_STORE_ACCESS_KEY: 'mine', YIPAN_STORE_SECRET_KEY: 'own' };
    expect(read({ ...AWS, ...own }).store).toMatchObject({
      credentials: { accessKeyId: 'mine', secretAccessKey: 'own' },
    });
    expect(JSON.stringify(read({ ...AWS, ...own }).store)).not.toContain('sessionToken');
  });

  it('do not look for keys of AWS on Huawei Cloud', () => {
    expect(problems({ ...AWS, ...HUAWEI, YIPAN_STORE_ACCESS_KEY: undefined })).toEqual([
      'YIPAN_STORE_ACCESS_KEY is not set',
    ]);
  });

  it('leave out the pool and the bus where a function is given none', () => {
    expect(read(AWS)).toMatchObject({ pool: undefined, bus: undefined });
    expect(read(HUAWEI)).toMatchObject({ pool: undefined, bus: undefined });
  });

  it('name Redis and the queues of AWS', () => {
    const config = read({
      ...AWS,
      ...{ YIPAN_REDIS_URL: 'rediss://u:p@redis.test:6379', YIPAN_REDIS_CLUSTER: 'true' },
      YIPAN_SQS_QUEUES: JSON.stringify(QUEUES),
    });
    expect(config.pool).toEqual({ kind: 'redis', url: 'rediss://u:p@redis.test:6379', cluster: true, prefix: 'yipan' });
    expect(config.bus).toMatchObject({ kind: 'sqs', queueUrls: QUEUES, region: 'eu-west-1', endpoint: undefined });
  });

  it('take no address of Redis that is none, and no prefix that would tear its keys apart', () => {
    const broken = 'rediss://:hunter2/@redis.test:6379';
    expect(problems({ ...AWS, YIPAN_REDIS_URL: broken })).toEqual([
      'YIPAN_REDIS_URL is no URL: is its password percent-encoded?',
    ]);
    expect(problems({ ...AWS, YIPAN_REDIS_URL: 'redis://redis.test', YIPAN_REDIS_PREFIX: 'a}b' })).toEqual([
      'YIPAN_REDIS_PREFIX may hold letters, digits and _ : . - only',
    ]);
  });

  it('name the brokers and the login of Kafka', () => {
    const brokers = { YIPAN_KAFKA_BROKERS: '10.0.0.1:9093,10.0.0.2:9093' };
    expect(read({ ...HUAWEI, ...brokers }).bus).toEqual({
      ...{ kind: 'kafka', brokers: ['10.0.0.1:9093', '10.0.0.2:9093'], topicPrefix: 'yipan-' },
      ...{ login: undefined, tls: true, caFile: undefined },
    });
    const login = {
      YIPAN_KAFKA_USER: 'u',
      YIPAN_KAFKA_PASSWORD: 'p',
      YIPAN_KAFKA_SASL: 'plain',
      YIPAN_KAFKA_TLS: 'false',
    };
    expect(read({ ...HUAWEI, ...brokers, ...login }).bus).toMatchObject({
      ...{ login: { mechanism: 'plain', user: 'u', password: 'p' }, tls: false },
    });
  });

  it('say what is wrong with each of them', () => {
    expect(
      problems({ ...AWS, YIPAN_REDIS_URL: 'http://redis', YIPAN_SQS_QUEUES: '{"stock-changed":"https://q"}' }),
    ).toEqual([
      'YIPAN_REDIS_URL must begin with redis:// or rediss://',
      'YIPAN_SQS_QUEUES must be a JSON object with a queue URL for each of platform-order-changed, delivery-order-ready, stock-changed',
    ]);
    expect(problems({ ...HUAWEI, YIPAN_KAFKA_BROKERS: 'kafka', YIPAN_KAFKA_SASL: 'none' })).toEqual([
      'YIPAN_KAFKA_BROKERS must be host:port, several divided by commas',
      'YIPAN_KAFKA_SASL must be one of plain, scram-sha-512',
    ]);
  });

  it('can be read for the store alone', () => {
    const source = (name: string): string | undefined => ({ YIPAN_STORE_FILE: 'a.db' })[name];
    expect(readStoreSettings(source)).toEqual({ kind: 'sqlite', file: 'a.db' });
    expect(() => readStoreSettings(() => undefined)).toThrow(/YIPAN_STORE_FILE is not set/);
  });
});

describe('where settings come from', () => {
  const setEnvironment = (settings: Readonly<Record<string, string>>): void => {
    jest.replaceProperty(process, 'env', { ...settings });
  };
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** The function's module as a new instance loads it. */
  async function newInstance(): Promise<(context: unknown) => Config> {
    let configOf: ((context: unknown) => Config) | undefined;
    await jest.isolateModulesAsync(async () => {
      ({ configOf } = await import('../../shared/config'));
    });
    if (!configOf) throw new Error('the module did not load');
    return configOf;
  }

  /** As FunctionGraph hands it over: a class instance whose methods need their object. */
  class FunctionGraphContext {
    constructor(private readonly data: Readonly<Record<string, string>>) {}

    getUserData(name: string): string | undefined {
      return this.data[name];
    }
  }

  it('is the context on FunctionGraph, whatever the environment says', async () => {
    setEnvironment({ ...SETTINGS, YIPAN_STORE_FILE: 'environment.db' });
    const configOf = await newInstance();
    const context = new FunctionGraphContext({ ...SETTINGS, YIPAN_STORE_FILE: 'context.db' });
    expect(configOf(context).store).toEqual({ kind: 'sqlite', file: 'context.db' });
  });

  it.each<[string, unknown]>([
    ['Lambda', { awsRequestId: '1', getRemainingTimeInMillis: () => 1000 }],
    ['one machine', {}],
    ['no context at all', undefined],
    ['a context of null', null],
    ['a context whose getUserData is no function', { getUserData: 'context.db' }],
  ])('is the environment on %s', async (_, context) => {
    setEnvironment({ ...SETTINGS, YIPAN_STORE_FILE: 'environment.db' });
    expect((await newInstance())(context).store).toEqual({ kind: 'sqlite', file: 'environment.db' });
  });

  it('is asked on the first call only, not when the module loads', async () => {
    setEnvironment({});
    const configOf = await newInstance();
    setEnvironment({ ...SETTINGS, YIPAN_STORE_FILE: 'first.db' });
    const first = configOf({});
    setEnvironment({ ...SETTINGS, YIPAN_STORE_FILE: 'second.db' });
    expect(first.store).toEqual({ kind: 'sqlite', file: 'first.db' });
    expect(configOf({})).toBe(first);
    expect((await newInstance())({}).store).toEqual({ kind: 'sqlite', file: 'second.db' });
  });

  it('is asked again after settings that were wrong', async () => {
    setEnvironment({});
    const configOf = await newInstance();
    expect(() => configOf({})).toThrow(/YIPAN_STORE_FILE is not set/);
    setEnvironment(SETTINGS);
    expect(configOf({}).store).toEqual({ kind: 'sqlite', file: 'yipan.db' });
  });
});
