import fc from 'fast-check';
import { TimeQueue } from '../../simulation/time-queue';

describe('what a simulated world has still to come', () => {
  it('comes by its time, and in the order in which it was planned where times are equal', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(9), fc.constant('take' as const))), (steps) => {
        const queue = new TimeQueue<number>();
        let model: { atMs: number; no: number }[] = [];
        steps.forEach((step, no) => {
          if (step !== 'take') {
            queue.add(step, no);
            model.push({ atMs: step, no });
            return;
          }
          model.sort((a, b) => a.atMs - b.atMs || a.no - b.no);
          expect(queue.nextMs).toBe(model[0]?.atMs ?? Number.POSITIVE_INFINITY);
          if (model[0]) expect(queue.take()).toBe(model[0].no);
          model = model.slice(1);
        });
      }),
      { seed: 20_260_308 },
    );
  });
});
