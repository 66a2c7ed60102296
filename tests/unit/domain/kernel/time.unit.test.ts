import fc from 'fast-check';
import { epochMsFromShanghaiText, shanghaiText } from '../../../../shared/domain/kernel/time';
import { FIXED_RUNS } from '../fixed-runs';

describe('Shanghai time', () => {
  it.each([
    // Shanghai is eight hours ahead: 06:05 UTC is 14:05 there, and 16:00 UTC is midnight of the next day.
    ['2026-03-08T06:05:09Z', '2026-03-08 14:05:09'],
    ['2026-03-08T16:00:00Z', '2026-03-09 00:00:00'],
    ['2025-12-31T15:59:59Z', '2025-12-31 23:59:59'],
    ['2025-12-31T16:00:00Z', '2026-01-01 00:00:00'],
    // Summer brings no change of the clock.
    ['2026-07-01T00:00:00Z', '2026-07-01 08:00:00'],
    ['2024-02-28T16:00:00Z', '2024-02-29 00:00:00'],
  ])('shows %s as %s and reads it back', (utc, text) => {
    expect(shanghaiText(Date.parse(utc))).toBe(text);
    expect(epochMsFromShanghaiText(text)).toBe(Date.parse(utc));
  });

  it('drops the milliseconds that the text has no place for', () => {
    expect(shanghaiText(Date.parse('2026-03-08T06:05:09.999Z'))).toBe('2026-03-08 14:05:09');
  });

  it.each([
    '',
    '2026-03-08',
    '2026-03-08T14:05:09',
    '2026-03-08 14:05',
    '2026-03-08 14:05:09.000',
    ' 2026-03-08 14:05:09',
    '2026-3-8 14:05:09',
    '0000-00-00 00:00:00',
    '2026-13-01 00:00:00',
    '2026-01-32 00:00:00',
    '2026-03-08 25:00:00',
    '2026-03-08 14:60:00',
  ])('takes %j for no time at all', (text) => {
    expect(epochMsFromShanghaiText(text)).toBeUndefined();
  });

  it.each(['2026-02-30 10:00:00', '2025-02-29 10:00:00', '2026-04-31 10:00:00', '2026-03-08 24:00:00'])(
    'refuses %s, a time that no calendar has, rather than move it to another day',
    (text) => {
      expect(epochMsFromShanghaiText(text)).toBeUndefined();
    },
  );

  it('goes both ways without loss for every second of a century', () => {
    const seconds = fc.integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2100, 0, 1) / 1000 });
    fc.assert(
      fc.property(seconds, (second) => {
        expect(epochMsFromShanghaiText(shanghaiText(second * 1000))).toBe(second * 1000);
      }),
      FIXED_RUNS,
    );
  });
});
