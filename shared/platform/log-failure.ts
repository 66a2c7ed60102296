import { AppError } from '../errors';
import type { Log, LogFields } from '../ports/log';

/** Characters of a stack in a line: the place of the failure and who called it, not the whole pipeline. */
const STACK_CHARS_MAX = 2_000;

/** Tells why a call failed: refused by what was asked for (`call.refused`), or by a fault that somebody must look at. */
export function logFailure(log: Log, error: unknown, fields: LogFields): void {
  const code = codeOf(error);
  if (error instanceof AppError && error.status < 500) {
    log.info('call.refused', { ...fields, code, reason: reasonOf(error) });
    return;
  }
  const { stack = '', cause } = error instanceof Error ? error : {};
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
  log.error('call.failed', {
    ...{ ...fields, code, reason: reasonOf(error) },
    stack: frames.join('\n').slice(0, STACK_CHARS_MAX),
    cause: cause === undefined ? '' : reasonOf(cause),
  });
}

/** The code of an operational error; INTERNAL is a mistake of ours. */
export function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : 'INTERNAL';
}

/** The error in words that a log may hold: a parser's quote what they could not read, which may be a buyer's address. */
export function reasonOf(error: unknown): string {
  return error instanceof SyntaxError ? `${error.name}, in words that may quote what was read` : String(error);
}
