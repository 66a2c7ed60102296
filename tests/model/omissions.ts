import { outcomesIn, availableQty, EMPTY_BALANCE } from '../../shared/domain/stock/ledger';
import type { MovementOutcome, MovementRequest, VoidReason } from '../../shared/domain/stock/ledger';
import { stockKeyText } from '../../shared/domain/stock/movement';
import type * as PostMovements from '../../shared/procedures/post-movements';

/** What the procedure could leave out, each of which looks harmless for as long as nobody is slow. */
export type Omission =
  /** A repeat appends behind the ledger's end without looking for its movement in what came since its intent. */
  | 'scan on repeat'
  /** A refusal for lack of stock is remembered in the document alone. */
  | 'void on refusal'
  /** A hold that is cancelled before it is found in the ledger is taken for never made. */
  | 'void on cancel';

type Post = typeof PostMovements.postMovements;

/** The real procedure without one of its parts. */
export function without(omission: Omission, real: typeof PostMovements): Post {
  return async (deps, requests, known) => {
    const last = await real.readLedgers(
      deps.store,
      requests.map(({ intent }) => intent),
    );
    const lastOf = (request: MovementRequest) => last.get(stockKeyText(request.intent));
    if (omission === 'scan on repeat') {
      const blind = requests.map((request) => ({
        ...request,
        intent: { ...request.intent, seenNumber: lastOf(request)?.number ?? 0 },
      }));
      return real.postMovements(deps, blind, last);
    }
    const kept: MovementRequest[] = [];
    const outcomes = new Map<string, MovementOutcome>();
    for (const request of requests) {
      const { intent, wanted } = request;
      const behind = await real.readBehind(deps.store, intent, intent.seenNumber);
      const found = behind.flatMap(outcomesIn).find(({ id }) => id === intent.id);
      const lacks =
        wanted && intent.kind === 'hold' && availableQty(lastOf(request)?.balance ?? EMPTY_BALANCE) < intent.qty;
      const refused: VoidReason | undefined = wanted ? (lacks ? 'lack-of-stock' : undefined) : 'cancelled';
      const omitted = refused === (omission === 'void on cancel' ? 'cancelled' : 'lack-of-stock');
      if (!found && refused && omitted) outcomes.set(intent.id, { id: intent.id, number: 0, void: refused });
      else kept.push(request);
    }
    const posted = await real.postMovements(deps, kept, known);
    return { ...posted, outcomes: new Map([...outcomes, ...posted.outcomes]) };
  };
}
