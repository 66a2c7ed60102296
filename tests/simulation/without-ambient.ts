import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import tls from 'node:tls';
import workerThreads from 'node:worker_threads';

type Functions = Record<string, unknown>;

/** A function that gives time, chance, a timer or the world outside past the ports: where it stands, and its name there. */
export interface Source {
  readonly of: string;
  readonly owner: object;
  readonly name: string;
}

const named = (of: string, owner: object, names: readonly string[]): Source[] =>
  names.map((name) => ({ of, owner, name }));

/** Every function of a module; its classes do nothing by themselves. */
const all = (of: string, owner: object): Source[] =>
  named(
    of,
    owner,
    Object.keys(owner).filter((name) => /^[a-z]/.test(name) && typeof (owner as Functions)[name] === 'function'),
  );

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate'];

/** Where time, chance, timers and the world outside come from, if not from a port. */
export const SOURCES: readonly Source[] = [
  ...named('Date', Date, ['now']),
  ...named('performance', performance, ['now']),
  // Before hrtime itself is replaced.
  ...named('process.hrtime', process.hrtime, ['bigint']),
  ...named('process', process, ['hrtime', 'uptime']),
  ...named('Math', Math, ['random']),
  ...named('crypto', crypto, ['randomBytes', 'randomUUID', 'randomInt', 'randomFill', 'randomFillSync']),
  ...named('the global crypto', globalThis.crypto, ['randomUUID', 'getRandomValues']),
  ...named('the global object', globalThis, [...TIMERS, 'fetch']),
  ...named('AbortSignal', AbortSignal, ['timeout']),
  ...named('timers', timers, TIMERS),
  ...named('timers/promises', timersPromises, TIMERS),
  ...named('timers/promises.scheduler', timersPromises.scheduler, ['wait', 'yield']),
  ...named('http', http, ['request', 'get', 'createServer']),
  ...named('https', https, ['request', 'get', 'createServer']),
  ...named('http2', http2, ['connect', 'createServer', 'createSecureServer']),
  ...named('net', net, ['connect', 'createConnection', 'createServer']),
  ...named('net.Socket', net.Socket.prototype, ['connect']),
  ...named('tls', tls, ['connect', 'createServer']),
  ...named('dgram', dgram, ['createSocket']),
  ...named('worker_threads', workerThreads, ['Worker']),
  ...all('child_process', childProcess),
  ...all('dns', dns),
  ...all('dns/promises', dns.promises),
  ...all('fs', fs),
  ...all('fs/promises', fs.promises),
];

/**
 * Does something while no time, chance, timer, file, process or connection can be had but from a port: whoever takes one past
 * them fails at once, and the history with it. All is as before when it has ended.
 */
export async function withoutAmbient<T>(act: () => Promise<T>): Promise<T> {
  const before: (() => void)[] = [];
  const present = Date;
  for (const { owner, name } of SOURCES) {
    const own = Object.getOwnPropertyDescriptor(owner, name);
    const refuse = function (): never {
      throw new TypeError(`${name} was called past the ports`);
    };
    Object.defineProperty(owner, name, { value: refuse, configurable: true, writable: true });
    before.push(() => {
      if (own) Object.defineProperty(owner, name, own);
      else Reflect.deleteProperty(owner, name);
    });
  }
  const refuseTime = (): never => {
    throw new TypeError('the time was read past the clock');
  };
  globalThis.Date = new Proxy(present, {
    apply: refuseTime,
    construct: (target, given: unknown[], newTarget) =>
      given.length === 0 ? refuseTime() : (Reflect.construct(target, given, newTarget) as object),
  });
  before.push(() => {
    globalThis.Date = present;
  });
  try {
    return await act();
  } finally {
    // Whoever was replaced last is put back first.
    for (const restore of before.reverse()) restore();
  }
}
