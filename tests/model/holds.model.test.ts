import type * as PostMovements from '../../shared/procedures/post-movements';
import type { Exploration } from './explore';
import { explore } from './explore';
import type { Omission } from './omissions';
import { storeWithout, without } from './omissions';
import type { SceneName } from './stock-scenes';
import { modelOf, SCENES } from './stock-scenes';
import type { Worker } from './stock-workers';

// Every interleaving of a few workers with the procedures that post movements, drive orders and audit allocation orders, as
// they are deployed.

let omission: Omission | undefined;

// The one way to plant an omission where the code that is driven finds it.
jest.mock('../../shared/procedures/post-movements', () => {
  const real = jest.requireActual<typeof PostMovements>('../../shared/procedures/post-movements');
  const post: typeof real.postMovements = (...args) =>
    (omission === undefined ? real.postMovements : without(omission, real))(...args);
  return { ...real, postMovements: post };
});

/**
 * States and ends of each scene, exactly: fewer mean that something is not looked at any more, more that a procedure asks
 * the store more often. A change of either belongs here, and its reason in the commit.
 */
const SIZES: Readonly<Record<SceneName, readonly [states: number, ends: number]>> = {
  'two orders compete for the last piece, one of them with a second SKU': [290, 13],
  'two workers drive the same order': [79, 3],
  'an order is cancelled while it is driven': [495, 10],
  'an order that lacks stock is driven twice while its stock comes in': [3517, 17],
  'a receipt is posted twice while an order waits for it': [457, 15],
  'an order of two SKUs is cancelled while it is driven': [7557, 18],
  'an order that holds two SKUs is cancelled twice': [1786, 3],
  'an order that holds two SKUs is cancelled while another wants one of its pieces': [261, 24],
  'one of two lines is refunded while the order is driven': [3175, 14],
  'an order of two SKUs is shipped twice': [1786, 3],
  'an order is shipped while the platform closes it and another wants its piece': [5092, 33],
  'two batches carry the same two orders, one of them with a second SKU': [3938, 6],
  'two batches of new orders have one of them in common': [4206, 106],
  'one batch gives back for one order and holds for another, which is driven beside it': [3126, 29],
  'an allocation order of two SKUs is audited twice': [3520, 27],
  'an allocation order is swept while it is driven': [2112, 10],
  'an allocation order of two SKUs, one of which lacks, is swept while it is driven': [1676, 10],
  'an allocation order is swept while it is driven and its piece comes in': [6754, 17],
  'an allocation order of two SKUs and an order compete for the last piece': [777, 36],
};

const sceneNames = Object.keys(SCENES) as SceneName[];
const found = new Map<SceneName, Exploration>();

async function exploreScene(name: SceneName, left?: Omission, until?: RegExp): Promise<Exploration> {
  const scene = SCENES[name];
  const careless = (work: Worker): Worker => (left ? (store) => work(storeWithout(left, store)) : work);
  omission = left;
  try {
    return await explore(modelOf(scene, scene.workers.map(careless)), until);
  } finally {
    omission = undefined;
  }
}

describe('in every interleaving, with one crash at any step', () => {
  it.each(sceneNames)(
    '%s: every movement is in its ledger once, and documents hold and have moved what the ledgers say',
    async (name) => {
      const exploration = await exploreScene(name);
      const { states, ends, faults } = exploration;
      found.set(name, exploration);
      const [statesMeant, endsMeant] = SIZES[name];
      process.stdout.write(`${states} states of ${statesMeant}, ${ends} ends of ${endsMeant}: ${name}\n`);
      expect([...faults]).toEqual([]);
      expect([states, ends]).toEqual([statesMeant, endsMeant]);
    },
    120_000,
  );

  it('says how many states that were', () => {
    const all = [...found.values()].reduce((sum, { states }) => sum + states, 0);
    process.stdout.write(`${all} states in all\n`);
    expect([...found.keys()]).toEqual(Object.keys(SIZES));
  });
});

const TWICE = /entered twice/;
const LEFT_HELD = /says that it holds 0 of .*, the ledger has 1/;
const NEVER_HELD = /says that it holds 1 of .*, the ledger has 0/;
const NOT_HELD = /takes 1 from 0 held/;
const ON_HAND = /are on hand in/;

describe('what the procedures could leave out', () => {
  it.each<[Omission, SceneName, RegExp]>([
    ['scan on repeat', 'two workers drive the same order', TWICE],
    ['void on refusal', 'an order that lacks stock is driven twice while its stock comes in', LEFT_HELD],
    ['void on cancel', 'an order is cancelled while it is driven', LEFT_HELD],
    ['scan of each ledger', 'an order of two SKUs is cancelled while it is driven', LEFT_HELD],
    ['scan of each ledger', 'an order that holds two SKUs is cancelled twice', LEFT_HELD],
    ['scan on repeat', 'an order that holds two SKUs is cancelled while another wants one of its pieces', TWICE],
    ['scan of each ledger', 'one of two lines is refunded while the order is driven', NEVER_HELD],
    ['scan of each ledger', 'an order of two SKUs is shipped twice', ON_HAND],
    ['scan on repeat', 'an order of two SKUs is shipped twice', NOT_HELD],
    ['scan on repeat', 'an order is shipped while the platform closes it and another wants its piece', TWICE],
    ['scan for each movement', 'two batches carry the same two orders, one of them with a second SKU', NEVER_HELD],
    ['scan on repeat', 'two batches carry the same two orders, one of them with a second SKU', TWICE],
    ['earliest number seen', 'two batches of new orders have one of them in common', TWICE],
    ['scan on repeat', 'one batch gives back for one order and holds for another, which is driven beside it', TWICE],
    ['version of documents', 'an allocation order of two SKUs is audited twice', TWICE],
    ['scan of each ledger', 'an allocation order of two SKUs is audited twice', ON_HAND],
    ['version of documents', 'an allocation order is swept while it is driven', TWICE],
    ['scan on repeat', 'an allocation order of two SKUs, one of which lacks, is swept while it is driven', NOT_HELD],
    ['void on refusal', 'an allocation order is swept while it is driven and its piece comes in', LEFT_HELD],
    ['scan on repeat', 'an allocation order of two SKUs and an order compete for the last piece', TWICE],
  ])(
    '%s: it is missed where %s',
    async (left, name, fault) => {
      const { faults } = await exploreScene(name, left, fault);
      const shown = [...faults].find(([what]) => fault.test(what));
      process.stdout.write(`without ${left}: ${shown?.join('\n    after ') ?? ''}\n`);
      expect(shown).toBeDefined();
    },
    120_000,
  );
});
