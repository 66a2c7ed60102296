import { scrypt, timingSafeEqual } from 'node:crypto';
import pLimit from 'p-limit';
import { normalPassword } from '../../domain/user/password-rules';
import { AppError } from '../../errors';
import type { Random } from '../../ports/random';

/** Cost of one hash: 128 × N × r bytes of memory, and time in proportion to N × r × p. */
export interface ScryptCost {
  /** log2 of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/**
 * One of the equally strong settings of OWASP's Password Storage Cheat Sheet: 32 MB for about a quarter of a second. The one
 * of 128 MB would leave a function of 512 MB no room for two logins at once. (infra/decisions/0008-login.md)
 */
const COST: ScryptCost = { ln: 15, r: 8, p: 3 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Two keep a machine of two cores busy; Node's own pool has four threads, which files and names need, too. */
const AT_ONCE = 2;

/** Waiting for longer than about four seconds is worse than being told to come again. */
const WAITING_MAX = 32;

/** Text of a hash as the PHC string format has it: `$scrypt$ln=15,r=8,p=3$salt$hash`, base64 without padding. */
const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

/** Hashes passwords and compares them. */
export interface Passwords {
  /** PHC text of a new hash with a new salt. Throws LOGIN_BUSY. */
  hash(password: string): Promise<string>;
  /**
   * Whether it is the password of this hash; in the time that it takes where there is none (null). `stale`: right, but hashed
   * at another cost than today's: to be hashed again. Throws LOGIN_BUSY.
   */
  verify(password: string, phc: string | null): Promise<'right' | 'stale' | 'wrong'>;
}

/** Passwords by scrypt of Node's OpenSSL, off the event loop: the one bundle for both clouds can hold no native module. */
export function scryptPasswords(random: Pick<Random, 'token'>, cost: ScryptCost = COST): Passwords {
  const limit = pLimit(AT_ONCE);
  const derive = (password: string, salt: Buffer, { ln, r, p }: ScryptCost): Promise<Buffer> => {
    if (limit.pendingCount >= WAITING_MAX) return Promise.reject(new AppError('LOGIN_BUSY'));
    // OpenSSL refuses what needs more than it is allowed; twice what N and r need covers the rest.
    const options = { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r };
    const bytes = Buffer.from(normalPassword(password), 'utf8');
    return limit(
      () =>
        new Promise<Buffer>((resolve, reject) => {
          scrypt(bytes, salt, HASH_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
        }),
    );
  };
  return {
    hash: async (password) => {
      // 128 bits.
      const salt = Buffer.from(random.token(), 'hex');
      return phcText(cost, salt, await derive(password, salt, cost));
    },
    verify: async (password, phc) => {
      const known = phc === null ? undefined : readPhc(phc);
      if (!known) {
        await derive(password, Buffer.alloc(SALT_BYTES), cost);
        return 'wrong';
      }
      if (!timingSafeEqual(await derive(password, known.salt, known.cost), known.hash)) return 'wrong';
      const { ln, r, p } = known.cost;
      return ln === cost.ln && r === cost.r && p === cost.p ? 'right' : 'stale';
    },
  };
}

function phcText({ ln, r, p }: ScryptCost, salt: Buffer, hash: Buffer): string {
  const bare = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=${ln},r=${r},p=${p}$${bare(salt)}$${bare(hash)}`;
}

/** Undefined where it is none of ours, or asks for more than a login may cost. */
function readPhc(text: string): { cost: ScryptCost; salt: Buffer; hash: Buffer } | undefined {
  const [, ln, r, p, salt = '', hash = ''] = PHC.exec(text) ?? [];
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  if (salt === '' || cost.ln < 1 || cost.ln > 20 || cost.r < 1 || cost.p < 1) return undefined;
  return { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}
