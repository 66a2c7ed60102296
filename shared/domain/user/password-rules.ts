/** Shorter ones fall to guessing; OWASP and NIST SP 800-63B ask for 8 at least where nothing else stands beside it. */
const CHARS_MIN = 10;

/** Long enough for every sentence, short enough that nobody makes us work with it. */
const CHARS_MAX = 200;

/** Of fewer different characters a text is a pattern. */
const DISTINCT_MIN = 4;

/**
 * The commonest passwords of ten characters and more, in lower case: those among the first two thousand of the NCSC's list of
 * 100,000 (from Have I Been Pwned) and the first thousand of a list from Chinese sites, as SecLists keeps both
 * (Passwords/Common-Credentials: 100k-most-used-passwords-NCSC.txt, Language-Specific/Chinese-common-password-list-top-1000.txt),
 * and what people make of the shorter ones there where they are asked for more characters.
 */
const COMMON = new Set(
  `1234567890 1q2w3e4r5t qwertyuiop 123456789a 0123456789 0987654321 q1w2e3r4t5y6 1234567891 12345678910 q1w2e3r4t5
  a123456789 1qaz2wsx3edc qwerty12345 1234554321 password12 password123 1q2w3e4r5t6y 123456789q asdfghjkl1 9876543210
  1029384756 qwerty123456 qwerty1234 123qweasdzxc 1234512345 azertyuiop qwert12345 1123581321 12345qwerty zxcvbnm123
  password11 password01 123456qwerty 123456789m 123456789z poiuytrewq 192837465a motdepasse welcome123 1234567899
  123456654321 135792468a 7894561230 123456789qq 4815162342 1122334455 woaini1314 woaini5201314 5845211314 5845201314
  woaiwojia1 5201314520 1357924680 5841314520 5841314521 1233211234567 123456123456 1234567890123 123456789123 qq123456789
  q123456789 z123456789 w123456789 aa123456789 7708801314520 112233445566 123456789abc 1314520520 12345678900 5201314123
  abc123456789 abcd123456 woaini1314520 qq1314520a 52013145201314 a1234567890 asd123456789 qwe123456789 123123123123
  beijing2008 zhimakaimen wobuzhidao woshishui123 qazwsxedc123 qazwsxedcrfv 1qaz2wsx3e 1qazxsw23edc zaq12wsxcde3
  administrator admin12345 admin123456 admin1234567 letmein123 changeme123 iloveyou123 iloveyou12 iloveyou1314
  passw0rd123 p@ssw0rd123 p@ssword123 p@ssw0rd1234 password1234 password12345 password123456 password2024 password2025
  password2026 abcdefghij abcdefghijk abcdefg123 abcdef123456 abc1234567 3141592653 3141592654 1472583690 9638527410
  asdfghjkl123 asdfasdfasdf qweqweqwe123 qwer123456 qwer12345678 aaaa123456 woaini520520 yipan12345 yipan123456`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Why a text cannot be somebody's password; undefined: it can. */
export type PasswordFault = 'too-short' | 'too-long' | 'too-simple' | 'common' | 'login-name';

/**
 * The text as it is hashed and compared: Unicode's NFKC, so that a password of accents or full-width characters is the same
 * from every keyboard (NIST SP 800-63B §5.1.1.2).
 */
export function normalPassword(text: string): string {
  return text.normalize('NFKC');
}

/** What is wrong with a new password of this user. Characters are counted as people see them, not as UTF-16 has them. */
export function passwordFault(password: string, userId: string): PasswordFault | undefined {
  const characters = Array.from(normalPassword(password));
  if (characters.length < CHARS_MIN) return 'too-short';
  if (characters.length > CHARS_MAX) return 'too-long';
  const lower = normalPassword(password).toLowerCase();
  // With digits or signs around it, a login name is no better.
  const bare = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  if (lower === userId.toLowerCase() || (bare !== '' && bare === userId.toLowerCase())) return 'login-name';
  if (new Set(characters).size < DISTINCT_MIN) return 'too-simple';
  return COMMON.has(lower) ? 'common' : undefined;
}

/** No longer text is looked at where somebody logs in. */
export const PASSWORD_TEXT_MAX = CHARS_MAX * 4;
