import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Stored } from '../../../shared/ports/store';
import type { Fingerprint } from './fingerprint';
import { tallyFingerprint } from './fingerprint';
import type { Header, Trailer } from './move-format';
import { LINE_BYTES_MAX, readHeader, readLine, trailerText } from './move-format';

const NEW_LINE = 0x0a;

/**
 * Reads a whole file and compares it with its trailer, so that a broken one is known before anything is written. Throws
 * with what is wrong with it.
 */
export async function checkMoveFile(
  file: string,
  onDocument: () => void,
): Promise<{ header: Header; fingerprint: Fingerprint }> {
  const tally = tallyFingerprint();
  const sha256 = createHash('sha256');
  let header: Header | undefined;
  let end: Trailer | undefined;
  let last = '';
  let number = 0;
  for await (const bytes of linesOf(file)) {
    number += 1;
    if (end) throw wrong(file, `line ${number} stands behind the last one`);
    try {
      if (header === undefined) header = readHeader(bytes.toString('utf8'));
      else {
        const line = readLine(bytes.toString('utf8'));
        if (line.kind === 'trailer') {
          end = line.trailer;
          last = bytes.toString('utf8');
          continue;
        }
        tally.add(line.document);
        onDocument();
      }
    } catch (error) {
      throw wrong(file, `line ${number}: ${error instanceof Error ? error.message : String(error)}`);
    }
    sha256.update(bytes).update('\n');
  }
  if (header === undefined) throw wrong(file, 'it is empty');
  if (end === undefined) throw wrong(file, 'it is cut off: its last line is missing');
  const fingerprint = tally.total();
  if (end.documents !== fingerprint.documents)
    throw wrong(file, `it says ${end.documents} documents and holds ${fingerprint.documents}`);
  // The very bytes, so that nothing in the last line can be wrong either.
  if (trailerText(sha256.digest('hex'), fingerprint) !== `${last}\n`)
    throw wrong(file, 'its digest is not that of its lines: it is damaged');
  return { header, fingerprint };
}

/** The documents of a file that {@link checkMoveFile} found whole. */
export async function* documentsOf(file: string): AsyncGenerator<Stored<unknown>> {
  let first = true;
  for await (const bytes of linesOf(file)) {
    if (!first) {
      const line = readLine(bytes.toString('utf8'));
      if (line.kind === 'document') yield line.document;
    }
    first = false;
  }
}

/** Lines as bytes, without their ends. Throws where the last has none. */
async function* linesOf(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of bytesOf(file) as AsyncIterable<Buffer>) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let from = 0;
      for (let end = bytes.indexOf(NEW_LINE); end !== -1; end = bytes.indexOf(NEW_LINE, from)) {
        yield bytes.subarray(from, end);
        from = end + 1;
      }
      rest = bytes.subarray(from);
      if (rest.length > LINE_BYTES_MAX) throw wrong(file, 'it has a line that is longer than any document');
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw wrong(file, 'it is cut off in the middle');
    if (code?.startsWith('Z_')) throw wrong(file, 'it is damaged: it cannot be unpacked');
    throw error;
  }
  if (rest.length > 0) throw wrong(file, 'it is cut off in the middle of a line');
}

function bytesOf(file: string): Readable {
  const bytes = createReadStream(file);
  if (!isPacked(file)) return bytes;
  // The error, if there is one, reaches who reads what is unpacked.
  return pipeline(bytes, createGunzip(), () => undefined);
}

export function isPacked(file: string): boolean {
  return file.endsWith('.gz');
}

function wrong(file: string, what: string): Error {
  return new Error(`${file} is not imported: ${what}`);
}
