import type { Finding } from './finding';
import type { Cut, HistoryOptions } from './plan';
import type { Simulated } from './run';

/** Plays one history. */
export type Play = (options: HistoryOptions) => Promise<Pick<Simulated, 'violations' | 'actions' | 'faults'>>;

export interface Shrunk {
  readonly cut: Cut & { readonly only: ReadonlySet<string>; readonly without: ReadonlySet<string> };
  /** Faults that are left. */
  readonly faults: readonly string[];
  readonly violations: readonly Finding[];
  /** Histories played. */
  readonly played: number;
}

/** Orders of steps tried for one cut: what is left out changes the order of all steps that follow. */
const SCHEDULES = 3;

/** At rest a history of few actions is over soon. */
const REST_MS = 900_000;

/**
 * The shortest history found that still fails in the same way (delta debugging): faults are left out, then actions in halves,
 * quarters and so on down to single ones, as long as `mayGoOn`. Every cut is tried under some orders of steps.
 */
export async function shrink(
  play: Play,
  failed: Pick<Simulated, 'violations' | 'actions' | 'faults'>,
  mayGoOn: () => boolean,
  onProgress: (what: string) => void,
): Promise<Shrunk> {
  const kind = kindOf(failed.violations[0]?.what ?? '');
  const all = new Set(failed.actions);
  let best: Shrunk = {
    cut: { only: all, without: new Set(), schedule: 0 },
    ...{ faults: failed.faults, violations: failed.violations, played: 0 },
  };
  let played = 0;
  const without = async (actions: ReadonlySet<string>, faults: ReadonlySet<string>): Promise<boolean> => {
    const only = new Set([...best.cut.only].filter((id) => !actions.has(id)));
    const gone = new Set([...best.cut.without, ...faults]);
    const first = best.cut.schedule ?? 0;
    for (let offset = 0; offset < SCHEDULES && mayGoOn(); offset += 1) {
      const cut = { only, without: gone, schedule: (first + offset) % SCHEDULES };
      const { violations, actions: met } = await play({ ...cut, restMs: REST_MS });
      played += 1;
      if (!violations.some(({ what }) => kindOf(what) === kind)) continue;
      const left = failed.faults.filter((fault) => !gone.has(fault));
      // Actions that did not come to pass this time are gone, too.
      best = { cut: { ...cut, only: new Set(met.filter((id) => only.has(id))) }, faults: left, violations, played };
      onProgress(`${best.cut.only.size} of ${all.size} actions, faults ${left.join(', ') || 'none'}, ${played} played`);
      return true;
    }
    return false;
  };
  if (!(await without(new Set(), new Set(failed.faults))))
    await leaveOut(best.faults, (some) => without(NOTHING, some));
  for (let before = 0; before !== best.cut.only.size && mayGoOn(); ) {
    before = best.cut.only.size;
    for (let size = Math.ceil(before / 2); size >= 1 && mayGoOn(); size = size === 1 ? 0 : Math.ceil(size / 2)) {
      await leaveOut(chunks([...best.cut.only], size), (some) => without(some, NOTHING));
    }
    await leaveOut(best.faults, (some) => without(NOTHING, some));
  }
  return { ...best, played };
}

const NOTHING: ReadonlySet<string> = new Set();

async function leaveOut(
  parts: readonly (string | readonly string[])[],
  attempt: (part: ReadonlySet<string>) => Promise<boolean>,
): Promise<void> {
  for (const part of parts) await attempt(new Set(typeof part === 'string' ? [part] : part));
}

function chunks(ids: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, i) => ids.slice(i * size, (i + 1) * size));
}

/** A violation without the numbers and documents that differ from history to history. */
export function kindOf(violation: string): string {
  return violation
    .replace(/\(?[/\w@.-]*\.(?:ts|js):\d+(?::\d+)?\)?/g, '…')
    .replace(/([a-z-]+)#\S+/g, '$1#…')
    .replace(/(?<!invariant )\b[\w.-]*\d[\w.-]*/g, '…');
}
