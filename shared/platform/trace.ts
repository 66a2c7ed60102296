import { deliveryOrderId } from '../domain/kernel/ids';
import { stockKeyText } from '../domain/stock/movement';
import type { Bus, BusEnvelope, BusMessage } from '../ports/bus';
import type { Log, LogFields } from '../ports/log';
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

/** The trace of a document, by the key of messages about it; undefined where it is not known. */
export type TraceOfKey = (key: string | undefined) => Trace | undefined;

/** Goes on with a caller's trace, or begins one where there is none or it cannot be read. */
export function traceOf(parent: string | undefined, random: Random): Trace {
  return continued(parent, random) ?? withSpan(random.token(), random);
}

/**
 * The traces that a batch goes on with. Its messages were caused by many: each document's trace is the one of the message
 * that told of it. What belongs to no message's document has a trace only where the whole batch has the same.
 */
export function tracesOf(batch: readonly Pick<BusEnvelope, 'key' | 'traceparent'>[], random: Random): TraceOfKey {
  const byKey = new Map<string, Trace>();
  for (const { key, traceparent } of batch) {
    const trace = continued(traceparent, random);
    if (trace) byKey.set(key, trace);
  }
  const ids = new Set([...byKey.values()].map(({ traceId }) => traceId));
  const [any] = byKey.values();
  const common = ids.size === 1 && batch.every(({ key }) => byKey.has(key)) ? any : undefined;
  return (key) => (key === undefined ? undefined : byKey.get(key)) ?? common;
}

/** Messages carry the trace of what caused them, where they do not say it themselves. */
export function tracedBus(bus: Bus, traceOfKey: TraceOfKey): Bus {
  const traced = (message: BusMessage): BusMessage => {
    const traceparent = message.traceparent ?? traceOfKey(message.key)?.traceparent;
    return traceparent === undefined ? message : { ...message, traceparent };
  };
  return { publish: (messages) => bus.publish(messages.map(traced)) };
}

/** Lines about a document carry its trace; all others stay as they are. */
export function tracedLog(log: Log, traceOfKey: TraceOfKey): Log {
  const traced = (fields: LogFields = {}): LogFields => {
    const trace = traceOfKey(messageKeyOf(fields));
    return trace ? { traceId: trace.traceId, ...fields } : fields;
  };
  return {
    info: (event, fields) => log.info(event, traced(fields)),
    warn: (event, fields) => log.warn(event, traced(fields)),
    error: (event, fields) => log.error(event, traced(fields)),
    count: (metric, by, fields) => log.count(metric, by, fields),
    gauge: (metric, value, fields) => log.gauge(metric, value, fields),
  };
}

/** The key of messages about the document that a line's fields name. */
function messageKeyOf({ shopId, orderNo, deliveryOrderId: id, warehouseId, skuId }: LogFields): string | undefined {
  if (typeof id === 'string') return id;
  if (typeof shopId === 'string' && typeof orderNo === 'string') return deliveryOrderId(shopId, orderNo);
  if (typeof warehouseId === 'string' && typeof skuId === 'string') return stockKeyText({ warehouseId, skuId });
  return undefined;
}

function continued(parent: string | undefined, random: Random): Trace | undefined {
  const traceId = TRACEPARENT.exec(parent ?? '')?.[1];
  return traceId === undefined || traceId === NO_TRACE ? undefined : withSpan(traceId, random);
}

function withSpan(traceId: string, random: Random): Trace {
  return { traceId, traceparent: `00-${traceId}-${random.token().slice(0, 16)}-01` };
}
