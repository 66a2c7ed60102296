import type { Log } from '../../../shared/ports/log';
import type { Topic } from '../../../shared/ports/bus';

/** A function that listens to a topic, and batches as its trigger forms them. */
export interface QueueBinding {
  readonly topic: Topic;
  readonly functionName: string;
  readonly batchMax: number;
  /** Batches in the air at once. */
  readonly parallel: number;
}

/** What brings messages to the functions, as the triggers of a cloud do. */
export interface Queues {
  /** Messages that wait or are being handled. */
  size(): Promise<number>;
  /** Brings no more, and resolves when the batches in the air have ended. */
  close(): Promise<void>;
}

export type Invoke = (functionName: string, event: object) => Promise<unknown>;

export interface TriggerPorts {
  readonly log: Log;
  readonly invoke: Invoke;
}

/** Times that Kafka's trigger calls a function that throws: once, and twice more as FunctionGraph is told to. */
export const CALLS_MAX = 3;

/** A loop rests so long after it could not reach its engine. */
export const OUTAGE_PAUSE_MS = 1_000;
