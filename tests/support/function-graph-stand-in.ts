import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FunctionGraphProject, Refused } from './function-graph-project';
import { signatureFault } from './function-graph-signature';

type Data = Readonly<Record<string, unknown>>;

/** What goes wrong with a request. `after` means that it has done its work. */
export type Fault =
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string; readonly message?: string }
  | { readonly kind: 'refuse-after'; readonly status: number; readonly code: string }
  | { readonly kind: 'drop-before' }
  | { readonly kind: 'drop-after' };

/** A request as a test sees it. */
export interface Seen {
  /** From 1, in the order of arrival. */
  readonly n: number;
  readonly method: string;
  /** Without the project's part: `functions/<urn>/config`. */
  readonly path: string;
  readonly body: Data;
}

export const KEYS = { accessKey: 'AK-OF-THE-STAND-IN', secretKey: 'sk-of-the-stand-in' };
export const PROJECT_ID = 'project-1';
const REGION = 'cn-north-4';

/**
 * FunctionGraph's API on this machine, for tests of the deployment: real HTTP, checked signatures, kept state, the platform's
 * error codes. What it does not know it refuses, so that no call is taken for working that was never looked at.
 */
export class FunctionGraphStandIn {
  readonly project = new FunctionGraphProject();
  readonly seen: Seen[] = [];
  /** Asked for each request. */
  fault: (request: Seen) => Fault | undefined = () => undefined;
  /** After a request has done its work and before it is answered. */
  onDone: (request: Seen) => Promise<void> = async () => undefined;
  /** What the function answers to a call; its settings are those of the version. */
  answer: (functionName: string, version: string, event: Data) => unknown = () => ({ ok: true });

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FunctionGraphStandIn> {
    const server = createServer();
    const standIn = new FunctionGraphStandIn(server);
    server.on('request', (request, response) => {
      standIn.serve(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return standIn;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  /** All that is kept, in a form that two projects can be compared by: no ids, no times. */
  state(): unknown {
    return [...this.project.functions.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, latest, versions, aliases, failures, triggers }) => ({
        name,
        latest: { config: latest.config, digest: latest.digest },
        versions: [...versions].map(([version, { config, digest }]) => ({ version, config, digest })),
        aliases: [...aliases.values()].map(({ name: alias, version, description, weights }) => ({
          ...{ alias, version, description, weights },
        })),
        failures: Object.fromEntries([...failures].sort()),
        triggers: Object.fromEntries(
          [...triggers].map(([on, list]) => [
            on,
            list.map(({ type, status, data }) => JSON.stringify({ type, status, data })).sort(),
          ]),
        ),
      }));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const path = decodeURIComponent(url.pathname).replace(`/v2/${PROJECT_ID}/fgs/`, '');
    const parsed = (body.length > 0 ? JSON.parse(body.toString()) : {}) as Data;
    const seen = { n: this.seen.length + 1, method: request.method ?? '', path, body: parsed };
    this.seen.push(seen);
    const fault = this.fault(seen);
    if (fault?.kind === 'drop-before') return void response.destroy();
    try {
      const unsigned = signatureFault(request, body, KEYS);
      if (unsigned) throw new Refused(unsigned.status, unsigned.code, unsigned.message);
      if (request.headers['x-project-id'] !== PROJECT_ID) throw new Refused(403, 'FSS.0403', 'Forbidden');
      if (fault?.kind === 'refuse') throw new Refused(fault.status, fault.code, fault.message ?? 'told to');
      const [status, result] = await this.handle(seen, url.searchParams);
      await this.onDone(seen);
      if (fault?.kind === 'drop-after') return void response.destroy();
      if (fault?.kind === 'refuse-after') throw new Refused(fault.status, fault.code, 'told to, after the work');
      answer(response, status, result);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      answer(response, error.status, { error_code: error.code, error_msg: error.message });
    }
  }

  private async handle(seen: Seen, query: URLSearchParams): Promise<[number, unknown]> {
    const { method, path, body } = seen;
    const [collection = '', urn, ...rest] = path.split('/');
    if (collection === 'functions' && urn === undefined) {
      return method === 'GET' ? [200, this.list(query)] : [200, this.shown(this.project.create(body).name)];
    }
    const { name, qualifier } = readUrn(urn ?? '');
    const route = `${method} ${collection} ${rest[0] ?? ''}`.trim();
    const handled =
      collection === 'triggers'
        ? this.triggers(method, name, qualifier ?? 'latest', rest, body)
        : ((await this.functionCall(route, name, qualifier, body)) ??
          this.versionCall(route, name, qualifier, rest[1], body));
    if (!handled) throw new Refused(404, 'FSS.0404', `the stand-in knows no ${route}`);
    return handled;
  }

  private async functionCall(
    route: string,
    name: string,
    qualifier: string | undefined,
    body: Data,
  ): Promise<[number, unknown] | undefined> {
    const of = this.project.find(name);
    switch (route) {
      case 'GET functions config':
        return [200, this.shown(name)];
      case 'DELETE functions':
        this.project.remove(of, qualifier);
        return [204, undefined];
      case 'PUT functions code':
        this.project.updateCode(of, body);
        return [200, { digest: of.latest.digest }];
      case 'PUT functions config':
        this.project.updateConfig(of, body);
        return [200, this.shown(name)];
      case 'PUT functions config-max-instance':
        this.project.limit(of, Number(body['max_instance_num']));
        return [200, this.shown(name)];
      case 'GET functions async-invoke-config': {
        const found = of.failures.get(qualifier ?? 'latest');
        if (!found) throw new Refused(404, 'FSS.0404', 'There is no asynchronous configuration.');
        return [200, { func_urn: urnOf(`${name}:${qualifier ?? 'latest'}`), ...found }];
      }
      case 'PUT functions async-invoke-config':
        this.project.snapshot(of, qualifier ?? 'latest');
        of.failures.set(qualifier ?? 'latest', body);
        return [200, { func_urn: urnOf(name), ...body }];
      case 'POST functions invocations': {
        this.project.snapshot(of, qualifier ?? 'latest');
        const result = JSON.stringify(await this.answer(name, qualifier ?? 'latest', body));
        return [200, { request_id: `request-${seen(this)}`, result, log: '', status: 200 }];
      }
      default:
        return undefined;
    }
  }

  private versionCall(
    route: string,
    name: string,
    qualifier: string | undefined,
    aliasName: string | undefined,
    body: Data,
  ): [number, unknown] | undefined {
    const of = this.project.find(name);
    const aliasShown = (alias: {
      name: string;
      version: string;
      description: string;
      weights: Data;
      modifiedAt: string;
    }) => ({
      ...{ name: alias.name, version: alias.version, description: alias.description },
      ...{ last_modified: alias.modifiedAt, alias_urn: urnOf(`${name}:!${alias.name}`) },
      additional_version_weights: alias.weights,
    });
    switch (route) {
      case 'GET functions versions': {
        const latest = { version: 'latest', last_modified: '2026-01-01T00:00:00' };
        const published = [...of.versions].map(([version, { modifiedAt, digest }]) => {
          return { version, last_modified: modifiedAt, digest, func_urn: urnOf(`${name}:${version}`) };
        });
        return [200, { versions: [latest, ...published], count: published.length + 1 }];
      }
      case 'POST functions versions':
        if (qualifier !== undefined && qualifier !== 'latest') throw new Refused(400, 'FSS.1012', 'Invalid version.');
        this.project.publish(of, String(body['version']));
        return [200, { ...this.shown(name), version: body['version'] }];
      case 'GET functions aliases':
        return [200, [...of.aliases.values()].map(aliasShown)];
      case 'POST functions aliases':
        return [200, aliasShown(this.project.createAlias(of, body))];
      case 'PUT functions aliases':
        return [200, aliasShown(this.project.updateAlias(of, aliasName ?? '', body))];
      case 'DELETE functions aliases':
        this.project.deleteAlias(of, aliasName ?? '');
        return [204, undefined];
      default:
        return undefined;
    }
  }

  private triggers(
    method: string,
    name: string,
    qualifier: string,
    [, id]: readonly string[],
    body: Data,
  ): [number, unknown] | undefined {
    const of = this.project.find(name);
    const shown = ({ id, type, status, data }: ReturnType<FunctionGraphProject['createTrigger']>) => ({
      ...{ trigger_id: id, trigger_type_code: type, trigger_status: status, created_time: '2026-01-01T00:00:00' },
      // A password is not shown again.
      event_data: Object.fromEntries(Object.entries(data).filter(([member]) => member !== 'kafka_password')),
    });
    switch (method) {
      case 'GET':
        return [200, this.project.triggersOf(of, qualifier).map(shown)];
      case 'POST':
        return [201, shown(this.project.createTrigger(of, qualifier, body))];
      case 'PUT': {
        const found = this.project.triggersOf(of, qualifier).find((one) => one.id === id);
        if (!found) throw new Refused(404, 'FSS.1055', 'The trigger does not exist.');
        found.status = String(body['trigger_status']);
        return [200, {}];
      }
      case 'DELETE':
        this.project.deleteTrigger(of, qualifier, id ?? '');
        return [204, undefined];
      default:
        return undefined;
    }
  }

  private list(query: URLSearchParams): unknown {
    const part = query.get('func_name') ?? '';
    const from = Number(query.get('marker') ?? 0);
    const names = [...this.project.functions.keys()].filter((name) => name.includes(part));
    const page = names.slice(from, from + Number(query.get('maxitems') ?? 400));
    return { functions: page.map((name) => this.shown(name)), next_marker: from + page.length, count: names.length };
  }

  /** A configuration as the platform shows it: encrypted settings are hidden. */
  private shown(name: string): Data {
    const { config, digest } = this.project.find(name).latest;
    const { log_config: log, ...rest } = config as { log_config?: Data };
    return {
      ...rest,
      ...{ func_urn: urnOf(`${name}:latest`), func_name: name, package: 'default', version: 'latest', digest },
      ...{ log_group_id: log?.['group_id'], log_stream_id: log?.['stream_id'], encrypted_user_data: '******' },
    };
  }
}

const seen = (standIn: FunctionGraphStandIn): number => standIn.seen.length;

function urnOf(rest: string): string {
  return `urn:fss:${REGION}:${PROJECT_ID}:function:default:${rest}`;
}

function readUrn(urn: string): { name: string; qualifier: string | undefined } {
  const [, name, qualifier] = new RegExp(`^${urnOf('')}([^:]+)(?::(.+))?$`).exec(urn) ?? [];
  if (name === undefined) throw new Refused(400, 'FSS.0400', `${urn} is the URN of nothing here`);
  return { name, qualifier };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'request-of-the-gateway' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}
