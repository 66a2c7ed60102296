import fc from 'fast-check';
import type { Words } from './fuzz-words';
import { PERSONAL, wordsOf } from './fuzz-words';

/** What an OpenAPI document says of a value, as far as it is read here. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
}

/** Values as the schema wants them, members in or out where it leaves that open. */
export function valueOf(schema: Schema, words: Words, name = ''): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => valueOf(one, words, name)));
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  if (types.length > 1) return fc.oneof(...types.map((type) => valueOf({ ...schema, type }, words, name)));
  const [type = ''] = types;
  switch (type) {
    case 'object':
      return objectOf(schema, words);
    case 'array': {
      const { minItems = 0, maxItems = 5 } = schema;
      const size = { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 5)) };
      return fc.array(valueOf(schema.items ?? {}, words, name), size);
    }
    case 'string':
      return (
        wordsOf(words, name) ??
        fc.oneof(fc.constantFrom(...PERSONAL), fc.string({ minLength: 1, maxLength: 30, unit: 'binary' }))
      );
    case 'integer':
    case 'number':
      return name === 'version' ? fc.nat(3) : numberOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      throw new Error(
        `the schema of ${name || 'a body'} says a type that the fuzzer cannot make: ${JSON.stringify(schema)}`,
      );
  }
}

function objectOf({ properties = {}, required = [] }: Schema, words: Words): fc.Arbitrary<unknown> {
  const members = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, valueOf(schema, words, name)]),
  );
  return fc.record(members, { requiredKeys: [...required] });
}

function numberOf({ minimum = 0, maximum = 1_000_000 }: Schema): fc.Arbitrary<number> {
  return fc.oneof(fc.constantFrom(minimum, maximum), fc.integer({ min: minimum, max: Math.max(minimum, maximum) }));
}
