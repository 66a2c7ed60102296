import { ReplyError } from 'ioredis';

/** What became of a call that failed. */
export interface RedisFault {
  /**
   * `lost`: the connection is gone, or leads to a server that writes no more: a new one may help at once. `silent`: no
   * answer in time. `refused`: the server says that it cannot now. `mistake`: ours, in a script or its arguments.
   */
  readonly kind: 'lost' | 'silent' | 'refused' | 'mistake';
  /** A code, never a text of the server or of the client: those repeat commands, and with them a password. */
  readonly reason: string;
  /** Where it is free of secrets: what the socket says. */
  readonly cause?: unknown;
}

/** Answers of a server whose connection should lead elsewhere: after a fail-over it is a replica. */
const MOVED_ON = /\b(READONLY|MASTERDOWN)\b/;

/**
 * Answers that pass by themselves, or by an operator: loading, full, busy, a cluster that lacks a node, a login that is
 * wrong. Older servers report some of them from within a script, so that they may stand anywhere in the text.
 */
const NOT_NOW = /\b(LOADING|OOM|BUSY|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MISCONF|NOAUTH|WRONGPASS|NOPERM|MOVED|ASK)\b/;

/** Servers before 6 answer a wrong password with a sentence, and a limit on clients at any time. */
const REFUSED_CLIENT = /invalid (username-)?password|max number of clients/i;

/** Tells from an error of the client what happened. */
export function faultOf(error: unknown): RedisFault {
  if (!isErrorLike(error)) return { kind: 'mistake', reason: 'unknown' };
  const movedOn = MOVED_ON.exec(error.message)?.[1];
  if (movedOn !== undefined) return { kind: 'lost', reason: movedOn };
  const notNow = NOT_NOW.exec(error.message)?.[1];
  if (notNow !== undefined) return { kind: 'refused', reason: notNow };
  if (REFUSED_CLIENT.test(error.message)) return { kind: 'refused', reason: 'REFUSED_CLIENT' };
  // By class: its name is another one in a minified bundle.
  if (error instanceof (ReplyError as ErrorConstructor)) return { kind: 'mistake', reason: 'script' };
  if (error.message.includes('timed out')) return { kind: 'silent', reason: 'no answer in time' };
  if (typeof error.code === 'string') return { kind: 'lost', reason: error.code, cause: error };
  return { kind: 'lost', reason: 'the connection was lost' };
}

/** By shape: an error of a socket need not be of this realm's class. */
function isErrorLike(error: unknown): error is { message: string; code?: unknown } {
  return typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
}
