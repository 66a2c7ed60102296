import { scryptSync } from 'node:crypto';
import { readConfig, SETTINGS } from '../../shared/config';
import { AppError } from '../../shared/errors';
import { CA_PATH } from './code-zip';
import { DeployError } from './deploy-error';
import type { FunctionDefinition } from './function-definitions';
import type { Stage } from './stage-file';

/** Settings of one function as FunctionGraph keeps them: shown in the console, or encrypted and never shown again. */
export interface FunctionSettings {
  readonly plain: Readonly<Record<string, string>>;
  readonly encrypted: Readonly<Record<string, string>>;
}

type SecretName =
  | 'YIPAN_SECRETS'
  | 'YIPAN_STORE_ACCESS_KEY'
  | 'YIPAN_STORE_SECRET_KEY'
  | 'YIPAN_KAFKA_PASSWORD'
  | 'YIPAN_REDIS_URL';

/** Secrets by name, as the environment of whoever deploys holds them. */
export type Secrets = Readonly<Partial<Record<SecretName, string>>>;

/** For a plan that may be made without the secrets: of their shape, so that all else can be checked. */
const MADE_UP: Readonly<Record<SecretName, string>> = {
  YIPAN_SECRETS: '{"shops":{},"users":[]}',
  YIPAN_STORE_ACCESS_KEY: 'not-given',
  YIPAN_STORE_SECRET_KEY: 'not-given',
  YIPAN_KAFKA_PASSWORD: 'not-given',
  YIPAN_REDIS_URL: 'rediss://not-given:6379',
};

/** The platform's limit, FSS.1017. */
const ENTRIES_MAX = 20;

/** Secrets that the functions need together. */
export function secretsNeeded(definitions: readonly FunctionDefinition[], stage: Stage): SecretName[] {
  return [...new Set(definitions.flatMap((definition) => secretNamesOf(definition, stage)))].sort();
}

/** Takes the needed secrets from an environment; `missing` are those that it lacks. */
export function takeSecrets(
  needed: readonly SecretName[],
  environment: Readonly<Record<string, string | undefined>>,
): { secrets: Secrets; missing: SecretName[] } {
  const given = needed.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []));
  return { secrets: Object.fromEntries(given), missing: needed.filter((name) => !environment[name]) };
}

/** Secrets with something of the right shape for each that is missing. */
export function withMadeUp(secrets: Secrets, missing: readonly SecretName[]): Secrets {
  return { ...secrets, ...Object.fromEntries(missing.map((name) => [name, MADE_UP[name]])) };
}

/**
 * What a function is told: what it needs of the stage, and no secret that it has no use for. Checked with the functions' own
 * reader before anything is sent, so that a function that could not start is not deployed. Throws DeployError SETTINGS.
 */
export function settingsOf(definition: FunctionDefinition, stage: Stage, secrets: Secrets): FunctionSettings {
  const unknown = Object.keys(stage.settings).filter((name) => !(name in SETTINGS) || name in MADE_UP);
  if (unknown.length > 0) {
    throw new DeployError('SETTINGS', `settings of the stage file: ${unknown.join(', ')} cannot be set there`, {
      advice: 'Names are those of shared/config.ts; secrets come from the environment.',
    });
  }
  const plain = withoutDefaults({ ...plainSettings(definition, stage), ...stage.settings });
  const encrypted = Object.fromEntries(secretNamesOf(definition, stage).map((name) => [name, secrets[name] ?? '']));
  const settings = { plain, encrypted };
  checkReadable(definition, settings);
  checkSize(definition, settings, stage);
  return settings;
}

