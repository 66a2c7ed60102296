import type { Config } from '../../shared/config';
import { readConfig } from '../../shared/config';
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
      storeFile: 'yipan.db',
      secrets: SECRETS,
      taobaoGateway: 'https://eco.taobao.com/router/rest',
      doudianGateway: 'https://openapi-fxg.jinritemai.com',
      channelTimeoutMs: 4000,
      logLevel: 'info',
      pullOverlapMs: 300_000,
      recheckAfterMs: 60_000,
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
      'YIPAN_PROFILE must be one of embedded',
      'YIPAN_STORE_FILE is not set',
      'YIPAN_SECRETS is not set',
      'YIPAN_TAOBAO_GATEWAY must be an http or https address',
      'YIPAN_DOUDIAN_GATEWAY must be an http or https address',
      'YIPAN_CHANNEL_TIMEOUT_MS must be a whole number from 100 to 60000',
      'YIPAN_LOG_LEVEL must be one of info, warn, error',
      'YIPAN_PULL_OVERLAP_MS must be a whole number from 0 to 86400000',
      'YIPAN_RECHECK_AFTER_MS must be a whole number from 100 to 86400000',
    ]);
  });

  it('take a number at its bounds and refuse it beyond', () => {
    expect(read({ YIPAN_CHANNEL_TIMEOUT_MS: '100' }).channelTimeoutMs).toBe(100);
    expect(read({ YIPAN_CHANNEL_TIMEOUT_MS: '60000' }).channelTimeoutMs).toBe(60_000);
    expect(problems({ YIPAN_CHANNEL_TIMEOUT_MS: '99' })).toHaveLength(1);
    expect(problems({ YIPAN_CHANNEL_TIMEOUT_MS: '60001' })).toHaveLength(1);
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
    expect(configOf(context).storeFile).toBe('context.db');
  });

  it.each<[string, unknown]>([
    ['Lambda', { awsRequestId: '1', getRemainingTimeInMillis: () => 1000 }],
    ['one machine', {}],
    ['no context at all', undefined],
    ['a context of null', null],
    ['a context whose getUserData is no function', { getUserData: 'context.db' }],
  ])('is the environment on %s', async (_, context) => {
    setEnvironment({ ...SETTINGS, YIPAN_STORE_FILE: 'environment.db' });
    expect((await newInstance())(context).storeFile).toBe('environment.db');
  });

  it('is asked on the first call only, not when the module loads', async () => {
    setEnvironment({});
    const configOf = await newInstance();
    setEnvironment({ ...SETTINGS, YIPAN_STORE_FILE: 'first.db' });
    const first = configOf({});
    setEnvironment({ ...SETTINGS, YIPAN_STORE_FILE: 'second.db' });
    expect(first.storeFile).toBe('first.db');
    expect(configOf({})).toBe(first);
    expect((await newInstance())({}).storeFile).toBe('second.db');
  });

  it('is asked again after settings that were wrong', async () => {
    setEnvironment({});
    const configOf = await newInstance();
    expect(() => configOf({})).toThrow(/YIPAN_STORE_FILE is not set/);
    setEnvironment(SETTINGS);
    expect(configOf({}).storeFile).toBe('yipan.db');
  });
});
