import type { Table } from './result';

/** The part of V8's format (.cpuprofile) that is read. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  /** Node on top of the stack at each sample, and µs since the sample before. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** The functions with the most time of their own; time in which the process slept is not counted. */
export function ownTimes(profile: CpuProfile, count: number): { name: string; ms: number; share: number }[] {
  const nameById = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const msByName = new Map<string, number>();
  profile.samples.forEach((id, i) => {
    const name = nameById.get(id) ?? '(unknown)';
    if (name !== '(idle)') msByName.set(name, (msByName.get(name) ?? 0) + (profile.timeDeltas[i] ?? 0) / 1_000);
  });
  const allMs = [...msByName.values()].reduce((sum, ms) => sum + ms, 0);
  return [...msByName]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, ms]) => ({ name, ms, share: ms / allMs }));
}

/** Function, file and line; no folder, which is the machine's. */
function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const file = url.split('/').at(-1) ?? '';
  const name = functionName === '' ? '(anonymous)' : functionName;
  return file === '' ? name : `${name} ${file}:${lineNumber + 1}`;
}

export function profileTable(profile: CpuProfile, file: string): Table {
  return {
    title: "The host's functions with the most time of their own",
    head: ['function', 'ms', 'share'],
    rows: ownTimes(profile, 10).map(({ name, ms, share }) => [name, ms, `${(share * 100).toFixed(1)} %`]),
    notes: [`the whole profile, for the developer tools of a browser: ${file}`],
  };
}
