import type { Fingerprint } from './fingerprint';

/** What is printed of a store or a file, to be compared by eye with another. */
export function fingerprintText({ documents, kinds, digest }: Fingerprint): string {
  const perKind = Object.entries(kinds).map(([kind, count]) => `  ${kind.padEnd(24)}${count}\n`);
  return `${perKind.join('')}${documents} documents, fingerprint ${digest}\n`;
}
