import { traceOf, tracedBus, tracedLog, tracesOf } from '../../../shared/platform/trace';
import type { BusMessage } from '../../../shared/ports/bus';
import { ListLog } from '../../support/list-log';
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
    const traced = tracedBus(bus, (key) => (key === 'known' ? { traceId: 'id', traceparent: PARENT } : undefined));
    const message = { topic: 'stock-changed', body: {} } as const;
    await traced.publish([
      { ...message, key: 'known' },
      { ...message, key: 'unknown' },
      { ...message, key: 'known', traceparent: 'own' },
    ]);
    expect(sent.map(({ traceparent }) => traceparent)).toEqual([PARENT, undefined, 'own']);
  });
});

describe('the traces of a batch', () => {
  const [one, other] = ['1'.repeat(32), '2'.repeat(32)];
  const sentWith = (key: string, traceId?: string) =>
    traceId === undefined ? { key } : { key, traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
  const idsOf = (batch: Parameters<typeof tracesOf>[0]) => {
    const traceOfKey = tracesOf(batch, new SeededRandom(1));
    return (keys: (string | undefined)[]) => keys.map((key) => traceOfKey(key)?.traceId);
  };

  it("are its documents', and nobody's for what belongs to none of them", () => {
    const ids = idsOf([sentWith('a', one), sentWith('b', other)]);
    expect(ids(['a', 'b', 'c', undefined])).toEqual([one, other, undefined, undefined]);
  });

  it('are one for everything where all messages have the same', () => {
    const ids = idsOf([sentWith('a', one), sentWith('b', one)]);
    expect(ids(['a', 'b', 'c', undefined])).toEqual([one, one, one, one]);
  });

  it('are not given to messages that came without', () => {
    expect(idsOf([sentWith('a', one), sentWith('b')])(['a', 'b'])).toEqual([one, undefined]);
    expect(idsOf([{ key: 'a', traceparent: 'not one' }])(['a'])).toEqual([undefined]);
  });

  it('are on the lines about their documents, however a line names one', () => {
    const log = new ListLog();
    const keys = ['tb#1', 'dy#2', 'DC#TEE'];
    const traced = tracedLog(log, (key) => {
      const at = keys.indexOf(key ?? '');
      return at < 0 ? undefined : { traceId: `trace ${at}`, traceparent: PARENT };
    });
    traced.info('e', { shopId: 'tb', orderNo: '1' });
    traced.warn('e', { deliveryOrderId: 'dy#2' });
    traced.error('e', { warehouseId: 'DC', skuId: 'TEE' });
    traced.info('e', { shopId: 'tb', orderNo: '2' });
    traced.info('e');
    expect(log.lines.map(({ level, fields }) => [level, fields['traceId']])).toEqual([
      ['info', 'trace 0'],
      ['warn', 'trace 1'],
      ['error', 'trace 2'],
      ['info', undefined],
      ['info', undefined],
    ]);
  });
});
