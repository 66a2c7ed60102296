import type { Login } from '../../shared/domain/user/login';
import { noLogin } from '../../shared/domain/user/login';
import type { Role, User } from '../../shared/domain/user/user';
import { isWorkingAdmin } from '../../shared/domain/user/user';
import { hasCode } from '../../shared/errors';
import type { Key, Range, Store } from '../../shared/ports/store';
import { keys } from '../../shared/procedures/keys';
import { loadUsers } from '../../shared/procedures/settings';
import type { LoginPorts } from '../../shared/procedures/users/log-in';
import { changePassword, logIn } from '../../shared/procedures/users/log-in';
import { logInByOidc } from '../../shared/procedures/users/log-in-by-oidc';
import type { Passwords } from '../../shared/procedures/users/passwords';
import { giveOneTimePassword, saveUser } from '../../shared/procedures/users/save-user';
import { UnknownNames } from '../../shared/procedures/users/unknown-names';
import { ListLog } from '../support/list-log';
import { SeededRandom } from '../support/seeded-random';
import type { Model } from './explore';
import { explore } from './explore';

// Every interleaving of what people do about users at the same moment, with the procedures as they are deployed.

type Worker = Model['workers'][number];

const T = Date.UTC(2026, 2, 8, 6, 0, 0);
const clock = { nowMs: () => T, sleep: () => Promise.reject(new Error('nobody sleeps in a model')) };

/** Passwords that are their own hash, and how many were looked at in the present run. */
let looks = 0;
const passwords: Passwords = {
  hash: async (password) => password,
  verify: async (password, phc) => {
    looks += 1;
    return password === phc ? 'right' : 'wrong';
  },
};

/** Each worker's chance is its own, and the same in every run. */
const portsOf = (store: Store, seed: number): LoginPorts & { unknownNames: UnknownNames } => ({
  ...{ store, clock, random: new SeededRandom(seed), log: new ListLog(), passwords },
  unknownNames: new UnknownNames(),
});

/** A worker that stops after so many calls of the store, as one that crashes: two who fence each other could go on for long. */
function within(callsMax: number, store: Store): Store {
  let calls = 0;
  const take = <T>(call: () => Promise<T>): Promise<T> =>
    (calls += 1) > callsMax ? new Promise<T>(() => undefined) : call();
  return {
    ...store,
    get: <T>(key: Key) => take(() => store.get<T>(key)),
    query: <T>(pk: string, range: Range) => take(() => store.query<T>(pk, range)),
    put: (put) => take(() => store.put(put)),
  };
}

/** Refusals are answers, too. */
const orRefused =
  (work: Worker): Worker =>
  async (store) => {
    try {
      await work(store);
    } catch (error) {
      if (
        !hasCode(error, 'LAST_ADMIN', 'VERSION_CONFLICT', 'LOGIN_FAILED', 'LOGIN_LOCKED', 'UNAUTHENTICATED') &&
        !hasCode(error, 'WRONG_PASSWORD')
      )
        throw error;
    }
  };

async function putUser(store: Store, id: string, role: Role = 'operator', login: Partial<Login> = {}): Promise<void> {
  const user: User = { id, name: id, role, enabled: true, oidcSubject: null, version: 1 };
  await store.put({ key: keys.user(id), expect: 0, value: user });
  await store.put({ key: keys.login(id), expect: 0, value: { ...noLogin(id), passwordHash: 'old', ...login } });
}

const loginOf = async (store: Store, id: string): Promise<Login> =>
  (await store.get<Login>(keys.login(id)))?.value ?? noLogin(id);

function modelOf(parts: Pick<Model, 'prepare' | 'workers' | 'faultsAtEnd'> & { crashesMax?: number }): Model {
  const { workers, crashesMax = 1 } = parts;
  const aside = { begin: () => void (looks = 0), tell: () => String(looks) };
  return { ...parts, crashesMax, aside, workers: workers.map(orRefused) };
}

/** States and ends exactly: fewer mean that something is not looked at any more. */
async function expectNoFaults(model: Model, size: readonly [states: number, ends: number]): Promise<void> {
  const { states, ends, faults } = await explore(model);
  const name = expect.getState().currentTestName ?? '';
  process.stdout.write(`${states} states of ${size[0]}, ${ends} ends of ${size[1]}: ${name}\n`);
  expect([...faults]).toEqual([]);
  expect([states, ends]).toEqual(size);
}

