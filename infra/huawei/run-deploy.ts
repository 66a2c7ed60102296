import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readStage } from './read-stage';
import { zipFunction } from './code-zip';
import { DeployError } from './deploy-error';
import type { DesiredFunction } from './desired-state';
import { desiredFunction } from './desired-state';
import type { FunctionGraph } from './function-graph';
import { readFunctionDefinitions } from './function-definitions';
import { secretsNeeded, takeSecrets, withMadeUp } from './function-settings';
import { planApply } from './plan-apply';
import { planRemoval } from './plan-removal';
import { planRollback } from './plan-rollback';
import { planText, stepText } from './plan-text';
import { redacting } from './redacting';
import type { Retrying } from './retry';
import { PATIENT } from './retry';
import { runSteps } from './run-steps';
import type { Stage } from './stage-file';
import { endpointOf, readStageFile } from './stage-file';
import { statusText } from './status-text';
import type { Step } from './steps';

const HELP = `Deploys the functions to Huawei FunctionGraph.

  npm run deploy:huawei -- plan     --stage NAME [--offline]        shows what apply would do, changes nothing
  npm run deploy:huawei -- apply    --stage NAME                    does it; broken off, the same command goes on
  npm run deploy:huawei -- rollback --stage NAME [--function NAME]  points to the versions before the newest release
  npm run deploy:huawei -- status   --stage NAME                    what is live, and what calls it
  npm run deploy:huawei -- destroy  --stage NAME --yes NAME         takes the functions away; data stays

  --stage NAME   infra/huawei/stages/NAME.yml; --file PATH for another place
  --offline      plan without an account: compared with an empty project

Environment: HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK (HUAWEICLOUD_SDK_SECURITY_TOKEN with temporary keys), and for plan and apply
the secrets YIPAN_SECRETS, YIPAN_STORE_ACCESS_KEY, YIPAN_STORE_SECRET_KEY, YIPAN_KAFKA_PASSWORD, YIPAN_REDIS_URL.
`;

const COMMANDS = ['plan', 'apply', 'rollback', 'status', 'destroy'] as const;
type Command = (typeof COMMANDS)[number];

type Environment = Readonly<Record<string, string | undefined>>;

interface Order {
  readonly command: Command;
  readonly stage: Stage;
  readonly offline: boolean;
  readonly only: string | undefined;
  readonly confirmed: string | undefined;
}

interface Around {
  readonly environment: Environment;
  readonly root: string;
  readonly write: (text: string) => void;
  readonly retries: Retrying;
}

/** Runs a command; resolves with the exit code: 0 done, 1 failed, 2 not understood. Whatever is written holds no secret. */
export async function runDeploy(
  args: readonly string[],
  environment: Environment,
  root: string,
  write: (text: string) => void,
  retries: Retrying = PATIENT,
): Promise<number> {
  const safely = redacting(write, environment);
  try {
    const order = readOrder(args, root);
    if (!order) {
      safely(HELP);
      return 0;
    }
    await run(order, { environment, root, write: safely, retries });
    return 0;
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    safely(`\n${error.code}: ${error.message}\n${error.advice}\n`);
    return error.code === 'USAGE' ? 2 : 1;
  }
}

function readOrder(args: readonly string[], root: string): Order | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const usage = (what: string): DeployError => new DeployError('USAGE', what, { advice: HELP });
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { stage: text, file: text, function: text, yes: text, offline: flag, help: flag },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help) return undefined;
  const [command] = positionals;
  const known = COMMANDS.find((one) => one === command);
  if (!known || positionals.length > 1) throw usage(`say one of ${COMMANDS.join(', ')}`);
  if (values.stage === undefined || !/^[a-z][a-z0-9-]*$/.test(values.stage)) throw usage('say --stage NAME');
  if (values.offline && known !== 'plan') throw usage('--offline is for plan');
  const file = values.file ?? join(root, 'infra/huawei/stages', `${values.stage}.yml`);
  const stage = readStageFile(values.stage, file);
  return { command: known, stage, offline: values.offline, only: values.function, confirmed: values.yes };
}

async function run(order: Order, around: Around): Promise<void> {
  switch (order.command) {
    case 'plan':
      return plan(order, around);
    case 'apply':
      return apply(order, around);
    case 'rollback':
      return rollback(order, around);
    case 'status': {
      const functions = await readStage(await connect(order.stage, around), order.stage);
      around.write(statusText(functions));
      return;
    }
    case 'destroy':
      return destroy(order, around);
  }
}

