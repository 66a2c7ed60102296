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
  /** Of the writes that this work makes in this life, counted from 1. */
  readonly write: number;
  readonly when: 'before' | 'after';
}

// The host as it is built, with its arguments behind a Death: it kills itself right before or right after the n-th write, to
// the store or the pool, that one trigger of one function makes. A run is followed through all it waits for, so that others
// that write at the same time do not count.

const [text = ''] = process.argv.splice(2, 1);
const death = JSON.parse(text) as Death;
const [doomed = ''] = death.work.split('/');
const running = new AsyncLocalStorage<string>();
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
    return running.run(work, () => handler(event, context));
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
  const isDoomed = running.getStore() === death.work;
  if (isDoomed && death.when === 'before') countTowardsDeath(what);
  const result = await write();
  if (isDoomed && death.when === 'after' && result !== 'conflict') countTowardsDeath(what);
  return result;
}

function countTowardsDeath(what: string): void {
  writes += 1;
  if (writes !== death.write) return;
  writeSync(2, `${JSON.stringify({ event: 'host-dies', ...death, what })}\n`);
  process.kill(process.pid, 'SIGKILL');
}
