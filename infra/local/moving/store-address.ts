import { existsSync } from 'node:fs';
import '../engines/quiet-sdk';
import { systemClock, systemRandom } from '../../../shared/adapters/system/system';
import type { StoreSettings } from '../../../shared/config';
import { readStoreSettings } from '../../../shared/config';
import { connectStore } from '../../../shared/platform/connect-store';
import type { RestoringStore } from '../../../shared/ports/store';

export const ADDRESS_HELP = `  STORE is the path of a SQLite file, or dynamodb:TABLE, or dynamodb:TABLE?region=R&endpoint=URL&profile=huawei.
  Keys, and what the address leaves out, come from the environment: YIPAN_STORE_REGION, YIPAN_STORE_ENDPOINT,
  YIPAN_STORE_ACCESS_KEY and YIPAN_STORE_SECRET_KEY; without them, on AWS, AWS_REGION and the AWS_ keys.
`;

const PREFIX = 'dynamodb:';

/** What a DynamoDB address may say. Keys are not among it: command lines are seen by everybody on the machine. */
const PARAMETERS: Readonly<Record<string, string>> = {
  region: 'YIPAN_STORE_REGION',
  endpoint: 'YIPAN_STORE_ENDPOINT',
  profile: 'YIPAN_PROFILE',
};

/** Writes under way at once: SQLite shares one commit among them, DynamoDB has its limits by the second. */
const WRITES_AT_ONCE: Readonly<Record<StoreSettings['kind'], number>> = { sqlite: 200, dynamodb: 16 };

export interface OpenStore {
  readonly store: RestoringStore;
  readonly kind: StoreSettings['kind'];
  readonly writesAtOnce: number;
  readonly close: () => Promise<void>;
}

/** A table of a cloud, and no file. */
export function isTable(address: string): boolean {
  return address.startsWith(PREFIX);
}

/** Opens the store at an address that was given on the command line. A SQLite file is made only where `create` is set. */
export async function openStoreAt(
  address: string,
  environment: Readonly<Record<string, string | undefined>>,
  { create = false }: { create?: boolean } = {},
): Promise<OpenStore> {
  const settings = settingsOf(address, environment);
  if (settings.kind === 'sqlite' && !create && !existsSync(settings.file))
    throw new Error(`there is no file ${settings.file}`);
  const connection = await connectStore(settings, { clock: systemClock, random: systemRandom });
  return {
    // No platform ends this run: the store may take all its tries.
    store: connection.storeOf(() => Number.MAX_SAFE_INTEGER),
    kind: settings.kind,
    writesAtOnce: WRITES_AT_ONCE[settings.kind],
    close: () => connection.close(),
  };
}

export function settingsOf(address: string, environment: Readonly<Record<string, string | undefined>>): StoreSettings {
  if (!isTable(address)) return { kind: 'sqlite', file: address };
  const [table = '', query = ''] = address.slice(PREFIX.length).split('?', 2);
  const profile = environment['YIPAN_PROFILE'] === 'huawei' ? 'huawei' : 'aws';
  const said: Record<string, string> = { YIPAN_PROFILE: profile, YIPAN_STORE_TABLE: table };
  for (const [name, value] of new URLSearchParams(query)) {
    const setting = PARAMETERS[name];
    if (setting === undefined)
      throw new Error(`${name} is not part of a store's address: only ${Object.keys(PARAMETERS).join(', ')} are`);
    said[setting] = value;
  }
  return readStoreSettings((name) => said[name] ?? environment[name]);
}
