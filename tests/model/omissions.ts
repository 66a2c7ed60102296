import { outcomesIn, availableQty, EMPTY_BALANCE } from '../../shared/domain/stock/ledger';
import type { LedgerEntry, MovementOutcome, MovementRequest, VoidReason } from '../../shared/domain/stock/ledger';
import { stockKeyText } from '../../shared/domain/stock/movement';
import type { Store } from '../../shared/ports/store';
import type * as PostMovements from '../../shared/procedures/post-movements';

/** What the procedures could leave out, each of which looks harmless for as long as nobody is slow. */
export type Omission =
  /** A repeat appends behind the ledger's end without looking for its movement in what came since its intent. */
  | 'scan on repeat'
  /** A refusal for lack of stock is remembered in the document alone. */
  | 'void on refusal'
  /** A hold that is cancelled before it is found in the ledger is taken for never made. */
  | 'void on cancel'
  /** One movement of a document that is found stands for its movements in the other ledgers. */
  | 'scan of each ledger'
  /** One movement of a batch that is found stands for all that the batch has in this ledger. */
  | 'scan for each movement'
  /** A batch looks behind the latest ledger number that its intents have seen, and not behind the earliest. */
  | 'earliest number seen'
  /** A document is saved over what somebody else has made of it. */
  | 'version of documents';

type Post = typeof PostMovements.postMovements;

/** The real procedure without one of its parts. */
export function without(omission: Omission, real: typeof PostMovements): Post {
  switch (omission) {
    case 'scan on repeat':
      return blindly(real);
    case 'earliest number seen':
      return seenLate(real);
    case 'scan of each ledger':
      return foundFor(real, ({ source }) => source.id);
    case 'scan for each movement':
      return foundFor(real, ({ intent }) => stockKeyText(intent));
    case 'void on refusal':
      return withoutVoid(real, 'lack-of-stock');
    case 'void on cancel':
      return withoutVoid(real, 'cancelled');
    case 'version of documents':
      return real.postMovements;
  }
}

/** The store of a worker that leaves something out in its documents. */
export function storeWithout(omission: Omission | undefined, store: Store): Store {
  if (omission !== 'version of documents') return store;
  return {
    ...store,
    put: async (put) => {
      if (put.key.pk.startsWith('ledger#')) return store.put(put);
      return store.put({ ...put, expect: (await store.get(put.key))?.version ?? 0 });
    },
  };
}

const lastOf = async (real: typeof PostMovements, store: Store, requests: readonly MovementRequest[]) => {
  const last = await real.readLedgers(
    store,
    requests.map(({ intent }) => intent),
  );
  return { last, of: ({ intent }: MovementRequest): LedgerEntry | undefined => last.get(stockKeyText(intent)) };
};

const blindly =
  (real: typeof PostMovements): Post =>
  async (deps, requests) => {
    const { last, of } = await lastOf(real, deps.store, requests);
    const blind = requests.map((request) => seeing(request, of(request)?.number ?? 0));
    return real.postMovements(deps, blind, last);
  };

const seenLate =
  (real: typeof PostMovements): Post =>
  (deps, requests, known) => {
    const late = (ledger: string): number =>
      Math.max(
        ...requests.filter(({ intent }) => stockKeyText(intent) === ledger).map(({ intent }) => intent.seenNumber),
      );
    return real.postMovements(
      deps,
      requests.map((request) => seeing(request, late(stockKeyText(request.intent)))),
      known,
    );
  };

const seeing = (request: MovementRequest, seenNumber: number): MovementRequest => ({
  ...request,
  intent: { ...request.intent, seenNumber },
});

/** Requests of one kind are taken for found where one of them is. */
const foundFor =
  (real: typeof PostMovements, kindOf: (request: MovementRequest) => string): Post =>
  async (deps, requests, known) => {
    const found = new Map<string, MovementOutcome>();
    for (const request of requests) {
      const outcome = await foundIn(real, deps.store, request);
      if (outcome) found.set(kindOf(request), outcome);
    }
    const outcomes = requests.flatMap((request): [string, MovementOutcome][] => {
      const outcome = found.get(kindOf(request));
      return outcome ? [[request.intent.id, { ...outcome, id: request.intent.id }]] : [];
    });
    const left = requests.filter((request) => !found.has(kindOf(request)));
    const posted = await real.postMovements(deps, left, known);
    return { ...posted, outcomes: new Map([...outcomes, ...posted.outcomes]) };
  };

const withoutVoid =
  (real: typeof PostMovements, reason: VoidReason): Post =>
  async (deps, requests, known) => {
    const { of } = await lastOf(real, deps.store, requests);
    const kept: MovementRequest[] = [];
    const outcomes = new Map<string, MovementOutcome>();
    for (const request of requests) {
      const { intent, wanted } = request;
      const found = await foundIn(real, deps.store, request);
      const lacks =
        wanted && intent.kind === 'hold' && availableQty(of(request)?.balance ?? EMPTY_BALANCE) < intent.qty;
      const refused: VoidReason | undefined = wanted ? (lacks ? 'lack-of-stock' : undefined) : 'cancelled';
      if (!found && refused === reason) outcomes.set(intent.id, { id: intent.id, number: 0, void: refused });
      else kept.push(request);
    }
    const posted = await real.postMovements(deps, kept, known);
    return { ...posted, outcomes: new Map([...outcomes, ...posted.outcomes]) };
  };

async function foundIn(
  real: typeof PostMovements,
  store: Store,
  { intent }: MovementRequest,
): Promise<MovementOutcome | undefined> {
  const behind = await real.readBehind(store, intent, intent.seenNumber);
  return behind.flatMap(outcomesIn).find(({ id }) => id === intent.id);
}
