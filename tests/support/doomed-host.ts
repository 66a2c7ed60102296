import { AsyncLocalStorage } from 'node:async_hooks';
import { writeSync } from 'node:fs';
import { FUNCTIONS } from '../../infra/local/host/host';
import { DynamoStore } from '../../shared/adapters/dynamodb/dynamo-store';
import { InProcessPool } from '../../shared/adapters/in-process/in-process-pool';
import { RedisPool } from '../../shared/adapters/redis/redis-pool';
import { SqliteStore } from '../../shared/adapters/sqlite/sqlite-store';
import type { Handler } from '../../shared/platform/define-function';
import { readTriggerEvent } from '../../shared/platform/trigger-event';
import type { Pool } from '../../shared/ports/pool';
import type { Put, Store } from '../../shared/ports/store';

/** Where the host dies. */
export interface Death {
  /** A function and its trigger: `auto-audit/queue`, `console/http`, or the task of a timer: `auto-audit/sweep`. */
  readonly work: string;
  /** Only requests whose method and path match this; others of the same function are done in peace. */
  readonly request?: string;
  /** Of the writes that this work makes in this life, counted from 1; with 0 it lives, and tells how many each run made. */
  readonly write: number;
  readonly when: 'before' | 'after';
}

// The host as it is built, with its arguments behind a Death: it kills itself right before or right after the n-th write, to
// the store or the pool, that one trigger of one function makes. A run is followed through all it waits for, so that others
// that write at the same time do not count.

const [text = ''] = process.argv.splice(2, 1);
const death = JSON.parse(text) as Death;
const [doomed = ''] = death.work.split('/');
const running = new AsyncLocalStorage<{ readonly work: string; writes: number }>();
let writes = 0;

for (const [name, handler] of Object.entries(FUNCTIONS)) FUNCTIONS[name] = watched(name, handler);
for (const { prototype } of [SqliteStore, DynamoStore]) watchPuts(prototype);
for (const { prototype } of [InProcessPool, RedisPool]) watchTouches(prototype);
void import('../../infra/local/start');

/**
 * What the function's other triggers are told is lost in this life, as any hint may be: the one that shall die has all the
 * work. Requests are refused with a 503, which leaves them unacknowledged.
 */
function watched(name: string, handler: Handler): Handler {
  return async (event, context) => {
    const trigger = readTriggerEvent(event);
    const work = `${name}/${trigger.kind === 'timer' ? trigger.task : trigger.kind}`;
    if (name === doomed && work !== death.work) {
      if (trigger.kind === 'http') return { statusCode: 503, headers: {}, body: '{}', isBase64Encoded: false };
      return trigger.kind === 'queue' ? { batchItemFailures: [] } : {};
    }
    const isMeant =
      trigger.kind !== 'http' ||
      new RegExp(death.request ?? '').test(`${trigger.request.method} ${trigger.request.path}`);
    if (!isMeant) return handler(event, context);
    const run = { work, writes: 0 };
    try {
      return await running.run(run, () => handler(event, context));
    } finally {
      if (death.write === 0 && work === death.work && run.writes > 0) say({ event: 'run-ended', writes: run.writes });
    }
  };
}

function watchPuts(store: Pick<Store, 'put'>): void {
  const put = store.put;
  store.put = function <T>(this: Store, one: Put<T>) {
    return aroundWrite(`${one.key.pk}/${one.key.sk}`, () => put.call(this, one));
  };
}

function watchTouches(pool: Pick<Pool, 'touch'>): void {
  const touch = pool.touch;
  pool.touch = function (this: Pool, changes) {
    return changes.length === 0
      ? Promise.resolve()
      : aroundWrite(`pool/${changes[0]?.skuId ?? ''}`, () => touch.call(this, changes));
  };
}

/** A put that found another version has written nothing. */
async function aroundWrite<R>(what: string, write: () => Promise<R>): Promise<R> {
  const run = running.getStore();
  const isDoomed = run?.work === death.work;
  if (isDoomed && death.when === 'before') countTowardsDeath(what);
  const result = await write();
  if (run && result !== 'conflict') run.writes += 1;
  if (isDoomed && death.when === 'after' && result !== 'conflict') countTowardsDeath(what);
  return result;
}

function countTowardsDeath(what: string): void {
  writes += 1;
  if (writes !== death.write) return;
  say({ event: 'host-dies', ...death, what });
  process.kill(process.pid, 'SIGKILL');
}

/** At once: what is written later is lost with the process. */
function say(line: object): void {
  writeSync(2, `${JSON.stringify(line)}\n`);
}
