import { createHash, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config';
import type { Actor } from '../domain/kernel/log-line';
import type { Session } from '../domain/user/login';
import { mustChangePassword } from '../domain/user/login';
import type { Role, User } from '../domain/user/user';
import { hasRole } from '../domain/user/user';
import { AppError } from '../errors';
import type { Clock } from '../ports/clock';
import type { Store } from '../ports/store';
import { findSession } from '../procedures/users/find-session';
import type { HttpRequest } from './http';
import { isSafe, requireCsrfToken } from './same-origin';
import { readSessionCookie } from './session-cookie';

/** Who calls: a program by its token, or a person by the session of their browser. */
export interface Caller extends Pick<User, 'id' | 'name' | 'role'> {
  /** Undefined for a program. */
  readonly session: Session | undefined;
  readonly mustChangePassword: boolean;
}

/** What knowing a caller takes of a run. */
export interface CallersRun {
  readonly config: Pick<Config, 'secrets' | 'consoleUrl'>;
  readonly ports: { readonly store: Store; readonly clock: Clock };
}

type Asked = Pick<HttpRequest, 'method' | 'headers'>;

/**
 * Who sent this request, if anybody that is known: by `Authorization: Bearer ‹token›`, else by the session's cookie, whose user
 * and role are read now. A cookie is not yet a permission: see {@link authenticate}. Throws UNAUTHENTICATED for a wrong token.
 */
export async function whoCalls({ config, ports }: CallersRun, { headers }: Asked): Promise<Caller | undefined> {
  if (headers['authorization'] !== undefined) return programOf(config, headers['authorization']);
  const cookie = readSessionCookie(config, headers);
  const found = cookie && (await findSession(ports, cookie.userId, cookie.token));
  if (!found) return undefined;
  const { user, login, session } = found;
  const { id, name, role } = user;
  return { id, name, role, session, mustChangePassword: mustChangePassword(login, session) };
}

function programOf({ secrets }: Pick<Config, 'secrets'>, authorization: string): Caller {
  const token = /^Bearer (.+)$/i.exec(authorization)?.[1] ?? '';
  // Hashes have one length, so that the comparison takes the same time whatever was sent.
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  const sent = hash(token);
  const known = secrets.users.find((candidate) => timingSafeEqual(hash(candidate.token), sent));
  if (!known) throw new AppError('UNAUTHENTICATED');
  const { id, name, role } = known;
  return { id, name, role, session: undefined, mustChangePassword: false };
}

/**
 * Who sent this request, who must have at least this role: viewer reads, operator handles orders and stock, strategist sets
 * strategies, admin sets shops, warehouses, SKUs and users. A browser must also show that our own page sent what changes
 * something, and whoever has a made-up password must replace it first, but for where `evenOneTime`. Throws UNAUTHENTICATED,
 * CSRF_REFUSED, PASSWORD_CHANGE_NEEDED or FORBIDDEN.
 */
export async function authenticate(
  run: CallersRun,
  request: Asked,
  role: Role,
  { evenOneTime = false }: { evenOneTime?: boolean } = {},
): Promise<Caller> {
  const caller = await whoCalls(run, request);
  if (!caller) throw new AppError('UNAUTHENTICATED');
  if (caller.session && !isSafe(request.method)) requireCsrfToken(run.config, request, caller.session.csrfToken);
  if (caller.mustChangePassword && !evenOneTime) throw new AppError('PASSWORD_CHANGE_NEEDED');
  if (!hasRole(caller.role, role)) throw new AppError('FORBIDDEN', { role: caller.role, needed: role });
  return caller;
}

/** The caller as an operation log names them. */
export function actorOf({ id, name }: Pick<Caller, 'id' | 'name'>): Actor {
  return { kind: 'person', id, name };
}
