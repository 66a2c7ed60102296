import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { SETTINGS } from '../../shared/config';
import { DeployError } from './deploy-error';
import { issuesText } from './issues-text';

const text = () => z.string().check(z.minLength(1));

const Stage = z.strictObject({
  region: text(),
  projectId: text(),
  /** Of FunctionGraph's API; without it the one of the region on the China and international sites. */
  endpoint: z.optional(z.string().check(z.regex(/^https?:\/\//))),
  /** Group that the functions belong to. */
  package: z._default(text(), 'default'),
  /** Before a function's name; a stage of its own needs a prefix of its own. */
  namePrefix: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/)),
  runtime: z._default(text(), 'Node.js20.15'),
  /** Agency with which FunctionGraph enters the network, writes logs and sends failures (`xrole`). */
  agency: text(),
  network: z.strictObject({ vpcId: text(), subnetId: text() }),
  store: z.strictObject({ endpoint: text(), table: text(), region: z.optional(text()) }),
  kafka: z.strictObject({
    instanceId: text(),
    brokers: z.array(z.string().check(z.regex(/^[\w.-]+:\d+$/))).check(z.minLength(1)),
    user: z.optional(text()),
    sasl: z._default(z.enum(['plain', 'scram-sha-512']), 'scram-sha-512'),
    tls: z._default(z.boolean(), true),
    topicPrefix: z._default(text(), SETTINGS.YIPAN_KAFKA_TOPIC_PREFIX),
    /** PEM of the brokers' authority, from the project's folder; goes into every function's code. */
    caFile: z.optional(text()),
  }),
  redis: z._default(z.strictObject({ cluster: z.boolean() }), { cluster: false }),
  gateway: z.strictObject({
    instanceId: text(),
    groupId: text(),
    environmentName: z._default(text(), 'RELEASE'),
    environmentId: z._default(text(), 'DEFAULT_ENVIRONMENT_RELEASE_ID'),
  }),
  /** SMN topic that is told of asynchronous calls that failed for good. */
  failures: z.strictObject({ topicUrn: text() }),
  logs: z.strictObject({ groupId: text(), groupName: text(), streamId: text(), streamName: text() }),
  /** The platform keeps 20 versions a function; ten leave room for releases that never went live. */
  keepVersions: z._default(z.number().check(z.int(), z.minimum(2), z.maximum(18)), 10),
  /**
   * Settings of a function, plain and encrypted together, as JSON. The platform's error FSS.1018 says 2 KB, its manual 4096
   * characters: the smaller holds everywhere.
   */
  userDataBytesMax: z._default(z.number().check(z.int(), z.minimum(512), z.maximum(4096)), 2048),
  /** More settings of shared/config.ts, none of them secret. */
  settings: z._default(z.record(z.string(), z.string()), {}),
});

/** Where a stage is deployed to: ids of what stands there, no secret. */
export interface Stage extends z.infer<typeof Stage> {
  readonly name: string;
}

/** Reads a stage's file. Throws DeployError with every problem at once. */
export function readStageFile(name: string, path: string): Stage {
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DeployError('STAGE_FILE', `${path} cannot be read: ${reason}`, {
      advice: 'Write it by infra/huawei/stages/example.yml, or take it from `terraform output -raw stage_file`.',
    });
  }
  return { name, ...checkStage(content, path) };
}

function checkStage(content: unknown, path: string): z.infer<typeof Stage> {
  const parsed = z.safeParse(Stage, content);
  if (parsed.success) return parsed.data;
  const problems = issuesText(parsed.error.issues).map((one) => `  ${one}`);
  throw new DeployError('STAGE_FILE', `${path} is not of its shape:\n${problems.join('\n')}`, {
    advice:
      'Compare it with infra/huawei/stages/example.yml. Ids of digits alone need quotes, or YAML takes them for numbers.',
  });
}

/** Of FunctionGraph's API. */
export function endpointOf(stage: Stage): string {
  return stage.endpoint ?? `https://functiongraph.${stage.region}.myhuaweicloud.com`;
}

/** URN of a function of this stage, without a version or an alias. */
export function urnOf(stage: Stage, functionName: string): string {
  return `urn:fss:${stage.region}:${stage.projectId}:function:${stage.package}:${functionName}`;
}
