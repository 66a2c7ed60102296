import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { runDeploy } from '../../infra/huawei/run-deploy';
import { PROJECT } from '../support/build-bundles';
import { FunctionGraphStandIn, KEYS, PROJECT_ID } from '../support/function-graph-stand-in';

/** Nobody waits in a test; the number of attempts is the real one. */
const IMPATIENT = { attemptsMax: 7, firstPauseMs: 1, pauseMsMax: 2, random: () => 0, sleep: async () => undefined };

export const SECRETS: Readonly<Record<string, string>> = {
  YIPAN_SECRETS: JSON.stringify({
    shops: { 'tmall-1': { appKey: 'key-1', appSecret: 'app-secret-of-tmall', accessToken: 'session-of-tmall' } },
    users: [{ token: 'token-of-wang-fang', id: 'u1', name: '王芳', role: 'admin' }],
  }),
  YIPAN_STORE_ACCESS_KEY: 'store-access-key',
  YIPAN_STORE_SECRET_KEY: 'store-secret-key',
  YIPAN_KAFKA_PASSWORD: 'kafka-password',
  YIPAN_REDIS_URL: 'rediss://:redis-password@redis:6379',
};

/** Texts that must be in no output. */
export const SECRET_TEXTS = [
  ...['app-secret-of-tmall', 'session-of-tmall', 'token-of-wang-fang', 'store-secret-key', 'kafka-password'],
  ...['redis-password', KEYS.secretKey],
];

export const ENVIRONMENT: Readonly<Record<string, string>> = {
  ...SECRETS,
  HUAWEICLOUD_SDK_AK: KEYS.accessKey,
  HUAWEICLOUD_SDK_SK: KEYS.secretKey,
};

export interface HuaweiWorld {
  readonly cloud: FunctionGraphStandIn;
  /** A project of its own, whose functions a test may change. */
  readonly root: string;
  readonly stageFile: string;
  /** Runs a command for stage trial in this process. */
  deploy(
    command: string,
    environment?: Readonly<Record<string, string | undefined>>,
  ): Promise<{ code: number; text: string }>;
  /** Changes what a function's bundle holds. */
  changeCode(name: string, comment: string): void;
  /** Changes the console's page. */
  changePage(comment: string): void;
  /** Changes a text in a function's function.yml. */
  changeDefinition(name: string, from: string, to: string): void;
  close(): Promise<void>;
}

/** As {@link openHuaweiWorld} packs it beside the console's bundle. */
const PAGE = ['index.html', 'assets/main-1234ABCD.js', 'assets/main-1234ABCD.js.br'].map(
  (name) => `dist/functions/console/page/${name}`,
);

/** A stand-in, and beside it the project's function files with bundles of a line. */
export async function openHuaweiWorld(): Promise<HuaweiWorld> {
  const cloud = await FunctionGraphStandIn.start();
  const root = mkdtempSync(join(tmpdir(), 'yipan-huawei-'));
  cpSync(join(PROJECT, 'functions'), join(root, 'functions'), {
    recursive: true,
    filter: (path) => !path.endsWith('.ts') && !path.endsWith('.md'),
  });
  for (const name of readdirSync(join(root, 'functions'))) {
    mkdirSync(join(root, 'dist/functions', name), { recursive: true });
    // Small: what the platform does with code is the same for much of it, and packing it takes long.
    writeFileSync(join(root, 'dist/functions', name, 'handler.js'), `exports.handler = async () => '${name}';\n`);
  }
  for (const path of PAGE) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), `${path}\n`);
  }
  const stageFile = writeStage(root, cloud.endpoint);
  const inFile = (path: string, change: (text: string) => string): void =>
    writeFileSync(join(root, path), change(readFileSync(join(root, path), 'utf8')));
  return {
    ...{ cloud, root, stageFile },
    deploy: async (command, environment = ENVIRONMENT) => {
      let text = '';
      const args = [...command.split(' '), '--stage', 'trial', '--file', stageFile];
      const code = await runDeploy(args, environment, root, (piece) => (text += piece), IMPATIENT);
      return { code, text };
    },
    changeCode: (name, comment) => inFile(`dist/functions/${name}/handler.js`, (text) => `${text}// ${comment}\n`),
    changePage: (comment) => inFile('dist/functions/console/page/index.html', (text) => `${text}<!-- ${comment} -->\n`),
    changeDefinition: (name, from, to) =>
      inFile(`functions/${name}/function.yml`, (text) => {
        if (!text.includes(from)) throw new Error(`${name}: no ${from}`);
        return text.replace(from, to);
      }),
    close: async () => {
      await cloud.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function writeStage(root: string, endpoint: string): string {
  const example = parse(readFileSync(join(PROJECT, 'infra/huawei/stages/example.yml'), 'utf8')) as object;
  const path = join(root, 'infra/huawei/stages/trial.yml');
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, stringify({ ...example, projectId: PROJECT_ID, namePrefix: 'yipan-trial', endpoint }));
  return path;
}
