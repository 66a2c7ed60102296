import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import type { Topic } from '../../shared/ports/bus';
import { DeployError } from './deploy-error';
import { issuesText } from './issues-text';

/** What functions/<name>/function.yml says, in words of neither cloud. */
export interface FunctionDefinition {
  readonly name: string;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeoutS: number;
  /** Which settings it gets: secrets of shops and users, the pool. */
  readonly needs: { readonly secrets: boolean; readonly pool: boolean };
  readonly reservedConcurrency: number | undefined;
  /** Folders that lie beside its bundle when it runs, by their names in `dist/functions/<name>`. */
  readonly folders: readonly string[];
  /** Of asynchronous calls; undefined where the file says nothing. */
  readonly retries: { readonly attemptsMax: number; readonly ageSMax: number } | undefined;
  readonly timers: readonly { readonly task: string; readonly every: Period }[];
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  readonly queues: readonly { readonly topic: Topic; readonly batchMax: number; readonly parallelMax: number }[];
}

export interface Period {
  readonly count: number;
  readonly unit: 'm' | 'h' | 'd';
}

const TOPIC_OF_QUEUE: Readonly<Record<string, Topic>> = {
  PlatformOrderChangedQueue: 'platform-order-changed',
  DeliveryOrderReadyQueue: 'delivery-order-ready',
  StockChangedQueue: 'stock-changed',
};

const NEEDS: Readonly<Record<string, FunctionDefinition['needs']>> = {
  noSecrets: { secrets: false, pool: false },
  secrets: { secrets: true, pool: false },
  pool: { secrets: false, pool: true },
  secretsAndPool: { secrets: true, pool: true },
};

// Strict: a trigger or a member that this tool does not know must not be left out silently.
const Sqs = z.strictObject({
  arn: z.string(),
  batchSize: z.number(),
  maximumBatchingWindow: z.optional(z.number()),
  maximumConcurrency: z.number(),
  functionResponseType: z.optional(z.string()),
});
const Schedule = z.strictObject({ rate: z.array(z.string()), input: z.strictObject({ task: z.string() }) });
const HttpApi = z.strictObject({ method: z.string(), path: z.string() });

const FunctionFile = z.strictObject({
  handler: z.string(),
  description: z.string(),
  memorySize: z.number(),
  timeout: z.number(),
  role: z.string(),
  environment: z.string(),
  vpc: z.optional(z.string()),
  maximumRetryAttempts: z.optional(z.number()),
  maximumEventAge: z.optional(z.number()),
  reservedConcurrency: z.optional(z.number()),
  package: z.strictObject({ patterns: z.array(z.string()) }),
  events: z.array(
    z.union([
      z.strictObject({ sqs: Sqs }),
      z.strictObject({ schedule: Schedule }),
      z.strictObject({ httpApi: HttpApi }),
    ]),
  ),
});

/** The functions of a folder `functions`, by name. Throws DeployError naming the file and the member. */
export function readFunctionDefinitions(root: string): FunctionDefinition[] {
  const folder = join(root, 'functions');
  if (!existsSync(folder)) {
    throw new DeployError('FUNCTION_FILE', `there is no folder functions in ${root}`, {
      advice: "Run the command in the project's folder.",
    });
  }
  return readdirSync(folder)
    .sort()
    .filter((name) => existsSync(join(folder, name, 'function.yml')))
    .map((name) => readDefinition(name, readFileSync(join(folder, name, 'function.yml'), 'utf8')));
}

/** One function's file. `!GetAtt` and `${…}` are the AWS framework's, and stay texts. */
export function readDefinition(name: string, yaml: string): FunctionDefinition {
  const content = parse(yaml, { customTags: [{ tag: '!GetAtt', resolve: (value: string) => value }] }) as unknown;
  const parsed = z.safeParse(z.record(z.string(), FunctionFile), content);
  const file = parsed.success ? parsed.data[name] : undefined;
  if (!file) {
    const where = parsed.success ? `it does not begin with '${name}:'` : issuesText(parsed.error.issues).join('; ');
    throw problem(name, where);
  }
  const needs = NEEDS[/\.(\w+)\}$/.exec(file.environment)?.[1] ?? ''];
  if (!needs) throw problem(name, `environment must end in one of ${Object.keys(NEEDS).join(', ')}`);
  const { maximumRetryAttempts: attemptsMax, maximumEventAge: ageSMax } = file;
  return {
    ...{ name, needs, description: file.description, memoryMb: file.memorySize, timeoutS: file.timeout },
    folders: foldersOf(name, file.package.patterns),
    reservedConcurrency: file.reservedConcurrency,
    retries: attemptsMax === undefined || ageSMax === undefined ? undefined : { attemptsMax, ageSMax },
    timers: file.events.flatMap((event) =>
      'schedule' in event
        ? event.schedule.rate.map((rate) => ({ task: event.schedule.input.task, every: periodOf(name, rate) }))
        : [],
    ),
    routes: file.events.flatMap((event) => ('httpApi' in event ? [event.httpApi] : [])),
    queues: file.events.flatMap((event) => ('sqs' in event ? [queueOf(name, event.sqs)] : [])),
  };
}

/** Besides the bundle, which every package has. Strict: what is packed for one cloud is packed for the other, too. */
function foldersOf(name: string, patterns: readonly string[]): string[] {
  const own = `dist/functions/${name}/`;
  return patterns.flatMap((pattern) => {
    if (pattern === `${own}handler.js` || pattern === 'dist/package.json') return [];
    const [, folder] = /^([\w-]+)\/\*\*$/.exec(pattern.startsWith(own) ? pattern.slice(own.length) : '') ?? [];
    if (folder === undefined) throw problem(name, `package: ${pattern} is neither the bundle nor a folder beside it`);
    return [folder];
  });
}

function queueOf(name: string, sqs: z.infer<typeof Sqs>): FunctionDefinition['queues'][number] {
  const topic = TOPIC_OF_QUEUE[sqs.arn.replace(/\.Arn$/, '')];
  if (!topic) throw problem(name, `${sqs.arn} is the queue of no topic`);
  return { topic, batchMax: sqs.batchSize, parallelMax: sqs.maximumConcurrency };
}

function periodOf(name: string, rate: string): Period {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(rate) ?? [];
  if (!unit) throw problem(name, `${rate} is not a rate in minutes, hours or days`);
  return { count: Number(count), unit: unit[0] as Period['unit'] };
}

function problem(name: string, what: string): DeployError {
  return new DeployError('FUNCTION_FILE', `functions/${name}/function.yml: ${what}`, {
    advice: 'Correct the file, or teach infra/huawei/function-definitions.ts what it now says.',
  });
}
