import type { Login, Session } from '../../domain/user/login';
import { isLive, SEEN_EVERY_MS, withSeen } from '../../domain/user/login';
import type { User } from '../../domain/user/user';
import { hasCode } from '../../errors';
import type { Clock } from '../../ports/clock';
import type { Store, Stored } from '../../ports/store';
import { keys } from '../keys';
import { hashOfToken } from './session-token';

/** Whose session it is, as both stand in the store at this moment. */
export interface FoundSession {
  readonly user: User;
  readonly login: Login;
  readonly session: Session;
}

/** User and login in one read. */
export async function loadUserAndLogin(
  store: Store,
  userId: string,
): Promise<{ user: Stored<User> | undefined; login: Stored<Login> | undefined }> {
  const [user, login] = await store.getMany<User | Login>([keys.user(userId), keys.login(userId)]);
  // The keys say which is which.
  return { user: user as Stored<User> | undefined, login: login as Stored<Login> | undefined };
}

/**
 * The live session of a token of this user; undefined where there is none, or its user may not log in any more. Both documents
 * are read each time, so that disabling somebody works from the next request on. Notes now and then that it is in use.
 */
export async function findSession(
  { store, clock }: { store: Store; clock: Clock },
  userId: string,
  token: string,
): Promise<FoundSession | undefined> {
  const { user, login } = await loadUserAndLogin(store, userId);
  if (!user?.value.enabled || !login) return undefined;
  const tokenHash = hashOfToken(token);
  // Comparing hashes tells a guesser nothing of the token that is hashed.
  const session = login.value.sessions.find((one) => one.tokenHash === tokenHash);
  const nowMs = clock.nowMs();
  if (!session || !isLive(session, nowMs)) return undefined;
  if (nowMs >= session.lastSeenAtMs + SEEN_EVERY_MS) await noteUse(store, login, tokenHash, nowMs);
  return { user: user.value, login: login.value, session };
}

/** Where somebody else saves it, or the store takes nothing, the next request notes it; reading goes on. */
async function noteUse(store: Store, login: Stored<Login>, tokenHash: string, nowMs: number): Promise<void> {
  const value = withSeen(login.value, tokenHash, nowMs);
  try {
    await store.put({ key: login.key, expect: login.version, value });
  } catch (error) {
    if (!hasCode(error, 'STORE_UNAVAILABLE')) throw error;
  }
}
