import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseHcl } from '@cdktf/hcl2json';
import { parse as parseYaml, stringify } from 'yaml';
import { readFunctionDefinitions } from '../../../infra/huawei/function-definitions';
import { readStageFile } from '../../../infra/huawei/stage-file';
import { SETTINGS } from '../../../shared/config';
import { PROJECT } from '../../support/build-bundles';
import provider from './provider-arguments.json';

const FOLDER = join(PROJECT, 'infra/huawei/terraform');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.tf'));

type Value = string | number | boolean | null | Value[] | { [member: string]: Value };
type Members = Record<string, Value>;

interface Block {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** Names that documentation of the provider's version lists, by resource and block. */
const KNOWN = provider.resources as unknown as Readonly<
  Record<string, { attributes: readonly string[]; blocks: Readonly<Record<string, Block>> }>
>;

/** All files as one module. */
let files: Map<string, Members>;

beforeAll(async () => {
  const parsed = FILES.map(async (name): Promise<[string, Members]> => {
    return [name, (await parseHcl(name, readFileSync(join(FOLDER, name), 'utf8'))) as Members];
  });
  files = new Map(await Promise.all(parsed));
}, 60_000);

const membersOf = (value: Value | undefined): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

/** Blocks of one kind from all files: `resource`, `variable`, `output`. */
function blocks(kind: string): Members {
  return Object.assign({}, ...[...files.values()].map((file) => membersOf(file[kind]))) as Members;
}

function resources(): { type: string; name: string; body: Members }[] {
  return [...files.values()].flatMap((file) =>
    Object.entries(membersOf(file['resource'])).flatMap(([type, named]) =>
      Object.entries(membersOf(named)).map(([name, body]) => ({ type, name, body: membersOf([body].flat()[0]) })),
    ),
  );
}

function locals(): Members {
  const all = [...files.values()].flatMap((file) => [file['locals'] ?? []].flat());
  return Object.assign({}, ...all.map(membersOf)) as Members;
}

interface Alarm {
  readonly name: string;
  readonly which?: string;
  readonly source: string;
  readonly query?: string;
  readonly namespace?: string;
  readonly functions?: string;
  readonly above?: number;
  readonly times: number;
}

function alarmList(): Alarm[] {
  const { alarms } = parseYaml(readFileSync(join(PROJECT, 'infra/watch/huawei-alarms.yml'), 'utf8')) as {
    alarms: Alarm[];
  };
  return alarms;
}

/** Every text that holds an expression. */
function expressions(value: Value): string[] {
  if (typeof value === 'string') return value.includes('${') ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, one]) =>
    [member, ...expressions(one)].filter((text) => text.includes('${')),
  );
}

const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name ?? '');

describe('the Terraform module', () => {
  it('is HCL, file by file', () => {
    expect(FILES.length).toBeGreaterThan(8);
    expect([...files.keys()].sort()).toEqual([...FILES].sort());
    expect(resources().length).toBeGreaterThan(20);
  });

  it('names only variables, locals and resources that are declared, and uses every variable', () => {
    const text = [...files.values()].flatMap(expressions).join('\n');
    const declared = Object.keys(blocks('variable'));
    const used = [...new Set(matches(text, /\bvar\.(\w+)/g))];
    expect(used.filter((name) => !declared.includes(name))).toEqual([]);
    // A variable's own validation is no use of it, but all of these have another.
    expect(declared.filter((name) => !used.includes(name))).toEqual([]);
    const known = Object.keys(locals());
    expect([...new Set(matches(text, /\blocal\.(\w+)/g))].filter((name) => !known.includes(name))).toEqual([]);
    const made = resources().map(({ type, name }) => `${type}.${name}`);
    const referred = [...new Set(matches(text, /\b(huaweicloud_\w+\.\w+)/g))];
    expect(referred.length).toBeGreaterThan(10);
    expect(referred.filter((name) => !made.includes(name))).toEqual([]);
  });

  it('reads attributes that the provider lists for the resource', () => {
    const text = [...files.values()].flatMap(expressions).join('\n');
    const wrong = [...text.matchAll(/\b(huaweicloud_\w+)\.\w+\.(\w+)/g)].filter(([, type = '', attribute = '']) => {
      const one = KNOWN[type];
      const all = [
        ...(one?.attributes ?? []),
        ...(one?.blocks['resource']?.required ?? []),
        ...(one?.blocks['resource']?.optional ?? []),
      ];
      return !all.includes(attribute);
    });
    expect(wrong.map(([reference]) => reference)).toEqual([]);
  });

  it(`gives arguments that version ${provider.version} of the provider takes, and all that it asks for`, () => {
    expect(provider.version).toBe('1.97.1');
    expect(
      resources().flatMap(({ type, name, body }) => wrongArguments(`${type}.${name}`, type, 'resource', body)),
    ).toEqual([]);
  });

  it('finds an argument that is unknown, and one that is missing', () => {
    const wrong = wrongArguments('x', 'huaweicloud_nat_gateway', 'resource', {
      name: 'n',
      vpc: 'v',
      vpc_id: 'v',
      subnet_id: 's',
    });
    expect(wrong).toEqual(['x: does not know vpc', 'x: lacks spec']);
    const inside = wrongArguments('x', 'huaweicloud_vpc_eip', 'resource', {
      publicip: [{ kind: '5_bgp' }],
      bandwidth: [{}],
    });
    expect(inside).toContain('x.publicip: does not know kind');
  });
});

