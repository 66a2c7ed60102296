import { isLosslessNumber } from 'lossless-json';

/** A member of a JSON object is not of the kind the method takes. */
export class ShapeError extends Error {
  constructor(readonly member: string) {
    super(`member ${member} has the wrong kind of value`);
  }
}

/** Reads a JSON object parsed with exact numbers. A missing member (or null) is undefined; a wrong kind is a ShapeError. */
export class ExactObject {
  private constructor(private readonly members: Readonly<Record<string, unknown>>) {}

  static of(value: unknown, name: string): ExactObject {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
    if (!isObject) throw new ShapeError(name);
    return new ExactObject({ ...value });
  }

  /** An id given as a number or as its digits in text. */
  id(name: string): string | undefined {
    const value = this.member(name);
    if (value === undefined) return undefined;
    const digits = isLosslessNumber(value) ? value.toString() : value;
    if (typeof digits !== 'string' || !/^\d{1,19}$/.test(digits)) throw new ShapeError(name);
    return digits;
  }

  int(name: string): number | undefined {
    const value = this.member(name);
    if (value === undefined) return undefined;
    const digits = isLosslessNumber(value) ? value.toString() : value;
    if (typeof digits !== 'string' || !/^-?\d{1,15}$/.test(digits)) throw new ShapeError(name);
    return Number(digits);
  }

  text(name: string): string | undefined {
    const value = this.member(name);
    if (value === undefined || typeof value === 'string') return value;
    throw new ShapeError(name);
  }

  flag(name: string): boolean | undefined {
    const value = this.member(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw new ShapeError(name);
  }

  objects(name: string): ExactObject[] | undefined {
    const value = this.member(name);
    return value === undefined ? undefined : exactObjects(value, name);
  }

  private member(name: string): unknown {
    return this.members[name] ?? undefined;
  }
}

export function exactObjects(value: unknown, name: string): ExactObject[] {
  if (!Array.isArray(value)) throw new ShapeError(name);
  return value.map((element) => ExactObject.of(element, name));
}
