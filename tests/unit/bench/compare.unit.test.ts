import type { BenchFile } from '../../bench/compare';
import { comparison } from '../../bench/compare';

const fileOf = (figures: Record<string, number>, node = 'v20.15.0'): BenchFile => ({
  node,
  parts: { part: { figures } },
});

describe('a comparison of two runs', () => {
  it('tells what differs, the largest change first, and counts the rest', () => {
    const before = fileOf({ slower: 100, faster: 10, same: 5, noise: 1_000, gone: 1 });
    const after = fileOf({ slower: 90, faster: 30, same: 5, noise: 1_010, fresh: 2 });
    const { rows, notes } = comparison(before, after);
    // 10 → 30 is +200 %, 100 → 90 is −10 %; 1,000 → 1,010 is 1 %, which two runs differ by anyway.
    expect(rows).toEqual([
      ['faster', '10', '30', '+200 %'],
      ['slower', '100', '90', '-10 %'],
    ]);
    expect(notes).toEqual(['2 figures differ by less than 2 %; 1 are new, 1 were not measured now.']);
  });

  it('takes a figure that was nothing before for changed', () => {
    expect(comparison(fileOf({ oversold: 0 }), fileOf({ oversold: 3 })).rows).toEqual([
      ['oversold', '0', '3', '+300 %'],
    ]);
  });

  it('says where another Node has run', () => {
    expect(comparison(fileOf({}, 'v20.15.0'), fileOf({}, 'v22.1.0')).notes).toContain(
      'measured by v20.15.0 before, by v22.1.0 now.',
    );
  });
});
