import fc from 'fast-check';
import type { MovementOutcome } from '../../../../shared/domain/stock/ledger';
import type { StockKey } from '../../../../shared/domain/stock/movement';
import type { StockLeg, StockPlan, StockWork, StockWorkStep } from '../../../../shared/domain/stock/stock-work';
import { advanceStockWork, startStockWork } from '../../../../shared/domain/stock/stock-work';
import { FIXED_RUNS, present } from '../fixed-runs';
import { StockModel } from './stock-model';

const leg = (warehouseId: string, skuId: string, qty: number): StockLeg => ({ warehouseId, skuId, qty });

const transfer: StockPlan = {
  documentId: 'allocation-order#A1',
  outgoing: [leg('SRC', 'TEE', 5), leg('SRC', 'CAP', 2)],
  outKind: 'transfer-out',
  incoming: [leg('DIST', 'TEE', 5), leg('DIST', 'CAP', 2)],
  inKind: 'transfer-in',
};

const seen = (key: StockKey): number => (key.skuId === 'TEE' ? 7 : 3);

/** Outcomes of a phase: all applied, save for the SKUs named. */
function outcomes(work: StockWork, ...refused: string[]): Map<string, MovementOutcome> {
  return new Map(
    work.intents.map((intent) => [
      intent.id,
      { id: intent.id, number: 8, ...(refused.includes(intent.skuId) && { void: 'lack-of-stock' as const }) },
    ]),
  );
}

function nextWork(step: StockWorkStep): StockWork {
  if (step.kind !== 'next') throw new Error(`expected another phase, found ${step.kind}`);
  return step.work;
}

const moves = (work: StockWork) => work.intents.map((i) => `${i.kind} ${i.qty} ${i.skuId} in ${i.warehouseId}`);

describe('moving the stock of a document', () => {
  it('holds everything that leaves before anything moves', () => {
    const work = startStockWork(transfer, 1, seen);
    expect(work.phase).toBe('hold');
    expect(moves(work)).toEqual(['hold 5 TEE in SRC', 'hold 2 CAP in SRC']);
  });

  it('saves with each intent its id and the ledger number it has seen', () => {
    expect(startStockWork(transfer, 3, seen).intents.map((i) => [i.id, i.seenNumber])).toEqual([
      ['allocation-order#A1@SRC/TEE/hold/3', 7],
      ['allocation-order#A1@SRC/CAP/hold/3', 3],
    ]);
  });

  it('goes hold, take out, bring in, done where nothing lacks', () => {
    const hold = startStockWork(transfer, 1, seen);
    const takeOut = nextWork(advanceStockWork(transfer, hold, outcomes(hold), seen));
    expect([takeOut.phase, ...moves(takeOut)]).toEqual([
      'take-out',
      'transfer-out 5 TEE in SRC',
      'transfer-out 2 CAP in SRC',
    ]);
    const bringIn = nextWork(advanceStockWork(transfer, takeOut, outcomes(takeOut), seen));
    expect([bringIn.phase, ...moves(bringIn)]).toEqual([
      'bring-in',
      'transfer-in 5 TEE in DIST',
      'transfer-in 2 CAP in DIST',
    ]);
    expect(advanceStockWork(transfer, bringIn, outcomes(bringIn), seen)).toEqual({ kind: 'done' });
  });

  it('keeps one attempt number through all its phases', () => {
    const hold = startStockWork(transfer, 4, seen);
    const takeOut = nextWork(advanceStockWork(transfer, hold, outcomes(hold), seen));
    const bringIn = nextWork(advanceStockWork(transfer, takeOut, outcomes(takeOut), seen));
    expect([hold.attempt, takeOut.attempt, bringIn.attempt]).toEqual([4, 4, 4]);
  });

  it('gives back what it got where one SKU lacks, and is refused naming that SKU', () => {
    const hold = startStockWork(transfer, 1, seen);
    const giveBack = nextWork(advanceStockWork(transfer, hold, outcomes(hold, 'CAP'), seen));
    expect([giveBack.phase, ...moves(giveBack)]).toEqual(['give-back', 'release 5 TEE in SRC']);
    expect(advanceStockWork(transfer, giveBack, outcomes(giveBack), seen)).toEqual({
      kind: 'refused',
      lacking: ['CAP'],
    });
  });

  it('is refused at once where it got nothing, naming every SKU that lacks', () => {
    const hold = startStockWork(transfer, 1, seen);
    expect(advanceStockWork(transfer, hold, outcomes(hold, 'TEE', 'CAP'), seen)).toEqual({
      kind: 'refused',
      lacking: ['TEE', 'CAP'],
    });
  });

  it('gives back at the warehouse that had it where one SKU leaves two warehouses', () => {
    const plan: StockPlan = { ...transfer, outgoing: [leg('SRC', 'TEE', 5), leg('SRC-2', 'TEE', 1)] };
    const hold = startStockWork(plan, 1, seen);
    const [first, second] = hold.intents;
    const answers = new Map<string, MovementOutcome>([
      [present(first).id, { id: present(first).id, number: 1 }],
      [present(second).id, { id: present(second).id, number: 1, void: 'lack-of-stock' }],
    ]);
    expect(moves(nextWork(advanceStockWork(plan, hold, answers, seen)))).toEqual(['release 5 TEE in SRC']);
  });

  it('needs no hold where nothing leaves, and is done with its bring-in', () => {
    const receipt: StockPlan = { ...transfer, outgoing: [], inKind: 'receipt' };
    const work = startStockWork(receipt, 1, seen);
    expect([work.phase, ...moves(work)]).toEqual(['bring-in', 'receipt 5 TEE in DIST', 'receipt 2 CAP in DIST']);
    expect(advanceStockWork(receipt, work, outcomes(work), seen)).toEqual({ kind: 'done' });
  });

  it('is done when taken out where nothing enters', () => {
    const loss: StockPlan = { ...transfer, outKind: 'adjustment-out', incoming: [] };
    const hold = startStockWork(loss, 1, seen);
    const takeOut = nextWork(advanceStockWork(loss, hold, outcomes(hold), seen));
    expect(moves(takeOut)).toEqual(['adjustment-out 5 TEE in SRC', 'adjustment-out 2 CAP in SRC']);
    expect(advanceStockWork(loss, takeOut, outcomes(takeOut), seen)).toEqual({ kind: 'done' });
  });
});

