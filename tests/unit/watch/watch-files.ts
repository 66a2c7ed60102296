import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'yaml';

const PROJECT = join(__dirname, '../../..');

/** An alarm or a chart by its name in the runbook, with the names of our own metrics that it asks for. */
export interface Watching {
  readonly name: string;
  readonly metrics: readonly string[];
}

type Part = (variables: { resolveVariable: (name: string) => Promise<string> }) => Promise<{
  Resources: Readonly<Record<string, Resource>>;
}>;

/** Parts of serverless.yml are plain JavaScript without types. */
const load = createRequire(__filename);

/** Stages of waiting documents with the function that sweeps each, as the stack has them. */
export const { stages } = load('../../../infra/aws/names.cjs') as { stages: Readonly<Record<string, string>> };

const VARIABLES: Readonly<Record<string, string>> = {
  ...{ 'sls:stage': 'prod', 'param:alarmTopic': '', 'param:redis': 'own', 'param:silentHours': '6' },
};

interface Resource {
  readonly Type: string;
  readonly Properties: object;
}

async function resourcesOf(file: string): Promise<Readonly<Record<string, Resource>>> {
  const resolveVariable = async (name: string): Promise<string> => {
    const value = VARIABLES[name];
    if (value === undefined) throw new Error(`the stack asks for ${name}`);
    return value;
  };
  return (await (load(file) as Part)({ resolveVariable })).Resources;
}

const textOf = (path: string): string => readFileSync(join(PROJECT, path), 'utf8');

/** Alarms of infra/aws/alarms.cjs, one for each name and which. */
export async function awsAlarms(): Promise<Watching[]> {
  const alarms = Object.values(await resourcesOf('../../../infra/aws/alarms.cjs')).filter(
    ({ Type }) => Type === 'AWS::CloudWatch::Alarm',
  );
  return alarms.map(({ Properties }) => {
    const { AlarmName } = Properties as { AlarmName: string };
    const text = JSON.stringify(Properties);
    const ours = [...text.matchAll(/"Namespace":"Yipan","MetricName":"([^"]+)"/g)].map(([, metric = '']) => metric);
    return { name: AlarmName.split('/')[1] ?? '', metrics: ours };
  });
}

export async function awsCharts(): Promise<Watching[]> {
  const { Dashboard } = await resourcesOf('../../../infra/aws/dashboard.cjs');
  const { 'Fn::Sub': text } = (Dashboard?.Properties as { DashboardBody: { 'Fn::Sub': string } }).DashboardBody;
  const { widgets } = JSON.parse(text) as { widgets: { properties: { title: string; metrics: unknown[] } }[] };
  return widgets.map(({ properties: { title, metrics } }) => ({
    name: title,
    metrics: metrics.flatMap((metric) => {
      const [, named] = /^\["Yipan","([^"]+)"/.exec(JSON.stringify(metric)) ?? [];
      const [, searched] = /\{Yipan,.*MetricName=\\"([^\\]+)\\"/.exec(JSON.stringify(metric)) ?? [];
      return named ?? searched ?? [];
    }),
  }));
}

export function huaweiAlarms(): Watching[] {
  const { alarms } = parse(textOf('infra/watch/huawei-alarms.yml')) as { alarms: { name: string; query?: string }[] };
  return alarms.map(({ name, query = '' }) => ({ name, metrics: metricsIn(query) }));
}

export function huaweiCharts(): Watching[] {
  const { charts } = parse(textOf('infra/watch/huawei-dashboard.yml')) as {
    charts: { title: string; query?: string }[];
  };
  return charts.map(({ title, query = '' }) => ({ name: title, metrics: metricsIn(query) }));
}

const metricsIn = (query: string): string[] => [...query.matchAll(/metric:([\w.-]+)/g)].map(([, name = '']) => name);

/** Names of the runbook's sections about alarms, with their text. */
export function runbookSections(): Map<string, string> {
  const [, ...sections] = textOf('infra/watch/runbook.md').split(/^## /m);
  return new Map(sections.map((section) => [section.split('\n', 1)[0]?.trim() ?? '', section]));
}

/** All of the functions' and the library's sources, one text each. */
export function sources(): string[] {
  return ['functions', 'shared'].flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => textOf(join(folder, path))),
  );
}
