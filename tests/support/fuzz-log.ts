import { PERSONAL, PERSONAL_IN_LATIN1, PERSONAL_PARTS } from './fuzz-words';

/** A mobile number of China that is not part of a longer number or of a random id. */
const MOBILE = /(?<![\da-z])1[3-9]\d{9}(?![\da-z])/;

/** Members of platform orders that tell of a person. */
const TELLS_OF_A_PERSON =
  /receiver|mobile|phone|address|oaid|nick|encrypt|mask|post_tel|buyer_(message|words|memo)|seller_(memo|words)/;

/** Shorter ones, such as a province, could stand anywhere by chance. */
const CHARS_MIN = 5;

/** A text of the fuzzer as it is, or as it came over the wire. */
const OF_THE_FUZZER = [...PERSONAL, ...PERSONAL_PARTS, ...PERSONAL_IN_LATIN1];

/** A password's hash, a session's cookie, a login by OIDC that is under way. */
const OF_LOGINS = ['$scrypt$', 'yipan_session=', 'yipan_oidc=', 'passwordHash', 'csrfToken'];

/** More of the same says no more. */
const LINES_SHOWN_MAX = 10;

/** What a log has said, and whether it may say so. */
export class ScannedLog {
  private readonly lines: string[] = [];

  readonly take = (line: string): void => void this.lines.push(line);

  get size(): number {
    return this.lines.length;
  }

  /** The first lines that hold a secret, a fuzzer's personal text, or a mobile number; cut, since it is a failing test that shows them. */
  leaks(secrets: readonly string[]): string[] {
    const forbidden = [...OF_THE_FUZZER, ...OF_LOGINS, ...secrets.filter((secret) => secret.length >= CHARS_MIN)];
    return this.lines
      .filter((line) => MOBILE.test(line) || forbidden.some((text) => line.includes(text)))
      .slice(0, LINES_SHOWN_MAX)
      .map((line) => line.slice(0, 600));
  }

  /** The first lines about faults of the code's own: nothing that is sent may bring one about. */
  faults(): string[] {
    return this.lines
      .filter((line) => /"code":"INTERNAL"|unhandled|uncaught|^\s+at /i.test(line))
      .slice(0, LINES_SHOWN_MAX)
      .map((line) => line.slice(0, 1_500));
  }

  longestChars(): number {
    return this.lines.reduce((longest, line) => Math.max(longest, line.length), 0);
  }
}

/** Texts in a platform's order that tell of a person, at any depth. */
export function personalTexts(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return TELLS_OF_A_PERSON.test(name) && value.length >= CHARS_MIN ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    personalTexts(member, Array.isArray(value) ? name : `${name}.${key}`),
  );
}
