import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '../../infra/local/engines/free-port';
import type { RedisEngine } from '../../infra/local/engines/redis';
import { startRedis } from '../../infra/local/engines/redis';

/** A cluster without replicas: three nodes, each with a third of the slots. */
export interface RedisCluster {
  /** Of one node; it names the others. */
  readonly endpoint: string;
  readonly nodes: readonly RedisEngine[];
  stop(): Promise<void>;
}

const SLOTS = 16_384;
const NODES = 3;
const READY_MS = 20_000;

/** Starts three nodes and has them meet. Throws where they do not agree in time. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const nodes = await Promise.all(Array.from({ length: NODES }, startNode));
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  const clients = nodes.map(({ endpoint }) => new Redis(endpoint));
  try {
    await join(nodes, clients);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    for (const client of clients) client.disconnect();
  }
  return { endpoint: nodes[0]?.endpoint ?? '', nodes, stop };
}

/** The nodes' own port is a second free one: the usual one, 10000 higher, need not exist. */
async function startNode(): Promise<RedisEngine & { busPort: number }> {
  const busPort = await freePort();
  const args = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '2000'];
  return { ...(await startRedis({ args })), busPort };
}

async function join(nodes: readonly { port: number; busPort: number }[], clients: readonly Redis[]): Promise<void> {
  for (const [i, client] of clients.entries()) {
    const [from, to] = [Math.floor((i * SLOTS) / NODES), Math.floor(((i + 1) * SLOTS) / NODES) - 1];
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
    await client.call('CLUSTER', 'ADDSLOTSRANGE', from, to);
  }
  for (const { port, busPort } of nodes.slice(1)) await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
  const endMs = Date.now() + READY_MS;
  while (!(await Promise.all(clients.map(agrees))).every(Boolean)) {
    if (Date.now() > endMs)
      throw new Error(`the nodes of the Redis cluster did not agree within ${READY_MS / 1_000} s`);
    await pause(50);
  }
}

async function agrees(client: Redis): Promise<boolean> {
  const info = String(await client.call('CLUSTER', 'INFO'));
  return info.includes('cluster_state:ok') && info.includes(`cluster_slots_ok:${SLOTS}`);
}
