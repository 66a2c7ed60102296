import type { Config } from '../../shared/config';

/** Settings of a step that runs by itself, for whom these people exist. */
export function stepConfig(users: Config['secrets']['users'] = []): Config {
  return {
    ...{ profile: 'embedded', store: { kind: 'sqlite', file: '' }, pool: { kind: 'in-process' } },
    ...{ bus: { kind: 'in-process' }, taobaoGateway: '', doudianGateway: '', channelTimeoutMs: 4_000 },
    ...{ logLevel: 'error', metricsInLog: false, pullOverlapMs: 300_000, recheckAfterMs: 60_000 },
    ...{ consoleUrl: undefined, pageFolder: undefined, secrets: { shops: {}, users } },
  };
}
