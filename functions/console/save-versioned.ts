import { AppError } from '../../shared/errors';
import type { IndexPlaces, Key, Store } from '../../shared/ports/store';

/** Times that a save is tried again because a sweep touched the document, which is not the user's concern. */
const TRIES_MAX = 8;

/** Members that are ours to keep and not what a person saved. */
const OWN = new Set(['version', 'resync', 'spreadPending', 'spreadAgainAtMs', 'seekAtMs']);

/**
 * Saves a settings document of which the caller has read `version` (0: none). Where somebody else has saved it since,
 * VERSION_CONFLICT tells the present version and which members differ; nothing is changed.
 */
export async function saveVersioned<T extends { readonly version: number }>(
  store: Store,
  key: Key,
  readVersion: number,
  build: (before: T | undefined, version: number) => T,
  places: (value: T) => IndexPlaces,
): Promise<T> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const stored = await store.get<T>(key);
    const value = build(stored?.value, readVersion + 1);
    if ((stored?.value.version ?? 0) !== readVersion) {
      throw new AppError('VERSION_CONFLICT', {
        readVersion,
        presentVersion: stored?.value.version ?? 0,
        changed: differences(value, stored?.value),
      });
    }
    const saved = await store.put({ key, expect: stored?.version ?? 0, value, places: places(value) });
    if (saved === 'saved') return value;
  }
  throw new AppError('DOCUMENT_CONTENDED', { pk: key.pk, sk: key.sk });
}

/** Members in which what the caller wants differs from what stands there. */
export function differences(
  mine: object,
  theirs: object | undefined,
): { member: string; yours: unknown; theirs: unknown }[] {
  const [yours, present] = [mine as Record<string, unknown>, (theirs ?? {}) as Record<string, unknown>];
  return [...new Set([...Object.keys(yours), ...Object.keys(present)])]
    .filter((member) => !OWN.has(member) && JSON.stringify(yours[member]) !== JSON.stringify(present[member]))
    .map((member) => ({ member, yours: yours[member] ?? null, theirs: present[member] ?? null }));
}
