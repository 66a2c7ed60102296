import * as z from 'zod/mini';
import type { Config } from '../config';
import type { LoginSecrets } from '../ports/identity-provider';
import type { Random } from '../ports/random';
import { seal, unseal } from './sealed-text';
import { cookieOf, isSecure } from './session-cookie';

type Headers = Readonly<Record<string, string>>;

/** A login by OIDC that is under way in one browser. */
export interface PendingLogin extends LoginSecrets {
  /** Path of the page to open after it. */
  readonly to: string;
  readonly untilMs: number;
}

/** As long as somebody may take to log in at the provider, second factor included. */
export const PENDING_MS = 600_000;

const NAME = 'yipan_oidc';

const Pending = z.object({
  ...{ state: z.string(), nonce: z.string(), codeVerifier: z.string() },
  ...{ to: z.string(), untilMs: z.number() },
});

const nameOf = (secure: boolean): string => (secure ? `__Secure-${NAME}` : NAME);

/**
 * The header that keeps a pending login in the browser: no instance needs to know what another one has begun. Lax and not Strict,
 * since the browser comes back from another site. It is not taken away afterwards, as gateways take one cookie of an answer:
 * what it holds is worth nothing without a code that the provider redeems once.
 */
export function pendingCookieHeader(
  config: Pick<Config, 'consoleUrl'>,
  headers: Headers,
  { secret, pending, random }: { secret: string; pending: PendingLogin; random: Random },
): string {
  const secure = isSecure(config, headers);
  const attributes = `Path=/api/session/oidc; Max-Age=${PENDING_MS / 1_000}; HttpOnly; SameSite=Lax`;
  const value = seal(secret, JSON.stringify(pending), random);
  return `${nameOf(secure)}=${value}; ${attributes}${secure ? '; Secure' : ''}`;
}

/** The pending login of the browser that comes back; undefined where it has none, or took too long. */
export function readPendingCookie(
  config: Pick<Config, 'consoleUrl'>,
  headers: Headers,
  { secret, nowMs }: { secret: string; nowMs: number },
): PendingLogin | undefined {
  const text = unseal(secret, cookieOf(headers, nameOf(isSecure(config, headers))) ?? '');
  if (text === undefined) return undefined;
  const pending = z.parse(Pending, JSON.parse(text));
  return nowMs < pending.untilMs ? pending : undefined;
}
