import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiUser, Config, Role } from '../config';
import type { Actor } from '../domain/kernel/log-line';
import { AppError } from '../errors';

const RANK: Record<Role, number> = { viewer: 0, operator: 1, strategist: 2, admin: 3 };

/**
 * The user of `Authorization: Bearer ‹token›`, who must have at least this role: viewer reads, operator handles orders
 * and stock, strategist sets strategies, admin sets shops, warehouses and SKUs. Throws UNAUTHENTICATED or FORBIDDEN.
 */
export function authenticate(config: Config, headers: Readonly<Record<string, string>>, role: Role): ApiUser {
  const token = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '';
  // Hashes have one length, so that the comparison takes the same time whatever was sent.
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  const sent = hash(token);
  const user = config.secrets.users.find((candidate) => timingSafeEqual(hash(candidate.token), sent));
  if (!user) throw new AppError('UNAUTHENTICATED');
  if (RANK[user.role] < RANK[role]) throw new AppError('FORBIDDEN', { role: user.role, needed: role });
  return user;
}

/** The user as an operation log names them. */
export function actorOf(user: ApiUser): Actor {
  return { kind: 'person', id: user.id, name: user.name };
}
