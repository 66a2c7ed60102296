import type { Login } from '../../domain/user/login';
import { noLogin } from '../../domain/user/login';
import { AppError } from '../../errors';
import type { Store } from '../../ports/store';
import { keys } from '../keys';

/** Logins of one user at the same moment: ten sessions, each with a click or two. */
const TRIES_MAX = 20;

/**
 * Saves what `change` makes of a user's login, deciding again on what stands there where somebody was first. What it throws
 * ends it. Undefined changes nothing. Throws DOCUMENT_CONTENDED.
 */
export async function changeLogin(
  store: Store,
  userId: string,
  change: (login: Login) => Login | undefined,
): Promise<Login> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const stored = await store.get<Login>(keys.login(userId));
    const before = stored?.value ?? noLogin(userId);
    const value = change(before);
    if (value === undefined) return before;
    const saved = await store.put({ key: keys.login(userId), expect: stored?.version ?? 0, value });
    if (saved === 'saved') return value;
  }
  throw new AppError('DOCUMENT_CONTENDED', { userId });
}
