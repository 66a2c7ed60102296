import type { Bus, BusMessage } from '../ports/bus';
import type { Random } from '../ports/random';

/** W3C trace context, level 1: version 00, trace id, parent span id, flags. */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

const NO_TRACE = '0'.repeat(32);

/** One call's place in a trace: what caused what, across functions and queues. */
export interface Trace {
  readonly traceId: string;
  /** What this call hands on to those that it causes. */
  readonly traceparent: string;
}

/** Goes on with a caller's trace, or begins one where there is none or it cannot be read. */
export function traceOf(parent: string | undefined, random: Random): Trace {
  const known = TRACEPARENT.exec(parent ?? '')?.[1];
  const traceId = known !== undefined && known !== NO_TRACE ? known : random.token();
  return { traceId, traceparent: `00-${traceId}-${random.token().slice(0, 16)}-01` };
}

/** Messages carry the trace of what caused them, where they do not say it themselves. */
export function tracedBus(bus: Bus, traceparentOf: (key: string) => string | undefined): Bus {
  const traced = (message: BusMessage): BusMessage => {
    const traceparent = message.traceparent ?? traceparentOf(message.key);
    return traceparent === undefined ? message : { ...message, traceparent };
  };
  return { publish: (messages) => bus.publish(messages.map(traced)) };
}
