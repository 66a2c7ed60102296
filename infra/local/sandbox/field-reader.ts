/** The caller sent something this process cannot use; the text says what, for a person. */
export class InputError extends Error {}

interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly fallback?: number;
}

/**
 * Reads the members of one outside JSON object and notes every problem instead of stopping at the first one.
 * Call `finish` before using what was read: it throws InputError when anything was wrong.
 */
export class FieldReader {
  private readonly members: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    private readonly where: string,
    private readonly problems: string[] = [],
  ) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject) this.problems.push(`${where} must be a JSON object`);
    this.members = isObject ? { ...value } : {};
  }

  has(name: string): boolean {
    return this.members[name] !== undefined && this.members[name] !== null;
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.wrong(name, 'must be a text that is not empty', '');
  }

  optionalText(name: string): string | undefined {
    if (!this.has(name)) return undefined;
    const value = this.members[name];
    return typeof value === 'string' && value !== ''
      ? value
      : this.wrong<string | undefined>(name, 'must be a text', undefined);
  }

  /** Free text, which may be empty. */
  words(name: string, fallback = ''): string {
    if (!this.has(name)) return fallback;
    const value = this.members[name];
    return typeof value === 'string' ? value : this.wrong(name, 'must be a text', fallback);
  }

  /** Platform ids travel as JSON numbers of at most 63 bits, so only such digits are accepted. */
  platformId(name: string): string {
    const value = this.text(name);
    return isPlatformId(value) ? value : this.wrong(name, 'must be 1 to 19 digits given as text', '0');
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    const value = this.members[name];
    return (
      choices.find((choice) => choice === value) ?? this.wrong(name, `must be one of ${choices.join(', ')}`, fallback)
    );
  }

  flag(name: string, fallback: boolean): boolean {
    if (!this.has(name)) return fallback;
    const value = this.members[name];
    return typeof value === 'boolean' ? value : this.wrong(name, 'must be true or false', fallback);
  }

  wholeNumber(name: string, range: NumberRange): number {
    return this.number(name, range, Number.isSafeInteger);
  }

  /** A chance between 0 (never) and 1 (always). */
  chance(name: string): number {
    return this.number(name, { min: 0, max: 1, fallback: 0 }, Number.isFinite);
  }

  list(name: string): readonly unknown[] {
    if (!this.has(name)) return [];
    const value = this.members[name];
    return Array.isArray(value) ? (value as readonly unknown[]) : this.wrong(name, 'must be a list', []);
  }

  objects(name: string): FieldReader[] {
    return this.list(name).map((value, at) => new FieldReader(value, `${this.where}.${name}[${at}]`, this.problems));
  }

  texts(name: string): string[] {
    const values = this.list(name).filter((value): value is string => typeof value === 'string');
    return values.length === this.list(name).length ? values : this.wrong(name, 'must hold texts only', []);
  }

  wrong<Value>(name: string, why: string, fallback: Value): Value {
    this.problems.push(`${this.where}.${name} ${why}`);
    return fallback;
  }

  finish(): void {
    if (this.problems.length > 0) throw new InputError(this.problems.join('; '));
  }

  private number(name: string, range: NumberRange, isKind: (value: number) => boolean): number {
    const value = this.has(name) ? this.members[name] : range.fallback;
    const fits = typeof value === 'number' && isKind(value) && value >= range.min && value <= range.max;
    return fits ? value : this.wrong(name, `must be a number from ${range.min} to ${range.max}`, range.min);
  }
}

export function isPlatformId(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text) && BigInt(text) < 2n ** 63n;
}
