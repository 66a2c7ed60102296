import * as z from 'zod/mini';
import type { ActualAlias } from './actual-state';
import { DeployError } from './deploy-error';
import type { Configuration, FailureHandling } from './desired-state';
import { issuesText } from './issues-text';
import type { ActualTrigger } from './triggers';

/** What a reader of this file returns. */
export type Reply<T extends (answer: unknown) => unknown> = ReturnType<T>;

const optionalText = z.nullish(z.string());

const Functions = z.object({
  functions: z.nullish(z.array(z.object({ func_name: z.string() }))),
  next_marker: z.nullish(z.number()),
});

const FunctionConfig = z.object({
  description: optionalText,
  runtime: z.string(),
  handler: z.string(),
  memory_size: z.number(),
  timeout: z.number(),
  xrole: optionalText,
  user_data: optionalText,
  log_group_id: optionalText,
  log_stream_id: optionalText,
  func_vpc: z.nullish(z.object({ vpc_id: optionalText, subnet_id: optionalText })),
  strategy_config: z.nullish(z.object({ concurrency: z.nullish(z.number()) })),
});

const AsyncConfig = z.object({
  max_async_event_age_in_seconds: z.number(),
  max_async_retry_attempts: z.number(),
  destination_config: z.nullish(
    z.object({ on_failure: z.nullish(z.object({ destination: optionalText, param: optionalText })) }),
  ),
});

const Versions = z.object({
  versions: z.nullish(z.array(z.object({ version: z.string(), last_modified: z.string() }))),
  next_marker: z.nullish(z.number()),
});

const Aliases = z.array(
  z.object({
    name: z.string(),
    alias_urn: z.string(),
    version: z.string(),
    description: optionalText,
    last_modified: z.string(),
    additional_version_weights: z.nullish(z.record(z.string(), z.number())),
    additional_version_strategy: z.nullish(z.record(z.string(), z.unknown())),
  }),
);

const Triggers = z.array(
  z.object({
    trigger_id: z.string(),
    trigger_type_code: z.string(),
    trigger_status: optionalText,
    event_data: z.record(z.string(), z.unknown()),
  }),
);

const Invocation = z.object({ status: z.nullish(z.number()), result: optionalText, request_id: optionalText });

export function functions(answer: unknown) {
  const { functions: found, next_marker } = read('list of functions', Functions, answer);
  return { functions: found ?? [], next_marker: next_marker ?? undefined };
}

/** A setting's plain value is a member; encrypted ones are not shown. The instances' limit is -1 or 0 for none. */
export function configuration(answer: unknown): { configuration: Configuration; instancesMax: number | undefined } {
  const one = read('configuration', FunctionConfig, answer);
  const concurrency = one.strategy_config?.concurrency ?? 0;
  return {
    configuration: {
      description: one.description ?? '',
      ...{ runtime: one.runtime, handler: one.handler },
      ...{ memory_size: String(one.memory_size), timeout: String(one.timeout), xrole: one.xrole ?? '' },
      ...{ vpc_id: one.func_vpc?.vpc_id ?? '', subnet_id: one.func_vpc?.subnet_id ?? '' },
      ...{ log_group_id: one.log_group_id ?? '', log_stream_id: one.log_stream_id ?? '' },
      ...Object.fromEntries(
        Object.entries(jsonObject(one.user_data)).map(([name, value]) => [`setting ${name}`, String(value)]),
      ),
    },
    instancesMax: concurrency > 0 ? concurrency : undefined,
  };
}

export function failureHandling(answer: unknown): FailureHandling {
  const one = read('failure handling', AsyncConfig, answer);
  const target = one.destination_config?.on_failure;
  const topicUrn = target?.destination === 'SMN' ? jsonObject(target.param)['topic_urn'] : undefined;
  return {
    attemptsMax: one.max_async_retry_attempts,
    ageSMax: one.max_async_event_age_in_seconds,
    topicUrn: typeof topicUrn === 'string' ? topicUrn : '',
  };
}

export function versions(answer: unknown) {
  const { versions: found, next_marker } = read('list of versions', Versions, answer);
  return { versions: found ?? [], next_marker: next_marker ?? undefined };
}

export function aliases(answer: unknown): ActualAlias[] {
  return read('list of aliases', Aliases, answer).map((one) => ({
    ...{ name: one.name, urn: one.alias_urn, version: one.version, modifiedAt: one.last_modified },
    description: one.description ?? '',
    isSplit:
      Object.keys(one.additional_version_weights ?? {}).length > 0 ||
      Object.keys(one.additional_version_strategy ?? {}).length > 0,
  }));
}

export function triggers(answer: unknown): ActualTrigger[] {
  return read('list of triggers', Triggers, answer).map((one) => ({
    ...{ id: one.trigger_id, type: one.trigger_type_code, data: one.event_data },
    status: one.trigger_status ?? '',
  }));
}

export function invocation(answer: unknown): { status: number; result: string; requestId: string } {
  const one = read('answer of the function', Invocation, answer);
  return { status: one.status ?? 0, result: one.result ?? '', requestId: one.request_id ?? '' };
}

function read<T extends z.ZodMiniType>(what: string, shape: T, answer: unknown): z.infer<T> {
  const parsed = z.safeParse(shape, answer);
  if (parsed.success) return parsed.data;
  const where = issuesText(parsed.error.issues);
  throw new DeployError('BAD_ANSWER', `FunctionGraph's ${what} is not of the known shape: ${where.join('; ')}`, {
    advice: 'Compare infra/huawei/api-replies.ts with the API reference of the region.',
  });
}

/** A JSON object in a text; empty where it is none. */
function jsonObject(text: string | null | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}