/** What Terraform itself reads of a resource. */
const META = ['for_each', 'count', 'depends_on', 'lifecycle', 'provider'];

function wrongArguments(at: string, type: string, block: string, body: Members): string[] {
  const known = KNOWN[type]?.blocks[block];
  if (!known) return [`${at}: ${block} of ${type} is not known`];
  const dynamic = membersOf(body['dynamic']);
  const inner = (name: string): Members[] => {
    const plain = [body[name] ?? []].flat().filter((one) => typeof one === 'object' && one !== null);
    const made = [dynamic[name] ?? []].flat().flatMap((one) => [membersOf(one)['content'] ?? []].flat());
    return [...plain, ...made].map(membersOf);
  };
  const meta = ['dynamic', ...(block === 'resource' ? META : [])];
  const given = [...Object.keys(body).filter((name) => !meta.includes(name)), ...Object.keys(dynamic)];
  const all = [...known.required, ...known.optional];
  return [
    ...given.filter((name) => !all.includes(name)).map((name) => `${at}: does not know ${name}`),
    ...known.required.filter((name) => !given.includes(name)).map((name) => `${at}: lacks ${name}`),
    ...given
      .filter((name) => KNOWN[type]?.blocks[name])
      .flatMap((name) => inner(name).flatMap((one) => wrongArguments(`${at}.${name}`, type, name, one))),
  ];
}

describe('what it makes', () => {
  it('are the topics of the bus, with a partition for each batch that may run at once', () => {
    const queues = readFunctionDefinitions(PROJECT).flatMap(({ queues: own }) => own);
    expect(queues.length).toBe(3);
    expect(locals()['topics']).toEqual(
      Object.fromEntries(queues.map(({ topic, parallelMax }) => [topic, parallelMax])),
    );
    expect(locals()['kafka_topic_prefix']).toBe(SETTINGS.YIPAN_KAFKA_TOPIC_PREFIX);
  });

  it('are alarms for every row of the list: each source and each service has its rule', () => {
    const alarms = alarmList();
    expect([...new Set(alarms.map(({ source }) => source))].sort()).toEqual(['ces', 'lts']);
    // The module makes one of each, by name and which.
    const names = alarms.map(({ name, which }) => `${name} ${which ?? ''}`);
    expect(new Set(names).size).toBe(names.length);
    // The rule compares a column of this name.
    const byLog = alarms.filter(({ source }) => source === 'lts');
    expect(byLog.filter(({ query }) => !/ as total\b/.test(query ?? '')).map(({ name }) => name)).toEqual([]);
    const watched = Object.keys(membersOf(locals()['watched']));
    const services = alarms.flatMap(({ namespace }) => namespace ?? []);
    expect(services.filter((one) => !watched.includes(one))).toEqual([]);
    const choices = Object.keys(membersOf(locals()['watched_functions']));
    expect(alarms.flatMap(({ functions }) => functions ?? []).filter((one) => !choices.includes(one))).toEqual([]);
    // Cloud Eye counts to five.
    expect(alarms.filter(({ source, times }) => source === 'ces' && times > 5)).toEqual([]);
  });

  it('ring where calls of a function take nine tenths of its time limit, for each function', () => {
    const slow = alarmList().filter(({ name }) => name === 'function-slow');
    const limits = readFunctionDefinitions(PROJECT).map(({ name, timers, timeoutS }) => {
      const watching = slow.filter(({ functions }) => functions === (timers.length > 0 ? 'timers' : 'untimed'));
      return [name, watching.map(({ above }) => above), timeoutS * 900];
    });
    expect(limits).toEqual(limits.map(([name, , limitMs]) => [name, [limitMs], limitMs]));
  });

  it('gives the deployment a stage file that it can read', async () => {
    const { value } = membersOf([blocks('output')['stage_file'] ?? []].flat()[0]);
    const inner = /^\$\{yamlencode\((\{[\s\S]*\})\)\}$/.exec(typeof value === 'string' ? value : '')?.[1];
    const stage = (await parseHcl('stage.tf', `stage = ${String(inner)}\n`)) as { stage: Members };
    const folder = mkdtempSync(join(tmpdir(), 'yipan-stage-'));
    try {
      writeFileSync(join(folder, 'trial.yml'), stringify(applied(stage.stage)));
      const read = readStageFile('trial', join(folder, 'trial.yml'));
      expect(read).toMatchObject({
        namePrefix: 'yipan-trial',
        kafka: { user: 'yipan', brokers: ['192.168.0.2:9093'] },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** As if it had been applied: every expression becomes a text of its kind. */
function applied(value: Value): Value {
  if (typeof value === 'string') {
    if (value === '${local.name}') return 'yipan-trial';
    if (value.startsWith('${[for ip in')) return ['192.168.0.2:9093'];
    const [, local] = /^\$\{local\.(\w+)\}$/.exec(value) ?? [];
    return local ? (locals()[local] ?? '') : value;
  }
  if (Array.isArray(value)) return value.map(applied);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([member, one]) => [member, applied(one)]));
}
