/** Roles 角色 from the lowest to the highest; each may do what those before it may. */
export const ROLES = ['viewer', 'operator', 'strategist', 'admin'] as const;

/** viewer reads, operator handles orders and stock, strategist sets strategies, admin sets shops, SKUs and users. */
export type Role = (typeof ROLES)[number];

/** A person 用户 who may log in. Nothing secret is in it: see {@link ./login}. */
export interface User {
  /** Login name; may stand in a key. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** False: no session of theirs counts any more, from the next request on. */
  readonly enabled: boolean;
  /** Who they are at the OIDC provider (its `sub`), once they have come by it or an admin has said so. */
  readonly oidcSubject: string | null;
  readonly version: number;
}

/** True where the role allows what `needed` allows. */
export function hasRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** True where the user can set users up; one such must always be left. */
export function isWorkingAdmin(user: Pick<User, 'role' | 'enabled'> | undefined): boolean {
  return user?.role === 'admin' && user.enabled;
}
