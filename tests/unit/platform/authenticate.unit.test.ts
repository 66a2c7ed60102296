import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import type { Role } from '../../../shared/domain/user/user';
import type { ApiUser } from '../../../shared/secrets';
import { AppError } from '../../../shared/errors';
import type { Caller, CallersRun } from '../../../shared/platform/authenticate';
import { actorOf, authenticate } from '../../../shared/platform/authenticate';
import { ManualClock } from '../../support/manual-clock';

const ROLES: readonly Role[] = ['viewer', 'operator', 'strategist', 'admin'];
const users: readonly ApiUser[] = ROLES.map((role) => ({
  ...{ token: `${role}-token-0123456789`, id: role, name: `${role} 王芳`, role },
}));

const settings: CallersRun['config'] = { secrets: { shops: {}, users: [...users] }, consoleUrl: undefined };

const runWith = (config: CallersRun['config']): CallersRun => ({
  config,
  ports: { store: new MemoryStore(), clock: new ManualClock() },
});

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

const ask = (headers: Readonly<Record<string, string>>, role: Role = 'viewer', config = settings): Promise<Caller> =>
  authenticate(runWith(config), { method: 'POST', headers }, role);

/** The user's id, or the code of the refusal. */
async function answer(
  headers: Readonly<Record<string, string>>,
  role: Role = 'viewer',
  config = settings,
): Promise<string> {
  try {
    return (await ask(headers, role, config)).id;
  } catch (error) {
    return error instanceof AppError ? error.code : 'something else';
  }
}

describe('who may call', () => {
  it('is known by the token, which goes no further, and needs nothing of what a browser needs', async () => {
    expect(await ask(bearer('operator-token-0123456789'))).toEqual({
      ...{ id: 'operator', name: 'operator 王芳', role: 'operator', session: undefined, mustChangePassword: false },
    });
  });

  it.each(ROLES.flatMap((has, i) => ROLES.map((needs, j) => [has, needs, i >= j ? has : 'FORBIDDEN'] as const)))(
    'has the role %s, needs %s: %s',
    async (has, needs, expected) => {
      expect(await answer(bearer(`${has}-token-0123456789`), needs)).toBe(expected);
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
  ])('is nobody %s', async (_, headers) => {
    expect(await answer(headers)).toBe('UNAUTHENTICATED');
  });

  it('is nobody where no users are configured, not even with an empty token', async () => {
    const nobody = { ...settings, secrets: { shops: {}, users: [] } };
    expect([await answer({}, 'viewer', nobody), await answer(bearer(''), 'viewer', nobody)]).toEqual([
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
    ]);
  });

  it('is not told the token in a refusal', async () => {
    const refusal = ask(bearer('viewer-token-0123456789'), 'admin');
    await expect(refusal).rejects.toThrow(AppError);
    await expect(refusal).rejects.not.toThrow(/token/);
  });

  it('is named in the operation log by id and name, never by token', () => {
    expect(users.map(actorOf)[3]).toEqual({ kind: 'person', id: 'admin', name: 'admin 王芳' });
  });
});
