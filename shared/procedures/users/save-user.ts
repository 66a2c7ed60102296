import type { Login } from '../../domain/user/login';
import { withoutSessions, withPassword } from '../../domain/user/login';
import type { User } from '../../domain/user/user';
import { isWorkingAdmin } from '../../domain/user/user';
import { AppError } from '../../errors';
import type { Random } from '../../ports/random';
import type { Store, Stored } from '../../ports/store';
import { keys } from '../keys';
import { loadUsers } from '../settings';
import { changeLogin } from './change-login';
import type { Passwords } from './passwords';

/** Times that a save is decided again because another admin was first. */
const TRIES_MAX = 8;

/** Which admin is being lowered, and of which version of theirs that was decided. */
interface AdminGuard {
  readonly userId: string;
  readonly version: number;
}

/**
 * Saves a user of whom the caller has read `readVersion` (0: none). Who is disabled loses their sessions, and again when they
 * are enabled, for a login at that very moment may have opened one more. Throws VERSION_CONFLICT where somebody else was first, and
 * LAST_ADMIN where no enabled admin would be left.
 */
export async function saveUser(
  store: Store,
  userId: string,
  build: (before: User | undefined) => Omit<User, 'id' | 'version'>,
  readVersion: number,
): Promise<User> {
  const key = keys.user(userId);
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const stored = await store.get<User>(key);
    const presentVersion = stored?.value.version ?? 0;
    if (presentVersion !== readVersion) throw new AppError('VERSION_CONFLICT', { readVersion, presentVersion });
    const { name, role, enabled, oidcSubject } = build(stored?.value);
    const value: User = { id: userId, name, role, enabled, oidcSubject, version: readVersion + 1 };
    const lowers = stored !== undefined && isWorkingAdmin(stored.value) && !isWorkingAdmin(value);
    if (lowers && !(await mayLower(store, stored))) continue;
    if (stored && stored.value.enabled !== enabled) await endSessions(store, userId);
    if ((await store.put({ key, expect: stored?.version ?? 0, value })) === 'saved') return value;
  }
  throw new AppError('DOCUMENT_CONTENDED', { userId });
}

/** Before the save: a crash in between costs a login, and never leaves a session that counts again some day. */
async function endSessions(store: Store, userId: string): Promise<void> {
  await changeLogin(store, userId, (login) =>
    login.sessions.length > 0 ? withoutSessions(login, () => true) : undefined,
  );
}

/**
 * Claims the right to lower this admin, as they stand now. Users are documents of their own and no write spans two; so there is
 * one place to say whose turn it is, and who comes next first makes sure that the former's write can no longer arrive: it
 * saves that user once more as it stands, whereby the version that the former expects is gone. Then the users that are read
 * are all there is to decide on. False: somebody else was first, decide again. Throws LAST_ADMIN.
 */
async function mayLower(store: Store, admin: Stored<User>): Promise<boolean> {
  const guard = await store.get<AdminGuard>(keys.adminGuard());
  if (guard) await fence(store, guard.value);
  const users = await loadUsers(store);
  if (!users.some(({ value }) => value.id !== admin.value.id && isWorkingAdmin(value)))
    throw new AppError('LAST_ADMIN', { userId: admin.value.id });
  const value: AdminGuard = { userId: admin.value.id, version: admin.version };
  return (await store.put({ key: keys.adminGuard(), expect: guard?.version ?? 0, value })) === 'saved';
}

async function fence(store: Store, { userId, version }: AdminGuard): Promise<void> {
  const stored = await store.get<User>(keys.user(userId));
  // A conflict is as good: the version has moved on.
  if (stored?.version === version) await store.put({ key: stored.key, expect: version, value: stored.value });
}

/**
 * Gives a user a made-up password, to be shown once and replaced at their first login. It unlocks them, and ends their
 * sessions: somebody may have got hold of one. Throws NOT_FOUND.
 */
export async function giveOneTimePassword(
  { store, random, passwords }: { store: Store; random: Random; passwords: Passwords },
  userId: string,
): Promise<string> {
  if (!(await store.get<User>(keys.user(userId)))) throw new AppError('NOT_FOUND', { userId });
  const password = oneTimePassword(random);
  const passwordHash = await passwords.hash(password);
  await changeLogin(store, userId, (login: Login) => withPassword(login, { passwordHash, oneTime: true }));
  return password;
}

/** 31 characters that nobody confuses when reading them out. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** 16 characters in fours, about 79 bits: `k3vq-8mfn-x2pd-7hwc`. */
function oneTimePassword(random: Random): string {
  let rest = BigInt(`0x${random.token()}`);
  const characters = Array.from({ length: 16 }, () => {
    const character = LETTERS[Number(rest % BigInt(LETTERS.length))] ?? '';
    rest /= BigInt(LETTERS.length);
    return character;
  }).join('');
  return characters.replace(/(.{4})(?=.)/g, '$1-');
}
