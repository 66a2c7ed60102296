import { createHash } from 'node:crypto';
import type { CodeZip } from './code-zip';
import { HANDLER } from './code-zip';
import type { FunctionDefinition } from './function-definitions';
import type { FunctionSettings, Secrets } from './function-settings';
import { secretsDigest, settingsOf } from './function-settings';
import type { Stage } from './stage-file';
import { urnOf } from './stage-file';
import type { DesiredTrigger } from './triggers';
import { desiredTriggers } from './triggers';

/** The alias that all triggers are bound to. Moving it is what makes a version live. */
export const ALIAS = 'live';

/** Members of a function's configuration, as comparable text. Plain settings are `setting YIPAN_…`. */
export type Configuration = Readonly<Record<string, string>>;

/** What happens to asynchronous calls that fail. */
export interface FailureHandling {
  readonly attemptsMax: number;
  readonly ageSMax: number;
  readonly topicUrn: string;
}

/** A function as it should be. */
export interface DesiredFunction {
  /** Of its folder: `order-ingestion`. */
  readonly name: string;
  /** In FunctionGraph: `yipan-prod-order-ingestion`. */
  readonly functionName: string;
  readonly urn: string;
  readonly configuration: Configuration;
  readonly settings: FunctionSettings;
  readonly zip: CodeZip;
  /** Made from code, configuration and secrets: the same content is the same version, whoever publishes it and how often. */
  readonly version: string;
  /** Instances at once; undefined for as many as the account allows. */
  readonly instancesMax: number | undefined;
  /** Undefined for a function that nothing calls asynchronously. */
  readonly failures: FailureHandling | undefined;
  readonly triggers: readonly DesiredTrigger[];
  /** Digest of the login that Kafka triggers hold, which the platform does not show; undefined where there is none. */
  readonly kafkaLogin: string | undefined;
}

/** What is recorded at the end of a function's description: what its code and secrets were made from. */
export interface Mark {
  readonly code: string;
  readonly secrets: string;
}

/**
 * Requests by people that run beside queues and timers. Calls above the limit are thrown away, those of people and platforms,
 * too: so that a limit that is meant for a queue leaves these.
 */
const HTTP_INSTANCES = 10;

/** A new version is asked whether it can serve while the old one is at work. */
const SMOKE_TEST_INSTANCES = 1;

/**
 * Of a batch of messages that failed whole: three is the most that FunctionGraph takes, ten minutes is when the sweeps have long
 * driven on what the messages were about (messages are hints).
 */
const BATCH_RETRIES = { attemptsMax: 3, ageSMax: 600 };

/** Puts together a function's definition, its stage, its secrets and its code. Throws DeployError SETTINGS. */
export function desiredFunction(
  definition: FunctionDefinition,
  stage: Stage,
  secrets: Secrets,
  zip: CodeZip,
): DesiredFunction {
  const { name } = definition;
  const functionName = `${stage.namePrefix}-${name}`;
  const urn = urnOf(stage, functionName);
  const settings = settingsOf(definition, stage, secrets);
  const mark = { code: zip.digest, secrets: secretsDigest(settings.encrypted, urn) };
  const configuration = configurationOf(definition, stage, settings, mark);
  const triggers = desiredTriggers(definition, stage);
  const password = settings.encrypted['YIPAN_KAFKA_PASSWORD'];
  const hasLogin = password !== undefined && definition.queues.length > 0;
  const instancesMax = instancesOf(definition);
  return {
    ...{ name, functionName, urn, configuration, settings, zip, triggers, instancesMax },
    version: versionOf(configuration, instancesMax),
    failures: failuresOf(definition, stage),
    kafkaLogin: hasLogin ? secretsDigest({ user: stage.kafka.user ?? '', password }, urn) : undefined,
  };
}

function configurationOf(
  definition: FunctionDefinition,
  stage: Stage,
  { plain }: FunctionSettings,
  mark: Mark,
): Configuration {
  return {
    description: `${definition.description} ${markText(mark)}`,
    runtime: stage.runtime,
    handler: HANDLER,
    memory_size: String(definition.memoryMb),
    timeout: String(definition.timeoutS),
    xrole: stage.agency,
    vpc_id: stage.network.vpcId,
    subnet_id: stage.network.subnetId,
    log_group_id: stage.logs.groupId,
    log_stream_id: stage.logs.streamId,
    ...Object.fromEntries(Object.entries(plain).map(([name, value]) => [`setting ${name}`, value])),
  };
}

/** `r-` and 12 hex digits: the chance that two of a function's versions meet is below 1 in 10^12. */
function versionOf(configuration: Configuration, instancesMax: number | undefined): string {
  const inOrder = Object.entries(configuration).sort(([a], [b]) => (a < b ? -1 : 1));
  const content = JSON.stringify([inOrder, instancesMax ?? null]);
  return `r-${createHash('sha256').update(content).digest('hex').slice(0, 12)}`;
}

function instancesOf({ reservedConcurrency, queues, timers, routes }: FunctionDefinition): number | undefined {
  if (reservedConcurrency !== undefined) return reservedConcurrency + SMOKE_TEST_INSTANCES;
  if (queues.length === 0) return undefined;
  const ofQueues = queues.reduce((sum, { parallelMax }) => sum + parallelMax, 0);
  return ofQueues + timers.length + (routes.length > 0 ? HTTP_INSTANCES : 0) + SMOKE_TEST_INSTANCES;
}

/** A retried timer is wasted, not wrong; a batch that is not retried waits for the sweep: so that queues decide. */
function failuresOf({ queues, retries }: FunctionDefinition, stage: Stage): FailureHandling | undefined {
  const limits = queues.length > 0 ? BATCH_RETRIES : retries;
  return limits && { ...limits, topicUrn: stage.failures.topicUrn };
}

/** Names all versions that are live after an apply: the same for every attempt at the same apply. */
export function releaseOf(functions: readonly DesiredFunction[]): string {
  const versions = functions.map(({ functionName, version }) => `${functionName} ${version}`).sort();
  return createHash('sha256').update(versions.join('\n')).digest('hex').slice(0, 12);
}

export function markText({ code, secrets }: Mark): string {
  return `[yipan code=${code} secrets=${secrets}]`;
}

/** Undefined for a description that this tool has not written. */
export function readMark(description: string): Mark | undefined {
  const [, code, secrets] = /\[yipan code=([0-9a-f]{16}) secrets=([0-9a-f]{16})\]$/.exec(description) ?? [];
  return code !== undefined && secrets !== undefined ? { code, secrets } : undefined;
}
