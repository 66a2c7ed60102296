import { deflateRawSync } from 'node:zlib';
import { AppError } from '../errors';
import type { Key } from '../ports/store';
import { DOCUMENT_BYTES_MAX, DOCUMENT_TEXT_BYTES_MAX } from '../ports/store';

/** A document's value as JSON. Throws DOCUMENT_TOO_LARGE where an engine would refuse it, so that all engines refuse the same. */
export function documentText(key: Key, value: unknown): string {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= DOCUMENT_BYTES_MAX) return text;
  // Rare: an order of hundreds of lines. What counts is the size that an engine with a limit keeps.
  const keptBytes = bytes > DOCUMENT_TEXT_BYTES_MAX ? bytes : deflateRawSync(text).length;
  if (keptBytes <= DOCUMENT_BYTES_MAX) return text;
  const facts = { pk: key.pk, bytes, keptBytes, keptBytesMax: DOCUMENT_BYTES_MAX };
  throw new AppError('DOCUMENT_TOO_LARGE', { ...facts, bytesMax: DOCUMENT_TEXT_BYTES_MAX });
}
