import { systemClock } from '../../shared/adapters/system/system';
import type { Clock } from '../../shared/ports/clock';
import { ManualClock, settled } from '../support/manual-clock';

/** `pass` lets so much of the clock's own time go by. */
function describeClock(name: string, open: () => { clock: Clock; pass: (ms: number) => Promise<void> }): void {
  describe(`clock: ${name}`, () => {
    it('tells whole milliseconds since 1970, and never goes back', async () => {
      const { clock, pass } = open();
      const first = clock.nowMs();
      expect(Number.isSafeInteger(first)).toBe(true);
      expect(new Date(first).getUTCFullYear()).toBeGreaterThanOrEqual(2025);
      await pass(10);
      expect(clock.nowMs()).toBeGreaterThanOrEqual(first + 9);
    });

    it('sleeps as long as it is told, the shorter sleep ending first', async () => {
      const { clock, pass } = open();
      const woken: number[] = [];
      const started = clock.nowMs();
      const sleeps = [60, 20].map((ms) =>
        clock.sleep(ms).then(() => {
          woken.push(ms);
          // Timers of the machine may end a millisecond early.
          expect(clock.nowMs() - started).toBeGreaterThanOrEqual(ms - 1);
        }),
      );
      await settled();
      expect(woken).toEqual([]);
      await Promise.all([pass(100), ...sleeps]);
      expect(woken).toEqual([20, 60]);
    });
  });
}

describeClock('systemClock', () => ({
  clock: systemClock,
  pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}));
describeClock('ManualClock', () => {
  const clock = new ManualClock();
  return { clock, pass: (ms) => clock.advance(ms) };
});
