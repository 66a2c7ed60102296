import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';

/** What the platform refuses, as its HTTP answer. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

type Data = Readonly<Record<string, unknown>>;

/** What a version is a snapshot of. */
export interface Snapshot {
  readonly config: Data;
  readonly digest: string;
  readonly code: Uint8Array;
}

interface Trigger {
  readonly id: string;
  readonly type: string;
  status: string;
  readonly data: Data;
}

interface Alias {
  name: string;
  version: string;
  description: string;
  weights: Data;
  modifiedAt: string;
}

interface Deployed {
  readonly name: string;
  latest: Snapshot;
  readonly versions: Map<string, Snapshot & { readonly modifiedAt: string }>;
  readonly aliases: Map<string, Alias>;
  /** By qualifier: `latest`, `!live`. */
  readonly failures: Map<string, Data>;
  readonly triggers: Map<string, Trigger[]>;
}

const RUNTIMES = ['Node.js18.15', 'Node.js20.15'];
const MEMORIES_MB = [128, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096];
const PULLING = new Set(['KAFKA', 'OPENSOURCEKAFKA', 'DDS', 'DIS']);
const VERSIONS_MAX = 20;

/** State and rules of FunctionGraph for one project: what is kept, what is refused and with which code. */
export class FunctionGraphProject {
  readonly functions = new Map<string, Deployed>();
  /** Kafka instances that ask for a login, with the subnet they are in. */
  readonly kafkaSubnets = new Map<string, string>();
  private ticks = 0;
  private ids = 0;

  create(body: Data): Deployed {
    const name = String(body['func_name']);
    if (!/^[A-Za-z][\w-]{0,58}[A-Za-z0-9]$/.test(name)) throw new Refused(400, 'FSS.1002', 'Invalid function name.');
    const config = configOf(body);
    if (this.functions.has(name)) throw new Refused(409, 'FSS.1061', 'The function already exists.');
    if (this.functions.size >= 400)
      throw new Refused(403, 'FSS.1041', 'The number of functions has reached the maximum.');
    const made: Deployed = {
      ...{ name, latest: { config, ...codeOf(body) }, versions: new Map(), aliases: new Map() },
      ...{ failures: new Map(), triggers: new Map() },
    };
    this.functions.set(name, made);
    return made;
  }

  find(name: string): Deployed {
    const found = this.functions.get(name);
    if (!found) throw new Refused(404, 'FSS.1051', 'The function does not exist.');
    return found;
  }

  updateCode(of: Deployed, body: Data): void {
    const code = codeOf(body);
    if (code.digest === of.latest.digest) throw new Refused(400, 'FSS.0400', 'The function has the same code.');
    of.latest = { ...of.latest, ...code };
  }

  updateConfig(of: Deployed, body: Data): void {
    of.latest = { ...of.latest, config: configOf(body) };
  }

  limit(of: Deployed, max: number): void {
    const strategy_config = { ...(of.latest.config['strategy_config'] as object), concurrency: max };
    of.latest = { ...of.latest, config: { ...of.latest.config, strategy_config } };
  }

  publish(of: Deployed, version: string): void {
    if (!/^[A-Za-z0-9][\w.-]{0,40}[A-Za-z0-9]$/.test(version)) throw new Refused(400, 'FSS.1012', 'Invalid version.');
    if (of.versions.has(version)) throw new Refused(409, 'FSS.1062', 'The version already exists.');
    const newest = [...of.versions.values()].at(-1);
    const isSame =
      newest?.digest === of.latest.digest && JSON.stringify(newest.config) === JSON.stringify(of.latest.config);
    if (isSame) throw new Refused(400, 'FSS.1016', 'Nothing has changed since the last version.');
    if (of.versions.size >= VERSIONS_MAX)
      throw new Refused(403, 'FSS.1042', 'The number of versions has reached the maximum.');
    of.versions.set(version, { ...of.latest, modifiedAt: this.now() });
  }

