import fc from 'fast-check';
import { fenFromYuanText, yuanText } from '../../../../shared/domain/kernel/money';
import { FIXED_RUNS } from '../fixed-runs';

describe('yuan text to fen', () => {
  it.each([
    ['12.30', 1230],
    ['12.3', 1230],
    ['12.03', 1203],
    ['12', 1200],
    ['0', 0],
    ['0.01', 1],
    ['007.50', 750],
    ['12.300', 1230],
    ['12.0000', 1200],
    [' 12.30 ', 1230],
    ['-0.05', -5],
    ['-12.30', -1230],
    ['999999999999.99', 99_999_999_999_999],
    // 0.1 + 0.2 and 1.005 × 100 are where floats lose a fen: 1.15 × 100 is 114.99999999999999.
    ['1.15', 115],
    ['4.35', 435],
  ])('reads %j as %i fen', (text, fen) => {
    expect(fenFromYuanText(text)).toBe(fen);
  });

  it('reads minus nothing as plain zero', () => {
    expect(fenFromYuanText('-0.00')).toBe(0);
  });

  it.each([
    '',
    ' ',
    '.5',
    '12.',
    '1,234.00',
    '1e3',
    '+1.00',
    '--1',
    '12.345',
    '12.3450',
    '¥12.30',
    '12.30元',
    'NaN',
    '１２.３０',
    '12.3.0',
    '1000000000000.00',
  ])('refuses %j rather than guess an amount', (text) => {
    expect(fenFromYuanText(text)).toBeUndefined();
  });
});

describe('fen to text', () => {
  it.each([
    [1230, '¥12.30'],
    [5, '¥0.05'],
    [0, '¥0.00'],
    [-5, '-¥0.05'],
    [-1230, '-¥12.30'],
  ])('shows %i fen as %s', (fen, text) => {
    expect(yuanText(fen)).toBe(text);
  });

  it('reads back every amount that it shows, to the fen', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (fen) => {
        expect(fenFromYuanText(yuanText(fen).replace('¥', ''))).toBe(fen);
      }),
      FIXED_RUNS,
    );
  });
});
