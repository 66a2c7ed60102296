import { join } from 'node:path';
import { until } from '../../infra/local/demo/api';

const ANSWER_MS_MAX = 10_000;

/** What a host still needs of its memory after its garbage is collected (heap-on-signal.cjs). */
export class HeldMemory {
  private last: number | undefined;

  /** Of the host that is to be asked. */
  static readonly SETTINGS = { NODE_OPTIONS: `--require "${join(__dirname, 'heap-on-signal.cjs')}"` };

  /** To be told each line that the host writes. */
  readonly take = (line: string): void => {
    const said = /^\{"event":"host-holds","heldBytes":(\d+)\}$/.exec(line)?.[1];
    if (said !== undefined) this.last = Number(said);
  };

  async bytes(pid: number): Promise<number> {
    this.last = undefined;
    process.kill(pid, 'SIGUSR2');
    return await until('the host says what it holds', ANSWER_MS_MAX, () => Promise.resolve(this.last), 10);
  }
}
