import type { Step } from './steps';
import { identityOf } from './triggers';

/** Longest value shown of a member that changes. */
const VALUE_CHARS_MAX = 100;

/** A plan for people: one line a step, more where members differ. No secret is in any of it, since no step's changes hold one. */
export function planText(steps: readonly Step[]): string {
  if (steps.length === 0) return 'nothing to change: everything is as it should be\n';
  const lines = steps.flatMap((step) => [`  ${stepText(step)}`, ...details(step).map((detail) => `      ${detail}`)]);
  return `${lines.join('\n')}\n\n${summary(steps)}\n`;
}

/** `+` makes, `~` changes, `-` takes away, `?` asks. */
export function stepText(step: Step): string {
  const at = (sign: string, name: string, what: string): string => `${sign} ${name.padEnd(24)} ${what}`;
  switch (step.kind) {
    case 'create-function':
      return at('+', step.of.name, `function ${step.of.functionName}`);
    case 'update-code':
      return at('~', step.of.name, `code ${step.from || 'unknown'} → ${step.of.zip.digest}`);
    case 'update-configuration':
      return at('~', step.of.name, 'configuration');
    case 'limit-instances':
      return at('~', step.of.name, `at most ${step.of.instancesMax ?? 0} instances (was ${step.from ?? 'no limit'})`);
    case 'handle-failures':
      return at('~', step.of.name, `failure handling of ${step.qualifier}`);
    case 'delete-version':
      return at('-', step.of.name, `old version ${step.version}`);
    case 'publish-version':
      return at('+', step.of.name, `version ${step.of.version}`);
    case 'test-version':
      return at('?', step.of.name, `smoke test of ${step.version}`);
    case 'create-alias':
      return at('+', step.of.name, `alias live → ${step.of.version}`);
    case 'move-alias':
      return at('~', step.of.name, aliasText(step.from, step.to));
    case 'create-trigger':
      return at('+', step.of.name, `trigger ${step.trigger.identity}`);
    case 'enable-trigger':
      return at('~', step.of.name, `trigger ${identityOf(step.trigger)}: enabled`);
    case 'delete-trigger':
      return at('-', step.of.name, `trigger ${identityOf(step.trigger)} (${step.why})`);
    case 'delete-alias':
      return at('-', step.of.name, 'alias live');
    case 'delete-function':
      return at('-', step.of.functionName, `function with all its versions (${step.why})`);
  }
}

function aliasText(from: string, to: string): string {
  return from === to ? `alias live stays on ${to}: its note` : `alias live ${from} → ${to}`;
}

function details(step: Step): string[] {
  if (step.kind === 'create-trigger') return [JSON.stringify(step.trigger.data)];
  if (step.kind === 'create-function') {
    return [
      ...Object.entries(step.of.configuration).map(([member, value]) => `${member}: ${short(value)}`),
      ...Object.keys(step.of.settings.encrypted).map((name) => `secret ${name}: set, never shown`),
    ];
  }
  if (step.kind !== 'update-configuration' && step.kind !== 'handle-failures') return [];
  return step.changes.flatMap(({ member, from, to }) => [
    `${member}: ${short(from)} → ${short(to)}`,
    ...(member === 'description' && secretsIn(from) !== secretsIn(to)
      ? ['secrets: one or more have changed; their values are never shown']
      : []),
  ]);
}

const secretsIn = (description: string): string => /secrets=([0-9a-f]+)\]$/.exec(description)?.[1] ?? '';

function short(value: string): string {
  if (value === '') return '(none)';
  return value.length <= VALUE_CHARS_MAX ? value : `${value.slice(0, VALUE_CHARS_MAX)}…`;
}

function summary(steps: readonly Step[]): string {
  const count = (sign: string): number => steps.filter((step) => stepText(step).startsWith(sign)).length;
  return `${steps.length} steps: ${count('+')} to make, ${count('~')} to change, ${count('-')} to take away, ${count('?')} smoke tests`;
}
