import { SESSION_MS } from '../domain/user/login';
import { isKeyPart } from '../domain/kernel/ids';
import type { Config } from '../config';

type Headers = Readonly<Record<string, string>>;

/** What a session's cookie says. The token is 256 bits in hex. */
export interface SessionCookie {
  readonly userId: string;
  readonly token: string;
}

const NAME = 'yipan_session';

/**
 * True where the browser speaks TLS with whoever stands before us. A browser that is told a lie here by nobody but its owner
 * loses a cookie, and no more.
 */
export function isSecure(config: Pick<Config, 'consoleUrl'>, headers: Headers): boolean {
  const forwarded = headers['x-forwarded-proto']?.split(',')[0]?.trim().toLowerCase();
  return forwarded === 'https' || (config.consoleUrl?.startsWith('https:') ?? false);
}

/** `__Host-` makes the browser refuse one that another subdomain or an unencrypted page has planted; it demands TLS. */
const nameOf = (secure: boolean): string => (secure ? `__Host-${NAME}` : NAME);

/** The session's cookie of a request; undefined where there is none of its shape. */
export function readSessionCookie(config: Pick<Config, 'consoleUrl'>, headers: Headers): SessionCookie | undefined {
  const value = cookieOf(headers, nameOf(isSecure(config, headers)));
  const [, encoded = '', token = ''] = /^([\w-]{1,400})\.([\da-f]{64})$/.exec(value ?? '') ?? [];
  const userId = Buffer.from(encoded, 'base64url').toString('utf8');
  return isKeyPart(userId) && token !== '' ? { userId, token } : undefined;
}

/** The header that gives a browser its session. */
export function sessionCookieHeader(
  config: Pick<Config, 'consoleUrl'>,
  headers: Headers,
  { userId, token }: SessionCookie,
): string {
  const value = `${Buffer.from(userId, 'utf8').toString('base64url')}.${token}`;
  return cookieText(value, SESSION_MS / 1_000, isSecure(config, headers));
}

/** The header that takes it away. */
export function noSessionCookieHeader(config: Pick<Config, 'consoleUrl'>, headers: Headers): string {
  return cookieText('', 0, isSecure(config, headers));
}

function cookieText(value: string, maxAgeS: number, secure: boolean): string {
  const attributes = `Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict`;
  return `${nameOf(secure)}=${value}; ${attributes}${secure ? '; Secure' : ''}`;
}

/** The value of a request's cookie of this name. */
export function cookieOf(headers: Headers, name: string): string | undefined {
  const pairs = (headers['cookie'] ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
