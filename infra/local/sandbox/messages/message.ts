/** One message as it is kept with the order it tells about. */
export interface SentMessage {
  readonly messageId: string;
  /** Taobao topic or Doudian tag */
  readonly topic: string;
  readonly emittedAtMs: number;
  /** JSON text; dropped once no copy waits any more */
  content: string;
  state: 'waiting' | 'lost' | 'confirmed' | 'given-up';
  /** how often it was handed out or pushed, all copies together */
  deliveries: number;
  copiesLeft: number;
}

export interface MessageDraft {
  readonly messageId: string;
  readonly topic: string;
  readonly content: string;
}

/** One copy of a message on its way. Duplicates are copies that share the message. */
export interface Copy {
  readonly message: SentMessage;
  dueAtMs: number;
  done: boolean;
  /** attempts so far; drives the back-off */
  attempts: number;
  /** attempts the receiver answered or let time out; these are limited */
  refusals: number;
}

/** Ends one copy. A message counts as confirmed once any copy was. */
export function settleCopy(copy: Copy, state: 'confirmed' | 'given-up'): void {
  const { message } = copy;
  copy.done = true;
  message.copiesLeft -= 1;
  if (message.state !== 'confirmed') message.state = state;
  if (message.copiesLeft === 0) message.content = '';
}

/** The way messages of one shop reach its seller. */
export interface Outbox {
  send(draft: MessageDraft): SentMessage;
  /** copies not yet confirmed or given up */
  readonly waiting: number;
  /** Makes due now what waits for a delay or a back-off. */
  hurry(): void;
  close(): void;
}
