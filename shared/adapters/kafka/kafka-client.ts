import { readFileSync } from 'node:fs';
import type { SASLOptions } from 'kafkajs';
import { Kafka, logLevel } from 'kafkajs';
import { AppError } from '../../errors';

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly login:
    | { readonly mechanism: 'plain' | 'scram-sha-512'; readonly user: string; readonly password: string }
    | undefined;
  readonly tls: boolean;
  /** PEM of the broker's authority, where it is none of the well-known ones. */
  readonly caFile: string | undefined;
}

/** A broker of the same network answers within some 10 ms; a function's caller waits for what takes longer. */
const CONNECT_MS = 1_000;
const ANSWER_MS = 2_000;

/** Tries after the first, and the pauses before them: 100, 200 ms, give or take a fifth. */
const RETRY = { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 };

/**
 * A Kafka client; connects when it is first used. It logs nothing: what goes wrong is thrown, and who catches it knows
 * what it means. Throws BAD_SETTINGS where the authority's file cannot be read.
 */
export function newKafka({ brokers, login, tls, caFile }: KafkaSettings): Kafka {
  return new Kafka({
    clientId: 'yipan',
    brokers: [...brokers],
    ...{ connectionTimeout: CONNECT_MS, authenticationTimeout: ANSWER_MS, requestTimeout: ANSWER_MS },
    enforceRequestTimeout: true,
    retry: RETRY,
    logLevel: logLevel.NOTHING,
    ssl: tls && (caFile === undefined ? true : { ca: [readAuthority(caFile)] }),
    ...(login && { sasl: saslOf(login) }),
  });
}

function saslOf({ mechanism, user, password }: NonNullable<KafkaSettings['login']>): SASLOptions {
  return { mechanism, username: user, password };
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const problems = [`YIPAN_KAFKA_CA_FILE names a file that cannot be read: ${file}`];
    throw new AppError('BAD_SETTINGS', { problems }, { cause });
  }
}
