import type { HistoryOptions } from '../../simulation/plan';
import { kindOf, shrink } from '../../simulation/shrink';

const ACTIONS = Array.from({ length: 40 }, (_, i) => [String(i + 1), `${i + 1}.1`]).flat();
const FAULTS = ['crash', 'lost', 'timeout'];

/** A history that fails where actions 3 and 17.1 happen while steps crash; another order of steps hides it. */
async function play({ only, without, schedule = 0 }: HistoryOptions) {
  const actions = ACTIONS.filter((id) => only?.has(id) ?? true);
  const fails = ['3', '17.1'].every((id) => actions.includes(id)) && !without?.has('crash') && schedule === 1;
  const what = fails ? `invariant 2: ledger#DC#S${actions.length}: holds 3` : 'invariant 6: it waits';
  return { violations: [{ what, about: {} }], actions, faults: FAULTS };
}

const failed = {
  violations: [{ what: 'invariant 2: ledger#DC#S1: holds 12', about: {} }],
  actions: ACTIONS,
  faults: FAULTS,
};

describe('shrinking a failed history', () => {
  it('finds the actions and faults that it takes, and an order of steps that shows it', async () => {
    const told: string[] = [];
    const { cut, faults, violations, played } = await shrink(
      play,
      failed,
      () => true,
      (what) => told.push(what),
    );
    expect([...cut.only].sort()).toEqual(['17.1', '3']);
    expect(faults).toEqual(['crash']);
    expect([...cut.without].sort()).toEqual(['lost', 'timeout']);
    expect(cut.schedule).toBe(1);
    expect(violations.map(({ what }) => what)).toEqual(['invariant 2: ledger#DC#S2: holds 3']);
    expect(played).toBeGreaterThan(told.length);
    expect(told.at(-1)).toMatch(/^2 of 80 actions, faults crash, \d+ played$/);
  });

  it('keeps the history whole where nobody gives it time', async () => {
    const { cut, faults, played } = await shrink(
      play,
      failed,
      () => false,
      () => undefined,
    );
    expect([cut.only.size, faults, played]).toEqual([ACTIONS.length, FAULTS, 0]);
  });

  it('takes two violations for one kind where only numbers and documents differ', () => {
    expect(kindOf('invariant 6: sync#dd#item-S3: S3 shall show 5, the platform shows 2')).toBe(
      kindOf('invariant 6: sync#tb#item-S1: S1 shall show 12, the platform shows 0'),
    );
    expect(kindOf('invariant 6: sync#dd#item-S3: x')).not.toBe(kindOf('invariant 1: sync#dd#item-S3: x'));
    expect(kindOf('tb N1 is closed on the platform')).not.toBe(kindOf('tb N1 is to-ship on the platform'));
  });
});