  /** A version with its triggers, or all of a function. */
  remove(of: Deployed, version: string | undefined): void {
    if (version === undefined) {
      this.functions.delete(of.name);
      return;
    }
    if (!of.versions.has(version)) throw new Refused(404, 'FSS.1052', 'The version does not exist.');
    const used = [...of.aliases.values()].some((alias) => alias.version === version);
    if (used) throw new Refused(400, 'FSS.1153', 'An alias is on this version.');
    of.versions.delete(version);
  }

  createAlias(of: Deployed, { name, version, description }: Data): Alias {
    if (of.aliases.has(String(name))) throw new Refused(409, 'FSS.1063', 'The alias already exists.');
    this.checkAliasVersion(of, String(name), String(version));
    const alias = { name: String(name), version: String(version), description: text(description), weights: {} };
    of.aliases.set(alias.name, { ...alias, modifiedAt: this.now() });
    return this.alias(of, alias.name);
  }

  updateAlias(of: Deployed, name: string, { version, description, additional_version_weights: weights }: Data): Alias {
    const alias = this.alias(of, name);
    this.checkAliasVersion(of, name, String(version));
    Object.assign(alias, { version: String(version), description: text(description), modifiedAt: this.now() });
    alias.weights = (weights ?? {}) as Data;
    return alias;
  }

  deleteAlias(of: Deployed, name: string): void {
    this.alias(of, name);
    if ((of.triggers.get(`!${name}`) ?? []).length > 0) throw new Refused(400, 'FSS.1154', 'The alias has triggers.');
    of.aliases.delete(name);
    of.failures.delete(`!${name}`);
  }

  alias(of: Deployed, name: string): Alias {
    const alias = of.aliases.get(name);
    if (!alias) throw new Refused(404, 'FSS.1053', 'The alias does not exist.');
    return alias;
  }

  /** What a call of `latest`, a version or `!alias` runs. */
  snapshot(of: Deployed, qualifier: string): Snapshot {
    if (qualifier === 'latest') return of.latest;
    const version = qualifier.startsWith('!') ? this.alias(of, qualifier.slice(1)).version : qualifier;
    const found = of.versions.get(version);
    if (!found) throw new Refused(404, 'FSS.1052', 'The version does not exist.');
    return found;
  }

  createTrigger(of: Deployed, qualifier: string, body: Data): Trigger {
    this.snapshot(of, qualifier);
    const type = String(body['trigger_type_code']);
    const data = body['event_data'] as Data;
    const there = of.triggers.get(qualifier) ?? [];
    this.checkTrigger(of, type, data, there);
    const status = PULLING.has(type) ? 'DISABLED' : 'ACTIVE';
    const made = { id: `trigger-${(this.ids += 1)}`, type, status, data };
    of.triggers.set(qualifier, [...there, made]);
    return made;
  }

  triggersOf(of: Deployed, qualifier: string): Trigger[] {
    return of.triggers.get(qualifier) ?? [];
  }

  deleteTrigger(of: Deployed, qualifier: string, id: string): void {
    const there = this.triggersOf(of, qualifier);
    if (!there.some((one) => one.id === id)) throw new Refused(404, 'FSS.1055', 'The trigger does not exist.');
    of.triggers.set(
      qualifier,
      there.filter((one) => one.id !== id),
    );
  }

