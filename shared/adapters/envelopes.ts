import { AppError } from '../errors';
import type { BusEnvelope, BusMessage } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { Random } from '../ports/random';

/**
 * Largest message, in bytes of UTF-8, envelope included. FunctionGraph's asynchronous calls, SQS (as it was until 2025) and
 * EventBridge end at 256 KB. Real messages name a document and have some 300 to 600 bytes.
 */
export const MESSAGE_BYTES_MAX = 256 * 1024;

/** A message as it goes over the wire. */
export interface SealedMessage {
  readonly envelope: BusEnvelope;
  /** The envelope as JSON. */
  readonly text: string;
  /** Length of `text` in UTF-8. */
  readonly bytes: number;
}

/** JSON escapes what is below U+0020 and lone surrogates; these two are left, and SQS refuses them in a message. */
const NOT_IN_XML = /[\uFFFE\uFFFF]/g;

/** Puts messages into their envelopes: what every bus sends is written here. One writer is one sender. */
export class EnvelopeWriter {
  private readonly sender: string;
  private sent = 0;

  constructor(private readonly ports: { clock: Clock; random: Random }) {
    this.sender = ports.random.token();
  }

  /** All or none: throws MESSAGE_TOO_LARGE where one is larger than {@link MESSAGE_BYTES_MAX}. */
  seal(messages: readonly BusMessage[]): SealedMessage[] {
    const atMs = this.ports.clock.nowMs();
    const sealed = messages.map(({ topic, key, body, traceparent }, i): SealedMessage => {
      const sequence = this.sent + i + 1;
      const envelope: BusEnvelope = {
        ...{ eventId: `${this.sender}-${sequence}`, sequence, topic, key, atMs },
        ...(traceparent !== undefined && { traceparent }),
        body,
      };
      const text = JSON.stringify(envelope).replace(NOT_IN_XML, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
      const bytes = Buffer.byteLength(text, 'utf8');
      if (bytes > MESSAGE_BYTES_MAX)
        throw new AppError('MESSAGE_TOO_LARGE', { topic, bytes, bytesMax: MESSAGE_BYTES_MAX });
      return { envelope, text, bytes };
    });
    this.sent += sealed.length;
    return sealed;
  }
}

/** Packs messages in their order into as few requests as the limits allow; each holds at least one message. */
export function pack(
  messages: readonly SealedMessage[],
  { countMax, bytesMax }: { countMax: number; bytesMax: number },
): SealedMessage[][] {
  const packs: SealedMessage[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const last = packs.at(-1);
    if (last && last.length < countMax && bytes + message.bytes <= bytesMax) {
      last.push(message);
      bytes += message.bytes;
    } else {
      packs.push([message]);
      bytes = message.bytes;
    }
  }
  return packs;
}
