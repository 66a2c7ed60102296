import { parseArgs } from 'node:util';
import { systemRandom } from '../../shared/adapters/system/system';
import { isKeyPart } from '../../shared/domain/kernel/ids';
import { createFirstAdmin, restoreAdmin } from '../../shared/procedures/users/first-admin';
import { scryptPasswords } from '../../shared/procedures/users/passwords';
import { ADDRESS_HELP, openStoreAt } from './moving/store-address';

const HELP = `Makes the console's first admin, and prints the password for their first login; it is shown this once.

  npm run create-admin -- STORE [--id admin] [--name 管理员] [--reset]

  --id ID     login name (default admin)
  --name NAME shown in operation logs (default 管理员)
  --reset     there are users, and none can help: makes ID an enabled admin with a new password; ends their sessions

${ADDRESS_HELP}`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      id: { type: 'string', default: 'admin' },
      name: { type: 'string', default: '管理员' },
      reset: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [address] = positionals;
  if (values.help || address === undefined) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const admin = { id: values.id, name: values.name.trim() };
  if (!isKeyPart(admin.id) || admin.name === '')
    throw new Error('--id has 1 to 80 letters, digits, blanks or _-.:@+*&=,() and --name at least one character');
  const opened = await openStoreAt(address, process.env);
  try {
    const ports = { store: opened.store, random: systemRandom, passwords: scryptPasswords(systemRandom) };
    const password = await (values.reset ? restoreAdmin(ports, admin) : createFirstAdmin(ports, admin));
    if (password === undefined) {
      process.stderr.write('there are users already: an admin sets up more in the console, or use --reset\n');
      return 1;
    }
    process.stdout.write(`user      ${admin.id}\npassword  ${password}   (to be replaced at the first login)\n`);
    return 0;
  } finally {
    await opened.close();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`create-admin: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