function plainSettings({ needs }: FunctionDefinition, { region, store, kafka, redis }: Stage): Record<string, string> {
  return {
    YIPAN_PROFILE: 'huawei',
    YIPAN_STORE_TABLE: store.table,
    YIPAN_STORE_REGION: store.region ?? region,
    YIPAN_STORE_ENDPOINT: store.endpoint,
    YIPAN_KAFKA_BROKERS: kafka.brokers.join(','),
    YIPAN_KAFKA_TOPIC_PREFIX: kafka.topicPrefix,
    YIPAN_KAFKA_USER: kafka.user ?? '',
    YIPAN_KAFKA_SASL: kafka.sasl,
    YIPAN_KAFKA_TLS: String(kafka.tls),
    YIPAN_KAFKA_CA_FILE: kafka.caFile ? CA_PATH : '',
    ...(needs.pool && { YIPAN_REDIS_CLUSTER: String(redis.cluster) }),
    ...(!needs.secrets && { YIPAN_SECRETS: MADE_UP.YIPAN_SECRETS }),
  };
}

function secretNamesOf({ needs }: FunctionDefinition, { kafka }: Stage): SecretName[] {
  return [
    'YIPAN_STORE_ACCESS_KEY',
    'YIPAN_STORE_SECRET_KEY',
    ...(kafka.user ? (['YIPAN_KAFKA_PASSWORD'] as const) : []),
    ...(needs.pool ? (['YIPAN_REDIS_URL'] as const) : []),
    ...(needs.secrets ? (['YIPAN_SECRETS'] as const) : []),
  ];
}

/** Entries are few: what is the default anyway is not said. */
function withoutDefaults(settings: Readonly<Record<string, string>>): Record<string, string> {
  const defaults: Readonly<Record<string, string | undefined>> = SETTINGS;
  const said = Object.entries(settings).filter(([name, value]) => value !== defaults[name]);
  return Object.fromEntries(said.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function checkReadable({ name }: FunctionDefinition, { plain, encrypted }: FunctionSettings): void {
  const all: Readonly<Record<string, string>> = { ...plain, ...encrypted };
  try {
    readConfig((key) => all[key]);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const problems = error.facts['problems'] as readonly string[];
    throw new DeployError('SETTINGS', `${name} could not start:\n${problems.map((one) => `  ${one}`).join('\n')}`, {
      advice: 'Correct the stage file or the secret in the environment.',
    });
  }
}

function checkSize({ name }: FunctionDefinition, { plain, encrypted }: FunctionSettings, stage: Stage): void {
  const entries = Object.keys(plain).length + Object.keys(encrypted).length;
  if (entries > ENTRIES_MAX) {
    throw new DeployError(
      'SETTINGS',
      `${name} has ${entries} settings, FunctionGraph takes ${ENTRIES_MAX} (FSS.1017)`,
      {
        advice: 'Leave out of `settings` in the stage file what is the default.',
      },
    );
  }
  const bytesOf = (value: object): number => Buffer.byteLength(JSON.stringify(value));
  const bytes = bytesOf(plain) + bytesOf(encrypted);
  if (bytes <= stage.userDataBytesMax) return;
  const parts = Object.entries(encrypted).map(([key, value]) => `${key} ${Buffer.byteLength(value)}`);
  throw new DeployError(
    'SETTINGS',
    `settings of ${name} are ${bytes} bytes, at most ${stage.userDataBytesMax} can be kept (FSS.1018): plain ${bytesOf(plain)}, ${parts.join(', ')}`,
    {
      advice:
        'YIPAN_SECRETS takes about 150 bytes a shop, so that some seven shops fit. Take out shops and users that are no longer there; ' +
        'where your region takes 4096 characters, say userDataBytesMax: 4096 in the stage file; beyond that deploy a second stage.',
    },
  );
}

/**
 * Digest by which a changed secret is seen, since FunctionGraph never shows one again. It stands in the function's description,
 * where everybody with a console login reads it: hence slow to compute (scrypt, some 15 ms) and of all secrets together, so
 * that nobody finds out a weak password by trying.
 */
export function secretsDigest(encrypted: FunctionSettings['encrypted'], functionUrn: string): string {
  const inOrder = Object.entries(encrypted).sort(([a], [b]) => (a < b ? -1 : 1));
  return scryptSync(JSON.stringify(inOrder), functionUrn, 8, { N: 4_096, r: 8, p: 1 }).toString('hex');
}
