import fc from 'fast-check';
import type { SealedMessage } from '../../../shared/adapters/envelopes';
import { EnvelopeWriter, pack } from '../../../shared/adapters/envelopes';
import type { BusMessage } from '../../../shared/ports/bus';
import { QUEUES } from '../../../infra/local/host/queues';
import { ManualClock } from '../../support/manual-clock';
import { SeededRandom } from '../../support/seeded-random';

const writer = (): EnvelopeWriter => new EnvelopeWriter({ clock: new ManualClock(), random: new SeededRandom(1) });

describe('envelopes', () => {
  it('keep the largest batch of the longest hints below what one call of FunctionGraph takes, 256 KB', () => {
    // Ids of shops, warehouses and SKUs have up to 80 bytes in an address, numbers of orders about 20; 100 leaves room.
    const id = 'x'.repeat(100);
    const hints: BusMessage[] = [
      { topic: 'platform-order-changed', key: `${id}#${id}`, body: { shopId: id, orderNo: id } },
      { topic: 'delivery-order-ready', key: `${id}#${id}`, body: { deliveryOrderId: `${id}#${id}` } },
      {
        topic: 'stock-changed',
        key: `${id}#${id}`,
        body: { warehouseId: id, skuId: id, number: 999_999_999, atMs: 9_999_999_999_999, freed: false },
      },
    ];
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const sealed = writer().seal(hints.map((hint) => ({ ...hint, traceparent })));
    const largest = Math.max(...sealed.map(({ bytes }) => bytes));
    expect(largest).toBeLessThan(1_024);
    expect(largest * Math.max(...QUEUES.map(({ batchMax }) => batchMax))).toBeLessThan(256 * 1_024);
  });

  it('number what was sent, and not what was refused', () => {
    const ours = writer();
    const good: BusMessage = { topic: 'stock-changed', key: 'k', body: {} };
    const huge: BusMessage = { ...good, body: { text: 'x'.repeat(256 * 1_024) } };
    expect(() => ours.seal([good, huge])).toThrow(/MESSAGE_TOO_LARGE/);
    expect(ours.seal([good, good]).map(({ envelope }) => envelope.sequence)).toEqual([1, 2]);
  });
});

describe('packing', () => {
  it('keeps order and all messages, holds the limits, and opens no request that was not needed', () => {
    const limits = { countMax: 10, bytesMax: 1_000 };
    const sizes = fc.array(fc.integer({ min: 1, max: 1_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, (bytesOf) => {
        const messages = bytesOf.map((bytes, i) => ({ bytes, text: String(i) }) as SealedMessage);
        const packs = pack(messages, limits);
        expect(packs.flat()).toEqual(messages);
        const bytes = packs.map((each) => each.reduce((sum, message) => sum + message.bytes, 0));
        expect(packs.every((each, i) => each.length >= 1 && each.length <= 10 && (bytes[i] ?? 0) <= 1_000)).toBe(true);
        for (let i = 1; i < packs.length; i += 1) {
          const next = packs[i]?.[0]?.bytes ?? 0;
          expect(packs[i - 1]?.length === 10 || (bytes[i - 1] ?? 0) + next > 1_000).toBe(true);
        }
      }),
      { seed: 20_260_308, numRuns: 300 },
    );
  });
});
