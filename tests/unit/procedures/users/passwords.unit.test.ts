import type * as Crypto from 'node:crypto';
import { scrypt, scryptSync } from 'node:crypto';
import { scryptPasswords } from '../../../../shared/procedures/users/passwords';
import { SeededRandom } from '../../../support/seeded-random';

// The real one, with a record of what it was asked for.
jest.mock('node:crypto', () => {
  const real = jest.requireActual<typeof Crypto>('node:crypto');
  return { ...real, scrypt: jest.fn(real.scrypt) };
});

const CHEAP = { ln: 4, r: 8, p: 1 };
const cheap = (seed = 1) => scryptPasswords(new SeededRandom(seed), CHEAP);

/** The hash as OpenSSL has it, by hand. */
function phcOf(password: string, salt: string, { ln, r, p } = CHEAP): string {
  const bare = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  const key = scryptSync(password, Buffer.from(salt), 32, { N: 2 ** ln, r, p });
  return `$scrypt$ln=${ln},r=${r},p=${p}$${bare(Buffer.from(salt))}$${bare(key)}`;
}

describe('hashing of passwords', () => {
  it('costs by default what OWASP asks for', async () => {
    const phc = await scryptPasswords(new SeededRandom(1)).hash('correct horse battery');
    // N = 2^15, r = 8, p = 3 is among the settings of the Password Storage Cheat Sheet.
    expect(phc).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  });

  it('is the scrypt that everybody has', async () => {
    expect(await cheap().verify('correct horse', phcOf('correct horse', '0123456789abcdef'))).toBe('right');
    // RFC 7914 §12, whose salt of four bytes is not of our length: the function beneath it is the same.
    const vector = scryptSync('pleaseletmein', 'SodiumChloride', 64, { N: 16_384, r: 8, p: 1 }).toString('hex');
    expect(vector.slice(0, 32)).toBe('7023bdcb3afd7348461c06cd81fd38eb');
  });

  it('gives another hash each time, and knows the password again in all of them', async () => {
    const passwords = cheap();
    const hashes = [await passwords.hash('correct horse'), await passwords.hash('correct horse')];
    expect(new Set(hashes).size).toBe(2);
    for (const hash of hashes) {
      expect(await passwords.verify('correct horse', hash)).toBe('right');
      expect(await passwords.verify('correct horsf', hash)).toBe('wrong');
      expect(await passwords.verify('', hash)).toBe('wrong');
    }
  });

  it('takes what is written in other code points for the same', async () => {
    const hash = await cheap().hash('cafe\u0301 ｃａｆé');
    expect(await cheap(2).verify('caf\u00e9 café', hash)).toBe('right');
  });

  it('says of a hash of another cost that it is to be made again', async () => {
    const dearer = scryptPasswords(new SeededRandom(1), { ln: 5, r: 8, p: 1 });
    const hash = await cheap().hash('correct horse');
    expect(await dearer.verify('correct horse', hash)).toBe('stale');
    expect(await dearer.verify('wrong', hash)).toBe('wrong');
  });

  it.each([
    null,
    '',
    'correct horse',
    '$scrypt$ln=4,r=8,p=1$$',
    '$argon2id$v=19$m=65536$c2FsdHNhbHRzYWx0$x',
    phcOf('correct horse', '0123456789abcdef').replace('ln=4', 'ln=40'),
  ])('says no where the hash is %j', async (hash) => {
    expect(await cheap().verify('correct horse', hash)).toBe('wrong');
  });

  it('does the same work where there is no user as for a wrong password', async () => {
    const passwords = cheap();
    const hash = await passwords.hash('correct horse');
    const workOf = async (phc: string | null): Promise<unknown[]> => {
      jest.mocked(scrypt).mockClear();
      expect(await passwords.verify('wrong', phc)).toBe('wrong');
      // All that the time of scrypt depends on. Measured times would depend on what else the machine does.
      return jest
        .mocked(scrypt)
        .mock.calls.map(([password, salt, bytes, options]) => [
          Buffer.from(password as Buffer).toString(),
          (salt as Buffer).length,
          bytes,
          options,
        ]);
    };
    const known = await workOf(hash);
    expect(known).toEqual([['wrong', 16, 32, { N: 16, r: 8, p: 1, maxmem: 32_768 }]]);
    expect(await workOf(null)).toEqual(known);
    expect(await workOf('no hash')).toEqual(known);
  });

  it('takes so many at once and no more, and is there again afterwards', async () => {
    const passwords = cheap();
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => passwords.hash('correct horse')));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(40);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'LOGIN_BUSY' });
    expect(await passwords.verify('correct horse', await passwords.hash('correct horse'))).toBe('right');
  });
});
