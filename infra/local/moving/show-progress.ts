import cliProgress from 'cli-progress';

const LINE_EVERY_MS = 3_000;

export interface Progress {
  /** A new `doing` begins a new count. */
  update(done: number, doing: string, total?: number): void;
  stop(): void;
}

/** A bar where somebody watches, a line every few seconds where the output is kept. */
export function showProgress(out: NodeJS.WriteStream = process.stderr, unit = 'documents'): Progress {
  return out.isTTY ? bar(out, unit) : lines(out, unit);
}

function bar(stream: NodeJS.WriteStream, unit: string): Progress {
  let current: { doing: string; bar: cliProgress.SingleBar } | undefined;
  return {
    update: (done, doing, total) => {
      if (current?.doing !== doing) {
        current?.bar.stop();
        const scale = total === undefined ? '' : ' [{bar}] {percentage}% of {total}';
        const format = `${doing}${scale} | {value} ${unit} | {duration_formatted}`;
        current = { doing, bar: new cliProgress.SingleBar({ stream, format }, cliProgress.Presets.shades_classic) };
        current.bar.start(total ?? Number.MAX_SAFE_INTEGER, 0);
      }
      current.bar.update(done);
    },
    stop: () => current?.bar.stop(),
  };
}

function lines(out: NodeJS.WriteStream, unit: string): Progress {
  let shownAtMs = Date.now();
  return {
    update: (done, doing, total) => {
      if (Date.now() - shownAtMs < LINE_EVERY_MS) return;
      shownAtMs = Date.now();
      out.write(`${doing}: ${done}${total === undefined ? '' : ` of ${total}`} ${unit}\n`);
    },
    stop: () => undefined,
  };
}
