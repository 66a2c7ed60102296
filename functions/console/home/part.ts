import { codeOf } from '../../../shared/platform/log-failure';
import type { Log } from '../../../shared/ports/log';

/** A part of a page that is there, or the code of what kept it from being read. */
export interface Part<T> {
  readonly value: T | null;
  readonly error: string | null;
}

/** Reads one part of a page: what goes wrong with it leaves the other parts as they are, and stands in the log. */
export async function partOf<T>(log: Log, name: string, read: () => Promise<T>): Promise<Part<T>> {
  try {
    return { value: await read(), error: null };
  } catch (error) {
    log.warn('home.part-failed', { part: name, code: codeOf(error), reason: String(error) });
    return { value: null, error: codeOf(error) };
  }
}
