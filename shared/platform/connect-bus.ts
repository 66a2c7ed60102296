import { InProcessBus } from '../adapters/in-process/in-process-bus';
import type { Config } from '../config';
import { AppError } from '../errors';
import type { Bus } from '../ports/bus';
import { once } from './once';
import type { Instance } from './profile';

/** A bus, connected once; a run's bus retries only while the run has time. */
export interface BusConnection {
  busOf(remainingMs: () => number): Bus;
  close(): Promise<void>;
}

let inProcess: InProcessBus | undefined;

/** The bus of the embedded profile: one for all functions of the process, which the host binds to them. */
export function inProcessBus(instance: Pick<Instance, 'clock' | 'random' | 'log'>): InProcessBus {
  inProcess ??= new InProcessBus(instance);
  return inProcess;
}

/** The door to the message bus: functions that send messages pass this to defineFunction. Throws BAD_SETTINGS. */
export const connectBus = once(async (config: Config, instance: Instance): Promise<BusConnection> => {
  switch (config.bus?.kind) {
    case undefined:
      throw new AppError('BAD_SETTINGS', {
        problems: [`${config.profile === 'aws' ? 'YIPAN_SQS_QUEUES' : 'YIPAN_KAFKA_BROKERS'} is not set`],
      });
    case 'in-process': {
      const bus = inProcessBus(instance);
      return { busOf: () => bus, close: () => bus.close() };
    }
    case 'sqs':
      throw new Error('sqs is not there yet');
    case 'kafka':
      throw new Error('kafka is not there yet');
  }
});
