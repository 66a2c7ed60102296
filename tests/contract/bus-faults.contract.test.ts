import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { freePort } from '../../infra/local/engines/free-port';
import { startKafka } from '../../infra/local/engines/kafka';
import { EnvelopeWriter } from '../../shared/adapters/envelopes';
import { newSqsClient } from '../../shared/adapters/sqs/sqs-client';
import { SqsBus } from '../../shared/adapters/sqs/sqs-bus';
import { systemClock, systemRandom } from '../../shared/adapters/system/system';
import type { BusSettings } from '../../shared/config';
import type { BusConnection } from '../../shared/platform/connect-bus';
import { openBus } from '../../shared/platform/connect-bus';
import type { Bus, BusMessage } from '../../shared/ports/bus';
import { ListLog } from '../support/list-log';
import { SeededRandom } from '../support/seeded-random';

const URLS = {
  'platform-order-changed': 'http://q/1',
  'delivery-order-ready': 'http://q/2',
  'stock-changed': 'http://q/3',
};
const KEYS = { accessKeyId: 'key-of-the-test', secretAccessKey: 'secret-of-the-test' };
const changed = (no: number): BusMessage => ({ topic: 'stock-changed', key: `key-${no}`, body: { no } });
const unavailable = (facts: object): object => ({ code: 'BUS_UNAVAILABLE', retry: 'later', facts });

describe('SQS that fails in ways which a server here cannot be made to show', () => {
  const client = newSqsClient({ region: 'us-east-1', endpoint: 'http://127.0.0.1:9', credentials: KEYS });
  const sqs = mockClient(client);
  let nowMs: number;
  let pausesMs: number[];
  let leftMs: number;
  let bus: Bus;

  beforeEach(() => {
    sqs.reset();
    [nowMs, pausesMs, leftMs] = [Date.UTC(2026, 2, 8), [], 60_000];
    const clock = {
      nowMs: () => nowMs,
      sleep: async (ms: number) => {
        pausesMs.push(ms);
        nowMs += ms;
      },
    };
    const random = new SeededRandom(7);
    const envelopes = new EnvelopeWriter({ clock, random });
    bus = new SqsBus({ client, queueUrls: URLS, envelopes, clock, random }, () => leftMs);
  });

  const requests = (): SendMessageBatchCommandInput[] =>
    sqs.commandCalls(SendMessageBatchCommand).map((call) => call.args[0].input);
  const numbersOf = ({ Entries: entries = [] }: SendMessageBatchCommandInput): number[] =>
    entries.map(({ MessageBody: body = '' }) => (JSON.parse(body) as { body: { no: number } }).body.no);
  const awsError = (name: string, httpStatusCode: number): Error =>
    Object.assign(new Error('the message of AWS'), { name, $fault: 'client', $metadata: { httpStatusCode } });

  it('is sent again what it did not take of a batch, and that alone', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({
        Successful: [],
        Failed: [
          { Id: '1', SenderFault: false, Code: 'InternalError' },
          { Id: '2', SenderFault: false, Code: 'InternalError' },
        ],
      })
      .resolvesOnce({ Successful: [], Failed: [{ Id: '1', SenderFault: false, Code: 'InternalError' }] })
      .resolves({ Successful: [], Failed: [] });
    await bus.publish([0, 1, 2, 3].map(changed));
    // Ids count within a request: of the second, entry 1 is message 2.
    expect(requests().map(numbersOf)).toEqual([[0, 1, 2, 3], [1, 2], [2]]);
    expect(requests().every(({ QueueUrl: url }) => url === 'http://q/3')).toBe(true);
  });

  it('is not sent again what it refuses for its content, which it would refuse again', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolves({ Successful: [], Failed: [{ Id: '0', SenderFault: true, Code: 'InvalidMessageContents' }] });
    await expect(bus.publish([0, 1].map(changed))).rejects.toMatchObject(
      unavailable({ topic: 'stock-changed', reason: 'InvalidMessageContents', messages: 2, notSent: 1 }),
    );
    expect(requests()).toHaveLength(1);
  });

  it.each([
    ['RequestThrottled', 403],
    ['ThrottlingException', 400],
    ['InternalFailure', 500],
    ['ServiceUnavailable', 503],
    ['InvalidSignatureException', 403],
  ])('is tried four times with %s, after pauses of chance that grow', async (name, status) => {
    sqs.on(SendMessageBatchCommand).rejects(awsError(name, status));
    await expect(bus.publish([0, 1].map(changed))).rejects.toMatchObject(
      unavailable({ topic: 'stock-changed', reason: name, messages: 2, notSent: 2 }),
    );
    expect(requests()).toHaveLength(4);
    expect(pausesMs).toHaveLength(3);
    for (const [i, longestMs] of [100, 200, 400].entries()) {
      expect(pausesMs[i]).toBeGreaterThanOrEqual(0);
      expect(pausesMs[i]).toBeLessThan(longestMs);
    }
  });

  it('is sent the same message again where the answer did not come, under the same id', async () => {
    const late = Object.assign(new Error('late'), { name: 'TimeoutError', $metadata: {} });
    sqs.on(SendMessageBatchCommand).rejectsOnce(late).resolves({ Successful: [], Failed: [] });
    await bus.publish([changed(0)]);
    const bodies = requests().map(({ Entries: entries }) => entries?.[0]?.MessageBody);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
  });

  it.each([
    ['AccessDenied', 403],
    ['QueueDoesNotExist', 400],
    ['InvalidClientTokenId', 403],
  ])('is asked once where it says %s, which no other try can help', async (name, status) => {
    sqs.on(SendMessageBatchCommand).rejects(awsError(name, status));
    await expect(bus.publish([changed(0)])).rejects.toMatchObject(
      unavailable({ topic: 'stock-changed', reason: name, messages: 1, notSent: 1 }),
    );
    expect(requests()).toHaveLength(1);
  });

  it('sends the other batches though one fails, and says how many messages are left', async () => {
    sqs.on(SendMessageBatchCommand).callsFake((input: SendMessageBatchCommandInput) => {
      if (numbersOf(input).includes(13)) throw awsError('AccessDenied', 403);
      return { Successful: [], Failed: [] };
    });
    await expect(bus.publish(Array.from({ length: 35 }, (_, no) => changed(no)))).rejects.toMatchObject(
      unavailable({ topic: 'stock-changed', reason: 'AccessDenied', messages: 35, notSent: 10 }),
    );
    expect(requests().map(({ Entries: entries }) => entries?.length)).toEqual([10, 10, 10, 5]);
  });

  it('is not begun where the run has no time left', async () => {
    leftMs = 900;
    await expect(bus.publish([changed(0)])).rejects.toMatchObject(unavailable({ reason: 'no time', notSent: 1 }));
    expect(requests()).toHaveLength(0);
  });

  it('is not tried beyond the time that a publish may take, four seconds', async () => {
    sqs.on(SendMessageBatchCommand).callsFake(() => {
      nowMs += 1_900;
      throw awsError('ServiceUnavailable', 503);
    });
    await expect(bus.publish([changed(0)])).rejects.toMatchObject(unavailable({ reason: 'ServiceUnavailable' }));
    // 1.9 s twice are 3.8 s and pauses; a third try begins only if they leave some of the 4 s.
    expect(requests().length).toBeLessThanOrEqual(3);
    expect(requests().length).toBeGreaterThanOrEqual(2);
  });

  it('hides no slip of ours behind an outage', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new TypeError('undefined is not a function'));
    await expect(bus.publish([changed(0)])).rejects.toThrow(TypeError);
  });

  it('leaves neither keys nor the message of AWS in the error', async () => {
    sqs.on(SendMessageBatchCommand).rejects(awsError('AccessDenied', 403));
    const error = await bus.publish([changed(0)]).catch((thrown: unknown) => thrown as Error);
    expect(String(error)).not.toMatch(/of-the-test|message of AWS|key-0/);
  });
});

