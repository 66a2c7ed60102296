import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { sweepAudits } from '../../functions/auto-audit/audit-delivery-orders';
import { sweepConversions } from '../../functions/document-conversion/convert-batch';
import { pollMessages } from '../../functions/order-ingestion/poll-messages';
import { pullModified } from '../../functions/order-ingestion/pull-modified';
import { pushRatioStock } from '../../functions/ratio-sync-push/push-ratio-stock';
import { readBackStock } from '../../functions/ratio-sync-push/read-back-stock';
import { summariseLedgers } from '../../functions/stock-change-capture/summarise-stock';
import { sweepStock } from '../../functions/stock-change-capture/sweep-stock';
import type { Timer } from '../../infra/local/host/schedule';
import type { Run } from '../../shared/platform/define-function';

const STEPS: Readonly<Record<string, (run: Run) => Promise<unknown>>> = {
  'order-ingestion/poll-messages': pollMessages,
  'order-ingestion/pull-modified': pullModified,
  'document-conversion/sweep': sweepConversions,
  'auto-audit/sweep': sweepAudits,
  'stock-change-capture/sweep': sweepStock,
  'stock-change-capture/summarise': summariseLedgers,
  'ratio-sync-push/push': pushRatioStock,
  'ratio-sync-push/read-back': readBackStock,
};

/** What a timer runs. Throws for a timer that this file does not know: a new one must be counted, too. */
export function stepOf({ functionName, task }: Pick<Timer, 'functionName' | 'task'>): (run: Run) => Promise<unknown> {
  const step = STEPS[`${functionName}/${task}`];
  if (!step) throw new Error(`tests/bench/timer-steps.ts knows no step for the timer ${functionName}/${task}`);
  return step;
}

interface FunctionYml {
  readonly memorySize: number;
  readonly events?: readonly {
    readonly schedule?: { readonly rate: readonly string[]; readonly input: { task: string } };
  }[];
}

/** Timers as they are deployed to the clouds, from functions/‹name›/function.yml. */
export function deployedTimers(projectFolder: string): Timer[] {
  return deployedFunctions(projectFolder).flatMap(([functionName, { events = [] }]) =>
    events.flatMap(({ schedule }) =>
      (schedule?.rate ?? []).map((rate) => ({
        ...{ functionName, task: schedule?.input.task ?? '', everyMs: periodMsOf(rate) },
      })),
    ),
  );
}

/** Memory of each function as deployed, MB. */
export function deployedMemory(projectFolder: string): Record<string, number> {
  return Object.fromEntries(deployedFunctions(projectFolder).map(([name, { memorySize }]) => [name, memorySize]));
}

function deployedFunctions(projectFolder: string): [string, FunctionYml][] {
  const folder = join(projectFolder, 'functions');
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      // References to the stack's resources are no concern here.
      const text = readFileSync(join(folder, name, 'function.yml'), 'utf8');
      return Object.entries(parse(text, { logLevel: 'error' }) as Record<string, FunctionYml>);
    });
}

function periodMsOf(rate: string): number {
  const minutes = /^rate\((\d+) minutes?\)$/.exec(rate)?.[1];
  if (minutes === undefined) throw new Error(`a rate of whole minutes is known, not ${rate}`);
  return Number(minutes) * 60_000;
}
