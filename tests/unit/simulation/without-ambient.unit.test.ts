import { SOURCES, withoutAmbient } from '../../simulation/without-ambient';

describe('time, chance and I/O that no port gives', () => {
  const calls = SOURCES.map((source) => ({ title: `${source.name} of ${source.of}`, ...source }));

  it.each(calls)('$title fails a history, and is what it was when that is over', async ({ owner, name }) => {
    const present = (owner as Record<string, unknown>)[name];
    expect(typeof present).toBe('function');
    const call = async (): Promise<unknown> => {
      const replaced = (owner as Record<string, unknown>)[name] as (...given: unknown[]) => unknown;
      return replaced.call(owner);
    };
    await expect(withoutAmbient(call)).rejects.toThrow(`${name} was called past the ports`);
    expect((owner as Record<string, unknown>)[name]).toBe(present);
  });

  it.each([
    ['the date of now', () => new Date()],
    ['the date of now as a text', () => Date()],
  ])('%s fails a history, and can be had again when that is over', async (_name, take) => {
    await expect(withoutAmbient(async () => take())).rejects.toThrow('the time was read past the clock');
    expect(take).not.toThrow();
  });

  it('a date of a given time is no reading of the clock', async () => {
    expect(await withoutAmbient(async () => new Date(0).getTime())).toBe(0);
  });

  it.each([
    ...['fs.readFileSync', 'fs/promises.readFile', 'dns.lookup', 'tls.connect', 'child_process.spawn'],
    ...['timers.setTimeout', 'timers/promises.setTimeout', 'process.hrtime', 'process.hrtime.bigint'],
  ])('%s is among them', (wanted) => {
    expect(SOURCES.map(({ of, name }) => `${of}.${name}`)).toContain(wanted);
  });
});
