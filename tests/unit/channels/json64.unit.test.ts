import * as fc from 'fast-check';
import { LosslessNumber, parse, stringify } from 'lossless-json';
import { idText, looseText, parseJson64, tryParseJson64, wholeNumber } from '../../../shared/adapters/channels/json64';

describe('JSON with 64-bit ids', () => {
  it('keeps an id beyond 2^53 as its digits', () => {
    expect(parseJson64('{"tid":3724567890123456789,"num":2}')).toEqual({ tid: '3724567890123456789', num: 2 });
  });

  it('keeps 2^53 - 1 as a number and takes 2^53 + 1 as text', () => {
    expect(parseJson64('[9007199254740991,9007199254740993]')).toEqual([9007199254740991, '9007199254740993']);
  });

  it('reads negative ids, fractions and exponents', () => {
    expect(parseJson64('[-9223372036854775808,1.5,1e3,0.1234567890123456789]')).toEqual([
      '-9223372036854775808',
      1.5,
      1000,
      0.12345678901234568,
    ]);
  });

  it('leaves digits inside text alone', () => {
    expect(parseJson64('{"no":"3724567890123456789"}')).toEqual({ no: '3724567890123456789' });
  });

  it('takes the last of two fields of one name, with and without long ids', () => {
    expect(parseJson64('{"a":1,"a":2}')).toEqual({ a: 2 });
    expect(parseJson64('{"id":3724567890123456789,"a":1,"a":2}')).toEqual({ id: '3724567890123456789', a: 2 });
  });

  it('reads any JSON as a parser of exact numbers does', () => {
    const digits = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map((big) => new LosslessNumber(String(big)));
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('"', '\\', '\\"', '1234567890123456789', '\n{"a":-98765432109876543210}'),
    );
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        digits,
        text,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        tie('list'),
        tie('members'),
      ),
      list: fc.array(tie('value'), { maxLength: 4 }),
      members: fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    }));
    const exact = (number: string): unknown =>
      /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number)) ? number : Number(number);
    fc.assert(
      fc.property(json.value, fc.constantFrom(undefined, 2), (value, indent) => {
        const written = stringify(value, undefined, indent) ?? '';
        expect(parseJson64(written)).toEqual(parse(written, undefined, { parseNumber: exact }));
      }),
      { numRuns: 500 },
    );
  });

  it('throws on what is not JSON, with and without long ids', () => {
    expect(() => parseJson64('<html>')).toThrow(SyntaxError);
    expect(() => parseJson64('{"id":3724567890123456789')).toThrow(SyntaxError);
    expect(() => parseJson64('[03724567890123456789]')).toThrow(SyntaxError);
    expect(() => parseJson64('[3724567890123456789-1]')).toThrow(SyntaxError);
    expect(tryParseJson64('<html>')).toBeUndefined();
  });
});

describe('loose fields', () => {
  it('reads an id from a number or from text, and refuses an empty one', () => {
    expect(idText.parse(12)).toBe('12');
    expect(idText.parse('3724567890123456789')).toBe('3724567890123456789');
    expect(idText.safeParse('').success).toBe(false);
    expect(idText.safeParse(1.5).success).toBe(false);
  });

  it('reads a whole number from its digits', () => {
    expect(wholeNumber.parse('12')).toBe(12);
    expect(wholeNumber.safeParse('1.5').success).toBe(false);
    expect(wholeNumber.safeParse('').success).toBe(false);
  });

  it('reads absent text as empty', () => {
    expect([null, undefined, '', 7].map((value) => looseText.parse(value))).toEqual(['', '', '', '7']);
  });
});
