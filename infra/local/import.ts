import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fingerprintText } from './moving/fingerprint-text';
import { importStore } from './moving/import-store';
import { checkMoveFile } from './moving/read-move-file';
import { showProgress } from './moving/show-progress';
import { ADDRESS_HELP, openStoreAt } from './moving/store-address';

const HELP = `Fills an empty store from a file that npm run export wrote. The file is checked before anything is written.

  npm run import -- --from FILE[.gz] --to STORE [--resume]

  --resume   go on with an import that did not end

${ADDRESS_HELP}`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      resume: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { from: file, to, resume } = values;
  if (values.help || file === undefined || to === undefined) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  if (!existsSync(file)) throw new Error(`there is no file ${file}`);
  const progress = showProgress();
  // Before the store is opened, which makes a SQLite file where there is none.
  let checked = 0;
  const whole = await checkMoveFile(file, () => progress.update((checked += 1), 'checking the file'));
  const opened = await openStoreAt(to, process.env, { create: true });
  try {
    await importStore({
      ...{ store: opened.store, file, resume, writesAtOnce: opened.writesAtOnce, fingerprint: whole.fingerprint },
      onDocuments: (documents, doing, total) => progress.update(documents, doing, total),
    });
    progress.stop();
    process.stdout.write(`${fingerprintText(whole.fingerprint)}next: npm run verify -- '${to}'\n`);
    return 0;
  } finally {
    progress.stop();
    await opened.close();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`import: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
