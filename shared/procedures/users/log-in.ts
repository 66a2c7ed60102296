import type { Failures, Session } from '../../domain/user/login';
import {
  mustChangePassword,
  withAttempt,
  withoutAttempt,
  withoutFailures,
  withPassword,
  withSession,
} from '../../domain/user/login';
import type { User } from '../../domain/user/user';
import { AppError } from '../../errors';
import type { Clock } from '../../ports/clock';
import type { Log } from '../../ports/log';
import type { Random } from '../../ports/random';
import type { Store } from '../../ports/store';
import { changeLogin } from './change-login';
import { loadUserAndLogin } from './find-session';
import type { Passwords } from './passwords';
import { newSession } from './session-token';
import type { UnknownNames } from './unknown-names';

export interface LoginPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly passwords: Passwords;
}

/** Somebody is in: the token is for their cookie alone. */
export interface LoggedIn {
  readonly user: User;
  readonly session: Session;
  readonly token: string;
  readonly mustChangePassword: boolean;
}

/**
 * Logs a user in by password. The attempt is counted before the password is looked at, and forgotten if it is right: guesses
 * that are sent at once cannot all be free. Throws LOGIN_FAILED, LOGIN_LOCKED or LOGIN_BUSY, none of which tells whether there
 * is such a user: names that nobody has cost the same time and get the same pauses.
 */
export async function logIn(
  ports: LoginPorts & { readonly unknownNames: UnknownNames },
  userId: string,
  password: string,
): Promise<LoggedIn> {
  const { store, clock, log, passwords, unknownNames } = ports;
  const { user, login } = await loadUserAndLogin(store, userId);
  if (!user?.value.enabled || !login || login.value.passwordHash === null) {
    refuseWhileLocked(unknownNames.of(userId), clock.nowMs());
    unknownNames.countAttempt(userId, clock.nowMs());
    // In the place of the write that counts a user's attempt.
    await loadUserAndLogin(store, userId);
    await answered(passwords.verify(password, null), async () => unknownNames.takeBackAttempt(userId));
    // Not the name: people type their password into the wrong field.
    log.warn('login-failed', { known: false });
    throw new AppError('LOGIN_FAILED');
  }
  const hash = await countAttempt(ports, userId);
  const outcome = await answered(passwords.verify(password, hash), () => takeBackAttempt(store, userId));
  if (outcome === 'wrong') {
    log.warn('login-failed', { known: true, userId });
    throw new AppError('LOGIN_FAILED');
  }
  const renewed = outcome === 'stale' ? await passwords.hash(password) : hash;
  const { session, token } = newSession(ports, 'password');
  const saved = await changeLogin(store, userId, (now) => {
    // Changed meanwhile: what was right a moment ago opens nothing any more.
    if (now.passwordHash !== hash) throw new AppError('LOGIN_FAILED');
    return withSession({ ...withoutFailures(now), passwordHash: renewed }, session);
  });
  log.info('logged-in', { userId, by: 'password' });
  return { user: user.value, session, token, mustChangePassword: mustChangePassword(saved, session) };
}

/**
 * Replaces the password by one that the user chose; their other sessions end. The old one is asked for, and guesses at it
 * count as at a login. Throws WRONG_PASSWORD, LOGIN_LOCKED, LOGIN_BUSY, or UNAUTHENTICATED where the session is over.
 */
export async function changePassword(
  ports: LoginPorts,
  { userId, tokenHash }: { userId: string; tokenHash: string },
  { oldPassword, newPassword }: { oldPassword: string; newPassword: string },
): Promise<void> {
  const { store, log, passwords } = ports;
  const hash = await countAttempt(ports, userId);
  const outcome = await answered(passwords.verify(oldPassword, hash), () => takeBackAttempt(store, userId));
  if (outcome === 'wrong') {
    log.warn('password-change-failed', { userId });
    throw new AppError('WRONG_PASSWORD');
  }
  const passwordHash = await passwords.hash(newPassword);
  await changeLogin(store, userId, (now) => {
    const stays = now.sessions.some((session) => session.tokenHash === tokenHash);
    if (!stays || now.passwordHash !== hash) throw new AppError('UNAUTHENTICATED');
    return withPassword(now, { passwordHash, oneTime: false, staysTokenHash: tokenHash });
  });
  log.info('password-changed', { userId });
}

/** Counts an attempt and gives the hash to compare with, null where there is none. Throws LOGIN_LOCKED. */
async function countAttempt({ store, clock }: LoginPorts, userId: string): Promise<string | null> {
  const { passwordHash } = await changeLogin(store, userId, (now) => {
    refuseWhileLocked(now, clock.nowMs());
    return withAttempt(now, clock.nowMs());
  });
  return passwordHash;
}

/** Where nobody has looked at the password, the attempt was none. */
async function answered<T>(verifying: Promise<T>, takeBack: () => Promise<void>): Promise<T> {
  try {
    return await verifying;
  } catch (error) {
    await takeBack();
    throw error;
  }
}

async function takeBackAttempt(store: Store, userId: string): Promise<void> {
  await changeLogin(store, userId, withoutAttempt);
}

function refuseWhileLocked({ lockedUntilMs }: Failures, nowMs: number): void {
  if (nowMs >= lockedUntilMs) return;
  const retryAfterS = Math.ceil((lockedUntilMs - nowMs) / 1_000);
  throw new AppError('LOGIN_LOCKED', { untilMs: lockedUntilMs, retryAfterS });
}
