import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBundles, PROJECT } from '../support/build-bundles';

interface Resource {
  readonly Type: string;
  readonly Properties: {
    readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
    readonly Targets?: readonly { readonly Id: string; readonly Input: string }[];
    readonly FunctionResponseTypes?: readonly string[];
  };
}

let folder: string;
let resources: Resource[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yipan-package-'));
  buildBundles();
  execFileSync(process.execPath, [join(PROJECT, 'node_modules/.bin/sls'), 'package', '--package', folder], {
    cwd: PROJECT,
    env: { PATH: process.env['PATH'], HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' },
    stdio: 'pipe',
  });
  const template = readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
  resources = Object.values((JSON.parse(template) as { Resources: Record<string, Resource> }).Resources);
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('packages every function by itself, with no account and no network', () => {
  const packages = readdirSync(folder).filter((name) => name.endsWith('.zip'));
  expect(packages).toEqual(readdirSync(join(PROJECT, 'functions')).map((name) => `${name}.zip`));
});

it('never packages the sample secrets, which everybody knows', () => {
  const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
  expect(functions.map(({ Properties }) => Properties.Environment?.Variables['YIPAN_SECRETS'])).toEqual(
    functions.map(() => ''),
  );
  const known = JSON.parse(readFileSync(join(PROJECT, 'events/sample-secrets.json'), 'utf8')) as {
    users: { token: string }[];
  };
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    expect(readFileSync(join(folder, name), 'utf8')).not.toContain(known.users[0]?.token);
  }
});

it('has a sample event for every task that a timer gives', () => {
  const targets = resources.flatMap(({ Properties }) => Properties.Targets ?? []);
  const samples = targets.map(({ Id, Input }) => {
    const { task } = JSON.parse(Input) as { task: string };
    return `events/${Id.replace(/Schedule$/, '')}/schedule-${task}.json`;
  });
  expect(samples).toHaveLength(7);
  expect(samples.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([]);
});

it('takes failures per message from every queue', () => {
  const mappings = resources.filter(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping');
  expect(mappings.map(({ Properties }) => Properties.FunctionResponseTypes)).toEqual(
    Array(3).fill(['ReportBatchItemFailures']),
  );
});
