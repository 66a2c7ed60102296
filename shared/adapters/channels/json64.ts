import * as z from 'zod/mini';

/** Integers of 16 digits and more may lie beyond 2^53; anything shorter is exact as a JavaScript number. */
const LONG_DIGITS = /\d{16}/;
const INTEGER = /^-?[1-9]\d*$/;

/** Whole tokens that could be numbers of 16 digits and more. */
const LONG_NUMBER = /-?\d[\d.eE+-]{15,}/g;

/** As many characters as such a number has at least: what is shorter holds none. */
const LONG = 16;

/**
 * Parses JSON and keeps integers beyond 2^53 as text, digit for digit: platform ids have up to 19 digits and arrive as
 * bare numbers, which `JSON.parse` would round to another order's number. Smaller numbers stay numbers. Such integers are
 * put in quotes before the built-in parser sees them, which is many times faster than a parser of our own. Throws
 * SyntaxError.
 */
export function parseJson64(text: string): unknown {
  return JSON.parse(LONG_DIGITS.test(text) ? withLongIntegersQuoted(text) : text) as unknown;
}

/** Hops from string to string: only what stands between two of them can be a number. */
function withLongIntegersQuoted(text: string): string {
  let quotedText = '';
  let taken = 0;
  for (let at = 0; at < text.length; ) {
    const opening = text.indexOf('"', at);
    const end = opening === -1 ? text.length : opening;
    if (end - at >= LONG) {
      quotedText += text.slice(taken, at) + text.slice(at, end).replace(LONG_NUMBER, quoted);
      taken = end;
    }
    at = opening === -1 ? text.length : endOfString(text, opening);
  }
  return quotedText + text.slice(taken);
}

/** Where the text goes on behind the string whose quote opens there. */
function endOfString(text: string, opening: number): number {
  for (let at = opening + 1; ; at += 1) {
    at = text.indexOf('"', at);
    if (at === -1) return text.length;
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
}

function quoted(token: string): string {
  return INTEGER.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}

/** {@link parseJson64}, or undefined where the text is not JSON. */
export function tryParseJson64(text: string): unknown {
  try {
    return parseJson64(text);
  } catch {
    return undefined;
  }
}

/** An id 64-bit: text, or a number that is exact. Always read as text. */
export const idText = z.pipe(
  z.union([z.string().check(z.minLength(1)), z.int()]),
  z.transform((id: string | number) => String(id)),
);

/** A whole number, sent as a number or as its digits. */
export const wholeNumber = z.pipe(
  z.union([z.int(), z.string().check(z.regex(/^-?\d{1,15}$/))]),
  z.transform((value: string | number) => Number(value)),
);

/** What platforms leave out, send as null, or send as ''. Read as ''. */
export const looseText = z.pipe(
  z.nullish(z.union([z.string(), z.number()])),
  z.transform((text: string | number | null | undefined) => (text === null || text === undefined ? '' : String(text))),
);
