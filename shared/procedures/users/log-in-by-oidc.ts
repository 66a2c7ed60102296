import { isKeyPart } from '../../domain/kernel/ids';
import { withSession } from '../../domain/user/login';
import type { Role, User } from '../../domain/user/user';
import { AppError, hasCode } from '../../errors';
import type { Stored } from '../../ports/store';
import { keys } from '../keys';
import { changeLogin } from './change-login';
import type { LoggedIn, LoginPorts } from './log-in';
import { saveUser } from './save-user';
import { newSession } from './session-token';

/** Whom the provider vouches for, in our words. */
export interface Arrival {
  readonly userId: string;
  readonly name: string;
  readonly subject: string;
  /** What somebody new may do; undefined: nobody new is let in. */
  readonly role: Role | undefined;
}

/** Two first logins of one person at once: the second finds what the first has saved. */
const TRIES_MAX = 3;

/**
 * Logs in whom the provider vouches for. Who has no user gets one where the settings give their group a role. From the first
 * login on a user is tied to the provider's own, unchanging name for them, so that nobody takes over a login name by taking it at
 * the provider; an admin is never tied by that, but by an admin. Throws OIDC_UNKNOWN_USER.
 */
export async function logInByOidc(ports: Omit<LoginPorts, 'passwords'>, arrival: Arrival): Promise<LoggedIn> {
  const user = await userOf(ports, arrival);
  const { session, token } = newSession(ports, 'oidc');
  await changeLogin(ports.store, user.id, (login) => withSession(login, session));
  ports.log.info('logged-in', { userId: user.id, by: 'oidc' });
  return { user, session, token, mustChangePassword: false };
}

async function userOf({ store, log }: Omit<LoginPorts, 'passwords'>, arrival: Arrival): Promise<User> {
  const { userId, name, subject, role } = arrival;
  for (let attempt = 0; isKeyPart(userId) && attempt < TRIES_MAX; attempt += 1) {
    const stored: Stored<User> | undefined = await store.get<User>(keys.user(userId));
    const user = stored?.value;
    if (user?.enabled && user.oidcSubject === subject) return user;
    const refusal = refusalOf(user, role);
    if (refusal !== undefined) {
      log.warn('oidc-login-refused', { reason: refusal, ...(user && { userId }) });
      break;
    }
    const value = user ?? { id: userId, name, role: role ?? 'viewer', enabled: true };
    try {
      const saved = await saveUser(store, userId, () => ({ ...value, oidcSubject: subject }), user?.version ?? 0);
      log.info('user-saved', { userId, role: saved.role, enabled: true, by: 'oidc' });
      return saved;
    } catch (error) {
      if (!hasCode(error, 'VERSION_CONFLICT')) throw error;
    }
  }
  throw new AppError('OIDC_UNKNOWN_USER');
}

/** Why this user is not let in; undefined: they are, once they are saved with their subject. */
function refusalOf(user: User | undefined, role: Role | undefined): string | undefined {
  if (!user) return role === undefined ? 'no role' : undefined;
  if (!user.enabled) return 'disabled';
  if (user.oidcSubject !== null) return 'another subject';
  return user.role === 'admin' ? 'admin without subject' : undefined;
}
