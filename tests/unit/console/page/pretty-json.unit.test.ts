import fc from 'fast-check';
import { prettyJson } from '../../../../functions/console/web/pages/interfaces/pretty-json';

describe('JSON of a platform, indented for people', () => {
  it('keeps numbers beyond 2^53, escapes, repeated members and their order as they came', () => {
    const text = String.raw`{"tid":123456789012345678901,"a":"\u003cb\u003e \"x\" {","tid":1.50,"l":[1,{"b":null}],"e":[],"o":{}}`;
    expect(prettyJson(text)).toBe(
      [
        '{',
        '  "tid": 123456789012345678901,',
        String.raw`  "a": "\u003cb\u003e \"x\" {",`,
        '  "tid": 1.50,',
        '  "l": [',
        '    1,',
        '    {',
        '      "b": null',
        '    }',
        '  ],',
        '  "e": [],',
        '  "o": {}',
        '}',
      ].join('\n'),
    );
  });

  it('says the same as what came, for any JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(prettyJson(text) ?? '')).toEqual(JSON.parse(text));
      }),
    );
  });

  it('changes nothing but the blanks between the signs', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(JSON.parse(prettyJson(text) ?? ''))).toBe(JSON.stringify(JSON.parse(text)));
        expect(prettyJson(JSON.stringify(value, null, 3))).toBe(prettyJson(text));
      }),
    );
  });

  it.each(['', 'hello', '<order>1</order>', '"text"', '{"a":1', '{"a":1]', '{"a":"open}', '{}{}', '[1] 2'])(
    'leaves alone what is no JSON as a whole: %s',
    (text) => {
      expect(prettyJson(text)).toBeUndefined();
    },
  );

  it('takes hostile nesting in its stride', () => {
    const deep = 20_000;
    const pretty = prettyJson('['.repeat(deep) + ']'.repeat(deep)) ?? '';
    expect(pretty.length).toBeLessThan(deep * 2 * 64);
    expect(pretty.replaceAll(/\s/g, '')).toBe('['.repeat(deep) + ']'.repeat(deep));
  });
});
