import { EnvelopeWriter } from '../adapters/envelopes';
import { InProcessBus } from '../adapters/in-process/in-process-bus';
import type { BusSettings, Config } from '../config';
import { AppError } from '../errors';
import type { Bus } from '../ports/bus';
import { DropUnsent } from './drop-unsent';
import { once } from './once';
import type { Instance } from './profile';

/** A bus, connected once; a run's bus retries only while the run has time. */
export interface BusConnection {
  busOf(remainingMs: () => number): Bus;
  close(): Promise<void>;
}

type BusPorts = Pick<Instance, 'clock' | 'random' | 'log'>;

let inProcess: InProcessBus | undefined;

/** The bus of the embedded profile: one for all functions of the process, which the host binds to them. */
export function inProcessBus(ports: BusPorts): InProcessBus {
  inProcess ??= new InProcessBus(ports);
  return inProcess;
}

/** Opens the bus that the settings name. An engine's client is loaded only where it is the one. */
export async function openBus(settings: BusSettings, ports: BusPorts): Promise<BusConnection> {
  const { clock, random } = ports;
  switch (settings.kind) {
    case 'in-process': {
      const bus = inProcessBus(ports);
      return { busOf: () => bus, close: () => bus.close() };
    }
    case 'sqs': {
      const { newSqsClient } = await import('../adapters/sqs/sqs-client');
      const { SqsBus } = await import('../adapters/sqs/sqs-bus');
      const client = newSqsClient(settings);
      const { queueUrls } = settings;
      const connection = { client, queueUrls, clock, random, envelopes: new EnvelopeWriter(ports) };
      return {
        busOf: (remainingMs) => new SqsBus(connection, remainingMs),
        close: async () => client.destroy(),
      };
    }
    case 'kafka': {
      const { newKafka } = await import('../adapters/kafka/kafka-client');
      const { KafkaBus, KafkaSender } = await import('../adapters/kafka/kafka-bus');
      const sender = new KafkaSender(newKafka(settings));
      const { topicPrefix } = settings;
      const connection = { sender, topicPrefix, clock, envelopes: new EnvelopeWriter(ports) };
      return { busOf: (remainingMs) => new KafkaBus(connection, remainingMs), close: () => sender.close() };
    }
  }
}

const openOnce = once(async (config: Config, instance: Instance): Promise<BusConnection> => {
  if (!config.bus) {
    const setting = config.profile === 'aws' ? 'YIPAN_SQS_QUEUES' : 'YIPAN_KAFKA_BROKERS';
    throw new AppError('BAD_SETTINGS', { problems: [`${setting} is not set`] });
  }
  return openBus(config.bus, instance);
});

/**
 * The door to the message bus: functions that tell of documents which a sweep finds pass this to defineFunction. What
 * cannot be sent is dropped and counted. Throws BAD_SETTINGS.
 */
export const connectBus = once(async (config: Config, instance: Instance): Promise<BusConnection> => {
  const connection = await openOnce(config, instance);
  const dropUnsent = new DropUnsent(instance);
  return {
    busOf: (remainingMs) => dropUnsent.over(connection.busOf(remainingMs)),
    close: () => connection.close(),
  };
});

/**
 * The same door for a function whose messages no sweep stands in for: what cannot be sent fails the run, whose trigger
 * brings its cause again. Throws BAD_SETTINGS.
 */
export const connectBusOrFail = openOnce;