async function plan({ stage, offline }: Order, around: Around): Promise<void> {
  const { environment, write } = around;
  if (offline || !hasKeys(environment)) {
    write('no account: compared with an empty project, so that everything is to be made\n\n');
    write(planText(planApply(desiredStage(stage, around, 'made up'), [], stage.keepVersions)));
    return;
  }
  const desired = desiredStage(stage, around, 'needed');
  const api = await connect(stage, around);
  write(`compared with project ${stage.projectId} in ${stage.region}\n\n`);
  write(planText(planApply(desired, await readStage(api, stage), stage.keepVersions)));
}

async function apply({ stage }: Order, around: Around): Promise<void> {
  const desired = desiredStage(stage, around, 'needed');
  const api = await connect(stage, around);
  const steps = planApply(desired, await readStage(api, stage), stage.keepVersions);
  if (steps.length === 0) {
    around.write(planText(steps));
    return;
  }
  await execute(steps, api, stage, around);
  // What the platform made of it counts, not what was sent.
  const left = planApply(desired, await readStage(api, stage), stage.keepVersions);
  if (left.length === 0) {
    around.write('\neverything is as it should be\n');
    return;
  }
  throw new DeployError(
    'BAD_ANSWER',
    `after ${steps.length} steps there is still something to do:\n${planText(left)}`,
    {
      advice:
        'Apply again. If the same remains, the platform shows it otherwise than it was set: look it up in the console.',
    },
  );
}

async function rollback({ stage, only }: Order, around: Around): Promise<void> {
  const api = await connect(stage, around);
  const steps = planRollback(await readStage(api, stage), only && `${stage.namePrefix}-${only}`);
  await execute(steps, api, stage, around);
  around.write('\nrolled back; the next apply of this checkout goes forward again\n');
}

async function destroy({ stage, confirmed }: Order, around: Around): Promise<void> {
  if (confirmed !== stage.name) {
    throw new DeployError('NOT_CONFIRMED', `destroy takes all functions of stage ${stage.name} away`, {
      advice: `If that is meant, say --yes ${stage.name}. Tables, queues and networks stay: Terraform has made them.`,
    });
  }
  const api = await connect(stage, around);
  const steps = (await readStage(api, stage)).flatMap((one) => planRemoval(one, 'destroy'));
  if (steps.length === 0) {
    around.write('nothing is deployed\n');
    return;
  }
  await execute(steps, api, stage, around);
  around.write('\nall functions are gone\n');
}

async function execute(steps: readonly Step[], api: FunctionGraph, stage: Stage, around: Around): Promise<void> {
  const { write, retries } = around;
  const count = String(steps.length);
  let n = 0;
  const onStep = (step: Step, done: boolean): void => {
    if (!done) n += 1;
    write(done ? '  done\n' : `[${String(n).padStart(count.length)}/${count}] ${stepText(step)}`);
  };
  await runSteps(steps, { api, stage, retries, onStep });
}

function desiredStage(
  stage: Stage,
  { environment, root, write }: Around,
  lack: 'made up' | 'needed',
): DesiredFunction[] {
  const definitions = readFunctionDefinitions(root);
  const { secrets, missing } = takeSecrets(secretsNeeded(definitions, stage), environment);
  if (missing.length > 0 && lack === 'needed') {
    throw new DeployError('SECRETS_MISSING', `not in the environment: ${missing.join(', ')}`, {
      advice: 'Set them for this command only; plan --offline needs none of them.',
    });
  }
  if (missing.length > 0) write(`not in the environment, so that its size is not checked: ${missing.join(', ')}\n\n`);
  const complete = withMadeUp(secrets, missing);
  return definitions.map((definition) =>
    desiredFunction(definition, stage, complete, zipFunction(root, definition, stage.kafka.caFile)),
  );
}

function hasKeys(environment: Environment): boolean {
  return Boolean(environment['HUAWEICLOUD_SDK_AK'] && environment['HUAWEICLOUD_SDK_SK']);
}

async function connect(stage: Stage, { environment, retries }: Around): Promise<FunctionGraph> {
  const { HUAWEICLOUD_SDK_AK: accessKey, HUAWEICLOUD_SDK_SK: secretKey } = environment;
  if (!accessKey || !secretKey) {
    throw new DeployError(
      'CREDENTIALS_MISSING',
      'HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK are not in the environment',
      {
        advice: 'Make an access key for a user with the policy FunctionGraph FullAccess. plan --offline needs none.',
      },
    );
  }
  // The SDK takes 0.2 s to load: only who talks to the platform waits for it.
  const { FunctionGraph } = await import('./function-graph');
  const securityToken = environment['HUAWEICLOUD_SDK_SECURITY_TOKEN'];
  return new FunctionGraph(
    { endpoint: endpointOf(stage), projectId: stage.projectId, accessKey, secretKey, securityToken },
    retries,
  );
}