describe('a bus that is not there', () => {
  let connection: BusConnection;
  let silent: Server;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => connection.close());
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });

  const settings = (kind: 'sqs' | 'kafka', port: number): BusSettings =>
    kind === 'sqs'
      ? { kind, queueUrls: URLS, region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, credentials: KEYS }
      : {
          ...{ kind, brokers: [`127.0.0.1:${port}`], topicPrefix: 'yipan-', tls: false, caFile: undefined },
          login: { mechanism: 'plain', user: 'yipan', password: KEYS.secretAccessKey },
        };

  async function publishTo(kind: 'sqs' | 'kafka', port: number, remainingMs: number): Promise<unknown> {
    connection = await openBus(settings(kind, port), {
      ...{ clock: systemClock, random: systemRandom, log: new ListLog() },
    });
    return connection.busOf(() => remainingMs).publish([changed(1), changed(2)]);
  }

  it.each(['sqs', 'kafka'] as const)('is unavailable where nobody listens: %s', async (kind) => {
    const begunAtMs = Date.now();
    const error = await publishTo(kind, await freePort(), 60_000).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject(unavailable({ topic: 'stock-changed', messages: 2, notSent: 2 }));
    expect(String(error)).not.toContain(KEYS.secretAccessKey);
    expect(Date.now() - begunAtMs).toBeLessThan(4_500);
  });

  it.each(['sqs', 'kafka'] as const)(
    'is unavailable where nobody answers, within the time of the run: %s',
    async (kind) => {
      const begunAtMs = Date.now();
      const publishing = publishTo(kind, (silent.address() as AddressInfo).port, 2_500);
      await expect(publishing).rejects.toMatchObject(unavailable({ topic: 'stock-changed', messages: 2, notSent: 2 }));
      expect(Date.now() - begunAtMs).toBeLessThan(2_000);
    },
  );

  it('is unavailable once Kafka has gone away in the middle', async () => {
    const engine = await startKafka();
    connection = await openBus(
      {
        ...{ kind: 'kafka', brokers: [engine.endpoint], topicPrefix: 'yipan-' },
        ...{ tls: false, caFile: undefined, login: undefined },
      },
      { clock: systemClock, random: systemRandom, log: new ListLog() },
    );
    const bus = connection.busOf(() => 60_000);
    await bus.publish([changed(1)]);
    await engine.stop();
    await expect(bus.publish([changed(2)])).rejects.toMatchObject(unavailable({ notSent: 1 }));
  }, 15_000);

  it('is told apart from settings that are wrong: an authority whose file is not there', async () => {
    const opening = openBus(
      { ...settings('kafka', 1), kind: 'kafka', tls: true, caFile: '/nowhere/ca.pem' } as BusSettings,
      { clock: systemClock, random: systemRandom, log: new ListLog() },
    );
    await expect(opening).rejects.toMatchObject({ code: 'BAD_SETTINGS' });
    await expect(opening).rejects.toThrow(/YIPAN_KAFKA_CA_FILE.*\/nowhere\/ca\.pem/);
  });
});
