import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ApiUser } from '../../../shared/secrets';

/** Made-up credentials of the sample shops and the local administrator: what YIPAN_SECRETS holds. */
export interface LocalSecrets {
  readonly shops: Readonly<Record<string, { appKey: string; appSecret: string; accessToken: string }>>;
  readonly users: readonly ApiUser[];
}

/** Files of a local installation. */
export interface DataFolder {
  readonly storeFile: string;
  readonly secrets: LocalSecrets;
}

/** The SQLite file, and the folder of the DynamoDB server. */
const STORES = ['yipan.db', 'yipan.db-wal', 'yipan.db-shm', 'dynamodb'];

/** Shops of the sample brand, one a channel. */
export const SAMPLE_SHOPS = { tmall: 'tmall-main', doudian: 'dy-main' } as const;

/**
 * Opens the folder with a local installation's data, and makes it where it is new: fresh random secrets, readable by
 * their owner alone. `fresh` throws the store away and keeps the secrets.
 */
export function openDataFolder(folder: string, options: { fresh: boolean }): DataFolder {
  mkdirSync(folder, { recursive: true });
  if (options.fresh) for (const name of STORES) rmSync(join(folder, name), { recursive: true, force: true });
  const secretsFile = join(folder, 'secrets.json');
  if (!existsSync(secretsFile)) writeFileSync(secretsFile, JSON.stringify(newSecrets(), null, 2), { mode: 0o600 });
  return {
    storeFile: join(folder, 'yipan.db'),
    secrets: readSecrets(secretsFile),
  };
}

/** Their shape is checked with the other settings. */
function readSecrets(file: string): LocalSecrets {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text) as LocalSecrets;
  } catch (cause) {
    // Not in the parser's words: they may quote the text.
    throw new Error(`${file} is not JSON; where there is none, new secrets are made`, { cause });
  }
}

function newSecrets(): LocalSecrets {
  const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
  return {
    shops: {
      [SAMPLE_SHOPS.tmall]: { appKey: '23400001', appSecret: hex(16), accessToken: hex(24) },
      [SAMPLE_SHOPS.doudian]: { appKey: '7012345678901234567', appSecret: hex(18), accessToken: hex(18) },
    },
    users: [{ token: hex(24), id: 'admin', name: '管理员', role: 'admin' }],
  };
}

/** Sandbox settings for the sample shops. */
export function sandboxConfig(
  secrets: LocalSecrets,
  hostUrl: string | undefined,
  seed = 1,
): { seed: number; shops: object[] } {
  const of = (shopId: string) => secrets.shops[shopId];
  return {
    seed,
    shops: [
      { shopId: SAMPLE_SHOPS.tmall, channel: 'taobao', title: 'IB 天猫旗舰店', ...of(SAMPLE_SHOPS.tmall) },
      {
        ...{
          shopId: SAMPLE_SHOPS.doudian,
          channel: 'doudian',
          platformShopId: '4463798',
          title: 'IB 抖店',
          ...of(SAMPLE_SHOPS.doudian),
        },
        ...(hostUrl !== undefined && { pushUrl: pushUrl(hostUrl) }),
      },
    ],
  };
}

/** Where Doudian posts its messages. */
export function pushUrl(hostUrl: string): string {
  return `${hostUrl}/webhooks/doudian/${SAMPLE_SHOPS.doudian}`;
}
