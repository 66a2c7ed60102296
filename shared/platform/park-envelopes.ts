import { sortable } from '../domain/kernel/ids';
import type { Ports } from '../ports/ports';
import { codeOf } from './log-failure';

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
      const code = codeOf(error);
      const atMs = ports.clock.nowMs();
      ports.log.count('message.parked');
      const key = { pk: `parked#${functionName}`, sk: `${sortable(atMs)}#${ports.random.token()}` };
      const places = { list: { partition: 'parked', sort: key.sk } };
      await ports.store.put({ key, expect: 0, value: { functionName, text, code, atMs }, places });
    }),
  );
}
