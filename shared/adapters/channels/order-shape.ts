import * as z from 'zod/mini';
import { LINE_QUANTITY_MAX } from '../../domain/kernel/quantity';
import type { ChannelId } from '../../domain/order/platform-order';
import { AppError } from '../../errors';
import { parseJson64, wholeNumber } from './json64';

/** Pieces of one line: at least one. */
export const lineQuantity = wholeNumber.check(z.positive(), z.maximum(LINE_QUANTITY_MAX));

/**
 * Parses an order's text against its shape. What we use must be there and sound; what we do not use may be anything, so
 * that a platform which adds a field loses no order. Throws ORDER_UNREADABLE with the first field at fault.
 */
export function readOrderShape<T extends z.ZodMiniType>(channel: ChannelId, rawText: string, shape: T): z.output<T> {
  let body: unknown;
  try {
    body = parseJson64(rawText);
  } catch (cause) {
    throw new AppError('ORDER_UNREADABLE', { channel, field: '', reason: 'the text is not JSON' }, { cause });
  }
  const read = z.safeParse(shape, body);
  if (read.success) return read.data;
  const issue = firstIssue(read.error.issues);
  throw new AppError('ORDER_UNREADABLE', { channel, field: issue.path.map(String).join('.'), reason: issue.message });
}

/** Of a union (a value, or '' for none) the first member's complaint says most. */
function firstIssue(issues: readonly z.core.$ZodIssue[]): { path: readonly PropertyKey[]; message: string } {
  const [issue] = issues;
  if (!issue) return { path: [], message: 'unknown' };
  const [inner] = issue.code === 'invalid_union' ? issue.errors : [];
  if (!inner || inner.length === 0) return issue;
  const { path, message } = firstIssue(inner);
  return { path: [...issue.path, ...path], message };
}
