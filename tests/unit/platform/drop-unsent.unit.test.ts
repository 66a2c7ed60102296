import { AppError } from '../../../shared/errors';
import { DropUnsent } from '../../../shared/platform/drop-unsent';
import type { BusMessage } from '../../../shared/ports/bus';
import { ListLog } from '../../support/list-log';
import { ManualClock } from '../../support/manual-clock';

const messages = (count: number): BusMessage[] =>
  Array.from({ length: count }, (_, no) => ({ topic: 'stock-changed', key: `key-${no}`, body: { no } }));

describe('a bus that drops what it cannot send', () => {
  let clock: ManualClock;
  let log: ListLog;
  let asked: number;
  let fault: Error | undefined;
  let dropUnsent: DropUnsent;

  beforeEach(() => {
    [clock, log, asked, fault] = [new ManualClock(), new ListLog(), 0, undefined];
    dropUnsent = new DropUnsent({ clock, log });
  });

  const publish = (count: number): Promise<void> =>
    dropUnsent
      .over({
        publish: async () => {
          asked += 1;
          if (fault) throw fault;
        },
      })
      .publish(messages(count));

  it('lets its caller, whose document is saved, go on, and counts what was not sent', async () => {
    fault = new AppError('BUS_UNAVAILABLE', {
      topic: 'stock-changed',
      reason: 'ECONNREFUSED',
      messages: 12,
      notSent: 2,
    });
    await publish(12);
    expect(log.counts.get('bus.dropped')).toBe(2);
    expect(log.lines).toEqual([
      {
        level: 'error',
        event: 'bus.unavailable',
        fields: { topic: 'stock-changed', reason: 'ECONNREFUSED', dropped: 2, restMs: 10_000 },
      },
    ]);
  });

  it('asks a bus that is away once in ten seconds, however many documents are saved, in whatever runs', async () => {
    fault = new AppError('BUS_UNAVAILABLE', { topic: 'stock-changed', reason: 'TimeoutError', notSent: 1 });
    for (let second = 0; second < 10; second += 1) {
      await publish(1);
      await clock.advance(1_000);
    }
    expect(asked).toBe(1);
    expect(log.counts.get('bus.dropped')).toBe(10);
    expect(log.lines).toHaveLength(1);
    fault = undefined;
    await publish(1);
    expect(asked).toBe(2);
    expect(log.counts.get('bus.dropped')).toBe(10);
  });

  it.each([
    ['a message that is too large', new AppError('MESSAGE_TOO_LARGE', { bytes: 300_000 })],
    ['a slip of ours', new TypeError('undefined is not a function')],
  ])('hides no mistake: %s', async (_, mistake) => {
    fault = mistake;
    await expect(publish(1)).rejects.toBe(mistake);
    expect(log.counts.get('bus.dropped')).toBeUndefined();
    fault = undefined;
    await publish(1);
    expect(asked).toBe(2);
  });
});
