import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT } from '../support/build-bundles';
import type { HuaweiWorld } from './huawei-world';

export interface DeployChild {
  /** Ends it as a power cut would; resolves when it is gone. */
  kill(): Promise<void>;
  /** All of its output, both streams. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; text: string }>;
}

/** Starts the built program as `npm run deploy:huawei` does, in a world's own project. */
export function startDeploy(
  { root, stageFile }: HuaweiWorld,
  command: string,
  environment: Readonly<Record<string, string>>,
): DeployChild {
  const program = join(PROJECT, 'dist/infra/huawei/deploy.js');
  const child = spawn(process.execPath, [program, command, '--stage', 'trial', '--file', stageFile], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: root, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (text += piece.toString()));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null; text: string }>((done, failed) => {
    child.once('error', failed);
    child.once('close', (code, signal) => done({ code, signal, text }));
  });
  return {
    ended,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
