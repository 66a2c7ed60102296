import fc from 'fast-check';
import { deliveryOrderId, isKeyPart, sortable } from '../../../../shared/domain/kernel/ids';
import { FIXED_RUNS } from '../fixed-runs';

describe('parts of a key', () => {
  it.each(['TEE-RED-L', '3724567890123456789', '红色T恤', 'a', 'shop:1', 'A_b.c@d+e', 'M (38)', 'x'.repeat(80)])(
    'takes %j',
    (text) => {
      expect(isKeyPart(text)).toBe(true);
    },
  );

  it.each(['', ' ', 'a#b', 'a/b', '#', 'a\nb', 'a\tb', ' a', 'a ', 'a\u0000', 'x'.repeat(81), 'a"b', '<b>', '😀'])(
    'refuses %j, which would blur where one part ends',
    (text) => {
      expect(isKeyPart(text)).toBe(false);
    },
  );

  it('never lets a separator of keys or movement ids through', () => {
    const around = fc.tuple(fc.string({ maxLength: 10 }), fc.constantFrom('#', '/'), fc.string({ maxLength: 10 }));
    fc.assert(
      fc.property(around, (parts) => {
        expect(isKeyPart(parts.join(''))).toBe(false);
      }),
      FIXED_RUNS,
    );
  });
});

describe('numbers in keys', () => {
  it('writes a number with leading zeros to its width', () => {
    expect(sortable(42)).toBe('0000000000000042');
    expect(sortable(7, 3)).toBe('007');
  });

  it('sorts as text in the order of the numbers', () => {
    const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(sortable(a) < sortable(b)).toBe(a < b);
      }),
      FIXED_RUNS,
    );
  });
});

it('names the delivery order of a platform order by shop and order number, so that a repeat finds it', () => {
  expect(deliveryOrderId('tmall-1', '3724567890123456789')).toBe('tmall-1#3724567890123456789');
});
