import { createHash } from 'node:crypto';
import { sortable } from '../domain/kernel/ids';
import type { Ports } from '../ports/ports';
import { keys } from '../procedures/keys';
import { codeOf } from './log-failure';

/**
 * Characters of a parked message that are kept: ours have some hundred, a foreign one up to Kafka's 10 MB, and a document
 * must stay below the 400 KB of an item, at three bytes a character.
 */
const TEXT_CHARS_MAX = 32_768;

/** Puts in the air at once: a batch may hold a thousand messages. */
const PUTS_AT_ONCE = 25;

/**
 * Keeps aside what a queue function could not do, where the platform takes no failure per message (FunctionGraph's Kafka
 * trigger): the batch is then done for the platform, and nothing is lost. The document that the message told of is
 * driven on by its sweep; what is parked here is for people. The same text is parked once for a function, with the time
 * and the reason of the first time, however often it comes.
 */
export async function parkEnvelopes(
  ports: Pick<Ports, 'store' | 'clock' | 'log'>,
  functionName: string,
  failed: readonly { text: string; error: unknown }[],
): Promise<void> {
  for (let at = 0; at < failed.length; at += PUTS_AT_ONCE)
    await Promise.all(failed.slice(at, at + PUTS_AT_ONCE).map((one) => parkOne(ports, functionName, one)));
}

async function parkOne(
  ports: Pick<Ports, 'store' | 'clock' | 'log'>,
  functionName: string,
  { text, error }: { text: string; error: unknown },
): Promise<void> {
  const atMs = ports.clock.nowMs();
  const id = createHash('sha256').update(text).digest('hex').slice(0, 32);
  const key = keys.parked(functionName, id);
  const places = { list: { partition: 'parked', sort: `${sortable(atMs)}#${functionName}#${id}` } };
  const kept = { text: text.slice(0, TEXT_CHARS_MAX), textBytes: Buffer.byteLength(text, 'utf8') };
  const value = { functionName, code: codeOf(error), atMs, ...kept };
  const put = await ports.store.put({ key, expect: 0, value, places });
  if (put === 'saved') ports.log.count('message.parked');
}
