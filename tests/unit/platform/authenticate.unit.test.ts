import type { ApiUser, Config, Role } from '../../../shared/config';
import { AppError } from '../../../shared/errors';
import { actorOf, authenticate } from '../../../shared/platform/authenticate';

const ROLES: readonly Role[] = ['viewer', 'operator', 'strategist', 'admin'];
const users: readonly ApiUser[] = ROLES.map((role) => ({
  ...{ token: `${role}-token-0123456789`, id: role, name: `${role} 王芳`, role },
}));

const config: Config = {
  ...{
    profile: 'embedded',
    store: { kind: 'sqlite', file: '' },
    pool: { kind: 'in-process' },
    bus: { kind: 'in-process' },
    secrets: { shops: {}, users: [...users] },
  },
  ...{ taobaoGateway: 'https://t.test', doudianGateway: 'https://d.test', channelTimeoutMs: 4000 },
  ...{ logLevel: 'info', metricsInLog: true, pullOverlapMs: 0, recheckAfterMs: 60_000 },
};

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** The user's id, or the code of the refusal. */
function answer(headers: Readonly<Record<string, string>>, role: Role = 'viewer', settings = config): string {
  try {
    return authenticate(settings, headers, role).id;
  } catch (error) {
    return error instanceof AppError ? error.code : 'something else';
  }
}

describe('who may call', () => {
  it('is known by the token', () => {
    expect(authenticate(config, bearer('operator-token-0123456789'), 'viewer')).toEqual({
      ...{ token: 'operator-token-0123456789', id: 'operator', name: 'operator 王芳', role: 'operator' },
    });
  });

  it.each(ROLES.flatMap((has, i) => ROLES.map((needs, j) => [has, needs, i >= j ? has : 'FORBIDDEN'] as const)))(
    'has the role %s, needs %s: %s',
    (has, needs, expected) => {
      expect(answer(bearer(`${has}-token-0123456789`), needs)).toBe(expected);
    },
  );

  it.each<[string, Record<string, string>]>([
    ['without the header', {}],
    ['with an empty header', { authorization: '' }],
    ['with an empty token', { authorization: 'Bearer ' }],
    ['with another scheme', { authorization: 'Basic operator-token-0123456789' }],
    ['with the bare token', { authorization: 'operator-token-0123456789' }],
    ['with a token that nobody has', bearer('nobody-token-0123456789')],
    ['with the beginning of a token', bearer('operator-token-012345678')],
    ['with a token and more', bearer('operator-token-01234567890')],
    ['with a token in capitals', bearer('OPERATOR-TOKEN-0123456789')],
    ['with a space too many', bearer(' operator-token-0123456789')],
  ])('is nobody %s', (_, headers) => {
    expect(answer(headers)).toBe('UNAUTHENTICATED');
  });

  it('is nobody where no users are configured, not even with an empty token', () => {
    const nobody = { ...config, secrets: { shops: {}, users: [] } };
    expect([answer({}, 'viewer', nobody), answer(bearer(''), 'viewer', nobody)]).toEqual([
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
    ]);
  });

  it('is not told the token in a refusal', () => {
    const refusal = (): unknown => authenticate(config, bearer('viewer-token-0123456789'), 'admin');
    expect(refusal).toThrow(AppError);
    expect(refusal).not.toThrow(/token/);
  });

  it('is named in the operation log by id and name, never by token', () => {
    expect(users.map(actorOf)[3]).toEqual({ kind: 'person', id: 'admin', name: 'admin 王芳' });
  });
});
