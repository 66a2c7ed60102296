import { parseArgs } from 'node:util';
import { createTable } from '../../shared/adapters/dynamodb/table';
import { systemClock } from '../../shared/adapters/system/system';
import { ADDRESS_HELP, settingsOf } from './moving/store-address';

const HELP = `Makes the store's table where its cloud's deployment does not: on GeminiDB and Alternator tables are made by the API alone.

  npm run create-table -- STORE

  A table of that name that is there already is left as it is.
${ADDRESS_HELP}`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', default: false } },
  });
  const [address] = positionals;
  if (values.help || address === undefined) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const settings = settingsOf(address, process.env);
  if (settings.kind !== 'dynamodb') throw new Error(`${address} is a file, which is made when it is first written to`);
  const made = await createTable(settings, systemClock);
  process.stdout.write(`table ${settings.table} ${made === 'created' ? 'is made' : 'is there already'}\n`);
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`create-table: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
