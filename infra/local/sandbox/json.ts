import { isLosslessNumber, parse } from 'lossless-json';

/** A value to write as JSON. A bigint becomes a bare number, digit for digit: platform ids exceed 2^53. */
export type Json = string | number | boolean | bigint | null | undefined | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Compact JSON. Members that are undefined are left out, as the platforms leave out fields without a value. */
export function writeJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === undefined) return 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(writeJson).join(',')}]`;
  const members: string[] = [];
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${writeJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** Parses keeping every number as its own text (`LosslessNumber`). Throws SyntaxError on anything but JSON. */
export function parseExact(text: string): unknown {
  return parse(text);
}

/**
 * The one text form that Doudian signs: compact, keys in byte order at every depth, numbers digit for digit.
 * Takes what `parseExact` returned. Sorting while writing matters: an object would move integer-like keys first.
 */
export function writeCanonical(value: unknown): string {
  if (isLosslessNumber(value)) return value.toString();
  if (Array.isArray(value)) return `[${value.map(writeCanonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([a], [b]) => byUtf8Bytes(a, b));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${writeCanonical(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Orders text as its UTF-8 bytes would be. JavaScript compares UTF-16 units, which puts surrogates before U+E000. */
export function byUtf8Bytes(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    const leftIsSurrogate = (left & 0xf800) === 0xd800;
    const rightIsSurrogate = (right & 0xf800) === 0xd800;
    if (leftIsSurrogate !== rightIsSurrogate) return leftIsSurrogate ? 1 : -1;
    return left - right;
  }
  return a.length - b.length;
}

function isList(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value);
}
