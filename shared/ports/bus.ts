/** What a message is about; the functions that listen are bound to topics by the deployment. */
export type Topic = 'platform-order-changed' | 'delivery-order-ready' | 'stock-changed';

/**
 * A hint that a document deserves a look. Everything needed is inside the body, since a FunctionGraph Kafka function
 * receives nothing else. Losing, repeating, delaying or reordering it is harmless.
 */
export interface BusMessage {
  readonly topic: Topic;
  /**
   * Messages of one key are brought in order, one batch at a time, by a bus that can (in process, Kafka). A nicety: SQS
   * brings them in any order, and no function depends on it.
   */
  readonly key: string;
  readonly body: Readonly<Record<string, string | number | boolean | null>>;
  /** W3C trace context of what caused it. */
  readonly traceparent?: string;
}

/** At-least-once messages, keyed and batched. */
export interface Bus {
  /**
   * Resolves when the bus has accepted all of them. Throws MESSAGE_TOO_LARGE before any is sent where one is larger than
   * 256 KB as it goes over the wire, and BUS_UNAVAILABLE where some were not accepted; others of them may have been.
   */
  publish(messages: readonly BusMessage[]): Promise<void>;
}

/** What goes over the wire: the message with its identity inside. */
export interface BusEnvelope {
  /** Unique, and the same however often the message is brought. */
  readonly eventId: string;
  /**
   * Counts the messages of one sender (one instance of a function, named in the event id) from 1. For people, who see
   * what came first and what is missing, and for telling repeats apart. It orders nothing between senders, and nobody
   * may wait for a number: a message that was not accepted leaves a gap.
   */
  readonly sequence: number;
  readonly topic: Topic;
  readonly key: string;
  readonly atMs: number;
  readonly traceparent?: string;
  readonly body: BusMessage['body'];
}
