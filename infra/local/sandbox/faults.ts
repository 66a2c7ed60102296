import type { FieldReader } from './field-reader';
import { InputError } from './field-reader';

/** What goes wrong on purpose. Chances are shares from 0 to 1; everything is off unless named. */
export interface Faults {
  readonly loseMessages: number;
  readonly duplicateMessages: number;
  readonly delayMessagesMs: readonly [number, number];
  readonly reorderMessages: number;
  /** The call takes effect, but its answer never comes. */
  readonly timeoutAfterApply: number;
  /** The platform answers with a retryable error and does nothing. */
  readonly errorBeforeApply: number;
  /** Overrides the configured limit; undefined leaves that one in force. */
  readonly rateLimitPerSecond: number | undefined;
  /** Gateway faults touch these methods only; empty = all. */
  readonly onlyMethods: readonly string[];
}

export const NO_FAULTS: Faults = {
  loseMessages: 0,
  duplicateMessages: 0,
  delayMessagesMs: [0, 0],
  reorderMessages: 0,
  timeoutAfterApply: 0,
  errorBeforeApply: 0,
  rateLimitPerSecond: undefined,
  onlyMethods: [],
};

export function readFaults(fields: FieldReader): Faults {
  const [minMs = 0, maxMs = minMs] = fields.list('delayMessagesMs').map(Number);
  const rateLimitPerSecond = fields.has('rateLimitPerSecond')
    ? fields.wholeNumber('rateLimitPerSecond', { min: 0, max: 1_000_000 })
    : undefined;
  const faults: Faults = {
    loseMessages: fields.chance('loseMessages'),
    duplicateMessages: fields.chance('duplicateMessages'),
    delayMessagesMs: [minMs, maxMs],
    reorderMessages: fields.chance('reorderMessages'),
    timeoutAfterApply: fields.chance('timeoutAfterApply'),
    errorBeforeApply: fields.chance('errorBeforeApply'),
    rateLimitPerSecond,
    onlyMethods: fields.texts('onlyMethods'),
  };
  fields.finish();
  if (!(minMs >= 0 && maxMs >= minMs && maxMs <= 600_000)) {
    throw new InputError('delayMessagesMs must be [min, max] in milliseconds, at most ten minutes');
  }
  return faults;
}

export function touches(faults: Faults, method: string): boolean {
  return faults.onlyMethods.length === 0 || faults.onlyMethods.includes(method);
}