  private checkTrigger(of: Deployed, type: string, data: Data, there: readonly Trigger[]): void {
    const all = [...this.functions.values()].flatMap((one) => [...one.triggers.values()].flat());
    switch (type) {
      case 'TIMER':
        if (!/^\d+[mhd]$/.test(String(data['schedule'])) || data['schedule_type'] !== 'Rate')
          throw new Refused(400, 'FSS.1101', 'Invalid schedule.');
        if (there.some((one) => one.type === type && one.data['name'] === data['name']))
          throw new Refused(409, 'FSS.1141', 'The timer trigger already exists.');
        return;
      case 'KAFKA': {
        const subnet = this.kafkaSubnets.get(String(data['instance_id']));
        if (subnet !== undefined && (of.latest.config['func_vpc'] as Data | undefined)?.['subnet_id'] !== subnet)
          throw new Refused(400, 'FSS.1114', 'The function is not in the VPC and subnet of the instance.');
        if (subnet !== undefined && (!data['kafka_user'] || !data['kafka_password']))
          throw new Refused(400, 'FSS.1113', 'The instance needs a user and a password.');
        // Two triggers on one topic are taken: nothing but the deployer keeps them from being made.
        if (there.filter((one) => PULLING.has(one.type)).length >= 10)
          throw new Refused(403, 'FSS.1123', 'The number of pull triggers has reached the maximum.');
        return;
      }
      case 'DEDICATEDGATEWAY': {
        const same = all.some(
          (one) => one.data['path'] === data['path'] && one.data['req_method'] === data['req_method'],
        );
        if (same) throw new Refused(409, 'FSS.1146', 'The API already exists.');
        const { timeout, function_urn: urn } = (data['func_info'] ?? {}) as Data;
        if (!(Number(timeout) >= 1 && Number(timeout) <= 60_000) || typeof urn !== 'string')
          throw new Refused(400, 'FSS.1103', 'Invalid func_info.');
        return;
      }
      default:
        throw new Refused(400, 'FSS.1100', 'Invalid trigger type.');
    }
  }

  private checkAliasVersion(of: Deployed, name: string, version: string): void {
    if (!of.versions.has(version)) throw new Refused(404, 'FSS.1052', 'The version does not exist.');
    const other = [...of.aliases.values()].some((alias) => alias.name !== name && alias.version === version);
    if (other) throw new Refused(409, 'FSS.1066', 'The version has an alias already.');
  }

  /** A second later each time, so that an order can be told. */
  private now(): string {
    return new Date(Date.UTC(2026, 0, 1) + (this.ticks += 1) * 1000).toISOString().slice(0, 19);
  }
}

function codeOf(body: Data): { digest: string; code: Uint8Array } {
  const bytes = Buffer.from(text((body['func_code'] as Data | undefined)?.['file']), 'base64');
  try {
    if (!unzipSync(bytes)['index.js']) throw new Error('no index.js');
  } catch {
    throw new Refused(400, 'FSS.1010', 'Invalid function code.');
  }
  return { digest: createHash('sha512').update(bytes).digest('hex'), code: bytes };
}

function configOf(body: Data): Data {
  if (!RUNTIMES.includes(String(body['runtime']))) throw new Refused(400, 'FSS.1005', 'Invalid runtime.');
  if (!MEMORIES_MB.includes(Number(body['memory_size'])))
    throw new Refused(400, 'FSS.1007', 'Invalid function memory.');
  const timeout = Number(body['timeout']);
  if (!(timeout >= 3 && timeout <= 259_200)) throw new Refused(400, 'FSS.1008', 'Invalid function timeout.');
  if (text(body['description']).length > 512) throw new Refused(400, 'FSS.1011', 'Invalid description.');
  const settings = [body['user_data'], body['encrypted_user_data']].map((one) => text(one) || '{}');
  const entries = settings.flatMap((one) => Object.keys(JSON.parse(one) as object));
  if (entries.some((key) => !/^[A-Za-z]\w*$/.test(key)))
    throw new Refused(400, 'FSS.1009', 'Invalid environment variable.');
  if (entries.length > 20) throw new Refused(400, 'FSS.1017', 'Too many environment variables.');
  if (Buffer.byteLength(settings.join('')) > 2048)
    throw new Refused(400, 'FSS.1018', 'Environment variables exceed 2 KB.');
  const ofCode = new Set(['func_code', 'code_type', 'code_filename', 'package', 'type']);
  return Object.fromEntries(Object.entries(body).filter(([member]) => !ofCode.has(member)));
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
