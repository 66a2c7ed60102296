import * as z from 'zod/mini';

/** Integers of 16 digits and more may lie beyond 2^53; anything shorter is exact as a JavaScript number. */
const LONG_DIGITS = /\d{16}/;
const INTEGER = /^-?[1-9]\d*$/;

/** Strings, so that digits in them are passed over, and whole tokens that could be numbers of 16 digits and more. */
const STRING_OR_LONG_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]{15,}/g;

/**
 * Parses JSON and keeps integers beyond 2^53 as text, digit for digit: platform ids have up to 19 digits and arrive as
 * bare numbers, which `JSON.parse` would round to another order's number. Smaller numbers stay numbers. Such integers are
 * put in quotes before the built-in parser sees them, which is some five times faster than a parser of our own. Throws
 * SyntaxError.
 */
export function parseJson64(text: string): unknown {
  return JSON.parse(LONG_DIGITS.test(text) ? text.replace(STRING_OR_LONG_NUMBER, quoted) : text) as unknown;
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
