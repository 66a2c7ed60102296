import type { CpuProfile } from '../../bench/cpu-profile';
import { ownTimes } from '../../bench/cpu-profile';

const node = (id: number, functionName: string, url = '', lineNumber = -1): CpuProfile['nodes'][number] => ({
  id,
  callFrame: { functionName, url, lineNumber },
});

describe('a profile', () => {
  it('is told by own time, all places of a function together, without what the process slept', () => {
    const profile: CpuProfile = {
      // The same function on two paths of the stack is two nodes.
      nodes: [
        node(1, '(idle)'),
        node(2, 'put', 'file:///somewhere/dist/start.js', 41),
        node(3, 'put', 'file:///somewhere/dist/start.js', 41),
        node(4, '', 'file:///somewhere/dist/start.js', 6),
      ],
      samples: [1, 2, 3, 4, 1],
      timeDeltas: [5_000, 1_000, 2_000, 1_000, 9_000],
    };
    // Awake for 4 ms: 3 in put, 1 in a function without a name. Lines count from 1, folders are the machine's own matter.
    expect(ownTimes(profile, 10)).toEqual([
      { name: 'put start.js:42', ms: 3, share: 0.75 },
      { name: '(anonymous) start.js:7', ms: 1, share: 0.25 },
    ]);
    expect(ownTimes(profile, 1)).toHaveLength(1);
  });
});
