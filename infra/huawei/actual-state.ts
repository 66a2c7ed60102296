import type { Configuration, FailureHandling } from './desired-state';
import type { ActualTrigger } from './triggers';

export interface ActualVersion {
  readonly name: string;
  /** Text of the platform, newest is greatest. */
  readonly modifiedAt: string;
}

export interface ActualAlias {
  readonly name: string;
  readonly urn: string;
  readonly version: string;
  readonly description: string;
  readonly modifiedAt: string;
  /** Whether a second version has a share of the calls, set by hand. */
  readonly isSplit: boolean;
}

/** A function as the platform shows it. */
export interface ActualFunction {
  readonly functionName: string;
  readonly urn: string;
  readonly configuration: Configuration;
  readonly instancesMax: number | undefined;
  readonly versions: readonly ActualVersion[];
  readonly alias: ActualAlias | undefined;
  /** Of the latest code, and of the alias that triggers call: FunctionGraph keeps it for each. */
  readonly failures: { readonly latest: FailureHandling | undefined; readonly live: FailureHandling | undefined };
  /** Of the alias. */
  readonly triggers: readonly ActualTrigger[];
}

/** What an alias's description records: which release moved it, from which version, and the login its Kafka triggers hold. */
export interface AliasNote {
  readonly release: string;
  /** Empty where there was none. */
  readonly before: string;
  readonly login: string;
}

export function noteText({ release, before, login }: AliasNote): string {
  return `release=${release} before=${before} login=${login}`;
}

/** What is not recorded is empty. */
export function readNote(description: string): AliasNote {
  const valueOf = (name: string): string => new RegExp(`(?:^| )${name}=([\\w.-]*)`).exec(description)?.[1] ?? '';
  return { release: valueOf('release'), before: valueOf('before'), login: valueOf('login') };
}
