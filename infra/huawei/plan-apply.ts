import type { ActualFunction, AliasNote } from './actual-state';
import { readNote } from './actual-state';
import type { Configuration, DesiredFunction, FailureHandling } from './desired-state';
import { readMark, releaseOf } from './desired-state';
import { planRemoval } from './plan-removal';
import type { Qualifier, Step } from './steps';
import type { ActualTrigger, Change } from './triggers';
import { identityOf, triggerChanges } from './triggers';

/**
 * What makes a stage as it should be, in the order in which it is safe:
 * every function's code, configuration and failure handling, then its version and the version's smoke test; only when all
 * versions have passed, aliases move; only then triggers change, which call the alias. A function that is no longer there goes last.
 * A plan that is broken off is planned again: nothing is remembered but the platform's own state.
 */
export function planApply(
  desired: readonly DesiredFunction[],
  actual: readonly ActualFunction[],
  keepVersions: number,
): Step[] {
  const release = releaseOf(desired);
  const pairs = desired.map((of) => ({ of, is: actual.find(({ functionName }) => functionName === of.functionName) }));
  const gone = actual.filter(({ functionName }) => !desired.some((one) => one.functionName === functionName));
  return [
    ...pairs.flatMap(({ of, is }) => [...planFunction(of, is), ...planVersion(of, is, keepVersions)]),
    ...pairs.flatMap(({ of, is }) => planAlias(of, is, release)),
    ...pairs.flatMap(({ of, is }) => planTriggers(of, is, release)),
    ...gone.flatMap((one) => planRemoval(one, 'its folder is gone')),
  ];
}

function planFunction(of: DesiredFunction, is: ActualFunction | undefined): Step[] {
  const failures = planFailures(of, 'latest', is?.failures.latest);
  const limit = planLimit(of, is);
  if (!is) return [{ kind: 'create-function', of }, ...failures, ...limit];
  const marked = readMark(is.configuration['description'] ?? '');
  const changes = configurationChanges(of.configuration, is.configuration);
  return [
    // Code goes first: the description, which records what the code was made from, is part of the configuration.
    ...(marked?.code === of.zip.digest ? [] : [{ kind: 'update-code', of, from: marked?.code ?? '' } as const]),
    ...(changes.length > 0 ? [{ kind: 'update-configuration', of, changes } as const] : []),
    ...failures,
    ...limit,
  ];
}

function configurationChanges(desired: Configuration, actual: Configuration): Change[] {
  const members = [...new Set([...Object.keys(desired), ...Object.keys(actual)])];
  return members.flatMap((member) => {
    const [from, to] = [actual[member] ?? '', desired[member] ?? ''];
    return from === to ? [] : [{ member, from, to }];
  });
}

function planLimit(of: DesiredFunction, is: ActualFunction | undefined): Step[] {
  // Without a wish the account's own limit stays: whoever set one by hand had a reason.
  if (of.instancesMax === undefined || of.instancesMax === is?.instancesMax) return [];
  return [{ kind: 'limit-instances', of, from: is?.instancesMax }];
}

function planFailures(of: DesiredFunction, qualifier: Qualifier, is: FailureHandling | undefined): Step[] {
  if (!of.failures) return [];
  const members = ['attemptsMax', 'ageSMax', 'topicUrn'] as const;
  const changes = members.flatMap((member) => {
    const [from, to] = [String(is?.[member] ?? ''), String(of.failures?.[member] ?? '')];
    return from === to ? [] : [{ member, from, to }];
  });
  return changes.length > 0 ? [{ kind: 'handle-failures', of, qualifier, changes }] : [];
}

function planVersion(of: DesiredFunction, is: ActualFunction | undefined, keepVersions: number): Step[] {
  const isLive = is?.alias?.version === of.version && !is.alias.isSplit;
  const isPublished = is?.versions.some(({ name }) => name === of.version) ?? false;
  return [
    ...(isPublished || !is ? [] : planRoom(of, is, keepVersions)),
    ...(isPublished ? [] : [{ kind: 'publish-version', of } as const]),
    ...(isLive && isPublished ? [] : [{ kind: 'test-version', of, version: of.version } as const]),
  ];
}

