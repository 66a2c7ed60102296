import { parseArgs } from 'node:util';
import type { Store } from '../../shared/ports/store';
import { checkInvariants } from '../../shared/procedures/check-invariants';
import { readingChannels } from './demo/summary';
import type { FingerprintTally } from './moving/fingerprint';
import { tallyFingerprint } from './moving/fingerprint';
import { fingerprintText } from './moving/fingerprint-text';
import { pagesOf } from './moving/pages';
import { showProgress } from './moving/show-progress';
import { ADDRESS_HELP, openStoreAt } from './moving/store-address';

const HELP = `Checks everything that must hold (invariants 1 to 7 of shared/procedures/check-invariants.ts) on a store that nobody writes to meanwhile.

  npm run verify -- STORE [--in-motion] [--show N] [--count]

  --in-motion   the host was stopped or killed in the middle: what a restart will finish is not a fault
  --show N      violations to print (default 20)
  --count       count the documents and print their fingerprint only

  Stores that hold the same documents have the same fingerprint, whatever their engine.
${ADDRESS_HELP}`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'in-motion': { type: 'boolean', default: false },
      show: { type: 'string', default: '20' },
      count: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [address] = positionals;
  if (values.help || address === undefined) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const opened = await openStoreAt(address, process.env);
  const progress = showProgress();
  const tally = tallyFingerprint();
  const onPage = (): void => progress.update(tally.total().documents, 'reading');
  const perInvariant = new Map<number, number>();
  let shown = 0;
  try {
    if (values.count) {
      for await (const page of pagesOf(opened.store)) {
        for (const document of page) tally.add(document);
        onPage();
      }
      progress.stop();
      process.stdout.write(fingerprintText(tally.total()));
      return 0;
    }
    for await (const { invariant, where, what } of checkInvariants(tallied(opened.store, tally, onPage), {
      channels: readingChannels(),
      nowMs: Date.now(),
      atRest: !values['in-motion'],
    })) {
      perInvariant.set(invariant, (perInvariant.get(invariant) ?? 0) + 1);
      if (shown < Number(values.show)) process.stdout.write(`✘ invariant ${invariant}  ${where}\n    ${what}\n`);
      shown += 1;
    }
  } finally {
    progress.stop();
    await opened.close();
  }
  process.stdout.write(fingerprintText(tally.total()));
  for (let invariant = 1; invariant <= 7; invariant += 1)
    process.stdout.write(`${lineOf(invariant, perInvariant.get(invariant) ?? 0, values['in-motion'])}\n`);
  return shown === 0 ? 0 : 1;
}

/** What a store by itself cannot tell, and what cannot be told while everything moves. */
const NOT_CHECKED: Readonly<Record<number, { readonly always?: string; readonly inMotion: string }>> = {
  3: { inMotion: 'of orders that are converted already' },
  4: { inMotion: 'versions ahead of their head are not counted' },
  6: {
    always: 'by the sync records; the platforms themselves are not read',
    inMotion: 'records have no gap; what still waits is not counted',
  },
};

/** One line of the summary: what was checked, and no more. */
function lineOf(invariant: number, count: number, inMotion: boolean): string {
  if (count > 0) return `✘ invariant ${invariant}: ${count} violations`;
  if (inMotion && invariant === 7) return '– invariant 7: not checked, since everything may still be in motion';
  const limits = NOT_CHECKED[invariant];
  const limit = inMotion ? limits?.inMotion : limits?.always;
  return `✔ invariant ${invariant}: holds${limit === undefined ? '' : ` (${limit})`}`;
}

/** The store, with every document that is scanned also taken into the fingerprint. */
function tallied(store: Store, tally: FingerprintTally, onPage: () => void): Store {
  return {
    indexLagMs: store.indexLagMs,
    get: (key) => store.get(key),
    getMany: (keys) => store.getMany(keys),
    query: (pk, range) => store.query(pk, range),
    queryIndex: (index, partition, range) => store.queryIndex(index, partition, range),
    put: (put) => store.put(put),
    scan: async (after, limit) => {
      const page = await store.scan(after, limit);
      for (const document of page) tally.add(document);
      onPage();
      return page;
    },
    close: () => store.close(),
  };
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`verify: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