describe('any transfer, driven by workers that repeat and crash', () => {
  const SKUS = ['TEE', 'CAP', 'BAG'] as const;
  const world = fc.record({
    stock: fc.tuple(fc.nat({ max: 8 }), fc.nat({ max: 8 }), fc.nat({ max: 8 })),
    wanted: fc
      .tuple(fc.nat({ max: 8 }), fc.nat({ max: 8 }), fc.nat({ max: 8 }))
      .filter((quantities) => quantities.some((qty) => qty > 0)),
    attempts: fc.integer({ min: 1, max: 3 }),
    // Each number says how many of a phase's intents are entered before the worker dies and another starts over.
    crashes: fc.array(fc.nat({ max: 3 }), { maxLength: 12 }),
  });

  it('conserves every piece over both warehouses and ends with all moved or nothing held', () => {
    fc.assert(
      fc.property(world, ({ stock, wanted, attempts, crashes }) => {
        const model = new StockModel();
        SKUS.forEach((skuId, i) => model.receive({ warehouseId: 'SRC', skuId }, present(stock[i])));
        const legs = SKUS.flatMap((skuId, i) => (present(wanted[i]) > 0 ? [{ skuId, qty: present(wanted[i]) }] : []));
        const plan: StockPlan = {
          documentId: 'allocation-order#A1',
          outgoing: legs.map(({ skuId, qty }) => leg('SRC', skuId, qty)),
          outKind: 'transfer-out',
          incoming: legs.map(({ skuId, qty }) => leg('DIST', skuId, qty)),
          inKind: 'transfer-in',
        };
        const enough = legs.every(({ skuId, qty }) => qty <= present(stock[SKUS.indexOf(skuId)]));
        const crashAfter = [...crashes];
        for (let attempt = 1; attempt <= attempts; attempt += 1) {
          let step: StockWorkStep = { kind: 'next', work: startStockWork(plan, attempt, () => 0) };
          for (let phases = 0; step.kind === 'next'; phases += 1) {
            expect(phases).toBeLessThan(4);
            const { intents } = step.work;
            const partly = intents.slice(0, crashAfter.shift() ?? 0);
            for (const intent of [...partly, ...intents]) model.serve(intent, true);
            step = advanceStockWork(plan, step.work, model.outcomes, () => 0);
          }
          const lacking = legs.filter(({ skuId, qty }) => qty > present(stock[SKUS.indexOf(skuId)]));
          expect(step).toEqual(
            enough ? { kind: 'done' } : { kind: 'refused', lacking: lacking.map(({ skuId }) => skuId) },
          );
          expect(model.totalHeld()).toBe(0);
          if (enough) break;
        }
        SKUS.forEach((skuId, i) => {
          const [had, asked] = [present(stock[i]), present(wanted[i])];
          expect(model.total(skuId)).toBe(had);
          expect(model.shelf({ warehouseId: 'DIST', skuId }).onHand).toBe(enough ? asked : 0);
        });
      }),
      FIXED_RUNS,
    );
  });

  it('moves nothing half while an order takes the same stock between any two steps', () => {
    const raced = fc.record({ stock: fc.nat({ max: 12 }), rivals: fc.array(fc.nat({ max: 4 }), { maxLength: 6 }) });
    fc.assert(
      fc.property(raced, ({ stock, rivals }) => {
        const model = new StockModel();
        const [tee, cap] = [leg('SRC', 'TEE', 5), leg('SRC', 'CAP', 2)];
        model.receive(tee, stock);
        model.receive(cap, 2);
        const turns = [...rivals];
        let rivalHeld = 0;
        const rival = (): void => {
          const qty = turns.shift() ?? 0;
          if (qty === 0) return;
          const intent = { ...tee, id: `rival/${turns.length}`, kind: 'hold', qty, seenNumber: 0 } as const;
          if (!model.serve(intent, true).void) rivalHeld += qty;
        };
        let step: StockWorkStep = { kind: 'next', work: startStockWork(transfer, 1, seen) };
        while (step.kind === 'next') {
          for (const intent of step.work.intents) {
            rival();
            model.serve(intent, true);
          }
          step = advanceStockWork(transfer, step.work, model.outcomes, seen);
        }
        const moved = step.kind === 'done';
        expect(model.totalHeld()).toBe(rivalHeld);
        expect(model.shelf(leg('DIST', 'TEE', 0)).onHand).toBe(moved ? 5 : 0);
        expect(model.shelf(leg('DIST', 'CAP', 0)).onHand).toBe(moved ? 2 : 0);
        expect([model.total('TEE'), model.total('CAP')]).toEqual([stock, 2]);
      }),
      FIXED_RUNS,
    );
  });
});
