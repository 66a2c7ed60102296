import { noteText } from './actual-state';
import { isPassing, isPresent } from './api-errors';
import { HANDLER } from './code-zip';
import { DeployError } from './deploy-error';
import type { DesiredFunction } from './desired-state';
import { ALIAS } from './desired-state';
import type { FunctionGraph } from './function-graph';
import type { Retrying } from './retry';
import { retrying } from './retry';
import { testVersion } from './smoke-test';
import type { Stage } from './stage-file';
import type { Step } from './steps';
import type { ActualTrigger, DesiredTrigger } from './triggers';
import { identityOf } from './triggers';

export interface Running {
  readonly api: FunctionGraph;
  readonly stage: Stage;
  readonly retries: Retrying;
  /** Called before a step begins, and when it is done. */
  readonly onStep: (step: Step, done: boolean) => void;
}

/** Runs steps one after the other and stops at the first that fails. Whatever was done stays, and counts when it is planned again. */
export async function runSteps(steps: readonly Step[], running: Running): Promise<void> {
  for (const step of steps) {
    running.onStep(step, false);
    await runStep(step, running);
    running.onStep(step, true);
  }
}

async function runStep(step: Step, running: Running): Promise<void> {
  const { api, stage } = running;
  switch (step.kind) {
    case 'create-function':
      return createFunction(step.of, running);
    case 'update-code':
      return api.updateCode(step.of.urn, codeBody(step.of));
    case 'update-configuration':
      return api.updateConfiguration(step.of.urn, configurationBody(step.of, stage));
    case 'limit-instances':
      return step.of.instancesMax === undefined ? undefined : api.limitInstances(step.of.urn, step.of.instancesMax);
    case 'handle-failures': {
      const qualified = step.qualifier === 'latest' ? `${step.of.urn}:latest` : aliasUrn(step.of.urn);
      return step.of.failures && api.handleFailures(qualified, step.of.failures);
    }
    case 'delete-version':
      return api.deleteFunction(`${step.of.urn}:${step.version}`);
    case 'publish-version':
      return api.publishVersion(step.of.urn, step.of.version, `code ${step.of.zip.digest}`);
    case 'test-version':
      return testVersion(api, step.of, step.version);
    case 'create-alias':
      return api.createAlias(step.of.urn, {
        ...{ name: ALIAS, version: step.of.version, description: noteText(step.note) },
      });
    case 'move-alias':
      return api.moveAlias(step.of.urn, { name: ALIAS, version: step.to, description: noteText(step.note) });
    case 'create-trigger':
      return createTrigger(step.of, step.trigger, running);
    case 'enable-trigger':
      return api.enableTrigger(aliasUrn(step.of.urn), step.trigger);
    case 'delete-trigger':
      return api.deleteTrigger(step.of.aliasUrn, step.trigger);
    case 'delete-alias':
      return api.deleteAlias(step.of.urn, ALIAS);
    case 'delete-function':
      return api.deleteFunction(step.of.urn);
  }
}

/** URN of the alias, as the platform makes it. */
function aliasUrn(urn: string): string {
  return `${urn}:!${ALIAS}`;
}

/** Somebody else's function, or one that an attempt made whose answer was lost: then it is brought to what it should be. */
async function createFunction(of: DesiredFunction, { api, stage }: Running): Promise<void> {
  const made = await api.createFunction({
    ...{ func_name: of.functionName, package: stage.package, type: 'v2' },
    ...codeBody(of),
    ...configurationBody(of, stage),
  });
  if (made === 'done') return;
  await api.updateCode(of.urn, codeBody(of));
  await api.updateConfiguration(of.urn, configurationBody(of, stage));
}

function codeBody({ zip }: DesiredFunction): Record<string, unknown> {
  const file = Buffer.from(zip.bytes).toString('base64');
  return { code_type: 'zip', code_filename: 'index.zip', func_code: { file } };
}

/** Complete: what is left out of an update, the platform may keep or drop. */
function configurationBody(of: DesiredFunction, stage: Stage): Record<string, unknown> {
  const { configuration, settings, functionName } = of;
  return {
    func_name: functionName,
    ...{ runtime: stage.runtime, handler: HANDLER, description: configuration['description'] },
    ...{ memory_size: Number(configuration['memory_size']), timeout: Number(configuration['timeout']) },
    xrole: stage.agency,
    func_vpc: { vpc_id: stage.network.vpcId, subnet_id: stage.network.subnetId },
    ...{ user_data: JSON.stringify(settings.plain), encrypted_user_data: JSON.stringify(settings.encrypted) },
    enable_lts_log: true,
    log_config: {
      ...{ group_id: stage.logs.groupId, group_name: stage.logs.groupName },
      ...{ stream_id: stage.logs.streamId, stream_name: stage.logs.streamName },
    },
    // An update without it would take the limit away.
    ...(of.instancesMax !== undefined && { strategy_config: { concurrency: of.instancesMax } }),
  };
}

/**
 * A repeat looks first whether the attempt before it made the trigger, since a second one would call the function twice. Kafka
 * triggers begin disabled, whatever the request says.
 */
async function createTrigger(of: DesiredFunction, trigger: DesiredTrigger, { api, retries }: Running): Promise<void> {
  const urn = aliasUrn(of.urn);
  const find = async (): Promise<ActualTrigger | undefined> =>
    (await api.triggers(urn)).find((one) => identityOf(one) === trigger.identity);
  let attempts = 0;
  await retrying(retries, isPassing, async () => {
    attempts += 1;
    if (attempts > 1 && (await find())) return;
    try {
      await api.createTriggerOnce(urn, trigger.type, triggerBody(of, trigger));
    } catch (error) {
      // Something is there already: either this trigger, or another API on the same path.
      if (!isPresent(error) || !(await find())) throw error;
    }
  });
  if (trigger.type !== 'KAFKA') return;
  const made = await find();
  if (!made) {
    throw new DeployError('BAD_ANSWER', `${trigger.identity} was made and is not there`, {
      advice: 'Somebody else may be deploying: apply again when they are done.',
    });
  }
  if (made.status !== 'ACTIVE') await api.enableTrigger(urn, made);
}

function triggerBody(of: DesiredFunction, { type, data }: DesiredTrigger): Record<string, unknown> {
  switch (type) {
    case 'TIMER':
      return data;
    case 'KAFKA': {
      const password = of.settings.encrypted['YIPAN_KAFKA_PASSWORD'];
      return { ...data, ...(password !== undefined && { kafka_password: password }) };
    }
    case 'DEDICATEDGATEWAY':
      return { ...data, func_info: { ...(data['func_info'] as object), function_urn: aliasUrn(of.urn) } };
  }
}
