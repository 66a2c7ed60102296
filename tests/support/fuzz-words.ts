import fc from 'fast-check';

/** Text of people that must never be seen in a log: whatever is sent carries it wherever somebody may say something in free words. */
export const PERSONAL = ['13987654321', '欧阳不可记录', '测试省保密市匿名路9871号'] as const;

/** The same in a path or a query. */
export const PERSONAL_PARTS: readonly string[] = PERSONAL.map(encodeURIComponent);

/** The same in a header, whose bytes programs read as Latin-1. */
export const PERSONAL_IN_LATIN1: readonly string[] = PERSONAL.map((text) => Buffer.from(text).toString('latin1'));

/** Members that name a document: never free words. */
export const NAMES_A_DOCUMENT = /^(id|ids|.*Ids?|orderNo|merchantCode)$/;

/** Words that are there, so that what is sent reaches the code behind the checks. */
export interface Words {
  /** Ids of documents of all kinds. */
  readonly ids: readonly string[];
  /** Words for a member, or a part of a path, of this name. */
  readonly named: Readonly<Record<string, readonly string[]>>;
  /** Only what fits: no ids of other kinds. */
  readonly fitting?: boolean;
}

/** What a member, or a part of a path, of this name may be; undefined where it is free text. */
export function wordsOf({ ids, named, fitting = false }: Words, name: string): fc.Arbitrary<string> | undefined {
  const known = Object.hasOwn(named, name) ? named[name] : undefined;
  if (known && (fitting || !NAMES_A_DOCUMENT.test(name))) return fc.constantFrom(...known);
  if (!NAMES_A_DOCUMENT.test(name)) return undefined;
  const any = fc.constantFrom(...ids);
  return known ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: any }) : any;
}
