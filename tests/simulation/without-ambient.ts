import crypto from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

type Functions = Record<string, unknown>;

/** Where time, chance, timers and the world outside come from, if not from a port. */
const SOURCES: readonly (readonly [owner: object, names: readonly string[]])[] = [
  [Date, ['now']],
  [Math, ['random']],
  [performance, ['now']],
  [globalThis, ['setTimeout', 'setInterval', 'setImmediate', 'fetch']],
  [crypto, ['randomBytes', 'randomUUID', 'randomInt']],
  [globalThis.crypto, ['randomUUID', 'getRandomValues']],
  [http, ['request']],
  [https, ['request']],
  [net, ['connect', 'createConnection']],
];

/**
 * Does something while no time, chance, timer or connection can be had but from a port: whoever takes one past them fails
 * at once, and the history with it. All is as before when it has ended.
 */
export async function withoutAmbient<T>(act: () => Promise<T>): Promise<T> {
  const before: (() => void)[] = [];
  const present = Date;
  for (const [owner, names] of SOURCES) {
    for (const name of names) {
      const of = owner as Functions;
      const own = Object.getOwnPropertyDescriptor(of, name);
      const refuse = (): never => {
        throw new TypeError(`${name} was called past the ports`);
      };
      Object.defineProperty(of, name, { value: refuse, configurable: true, writable: true });
      before.push(() => {
        if (own) Object.defineProperty(of, name, own);
        else Reflect.deleteProperty(of, name);
      });
    }
  }
  globalThis.Date = new Proxy(present, {
    construct: (target, given: unknown[], newTarget) => {
      if (given.length === 0) throw new TypeError('the time was read past the clock');
      return Reflect.construct(target, given, newTarget) as object;
    },
  });
  before.push(() => {
    globalThis.Date = present;
  });
  try {
    return await act();
  } finally {
    for (const restore of before) restore();
  }
}
