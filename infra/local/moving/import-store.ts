import pLimit from 'p-limit';
import { sameDocument } from '../../../shared/adapters/same-document';
import type { RestoringStore, Stored } from '../../../shared/ports/store';
import type { Fingerprint } from './fingerprint';
import { tallyFingerprint } from './fingerprint';
import { pagesOf } from './pages';
import { documentsOf } from './read-move-file';

/** Documents in memory at once. */
const BATCH = 200;

export type ImportStep = 'comparing what is there' | 'writing' | 'checking the store';

export interface ImportOptions {
  readonly store: RestoringStore;
  /** Found whole by `checkMoveFile`. */
  readonly file: string;
  readonly fingerprint: Fingerprint;
  /** Goes on with an import that did not end: what is there already must be of the file, all of it. */
  readonly resume: boolean;
  readonly writesAtOnce: number;
  readonly onDocuments: (documents: number, step: ImportStep, total: number) => void;
}

/**
 * Writes every document of a file into an empty store, with its version, then reads the store to see that it holds
 * exactly them. Repeating it changes nothing.
 */
export async function importStore(options: ImportOptions): Promise<void> {
  const { store, fingerprint, onDocuments } = options;
  await mustHoldNothingElse(options, fingerprint.documents);
  await write(options, fingerprint.documents);
  const tally = tallyFingerprint();
  for await (const page of pagesOf(store)) {
    for (const document of page) tally.add(document);
    onDocuments(tally.total().documents, 'checking the store', fingerprint.documents);
  }
  if (tally.total().digest !== fingerprint.digest)
    throw new Error(
      `the store holds ${tally.total().documents} documents and not exactly the ${fingerprint.documents} of the file: somebody else writes to it`,
    );
}

async function mustHoldNothingElse({ store, file, resume, onDocuments }: ImportOptions, total: number): Promise<void> {
  if ((await store.scan(undefined, 1)).length === 0) return;
  if (!resume)
    throw new Error('the store is not empty: import into an empty one, or go on with --resume where an import ended');
  let present = 0;
  let read = 0;
  for await (const documents of batchesOf(file)) {
    const there = await store.getMany(documents.map(({ key }) => key));
    documents.forEach((document, i) => {
      const stored = there[i];
      if (stored === undefined) return;
      if (!sameDocument(stored, document)) throw differs(document);
      present += 1;
    });
    onDocuments((read += documents.length), 'comparing what is there', total);
  }
  let stored = 0;
  for await (const page of pagesOf(store)) stored += page.length;
  if (stored !== present)
    throw new Error(`the store holds ${stored - present} documents that are not in the file: nothing is written`);
}

async function write(options: ImportOptions, total: number): Promise<void> {
  const limit = pLimit(options.writesAtOnce);
  let written = 0;
  for await (const documents of batchesOf(options.file)) {
    await Promise.all(
      documents.map((document) =>
        limit(async () => {
          if ((await options.store.restore(document)) === 'differs') throw differs(document);
        }),
      ),
    );
    options.onDocuments((written += documents.length), 'writing', total);
  }
}

async function* batchesOf(file: string): AsyncGenerator<Stored<unknown>[]> {
  let batch: Stored<unknown>[] = [];
  for await (const document of documentsOf(file)) {
    if (batch.push(document) < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function differs({ key }: Stored<unknown>): Error {
  return new Error(`the store holds another document at ${key.pk}/${key.sk}: it is left as it is`);
}
