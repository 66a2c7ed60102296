import * as z from 'zod/mini';
import type { Stored } from '../../../shared/ports/store';
import type { Fingerprint } from './fingerprint';

// The format of an exported store: JSON Lines. A header, the documents one a line, a trailer that says what came before
// it. A file without its trailer is cut off, one whose digest differs is damaged.

export const FORMAT = 'yipan-documents';
export const FORMAT_VERSION = 1;

/** A document is at most 350 KB; escapes can make its line longer, never longer than this. */
export const LINE_BYTES_MAX = 4 * 1024 * 1024;

const Text = z.string().check(z.minLength(1));
const Place = z.strictObject({ partition: z.string(), sort: z.string() });

const Header = z.strictObject({ format: Text, formatVersion: z.int(), createdAtMs: z.int(), source: Text });
const Trailer = z.strictObject({
  end: z.literal(true),
  documents: z.int().check(z.minimum(0)),
  kinds: z.record(z.string(), z.int()),
  /** SHA-256 over the bytes of every line before this one, line ends included. */
  sha256: Text,
  /** {@link Fingerprint.digest}. */
  fingerprint: Text,
});
const DocumentLine = z.strictObject({
  pk: Text,
  sk: Text,
  version: z.int().check(z.minimum(1)),
  value: z.unknown(),
  places: z.strictObject({ open: z.optional(Place), list: z.optional(Place) }),
});

export type Header = z.infer<typeof Header>;
export type Trailer = z.infer<typeof Trailer>;

export type Line = { kind: 'document'; document: Stored<unknown> } | { kind: 'trailer'; trailer: Trailer };

export function headerText(source: string, createdAtMs: number): string {
  const header: Header = { format: FORMAT, formatVersion: FORMAT_VERSION, createdAtMs, source };
  return `${JSON.stringify(header)}\n`;
}

export function documentText({ key: { pk, sk }, version, value, places }: Stored<unknown>): string {
  return `${JSON.stringify({ pk, sk, version, value, places })}\n`;
}

export function trailerText(sha256: string, { documents, kinds, digest }: Fingerprint): string {
  const trailer: Trailer = { end: true, documents, kinds, sha256, fingerprint: digest };
  return `${JSON.stringify(trailer)}\n`;
}

/** Throws where the line is not the header of a file that this version reads. */
export function readHeader(text: string): Header {
  const header = z.safeParse(Header, jsonOrUndefined(text));
  if (!header.success || header.data.format !== FORMAT) throw new Error('it is not an export of Yipan');
  const { formatVersion } = header.data;
  if (formatVersion !== FORMAT_VERSION)
    throw new Error(`it is of format version ${formatVersion}, and this program reads version ${FORMAT_VERSION} only`);
  return header.data;
}

/** Throws where the line is neither a document nor a trailer. */
export function readLine(text: string): Line {
  const json = jsonOrUndefined(text);
  const document = z.safeParse(DocumentLine, json);
  if (document.success && document.data.value !== undefined) {
    const { pk, sk, version, value, places } = document.data;
    const { open, list } = places;
    return {
      kind: 'document',
      document: { key: { pk, sk }, version, value, places: { ...(open && { open }), ...(list && { list }) } },
    };
  }
  const trailer = z.safeParse(Trailer, json);
  if (trailer.success) return { kind: 'trailer', trailer: trailer.data };
  throw new Error('it is not a document');
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
