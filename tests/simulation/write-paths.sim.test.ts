import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join, relative } from 'node:path';
import { keys } from '../../shared/procedures/keys';
import { simulate, TIMERS } from './run';
import { kindOf } from './unreliable-ports';

const ROOT = join(__dirname, '../..');

/** Files of steps that no history calls, and why. */
const NOT_CALLED: Readonly<Record<string, string>> = {
  'console/routes/home-routes': 'reads only',
  'console/routes/search-routes': 'reads only',
  'console/routes/stock-check-routes': 'reads only',
  'console/routes/why-routes': 'reads only',
  'console/serve-page': 'files of the page',
  'console/routes/session-routes': 'logins are of no concern to orders and stock; see the kind user below',
  'console/routes/user-routes': 'as the logins',
  'console/routes/oidc-routes': 'as the logins',
};

/** Kinds of documents that no history saves, and why. */
const NOT_WRITTEN: Readonly<Record<string, string>> = {
  user: 'people are no part of what moves orders and stock; every interleaving is in tests/model/users.model.test.ts',
  login: 'as user',
  'admin-guard': 'as user',
};

const listing = { itemId: 'i', platformSkuId: null };
const ledger = { warehouseId: 'w', skuId: 's' };

/** Every key that the product makes, by the name of its maker: a new one does not compile before it stands here. */
const KEYS: Readonly<Record<keyof typeof keys, { readonly pk: string; readonly sk: string }>> = {
  shop: keys.shop('x'),
  warehouse: keys.warehouse('x'),
  ratioStrategy: keys.ratioStrategy('x'),
  shopStrategy: keys.shopStrategy('x'),
  auditStrategy: keys.auditStrategy('x'),
  user: keys.user('x'),
  login: keys.login('x'),
  adminGuard: keys.adminGuard(),
  sku: keys.sku('x'),
  mapping: keys.mapping('x', listing),
  ratioException: keys.ratioException('s', 'x'),
  platformOrder: keys.platformOrder('x', '1'),
  rawOrder: keys.rawOrder('x', '1', 0, 'h'),
  deliveryOrder: keys.deliveryOrder('x#1'),
  ledgerPartition: { pk: keys.ledgerPartition(ledger), sk: '' },
  ledgerEntry: keys.ledgerEntry(ledger, 1),
  allocationOrder: keys.allocationOrder('x'),
  stockEntry: keys.stockEntry('x'),
  syncPartition: { pk: keys.syncPartition('x', listing), sk: '' },
  syncRecord: keys.syncRecord('x', listing, 1),
  mappingAt: keys.mappingAt('x', 'i'),
  parked: keys.parked('f', 'h'),
  quarantine: keys.quarantine('x', 'h'),
  coverage: keys.coverage('x'),
  progress: keys.progress('x'),
  stockSummary: keys.stockSummary(0),
};

/** What a function's handler takes from files of steps and routes, as `‹function›/‹file›` and the names; types are nothing to call. */
function stepsOf(name: string): Map<string, string[]> {
  const source = readFileSync(join(ROOT, 'functions', name, 'handler.ts'), 'utf8');
  return new Map(
    [...source.matchAll(/^import \{([^}]*)\} from '\.\/([^']+)'/gm)].map(([, names = '', file]) => [
      `${name}/${file ?? ''}`,
      // Constants beside them are not called.
      names.split(',').flatMap((one) => /^[a-z]\w*/.exec(one.trim())?.[0] ?? []),
    ]),
  );
}

/** Plays histories, and answers what they saved and the functions of the product that they called, as `‹function›/‹file› ‹name›`. */
async function play(seeds: number): Promise<{ written: ReadonlySet<string>; called: ReadonlySet<string> }> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: false });
  const written = new Set<string>();
  for (let seed = 1; seed <= seeds; seed += 1)
    for (const who of (await simulate(seed)).written) written.add(who.split(' ')[1] ?? '');
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const called = new Set<string>();
  for (const { url, functions } of result) {
    const file = relative(join(ROOT, 'functions'), url.replace('file://', '')).replace(/\.ts$/, '');
    for (const { functionName, ranges } of functions)
      if ((ranges[0]?.count ?? 0) > 0) called.add(`${file} ${functionName}`);
  }
  return { written, called };
}

describe('a new way to write is simulated before it is deployed', () => {
  const functions = readdirSync(join(ROOT, 'functions')).filter((name) =>
    existsSync(join(ROOT, 'functions', name, 'handler.ts')),
  );
  let played: Awaited<ReturnType<typeof play>>;

  beforeAll(async () => {
    played = await play(20);
  }, 120_000);

  it.each(functions)('every step of %s is called by the histories, or stands here with a reason', (name) => {
    const steps = stepsOf(name);
    expect(steps.size).toBeGreaterThan(0);
    const idle = [...steps].flatMap(([file, names]) =>
      names.flatMap((step) => (played.called.has(`${file} ${step}`) ? [] : [{ file, step }])),
    );
    expect(idle.filter(({ file }) => !(file in NOT_CALLED))).toEqual([]);
    expect(
      Object.keys(NOT_CALLED).filter((file) => steps.has(file) && !idle.some((step) => step.file === file)),
    ).toEqual([]);
  });

  it('every timer of every function.yml is a timer of the histories', () => {
    const tasks = functions.flatMap((name) => {
      const yml = readFileSync(join(ROOT, 'functions', name, 'function.yml'), 'utf8');
      return [...yml.matchAll(/input: \{ task: ([\w-]+) \}/g)].map(([, task]) => `${name}/${task ?? ''}`);
    });
    expect(TIMERS.map(({ of }) => of).sort()).toEqual(tasks.sort());
  });

  it('every kind of document that the product keeps is saved in the histories, or stands here with a reason', () => {
    const { written } = played;
    const kept = new Set(Object.values(KEYS).map(kindOf));
    expect([...kept].filter((kind) => !written.has(kind) && !(kind in NOT_WRITTEN))).toEqual([]);
    expect([...written].filter((kind) => !kept.has(kind))).toEqual([]);
    expect(Object.keys(NOT_WRITTEN).filter((kind) => written.has(kind))).toEqual([]);
  });
});
