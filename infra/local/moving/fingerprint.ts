import { createHash } from 'node:crypto';
import type { Stored } from '../../../shared/ports/store';

/** What a set of documents comes to, whatever the order in which they are read. */
export interface Fingerprint {
  readonly documents: number;
  /** Documents by the first part of their partition key. */
  readonly kinds: Readonly<Record<string, number>>;
  /** Sum of the SHA-256 of every document, modulo 2^256: equal sets give equal texts. */
  readonly digest: string;
}

export interface FingerprintTally {
  add(document: Stored<unknown>): void;
  total(): Fingerprint;
}

const MODULUS = 1n << 256n;

/** Engines scan partitions in orders of their own, and need not keep the order of members: neither changes the digest. */
export function tallyFingerprint(): FingerprintTally {
  const kinds = new Map<string, number>();
  let documents = 0;
  let sum = 0n;
  return {
    add: (document) => {
      const [kind = ''] = document.key.pk.split('#');
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      documents += 1;
      const hash = createHash('sha256').update(canonicalText(document)).digest('hex');
      sum = (sum + BigInt(`0x${hash}`)) % MODULUS;
    },
    total: () => ({
      documents,
      kinds: Object.fromEntries([...kinds].sort(([a], [b]) => (a < b ? -1 : 1))),
      digest: sum.toString(16).padStart(64, '0'),
    }),
  };
}

function canonicalText({ key, version, value, places }: Stored<unknown>): string {
  const { open, list } = places;
  const placed = [open, list].map((place) => (place ? [place.partition, place.sort] : null));
  return JSON.stringify([key.pk, key.sk, version, sorted(value), placed]);
}

/** The members of every object as a list in the order of their names, since objects put numeric names first anyway. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => sorted(item));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { members: members.map(([name, member]) => [name, sorted(member)]) };
}
