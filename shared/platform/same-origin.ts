import { timingSafeEqual } from 'node:crypto';
import type { Config } from '../config';
import { AppError } from '../errors';
import { hashOfToken } from '../procedures/users/session-token';
import type { HttpRequest } from './http';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** True for what only reads, and for which a cookie alone is enough. */
export function isSafe(method: string): boolean {
  return SAFE.has(method);
}

/** Refuses what a browser sends from another site's page: it says so itself. Throws CSRF_REFUSED. */
export function requireOwnPage(config: Pick<Config, 'consoleUrl'>, { headers }: Pick<HttpRequest, 'headers'>): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new AppError('CSRF_REFUSED');
  const origin = headers['origin'];
  if (origin === undefined || origin === config.consoleUrl) return;
  const host = URL.canParse(origin) ? new URL(origin).host : undefined;
  if (host === undefined || host !== headers['host']?.toLowerCase()) throw new AppError('CSRF_REFUSED');
}

/**
 * Requires that a page which could read the session's own token sent this: the cookie comes along by itself, whoever made the
 * browser send it. Throws CSRF_REFUSED.
 */
export function requireCsrfToken(
  config: Pick<Config, 'consoleUrl'>,
  request: Pick<HttpRequest, 'headers'>,
  csrfToken: string,
): void {
  requireOwnPage(config, request);
  // Hashes have one length, so that the comparison takes the same time whatever was sent.
  const hash = (text: string): Buffer => Buffer.from(hashOfToken(text), 'hex');
  if (!timingSafeEqual(hash(request.headers['x-csrf-token'] ?? ''), hash(csrfToken)))
    throw new AppError('CSRF_REFUSED');
}
