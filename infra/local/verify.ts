import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SqliteStore } from '../../shared/adapters/sqlite/sqlite-store';
import { checkInvariants } from '../../shared/procedures/check-invariants';
import { readingChannels } from './demo/summary';

const HELP = `Checks everything that must hold (invariants 1 to 7 of the design) on a store that nobody writes to meanwhile.

  npm run verify -- FILE [--in-motion] [--show N]

  FILE          SQLite file, e.g. .yipan/yipan.db
  --in-motion   the host was stopped or killed in the middle: what a restart will finish is not a fault
  --show N      violations to print (default 20)
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'in-motion': { type: 'boolean', default: false },
      show: { type: 'string', default: '20' },
      help: { type: 'boolean', default: false },
    },
  });
  const [file] = positionals;
  if (values.help || file === undefined) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  if (!existsSync(file)) throw new Error(`there is no file ${file}`);
  const store = new SqliteStore(file);
  const perInvariant = new Map<number, number>();
  let shown = 0;
  try {
    for await (const { invariant, where, what } of checkInvariants(store, {
      channels: readingChannels(),
      nowMs: Date.now(),
      atRest: !values['in-motion'],
    })) {
      perInvariant.set(invariant, (perInvariant.get(invariant) ?? 0) + 1);
      if (shown < Number(values.show)) process.stdout.write(`✘ invariant ${invariant}  ${where}\n    ${what}\n`);
      shown += 1;
    }
  } finally {
    await store.close();
  }
  for (let invariant = 1; invariant <= 7; invariant += 1) {
    const count = perInvariant.get(invariant) ?? 0;
    process.stdout.write(
      `${count === 0 ? '✔' : '✘'} invariant ${invariant}: ${count === 0 ? 'holds' : `${count} violations`}\n`,
    );
  }
  return shown === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`verify: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
