import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../support/build-bundles';

/** A value of a template: plain, or said by a function of CloudFormation. */
export type Value = string | number | boolean | { readonly [member: string]: Value } | readonly Value[];

export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: { readonly [name: string]: Value };
}

export interface Stack {
  readonly folder: string;
  readonly resources: ReadonlyMap<string, Resource>;
  /** All JSON files of the package, for what must be in none of them. */
  readonly texts: readonly string[];
  ofType(type: string): [string, Resource][];
}

/** A secret that is in the environment of whoever packages, and must not get into a package. */
export const LEAK = 'must-not-be-packaged';

/** Runs `sls package` for a stage with no account and no network access, into a folder of its own. */
export function packageStack(stage: string, parameters: readonly string[] = []): Stack {
  const folder = mkdtempSync(join(tmpdir(), 'yipan-package-'));
  const given = parameters.map((parameter) => `--param=${parameter}`);
  const run = spawnSync(
    process.execPath,
    [join(PROJECT, 'node_modules/.bin/sls'), 'package', '--stage', stage, '--package', folder, ...given],
    {
      cwd: PROJECT,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        AWS_EC2_METADATA_DISABLED: 'true',
        ...(stage !== 'dev' && { YIPAN_SECRETS: LEAK }),
      },
      encoding: 'utf8',
    },
  );
  // What is wrong with a configuration is said on the standard output.
  if (run.status !== 0) throw new Error(`sls package --stage ${stage} failed:\n${run.stderr}\n${run.stdout}`);
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const template = readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
  const { Resources } = JSON.parse(template) as { Resources: Record<string, Resource> };
  const resources = new Map(Object.entries(Resources));
  return {
    ...{ folder, resources, texts },
    ofType: (type) => [...resources].filter(([, resource]) => resource.Type === type),
  };
}

/** A value that the template says plainly. */
export function textOf(value: Value | undefined): string {
  if (typeof value !== 'string') throw new Error(`${JSON.stringify(value)} is no text`);
  return value;
}

/** The resource that a reference names: `{Ref}`, `{Fn::GetAtt}`. */
export function targetOf(value: Value | undefined): string {
  const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: readonly string[] };
  const id = Ref ?? attribute?.[0];
  if (id === undefined) throw new Error(`${JSON.stringify(value)} refers to nothing`);
  return id;
}

/** Names of the files in a zip, from its central directory. */
export function filesInZip(path: string): string[] {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  const names: string[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    names.push(bytes.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}

/**
 * Ids that a template's references name: `{Ref}`, `{Fn::GetAtt}`, `${id}` and `${id.attribute}` in `{Fn::Sub}`. What AWS
 * itself defines (`AWS::Region`) is none of them.
 */
export function referencesIn(value: Value | undefined): string[] {
  if (typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text, ...members } = value as { readonly [name: string]: Value };
  const named = [
    ...(typeof Ref === 'string' ? [Ref] : []),
    ...(Array.isArray(attribute) ? [String(attribute[0])] : []),
    ...(typeof text === 'string' ? [...text.matchAll(/\$\{([\w:]+)[.}]/g)].map(([, id = '']) => id) : []),
  ];
  return [...named.filter((id) => !id.startsWith('AWS::')), ...Object.values(members).flatMap(referencesIn)];
}
