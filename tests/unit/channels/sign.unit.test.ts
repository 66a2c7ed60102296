import fc from 'fast-check';
import { parse, parseNumberAndBigInt } from 'lossless-json';
import {
  type CanonicalValue,
  canonicalJson,
  signDoudian,
  verifyPush,
} from '../../../shared/adapters/channels/doudian/sign';
import { signTaobao, type TaobaoSignMethod, withoutEmpty } from '../../../shared/adapters/channels/taobao/sign';
import { DOUDIAN_PUSH_VECTORS, DOUDIAN_SIGN_VECTORS, TAOBAO_SIGN_VECTORS } from './vectors';

describe('Taobao signature', () => {
  it.each(Object.entries(TAOBAO_SIGN_VECTORS))('signs %s', (_name, { input, expect: expected }) => {
    const method = input.params.sign_method as TaobaoSignMethod;
    expect(signTaobao(input.params, input.appSecret, method)).toBe(expected.sign);
  });

  it('does not depend on the order of the parameters, and leaves the signature itself out', () => {
    const { input, expect: expected } = TAOBAO_SIGN_VECTORS['taobao-sheet-1'];
    const reversed = Object.fromEntries(Object.entries(input.params).reverse());
    expect(signTaobao({ ...reversed, sign: 'OLD' }, input.appSecret, 'md5')).toBe(expected.sign);
  });

  it('leaves empty parameters out, on which libraries disagree', () => {
    expect(withoutEmpty({ session: '', num_iid: '1', '': 'x' })).toEqual({ num_iid: '1' });
  });
});

describe('Doudian signature', () => {
  it.each(Object.entries(DOUDIAN_SIGN_VECTORS))('signs %s', (_name, { input, expect: expected }) => {
    const params = parse(input.paramsJsonText, undefined, parseNumberAndBigInt) as CanonicalValue;
    const paramJson = canonicalJson(params);
    expect(paramJson).toBe(expected.paramJson);
    expect(signDoudian({ ...input, paramJson }, input.appSecret)).toBe(expected.sign);
  });

  it('writes names that look like integers in byte order, not first', () => {
    expect(canonicalJson({ b: 1, '10': 1, '9': 1, a: 1, A: 1, _: 1 })).toBe('{"10":1,"9":1,"A":1,"_":1,"a":1,"b":1}');
  });

  it('sorts inside nested arrays and keeps the order of arrays', () => {
    const value = { list: [[{ z: 1, a: [3, 1, 2] }], [], {}] };
    expect(canonicalJson(value)).toBe('{"list":[[{"a":[3,1,2],"z":1}],[],{}]}');
  });

  it('writes ids beyond 2^53 digit for digit', () => {
    expect(canonicalJson({ product_id: 3473196049974326153n })).toBe('{"product_id":3473196049974326153}');
  });

  it('refuses an id that JavaScript has already rounded', () => {
    expect(() => canonicalJson({ product_id: 2 ** 60 })).toThrow('beyond 2^53');
  });

  it('writes text as raw UTF-8 and escapes none of / < > &', () => {
    expect(canonicalJson({ word: '男装/T恤 <b>&"' })).toBe('{"word":"男装/T恤 <b>&\\""}');
  });

  it('sorts by bytes, where an emoji comes after every Chinese character', () => {
    // UTF-16 order would put the emoji's surrogate (D83D) before the full-width letter (FF21).
    expect(canonicalJson({ '😀': 1, Ａ: 1 })).toBe('{"Ａ":1,"😀":1}');
  });

  it('says what it was given, for any parameters', () => {
    const { value } = fc.letrec<{ value: CanonicalValue }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, false),
        fc.string({ unit: 'binary' }),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.array(tie('value')),
        fc.dictionary(fc.oneof(fc.string({ unit: 'binary' }), fc.nat().map(String)), tie('value'), {
          noNullPrototype: true,
        }),
      ),
    }));
    fc.assert(
      fc.property(value, (params) => {
        expect(parse(canonicalJson(params), undefined, parseNumberAndBigInt)).toEqual(params);
      }),
    );
  });

  it('is the same for the same parameters in any order', () => {
    const members = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.nat()), { selector: ([name]) => name });
    fc.assert(
      fc.property(members, (pairs) => {
        expect(canonicalJson(Object.fromEntries(pairs))).toBe(canonicalJson(Object.fromEntries([...pairs].reverse())));
      }),
    );
  });
});

describe('Doudian push signature', () => {
  const { input } = DOUDIAN_PUSH_VECTORS['doudian-sheet-3'];
  const body = Buffer.from(input.rawBody, 'utf8');

  it.each(Object.entries(DOUDIAN_PUSH_VECTORS))('verifies %s', (_name, { input: vector, expect: expected }) => {
    expect(verifyPush(vector, vector.headers, Buffer.from(vector.rawBody, 'utf8'))).toBe(expected.valid);
  });

  it('reads header names in any case', () => {
    const headers = { 'App-Id': input.headers['app-id'], 'EVENT-SIGN': input.headers['event-sign'] };
    expect(verifyPush(input, headers, body)).toBe(true);
  });

  it.each([
    ['no headers at all', {}],
    ['no signature', { 'app-id': input.headers['app-id'] }],
    ['no app id', { 'event-sign': input.headers['event-sign'] }],
    ["another app's id", { ...input.headers, 'app-id': '7000000000000000000' }],
    ['a cut signature', { ...input.headers, 'event-sign': input.headers['event-sign'].slice(0, 31) }],
    ['an upper-case signature', { ...input.headers, 'event-sign': input.headers['event-sign'].toUpperCase() }],
  ])('refuses a push with %s', (_what, headers) => {
    expect(verifyPush(input, headers, body)).toBe(false);
  });
});
