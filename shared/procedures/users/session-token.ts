import { createHash } from 'node:crypto';
import type { Session } from '../../domain/user/login';
import type { Clock } from '../../ports/clock';
import type { Random } from '../../ports/random';

/** A session and its token, which goes into the cookie and is kept nowhere. */
export interface NewSession {
  readonly session: Session;
  /** 256 bits in hex. */
  readonly token: string;
}

/** A session that begins now. Its token is new whatever the browser had before: nobody can plant one. */
export function newSession(ports: { random: Random; clock: Clock }, by: Session['by']): NewSession {
  const { random, clock } = ports;
  const token = random.token() + random.token();
  const nowMs = clock.nowMs();
  return {
    token,
    session: {
      ...{ tokenHash: hashOfToken(token), csrfToken: random.token() + random.token() },
      ...{ by, createdAtMs: nowMs, lastSeenAtMs: nowMs },
    },
  };
}

/** What the store knows of a token: 256 random bits need no slow hash. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
