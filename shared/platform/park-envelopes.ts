import { sortable } from '../domain/kernel/ids';
import { AppError } from '../errors';
import type { Ports } from '../ports/ports';

/**
 * Keeps aside what a queue function could not do, where the platform takes no failure per message (FunctionGraph's Kafka
 * trigger): the batch is then done for the platform, and nothing is lost. The document that the message told of is
 * driven on by its sweep; what is parked here is for people.
 */
export async function parkEnvelopes(
  ports: Pick<Ports, 'store' | 'clock' | 'random' | 'log'>,
  functionName: string,
  failed: readonly { text: string; error: unknown }[],
): Promise<void> {
  await Promise.all(
    failed.map(async ({ text, error }) => {
      const code = error instanceof AppError ? error.code : 'INTERNAL';
      const atMs = ports.clock.nowMs();
      ports.log.count('message.parked', 1, { function: functionName });
      ports.log.warn('message.parked', { function: functionName, code });
      const key = { pk: `parked#${functionName}`, sk: `${sortable(atMs)}#${ports.random.token()}` };
      const places = { list: { partition: 'parked', sort: key.sk } };
      await ports.store.put({ key, expect: 0, value: { functionName, text, code, atMs }, places });
    }),
  );
}
