import { simulate } from '../../simulation/run';
import { GAP, isAbout, timelineOf } from '../../simulation/timeline';

describe('the timeline of a failed history', () => {
  it('tells what happened to the document of the violation, on its platform and with us, in order', async () => {
    const trace: string[] = [];
    await simulate(1, { onTrace: (line) => trace.push(line) });
    const [, shop = '', no = ''] = /saved platform-order#(\w+)#(N\d+)\/head/.exec(trace.join('\n')) ?? [];
    const lines = await timelineOf(1, `invariant 3: platform-order#${shop}#${no}: delivery order: …`);
    expect(lines.some((line) => line.includes(`${shop} order ${no} `))).toBe(true);
    expect(lines.some((line) => line.includes(`saved platform-order#${shop}#${no}/head`))).toBe(true);
    expect(lines.filter((line) => line !== GAP)).toEqual(trace.filter((line) => lines.includes(line)));
    expect(lines.filter((line) => new RegExp(`${no}\\d`).test(line))).toEqual([]);
  });

  it('does not take another document for it whose name begins alike', () => {
    expect(isAbout('9602496   saved delivery-order#tb#N1/order v1', 'tb#N1', 'N1')).toBe(true);
    expect(isAbout('9602496   saved delivery-order#tb#N10/order v1', 'tb#N1', 'N1')).toBe(false);
    expect(isAbout('9602496 taobao order N1 to-ship', 'tb#N1', 'N1')).toBe(true);
    expect(isAbout('9602496 taobao order N12 to-ship', 'tb#N1', 'N1')).toBe(false);
  });

  it('is empty where a violation names no document', async () => {
    expect(await timelineOf(1, 'TypeError: x is not a function')).toEqual([]);
  });
});
