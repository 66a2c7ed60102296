import type { Finding } from '../../simulation/finding';
import { aboutListing, aboutOrder, invariantFinding } from '../../simulation/finding';
import { simulate } from '../../simulation/run';
import type { Traced } from '../../simulation/timeline';
import { GAP, timelineOf, toldOf } from '../../simulation/timeline';

const listing = { itemId: 'item-S1', platformSkuId: null };
const isSku = (text: string): boolean => /^S\d$/.test(text);

/** What a violation of an invariant at this place leads to. */
const invariant = (where: string, what = ''): Finding => invariantFinding({ invariant: 6, where, what }, isSku);

/** A history once for all tests: its trace, and an order that was converted in it. */
async function played(): Promise<{ traced: Traced[]; shop: string; no: string }> {
  const traced: Traced[] = [];
  await simulate(1, { onTrace: (line, about) => traced.push({ line, about }) });
  const text = traced.map(({ line }) => line).join('\n');
  const [, shop = '', no = ''] = /hold \d+ for delivery-order (\w+)#(N\d+)/.exec(text) ?? [];
  return { traced, shop, no };
}

describe('the timeline of a finding', () => {
  let history: Awaited<ReturnType<typeof played>>;

  beforeAll(async () => {
    history = await played();
  });

  const told = (finding: Finding): string[] => toldOf(finding, history.traced);

  it('of an order tells what happened to it on its platform, with us and in the ledgers, in order', () => {
    const { shop, no } = history;
    const lines = told({ what: 'acknowledged and not stored', about: aboutOrder(shop, no) });
    const text = lines.join('\n');
    expect(text).toMatch(new RegExp(`${shop} order ${no} [\\w-]+, .*item-S\\d×\\d.*, as of \\d+`));
    expect(text).toMatch(new RegExp(`saved platform-order#${shop}#${no}/head v1: \\S+ of \\d+, waiting, “订单接入 `));
    expect(text).toContain(`${shop} is told that we have ${no} of `);
    expect(text).toMatch(
      new RegExp(`saved delivery-order#${shop}#${no}/order v1: .*S\\d 0 of \\d \\(intends hold \\d\\)`),
    );
    expect(text).toMatch(
      new RegExp(`saved ledger#\\w+#S\\d/\\d+ v1: .*hold \\d for delivery-order ${shop}#${no}.* on hand`),
    );
    const all = history.traced.map(({ line }) => line);
    const places = lines.filter((line) => !line.includes(GAP)).map((line) => all.indexOf(line));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(lines.filter((line) => new RegExp(`(?:saved|order) .*${no}\\d`).test(line))).toEqual([]);
  });

  it.each([
    ['the invariant', invariant('sync#tb#item-S1', 'S1 shall show 10, the platform shows 11')],
    ['the formula', { what: 'tb shows 11 of item-S1', about: aboutListing('tb', listing, 'S1') }],
    ['a write asked twice', { what: 'tb: write … is asked for a second time', about: aboutListing('tb', listing) }],
  ])('of a listing, by %s, tells of its shelf, its writes, its mapping, its records and its SKU', (_name, finding) => {
    const text = toldOf(
      finding,
      // The whole history is longer than a timeline: the last lines are of the SKU, and of every kind.
      history.traced,
    ).join('\n');
    expect(text).toMatch(/tb shelf item-S1\/ \d+ → \d+, (?:set \d+|taken by an order)/);
    expect(text).toMatch(/push-stock@\d+ wrote tb item-S1\/ set \d+: \w+/);
    expect(text).toMatch(/saved mapping#tb\/item-S1 v1: S1, merchant-code/);
    expect(text).toMatch(/saved sync#tb#item-S1\/\d+ v\d+: S1 shall show \d+, .*(?:pushed|in-flight)/);
    expect(text).toMatch(/tb order N\d+ .*item-S1×/);
    expect(text).not.toMatch(/shelf item-S2|wrote dd /);
  });

  it('of a listing tells of the ledgers and orders of its SKU and of the settings of its shop, too', () => {
    const about = aboutListing('tb', listing, 'S1');
    const few = history.traced.filter(({ about: { listings } }) => !listings || listings.includes('tb#item-S1'));
    const early = few.slice(0, 400);
    const text = toldOf({ what: '', about }, early).join('\n');
    expect(text).toMatch(/saved ledger#\w+#S1\/1 v1: (?:receipt|transfer-in) \d+ for \S+ \S+, .*on hand/);
    expect(text).toMatch(/saved shop-strategy\/tb v1: sync on/);
    expect(text).toMatch(/saved ratio-strategy\/R-tb v1: o/);
  });

  it.each([
    [
      'allocation-order#M0/order',
      /saved allocation-order#M0\/order v\d+: \w+ SRC → \w+, S1×/,
      /hold \d+ for allocation-order M0/,
    ],
    ['stock-entry#E0/entry', /saved stock-entry#E0\/entry v\d+: posting \w+ \w+, S\d×/, /receipt \d+ for receipt E0/],
  ])('of %s tells what was saved of it, and what it moved', (where, saved, moved) => {
    const text = told(invariant(where, 'its stock is left in motion')).join('\n');
    expect(text).toMatch(saved);
    expect(text).toMatch(moved);
  });

  it('of a ledger tells of the document that its words name', () => {
    const { shop, no } = history;
    const finding = invariant('ledger#DC#S1', `holds 2 for delivery-order ${shop}#${no}, which counts 0`);
    expect(told(finding).join('\n')).toContain(`saved delivery-order#${shop}#${no}/order`);
  });

  it('of a call that threw what it must not tells the steps of that call, and how it ended', () => {
    const broken = history.traced.find(({ about }) => about.end === 'failed');
    const task = broken?.about.task ?? '';
    const lines = told({ what: 'webhook: TypeError: x is not a function', about: { task } });
    expect(lines.join('\n')).toContain(`${task} begin`);
    expect(lines.join('\n')).toContain(`${task} failed `);
  });

  it('tells who acted and was killed before the rest was done, and what happened to everything', () => {
    const about = aboutOrder('tb', 'N1');
    const traced: Traced[] = [
      { line: 'webhook@1 saved platform-order#tb#N1/raw#1', about: { ...about, task: 'webhook@1' } },
      { line: 'webhook@2 crashed', about: { task: 'webhook@2', end: 'crashed' } },
      { line: 'webhook@1 crashed', about: { task: 'webhook@1', end: 'crashed' } },
      { line: 'healed', about: { everything: true } },
    ];
    expect(toldOf({ what: '', about }, traced)).toEqual([traced[0]?.line, 'webhook@1 crashed', 'healed']);
  });

  it('is of bounded length: the first and the last lines of what it is about, then the newest around it', () => {
    const about = aboutListing('tb', listing, 'S1');
    const one = (n: number, of: Finding['about']): Traced => ({ line: `${n}`, about: of });
    const direct = Array.from({ length: 100 }, (_, i) => one(i, about));
    const lines = toldOf({ what: '', about }, direct);
    expect([lines.length, lines[9], lines[10], lines[11]]).toEqual([61, '9', GAP, '50']);
    const near = Array.from({ length: 100 }, (_, i) => one(1000 + i, { skuIds: ['S1'] }));
    const mixed = toldOf({ what: '', about }, [...direct.slice(0, 20), ...near]);
    expect([mixed.length, mixed[19], mixed[20], mixed[21], mixed.at(-1)]).toEqual([61, '19', GAP, '1060', '1099']);
    const long = toldOf({ what: '', about }, [{ line: 'x'.repeat(1_000), about }]);
    expect(long[0]?.length).toBeLessThan(300);
  });

  it('plays the history anew, and is empty where a finding is about nothing', async () => {
    const { shop, no } = history;
    const lines = await timelineOf(1, { what: '', about: aboutOrder(shop, no) });
    expect(lines).toEqual(told({ what: '', about: aboutOrder(shop, no) }));
    expect(await timelineOf(1, { what: 'it is never at rest for long', about: {} })).toEqual([]);
  });
});
