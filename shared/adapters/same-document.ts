import { isDeepStrictEqual } from 'node:util';
import type { Stored } from '../ports/store';

/** Whether two documents are the same but for the order of their members, which an engine need not keep. */
export function sameDocument(a: Stored<unknown>, b: Stored<unknown>): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

function plain({ key: { pk, sk }, version, value, places: { open, list } }: Stored<unknown>): unknown {
  const members = { pk, sk, version, value, open: open ?? null, list: list ?? null };
  return JSON.parse(JSON.stringify(members));
}
