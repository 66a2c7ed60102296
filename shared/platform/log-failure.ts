import { AppError, ERRORS } from '../errors';
import type { Log, LogFields } from '../ports/log';
import { documentFields } from './document-fields';

/** Characters of a stack in a line: the place of the failure and who called it, not the whole pipeline. */
const STACK_CHARS_MAX = 2_000;

/** Addresses that a log may name: of all others it says no more than that there is none. */
const KNOWN_AREA = /^\/(?:api|assets|webhooks)(?=\/)/;

/** Tells why a call failed: refused by what was asked for (`call.refused`), or by a fault that somebody must look at. */
export function logFailure(log: Log, error: unknown, fields: LogFields): void {
  const told = { ...fields, code: codeOf(error), ...reasonAndDocument(error, fields) };
  if (error instanceof AppError && error.status < 500) {
    log.info('call.refused', told);
    return;
  }
  const { stack = '', cause } = error instanceof Error ? error : {};
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
  log.error('call.failed', {
    ...told,
    stack: frames.join('\n').slice(0, STACK_CHARS_MAX),
    cause: cause === undefined ? '' : reasonOf(cause),
  });
}

/**
 * What a client asked for and is not there it may have named in any words, those of a search in the wrong field too: the
 * answer repeats them, the log does not.
 */
function reasonAndDocument(error: unknown, { trigger }: LogFields): LogFields {
  if (!(error instanceof AppError)) return { reason: reasonOf(error) };
  if (trigger !== 'http' || error.status !== 404) return { ...documentFields(error.facts), reason: reasonOf(error) };
  const { path, hint } = error.facts;
  const said = {
    ...(typeof path === 'string' && { path: `${KNOWN_AREA.exec(path)?.[0] ?? ''}/…` }),
    ...(typeof hint === 'string' && { hint }),
  };
  return { reason: `${error.code}: ${ERRORS[error.code].en} ${JSON.stringify(said)}` };
}

/** The code of an operational error; INTERNAL is a mistake of ours. */
export function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : 'INTERNAL';
}

/** The error in words that a log may hold: a parser's quote what they could not read, which may be a buyer's address. */
export function reasonOf(error: unknown): string {
  return error instanceof SyntaxError ? `${error.name}, in words that may quote what was read` : String(error);
}