/** Deletes the oldest versions, so that one more makes `keepVersions`; never the live one, nor the one a rollback goes to. */
function planRoom(of: DesiredFunction, is: ActualFunction, keepVersions: number): Step[] {
  const needed = new Set([is.alias?.version, readNote(is.alias?.description ?? '').before]);
  const oldestFirst = [...is.versions].sort((a, b) => (a.modifiedAt < b.modifiedAt ? -1 : 1));
  const tooMany = Math.max(0, is.versions.length + 1 - keepVersions);
  return oldestFirst
    .filter(({ name }) => !needed.has(name))
    .slice(0, tooMany)
    .map(({ name }) => ({ kind: 'delete-version', of, version: name }));
}

function planAlias(of: DesiredFunction, is: ActualFunction | undefined, release: string): Step[] {
  const failures = planFailures(of, 'live', is?.failures.live);
  const alias = is?.alias;
  if (!alias) return [{ kind: 'create-alias', of, note: firstNote(of, release) }, ...failures];
  if (alias.version === of.version && !alias.isSplit) return failures;
  const { login, before } = readNote(alias.description);
  const note = { release, login, before: alias.version === of.version ? before : alias.version };
  return [{ kind: 'move-alias', of, from: alias.version, to: of.version, note }, ...failures];
}

function planTriggers(of: DesiredFunction, is: ActualFunction | undefined, release: string): Step[] {
  const note: AliasNote = is?.alias
    ? aliasNoteAfter(of, is.alias.version, readNote(is.alias.description), release)
    : firstNote(of, release);
  const isLoginNew = of.kafkaLogin !== undefined && of.kafkaLogin !== note.login;
  const known = new Set<ActualTrigger>();
  const wanted = of.triggers.flatMap((trigger): Step[] => {
    const same = is?.triggers.filter((one) => identityOf(one) === trigger.identity) ?? [];
    const changed = isLoginNew && trigger.type === 'KAFKA' ? ['its login'] : [];
    const [kept, ...more] = same;
    same.forEach((one) => known.add(one));
    if (!kept) return [{ kind: 'create-trigger', of, trigger }];
    const twins = more.map((one) => removal(of, is, one, 'it is there twice'));
    const why = [...triggerChanges(trigger, kept).map(changeText), ...changed];
    // The platform changes nothing about a trigger but its status.
    if (why.length > 0) {
      return [...twins, removal(of, is, kept, `changed: ${why.join(', ')}`), { kind: 'create-trigger', of, trigger }];
    }
    return kept.status === 'DISABLED' ? [...twins, { kind: 'enable-trigger', of, trigger: kept }] : twins;
  });
  const unwanted = (is?.triggers ?? []).filter((one) => !known.has(one));
  return [
    ...unwanted.map((one) => removal(of, is, one, 'function.yml does not name it')),
    ...wanted,
    // Last: while it is not recorded, triggers are made again.
    ...(of.kafkaLogin !== undefined && isLoginNew ? [noteLogin(of, { ...note, login: of.kafkaLogin })] : []),
  ];
}

/** A new alias has no triggers that could hold another login. */
function firstNote(of: DesiredFunction, release: string): AliasNote {
  return { release, before: '', login: of.kafkaLogin ?? '' };
}

function noteLogin(of: DesiredFunction, note: AliasNote): Step {
  return { kind: 'move-alias', of, from: of.version, to: of.version, note };
}

function aliasNoteAfter(of: DesiredFunction, version: string, note: AliasNote, release: string): AliasNote {
  return version === of.version ? note : { ...note, release, before: version };
}

const changeText = ({ member, from, to }: Change): string => `${member} ${from} → ${to}`;

function removal(of: DesiredFunction, is: ActualFunction | undefined, trigger: ActualTrigger, why: string): Step {
  return { kind: 'delete-trigger', of: { name: of.name, aliasUrn: is?.alias?.urn ?? '' }, trigger, why };
}
