import { readingChannels } from '../../infra/local/demo/summary';
import type { CheckOptions } from '../../shared/procedures/check-invariants';
import { checkInvariants } from '../../shared/procedures/check-invariants';
import type { LocalWorld } from './local-world';

/** What must hold and does not, in a store that nobody writes to; at rest, if nothing else is said. */
export async function violationsIn(
  world: LocalWorld,
  { atRest = true, readShown }: Partial<Pick<CheckOptions, 'atRest' | 'readShown'>> = {},
): Promise<string[]> {
  const { store, close } = await world.openStore();
  const found: string[] = [];
  const options = { channels: readingChannels(), nowMs: Date.now(), atRest, ...(readShown && { readShown }) };
  try {
    for await (const { invariant, where, what } of checkInvariants(store, options)) {
      found.push(`${invariant}: ${where}: ${what}`);
    }
  } finally {
    await close();
  }
  return found;
}
