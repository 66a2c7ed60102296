import type { Config } from '../../shared/config';
import { ADMIN_TOKEN } from './console-calls';

/** Settings of the product in the histories. */
export const CONFIG: Config = {
  ...{
    profile: 'embedded',
    store: { kind: 'sqlite', file: '' },
    pool: { kind: 'in-process' },
    bus: { kind: 'in-process' },
    taobaoGateway: '',
    doudianGateway: '',
    channelTimeoutMs: 4_000,
    logLevel: 'error',
    metricsInLog: false,
  },
  ...{ pullOverlapMs: 300_000, recheckAfterMs: 60_000, consoleUrl: undefined, pageFolder: undefined },
  secrets: { shops: {}, users: [{ token: ADMIN_TOKEN, id: 'ops', name: '运营', role: 'admin' }] },
};
