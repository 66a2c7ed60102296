import { compareText } from '../../../shared/domain/kernel/text-order';
import { AppError } from '../../../shared/errors';
import type { IndexHit, Key } from '../../../shared/ports/store';

/** A place in a list: behind this row. Rows are ordered by sort text, then by key, which no two documents share. */
export interface Cursor {
  readonly sort: string;
  readonly key: Key;
}

/** The cursor as text for a URL. */
export function cursorText({ sort, key: { pk, sk } }: IndexHit): string {
  return Buffer.from(JSON.stringify([sort, pk, sk]), 'utf8').toString('base64url');
}

/** Throws BAD_INPUT for a text that no page has given. */
export function readCursor(text: string): Cursor {
  const parts = parsed(text);
  const [sort, pk, sk] = parts;
  if (parts.length !== 3 || sort === undefined || pk === undefined || sk === undefined) {
    throw new AppError('BAD_INPUT', {
      problems: ['after: not what a former page gave as next / 不是上一页给出的位置'],
    });
  }
  return { sort, key: { pk, sk } };
}

function parsed(text: string): string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : [];
  } catch {
    return [];
  }
}

/** Negative where `a` comes before `b` in ascending order. Text is compared as the engines do: by code point. */
export function compareHits(a: Cursor, b: Cursor): number {
  return compareText(a.sort, b.sort) || compareText(a.key.pk, b.key.pk) || compareText(a.key.sk, b.key.sk);
}
