import fc from 'fast-check';
import { NAMES_A_DOCUMENT, PERSONAL } from './fuzz-words';

/** Values that programs tend not to expect where they expect another. */
const JUNK: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e21, -1e308, Number.MAX_SAFE_INTEGER + 2, '', ' ', '0', '\u0000', '\ud800'],
  ...['__proto__', 'constructor', '2099-13-45', '../../etc/passwd', '%00', '{{7*7}}', "' or 1=1 --", '\u202e反'],
  ...[
    'x'.repeat(5_000),
    '汉'.repeat(3_000),
    [],
    [null],
    [[]],
    {},
    { __proto__: { a: 1 } },
    { toString: 1, length: -1 },
  ],
];

export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...JUNK),
  fc.jsonValue({ maxDepth: 3 }),
  fc.integer({ min: 100, max: 3_000 }).map(nested),
);

/** Arrays and objects in each other, so deep. */
function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i += 1) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

/** JSON's own copy: it knows no depth that is too much. */
const copyOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

interface Place {
  readonly holder: unknown[] | Record<string, unknown>;
  readonly key: string;
  /** The member that this is, or of whose list it is one. */
  readonly name: string;
}

/** So deep are places looked for: what junk has put below is deep enough as it is. */
const DEPTH_MAX = 20;

/** Every place in a JSON value that something else can be put into. */
function placesIn(value: unknown, depth = 0, of = ''): Place[] {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return [];
  const holder = value as Place['holder'];
  return Object.keys(holder).flatMap((key) => {
    const name = Array.isArray(holder) ? of : key;
    return [{ holder, key, name }, ...placesIn((holder as Record<string, unknown>)[key], depth + 1, name)];
  });
}

/**
 * Members that say which document is meant, or which task of ours: logs name them by that, and what they name is ours. A
 * person's words stand in every other one.
 */
const IS_TOLD = new RegExp(`${NAMES_A_DOCUMENT.source}|^(p_id|tid|task|user_event|detail)$`);

type Change = (place: Place) => unknown;

const put =
  (make: (before: unknown) => unknown): Change =>
  ({ holder, key }) => {
    const map = holder as Record<string, unknown>;
    // A member of this name would be the object's prototype, which JSON.parse never sets.
    Object.defineProperty(map, key, { value: make(map[key]), configurable: true, enumerable: true, writable: true });
  };

const remove: Change = ({ holder, key }) => {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
};

const rename: Change = (place) => {
  const { holder, key } = place;
  if (Array.isArray(holder)) return;
  holder[`${key}2`] = holder[key];
  remove(place);
};

const double: Change = ({ holder, key }) => {
  if (Array.isArray(holder)) holder.push(copyOf(holder[Number(key)]));
};

/** JSON that stands in a text, as platforms and queues like to have it, is changed inside. */
function within(before: unknown, change: (value: unknown) => unknown): unknown {
  if (typeof before !== 'string') return [before];
  try {
    return JSON.stringify(change(JSON.parse(before)));
  } catch {
    return before.slice(1);
  }
}

function changes(depth: number): fc.Arbitrary<Change> {
  const own = fc.oneof(
    // A copy: later changes go into what was put, and must not go into what others draw.
    junk.map((value) => put(() => copyOf(value))),
    fc.constantFrom(remove, rename, double),
    fc.constant(put((before) => [before])),
    fc.constantFrom(...PERSONAL).map(
      (text): Change =>
        (place) =>
          IS_TOLD.test(place.name) || put(() => text)(place),
    ),
  );
  if (depth === 0) return own;
  return fc.oneof(
    own,
    mutations(depth - 1).map((mutate) => put((before) => within(before, mutate))),
  );
}

/** Up to four changes anywhere in a value, and in the JSON that its texts hold. */
function mutations(depth: number): fc.Arbitrary<(value: unknown) => unknown> {
  const change = fc.record({ at: fc.nat(10_000), change: changes(depth) });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((steps) => (value) => {
    const copy = copyOf(value);
    for (const { at, change } of steps) {
      const places = placesIn(copy);
      const place = places[at % Math.max(1, places.length)];
      if (place) change(place);
    }
    return copy;
  });
}

/** A value as it is known, with a few things in it changed. */
export function mutated(sample: unknown): fc.Arbitrary<unknown> {
  return mutations(1).map((mutate) => mutate(sample));
}

/** Numbers that JSON can say and a double cannot, or not as meant. */
const NUMBERS = ['1e400', '-1e400', '-0', '9007199254740993', '123456789012345678901234567890', '0.1e-400'];

/** The bytes of a JSON value, some of them changed: cut off, flipped, no UTF-8, numbers out of reach, a member twice. */
export function bytesOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> {
  const edit = fc.record({
    kind: fc.constantFrom('none', 'none', 'none', 'cut', 'flip', 'bytes', 'number', 'twice', 'bom'),
    at: fc.nat(1_000_000),
    pick: fc.nat(255),
  });
  return fc.tuple(value, edit).map(([json, { kind, at, pick }]) => {
    const text = JSON.stringify(json);
    const bytes = Buffer.from(text);
    const place = at % Math.max(1, bytes.length);
    switch (kind) {
      case 'cut':
        return bytes.subarray(0, place);
      case 'flip':
        bytes[place] = (bytes[place] ?? 0) ^ (1 << (pick % 8));
        return bytes;
      case 'bytes':
        return Buffer.concat([bytes.subarray(0, place), Buffer.from([0xc3, 0x28, 0xff, pick]), bytes.subarray(place)]);
      case 'number':
        return Buffer.from(text.replace(/-?\d+(?:\.\d+)?/, NUMBERS[pick % NUMBERS.length] ?? '0'));
      case 'twice':
        return Buffer.from(text.replace(/^\{("[^"]*"):/, '{$1:null,$1:'));
      case 'bom':
        return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
      case 'none':
        return bytes;
    }
  });
}