describe('admins who lower each other', () => {
  /** Read, read the guard, fence, read all, claim, save: once, and almost once again. */
  const CALLS_MAX = 12;
  const CALLS_ONCE = 7;
  const save =
    (id: string, role: Role, callsMax = CALLS_MAX): Worker =>
    async (store) => {
      await saveUser(within(callsMax, store), id, () => ({ name: id, role, enabled: true, oidcSubject: null }), 1);
    };
  const admins = (ids: readonly string[], workers: readonly Worker[]): Model =>
    modelOf({
      workers,
      prepare: async (store) => {
        for (const id of ids) await putUser(store, id, 'admin');
      },
      faultsAtEnd: async (store) =>
        (await loadUsers(store)).some(({ value }) => isWorkingAdmin(value)) ? [] : ['nobody is admin any more'],
    });

  it('never leave none, whoever of them stops in the middle', async () => {
    await expectNoFaults(admins(['a', 'b'], [save('a', 'viewer'), save('b', 'viewer')]), [538, 50]);
  });

  it('never leave none where there are three of them', async () => {
    const workers = ['a', 'b', 'c'].map((id) => save(id, 'viewer', CALLS_ONCE));
    await expectNoFaults({ ...admins(['a', 'b', 'c'], workers), crashesMax: 0 }, [6454, 303]);
  }, 60_000);

  it('do so even where one is saved as admin meanwhile', async () => {
    const workers = [save('a', 'viewer', CALLS_ONCE), save('b', 'viewer', CALLS_ONCE), save('a', 'admin', CALLS_ONCE)];
    await expectNoFaults({ ...admins(['a', 'b'], workers), crashesMax: 0 }, [549, 21]);
  }, 60_000);

  it('would leave none if each only looked before it wrote', async () => {
    const careless =
      (id: string): Worker =>
      async (store) => {
        const users = await loadUsers(store);
        const mine = users.find(({ value }) => value.id === id);
        if (!mine || !users.some(({ value }) => value.id !== id && isWorkingAdmin(value))) return;
        await store.put({ key: mine.key, expect: mine.version, value: { ...mine.value, role: 'viewer' } });
      };
    const { faults } = await explore(admins(['a', 'b'], [careless('a'), careless('b')]), /./);
    expect([...faults.keys()]).toEqual(['nobody is admin any more']);
  });
});

describe('logins at the same moment', () => {
  const enter =
    (seed: number, password = 'old'): Worker =>
    async (store) => {
      await logIn(portsOf(store, seed), 'wang', password);
    };

  it('each get their session', async () => {
    await expectNoFaults(
      modelOf({
        crashesMax: 0,
        prepare: (store) => putUser(store, 'wang'),
        workers: [enter(1), enter(2)],
        faultsAtEnd: async (store) => {
          const { sessions, failures } = await loginOf(store, 'wang');
          const hashes = new Set(sessions.map(({ tokenHash }) => tokenHash));
          return hashes.size === 2 && failures === 0 ? [] : [`${hashes.size} sessions, ${failures} failures`];
        },
      }),
      [221, 2],
    );
  });

  it('with wrong passwords are looked at no more often than before a pause, however they are timed', async () => {
    await expectNoFaults(
      modelOf({
        prepare: (store) => putUser(store, 'wang', 'operator', { failures: 3 }),
        workers: [enter(1, 'guess 1'), enter(2, 'guess 2'), enter(3, 'guess 3')],
        // The fourth and the fifth are free.
        faultsAtEnd: async () => (looks <= 2 ? [] : [`${looks} guesses were looked at`]),
      }),
      [334, 4],
    );
  }, 60_000);

  it('beside a change of the password leave no session that the old one opened, but the one that changed it', async () => {
    const own = { tokenHash: 'own', csrfToken: '', by: 'password', createdAtMs: T, lastSeenAtMs: T } as const;
    await expectNoFaults(
      modelOf({
        prepare: (store) => putUser(store, 'wang', 'operator', { sessions: [own] }),
        workers: [
          enter(1),
          async (store) => {
            const words = { oldPassword: 'old', newPassword: 'new' };
            await changePassword(portsOf(store, 2), { userId: 'wang', tokenHash: 'own' }, words);
          },
        ],
        faultsAtEnd: async (store) => {
          const { passwordHash, sessions } = await loginOf(store, 'wang');
          const others = sessions.filter(({ tokenHash }) => tokenHash !== 'own');
          return passwordHash === 'new' && others.length > 0 ? ['the old password has left a session'] : [];
        },
      }),
      [207, 8],
    );
  });

  it('beside a made-up password leave no session that the old one opened', async () => {
    await expectNoFaults(
      modelOf({
        prepare: (store) => putUser(store, 'wang'),
        workers: [
          enter(1),
          async (store) => {
            await giveOneTimePassword(portsOf(store, 2), 'wang');
          },
        ],
        faultsAtEnd: async (store) => {
          const { oneTime, sessions } = await loginOf(store, 'wang');
          return oneTime && sessions.length > 0 ? ['the old password has left a session'] : [];
        },
      }),
      [64, 6],
    );
  });

  it('of somebody new by OIDC, twice, make one user with two sessions', async () => {
    const arrive =
      (seed: number): Worker =>
      async (store) => {
        const arrival = { userId: 'li', name: '李', subject: 'sub-1', role: 'viewer' } as const;
        await logInByOidc(portsOf(store, seed), arrival);
      };
    await expectNoFaults(
      modelOf({
        crashesMax: 0,
        prepare: async () => undefined,
        workers: [arrive(1), arrive(2)],
        faultsAtEnd: async (store) => {
          const users = await loadUsers(store);
          const { sessions } = await loginOf(store, 'li');
          return users.length === 1 && sessions.length === 2
            ? []
            : [`${users.length} users, ${sessions.length} sessions`];
        },
      }),
      [111, 2],
    );
  });
});
