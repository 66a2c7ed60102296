import { hasCode } from '../errors';
import type { Bus } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';

/** After a failure nothing is sent for so long: an outage costs one publish's time limit, not one a document. */
const REST_MS = 10_000;

/**
 * A bus that never fails its caller for an outage: what it cannot send is counted as `bus.dropped`, and the caller goes
 * on. Right for messages that tell of a saved document which stands in the index `open` until somebody has driven it on:
 * its sweep finds it within a minute. To fail instead would undo nothing that is saved, turn a webhook away whose order
 * is stored, and repeat a batch whose work is done. A message that is too large is our own mistake, and is thrown.
 *
 * Keep one for the life of an instance and make a run's bus with {@link DropUnsent.over}: the rest is shared.
 */
export class DropUnsent {
  private restsUntilMs = 0;

  constructor(private readonly ports: { clock: Clock; log: Log }) {}

  over(bus: Bus): Bus {
    const { clock, log } = this.ports;
    return {
      publish: async (messages) => {
        if (clock.nowMs() < this.restsUntilMs) {
          log.count('bus.dropped', messages.length);
          return;
        }
        try {
          await bus.publish(messages);
        } catch (error) {
          if (!hasCode(error, 'BUS_UNAVAILABLE')) throw error;
          this.restsUntilMs = clock.nowMs() + REST_MS;
          // Those that were accepted before it failed are not lost.
          const { notSent, topic, reason } = error.facts;
          const dropped = typeof notSent === 'number' ? notSent : messages.length;
          log.count('bus.dropped', dropped);
          log.error('bus.unavailable', { topic: String(topic), reason: String(reason), dropped, restMs: REST_MS });
        }
      },
    };
  }
}
