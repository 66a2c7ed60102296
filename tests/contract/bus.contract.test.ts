import { MESSAGE_BYTES_MAX } from '../../shared/adapters/envelopes';
import type { Bus, BusMessage, Topic } from '../../shared/ports/bus';
import type { Arrived, BusWorld } from '../support/tested-buses';
import { inProcessWorld, kafkaWorld, sqsWorld, TOPICS } from '../support/tested-buses';

const TOPIC: Topic = 'platform-order-changed';
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const message = (key: string, no: number | string, topic: Topic = TOPIC): BusMessage => ({ topic, key, body: { no } });
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How long a message may take to the far end, and how long one waits to see that no other follows. */
const ARRIVES_MS = 8_000;
const QUIET_MS = 300;

function describeBus(name: string, openWorld: () => Promise<BusWorld>, keepsOrder: boolean): void {
  describe(`bus: ${name}`, () => {
    let world: BusWorld;
    let bus: Bus;

    beforeAll(async () => {
      world = await openWorld();
      bus = await world.open();
    }, 30_000);

    afterAll(() => world.close(), 15_000);

    /** Exactly so many messages. */
    async function arrived(count: number, topic: Topic = TOPIC): Promise<Arrived[]> {
      const all: Arrived[] = [];
      const endsAtMs = Date.now() + ARRIVES_MS;
      while (all.length < count && Date.now() < endsAtMs) {
        all.push(...(await world.arrived(topic)));
        await pause(20);
      }
      await pause(QUIET_MS);
      all.push(...(await world.arrived(topic)));
      expect(all).toHaveLength(count);
      return all;
    }

    it('brings every message to its topic, whole, with its identity inside', async () => {
      const begunAtMs = Date.now();
      const body = { shopId: 'tmall-main', no: '3724567890123456789', qty: -3, rush: true, note: null };
      await bus.publish([
        { topic: 'platform-order-changed', key: 'a#1', body },
        { topic: 'delivery-order-ready', key: 'b#2', body: {}, traceparent: TRACE },
        { topic: 'stock-changed', key: 'c#3', body: { number: 1 } },
      ]);
      const [first, second, third] = await Promise.all(TOPICS.map((topic) => arrived(1, topic)));
      const identity = { eventId: expect.any(String) as string, sequence: expect.any(Number) as number };
      const atMs = expect.any(Number) as number;
      expect(first?.[0]?.envelope).toEqual({ ...identity, topic: 'platform-order-changed', key: 'a#1', atMs, body });
      expect(second?.[0]?.envelope).toEqual({
        ...{ ...identity, topic: 'delivery-order-ready', key: 'b#2', atMs, body: {} },
        traceparent: TRACE,
      });
      expect(third?.[0]?.envelope).toEqual({
        ...{ ...identity, topic: 'stock-changed', key: 'c#3', atMs, body: { number: 1 } },
      });
      expect(first?.[0]?.envelope.atMs).toBeGreaterThanOrEqual(begunAtMs);
      expect(first?.[0]?.envelope.atMs).toBeLessThanOrEqual(Date.now());
    });

    it('gives each message of a sender an id of its own and the next number', async () => {
      const other = await world.open();
      await bus.publish([message('a', 1), message('a', 2)]);
      await bus.publish([message('a', 3)]);
      await other.publish([message('a', 4)]);
      const envelopes = (await arrived(4)).map(({ envelope }) => envelope);
      expect(new Set(envelopes.map(({ eventId }) => eventId)).size).toBe(4);
      const sequenceOf = (no: number): number => envelopes.find(({ body }) => body['no'] === no)?.sequence ?? NaN;
      expect([sequenceOf(2) - sequenceOf(1), sequenceOf(3) - sequenceOf(2)]).toEqual([1, 1]);
      // A sender that has sent nothing before begins with 1.
      expect(sequenceOf(4)).toBe(1);
    });

    it('brings all of a batch that is larger than any request, each once', async () => {
      await bus.publish(range(205).map((no) => message(`key-${no % 7}`, no)));
      const all = await arrived(205);
      expect(all.map(({ envelope }) => Number(envelope.body['no'])).sort((a, b) => a - b)).toEqual(range(205));
      if (!keepsOrder) return;
      for (const key of range(7)) {
        const ofKey = all.filter(({ envelope }) => envelope.key === `key-${key}`);
        expect(ofKey.map(({ envelope }) => envelope.body['no'])).toEqual(range(205).filter((no) => no % 7 === key));
        // Where the engine knows of keys and partitions, one key is in one.
        expect(new Set(ofKey.map(({ partition }) => partition)).size).toBe(1);
        expect(ofKey.every(({ engineKey }) => engineKey === undefined || engineKey === `key-${key}`)).toBe(true);
      }
    });

    it.each([
      ['of Chinese and of pictures', '备注：周五前送到 🛒'],
      ['with quotes, breaks and controls', 'a"b\\c\r\n\t\u0000\u001f\u007f'],
      ['that XML does not allow', '\uFFFE\uFFFF\uD800'],
    ])('keeps text %s as it is', async (_, text) => {
      await bus.publish([message(text, text)]);
      const [only] = await arrived(1);
      expect([only?.envelope.key, only?.envelope.body['no']]).toEqual([text, text]);
    });

    it('takes messages of 256 KB, and as many of them as there are', async () => {
      const empty = JSON.stringify({ ...(await sample('')), body: { no: '' } }).length;
      // Numbers of the same length as the sample's keep the envelope's length.
      const largest = 'x'.repeat(MESSAGE_BYTES_MAX - empty - 4);
      await bus.publish([message('k', largest), message('k', largest), message('k', '小'.repeat(80_000))]);
      const lengths = (await arrived(3)).map(({ envelope }) => String(envelope.body['no']).length);
      expect(lengths.sort((a, b) => a - b)).toEqual([80_000, largest.length, largest.length]);
    });

    it('refuses a message above 256 KB of UTF-8 before it sends any of its neighbours', async () => {
      // 90,000 characters, but three bytes each.
      const refused = bus.publish([message('a', 1), message('b', '大'.repeat(90_000)), message('c', 2)]);
      await expect(refused).rejects.toMatchObject({
        code: 'MESSAGE_TOO_LARGE',
        facts: { topic: TOPIC, bytesMax: 262_144 },
      });
      await bus.publish([message('d', 3)]);
      expect((await arrived(1)).map(({ envelope }) => envelope.body['no'])).toEqual([3]);
    });

    it('takes nothing for done', async () => {
      await bus.publish([]);
      await arrived(0);
    });

    async function sample(text: string): Promise<object> {
      await bus.publish([message('k', text)]);
      const [only] = await arrived(1);
      if (!only) throw new Error('the sample did not arrive');
      return only.envelope;
    }
  });
}

describeBus('in process', inProcessWorld, true);
describeBus('SQS', sqsWorld, false);
describeBus('Kafka', kafkaWorld, true);
