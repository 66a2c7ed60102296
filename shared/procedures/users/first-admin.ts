import type { User } from '../../domain/user/user';
import type { Random } from '../../ports/random';
import type { Store } from '../../ports/store';
import { keys } from '../keys';
import { loadUsers } from '../settings';
import type { Passwords } from './passwords';
import { giveOneTimePassword, saveUser } from './save-user';

interface AdminPorts {
  readonly store: Store;
  readonly random: Random;
  readonly passwords: Passwords;
}

/**
 * The admin who sets up all other users, with the password that they log in with once; undefined where there are users, of whom
 * an admin can set up more.
 */
export async function createFirstAdmin(
  ports: AdminPorts,
  admin: Pick<User, 'id' | 'name'>,
): Promise<string | undefined> {
  if ((await loadUsers(ports.store)).length > 0) return undefined;
  await saveUser(ports.store, admin.id, () => ({ ...admin, role: 'admin', enabled: true, oidcSubject: null }), 0);
  return giveOneTimePassword(ports, admin.id);
}

/**
 * For whoever can reach the store when nobody can log in: this user is made an enabled admin, whether or not they were there,
 * with a new password to log in with once. Their former sessions and pauses end.
 */
export async function restoreAdmin(ports: AdminPorts, admin: Pick<User, 'id' | 'name'>): Promise<string> {
  const stored = await ports.store.get<User>(keys.user(admin.id));
  const before = stored?.value ?? { ...admin, oidcSubject: null, version: 0 };
  await saveUser(ports.store, admin.id, () => ({ ...before, role: 'admin', enabled: true }), before.version);
  return giveOneTimePassword(ports, admin.id);
}
