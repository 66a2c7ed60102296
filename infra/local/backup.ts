import { parseArgs } from 'node:util';
import { backupFile } from './moving/backup-file';
import { showProgress } from './moving/show-progress';
import { isTable } from './moving/store-address';

const HELP = `Copies a store's SQLite file as it is at one moment; the host may run and write meanwhile.

  npm run backup -- FILE [--from STORE]

  FILE           where the copy goes; a file that is there already is not replaced
  --from STORE   path of the SQLite file (default .yipan/yipan.db)

  To restore: end the host, remove the store's file with its -wal and -shm, and put the copy in its place.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      from: { type: 'string', default: '.yipan/yipan.db' },
      help: { type: 'boolean', default: false },
    },
  });
  const [to, ...more] = positionals;
  if (values.help || to === undefined || more.length > 0) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  if (isTable(values.from)) throw new Error(`${values.from} is a table: its cloud has backups of its own`);
  const progress = showProgress(process.stderr, 'pages');
  try {
    const onPages = (copied: number, total: number): void => progress.update(copied, 'copying', total);
    const { documents, bytes } = await backupFile({ from: values.from, to, onPages });
    progress.stop();
    process.stdout.write(`${documents} documents, ${(bytes / 1024 / 1024).toFixed(1)} MB in ${to}\n`);
    process.stdout.write(`next: npm run verify -- '${to}' --in-motion\n`);
    return 0;
  } finally {
    progress.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`backup: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
