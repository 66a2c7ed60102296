import { existsSync } from 'node:fs';
import type { Key, Store } from '../../../shared/ports/store';
import type { Fingerprint, FingerprintTally } from './fingerprint';
import { tallyFingerprint } from './fingerprint';
import { documentText, headerText, readLine, trailerText } from './move-format';
import { pagesOf } from './pages';
import { PartFile, partOf, removeParts } from './part-file';

/** Text of one block; a crash loses no more than this. */
const BLOCK_CHARS = 1024 * 1024;

export interface ExportOptions {
  readonly store: Store;
  /** Where the store is, without secrets: a resume of another one is refused. */
  readonly source: string;
  readonly file: string;
  readonly resume: boolean;
  readonly nowMs: number;
  /** Reads the store once more at the end, and throws where it changed meanwhile. */
  readonly recheck: boolean;
  readonly onDocuments: (documents: number, doing: 'reading' | 'comparing') => void;
}

/** Writes every document of a store to a file. The file gets its name only when it is complete and durable. */
export async function exportStore(options: ExportOptions): Promise<Fingerprint> {
  const { source, file, nowMs } = options;
  if (existsSync(file)) throw new Error(`${file} is there already`);
  if (!options.resume && existsSync(partOf(file)))
    throw new Error(`${partOf(file)} is an export that did not end: go on with --resume, or remove it`);
  const tally = tallyFingerprint();
  const left = options.resume ? await PartFile.resume(file, source, (text) => tallyBlock(text, tally)) : undefined;
  if (!left) await removeParts(file);
  const part = left?.part ?? (await PartFile.create(file, source));
  const unchanged = { documents: 0, digest: '' };
  try {
    if (!left) await part.append(headerText(source, nowMs), undefined);
    await appendDocuments(options, part, tally, left?.after);
    const total = tally.total();
    Object.assign(unchanged, options.recheck ? await fingerprintOf(options) : total);
    if (unchanged.digest === total.digest) {
      await part.complete(trailerText(part.sha256.digest('hex'), total));
      return total;
    }
  } catch (error) {
    await part.close().catch(() => undefined);
    throw error;
  }
  await part.close();
  await removeParts(file);
  throw new Error('the store was written to while it was read: stop everything that writes and export again');
}

async function appendDocuments(
  { store, onDocuments }: ExportOptions,
  part: PartFile,
  tally: FingerprintTally,
  from: Key | undefined,
): Promise<void> {
  let block = '';
  let after = from;
  for await (const page of pagesOf(store, from)) {
    for (const document of page) {
      tally.add(document);
      block += documentText(document);
      after = document.key;
      if (block.length < BLOCK_CHARS) continue;
      await part.append(block, after);
      block = '';
    }
    onDocuments(tally.total().documents, 'reading');
  }
  if (block !== '') await part.append(block, after);
}

async function fingerprintOf({ store, onDocuments }: ExportOptions): Promise<Fingerprint> {
  const tally = tallyFingerprint();
  for await (const page of pagesOf(store)) {
    for (const document of page) tally.add(document);
    onDocuments(tally.total().documents, 'comparing');
  }
  return tally.total();
}

/** The first line of the first block is the header. */
function tallyBlock(text: string, tally: FingerprintTally): void {
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('{"format"')) continue;
    const read = readLine(line);
    if (read.kind === 'document') tally.add(read.document);
  }
}
