import { parseArgs } from 'node:util';
import { exportStore } from './moving/export-store';
import { fingerprintText } from './moving/fingerprint-text';
import { showProgress } from './moving/show-progress';
import { ADDRESS_HELP, openStoreAt } from './moving/store-address';

const HELP = `Writes every document of a store to one file, from which another store can be filled. Nobody may write meanwhile.

  npm run export -- --from STORE --to FILE[.gz] [--resume] [--no-recheck]

  --to FILE      JSON Lines; packed where the name ends in .gz
  --resume       go on with an export that did not end
  --no-recheck   do not read the store a second time to see that it was at rest

${ADDRESS_HELP}`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      resume: { type: 'boolean', default: false },
      'no-recheck': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { from, to: file, resume } = values;
  if (values.help || from === undefined || file === undefined) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const opened = await openStoreAt(from, process.env);
  const progress = showProgress();
  try {
    const total = await exportStore({
      ...{ store: opened.store, source: from, file, resume, nowMs: Date.now(), recheck: !values['no-recheck'] },
      onDocuments: (documents, doing) => progress.update(documents, doing),
    });
    progress.stop();
    process.stdout.write(`${fingerprintText(total)}next: npm run import -- --from ${file} --to STORE\n`);
    return 0;
  } finally {
    progress.stop();
    await opened.close();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`export: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
