/** What a message is about; the functions that listen are bound to topics by the deployment. */
export type Topic = 'platform-order-changed' | 'delivery-order-ready' | 'stock-changed';

/**
 * A hint that a document deserves a look. Everything needed is inside the body, since a FunctionGraph Kafka function
 * receives nothing else. Losing, repeating, delaying or reordering it is harmless.
 */
export interface BusMessage {
  readonly topic: Topic;
  /** Messages of one key are handled in order, one batch at a time. */
  readonly key: string;
  readonly body: Readonly<Record<string, string | number | boolean | null>>;
  /** W3C trace context of what caused it. */
  readonly traceparent?: string;
}

/** At-least-once messages, keyed and batched. */
export interface Bus {
  /** Resolves when the bus has accepted all of them. */
  publish(messages: readonly BusMessage[]): Promise<void>;
}

/** What goes over the wire: the message with its identity inside. */
export interface BusEnvelope {
  readonly eventId: string;
  readonly topic: Topic;
  readonly key: string;
  readonly atMs: number;
  readonly traceparent?: string;
  readonly body: BusMessage['body'];
}
