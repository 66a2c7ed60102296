import { traceOf, tracedBus } from '../../../shared/platform/trace';
import type { BusMessage } from '../../../shared/ports/bus';
import { SeededRandom } from '../../support/seeded-random';

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const SHAPE = /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/;

describe('a trace', () => {
  it("goes on with the caller's, as a span of its own", () => {
    const trace = traceOf(PARENT, new SeededRandom(1));
    expect(trace.traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(trace.traceparent).toMatch(SHAPE);
    expect(trace.traceparent).toContain(trace.traceId);
    expect(trace.traceparent).not.toContain('00f067aa0ba902b7');
  });

  it.each([
    undefined,
    '',
    'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `${PARENT}-more`,
    '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01',
  ])('begins anew for %p', (parent) => {
    const trace = traceOf(parent, new SeededRandom(1));
    expect(trace.traceparent).toMatch(SHAPE);
    expect(parent ?? '').not.toContain(trace.traceId);
  });

  it('goes with each message whose cause is known, and leaves one that says its own', async () => {
    const sent: BusMessage[] = [];
    const bus = { publish: async (messages: readonly BusMessage[]) => void sent.push(...messages) };
    const traced = tracedBus(bus, (key) => (key === 'known' ? PARENT : undefined));
    const message = { topic: 'stock-changed', body: {} } as const;
    await traced.publish([
      { ...message, key: 'known' },
      { ...message, key: 'unknown' },
      { ...message, key: 'known', traceparent: 'own' },
    ]);
    expect(sent.map(({ traceparent }) => traceparent)).toEqual([PARENT, undefined, 'own']);
  });
});
