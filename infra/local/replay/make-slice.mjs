// Makes the replay data of this folder from the Online Retail files (see data/README.md for origin and licence):
//
//   node infra/local/replay/make-slice.mjs <folder with the source csv.gz files>
//
// The source is a shop with many wholesale customers: a median of 15 lines an order and packs of 6, 12 and 24.
// What Yipan handles are consumer orders, so each sale order is thinned to one consumer basket. Arrival times, the
// mix of SKUs and the prices stay those of the source.
//
// Nothing is random: each choice is a hash of the invoice number, so the same source gives the same rows on every
// machine. (The gzip bytes may differ between versions of zlib; compare the CSV inside.)
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

// The busy season. November and December alone hold 3,418 usable orders up to the last day of the source, so the
// slice is counted back from that day until it passes 6,000 orders.
const FIRST_DAY = '2011-09-21';
const LAST_DAY = '2011-12-09';

// The source's times are a shop's local minutes. They are read as Asia/Shanghai, which is UTC+8 all year.
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

// Lines per consumer order: 1, 2, 3, 4, 5. An order with fewer source lines than drawn keeps all it has.
const LINE_COUNT_SHARES = [0.6, 0.22, 0.1, 0.05, 0.03];

// Pieces per line by the source line's quantity: the chances of 1, 2, 3, 4. A line that was bought by the dozen is
// more often a line of several pieces here. The result never exceeds the source quantity.
const QUANTITY_SHARES = [
  { sourceAtLeast: 12, shares: [0.65, 0.25, 0.06, 0.04] },
  { sourceAtLeast: 3, shares: [0.8, 0.16, 0.03, 0.01] },
  { sourceAtLeast: 1, shares: [1] },
];

// Outcomes as shares of all orders; the rest is paid and stays paid.
const UNPAID_SHARE = 0.06;
const CANCELLED_SHARE = 0.04;
const PARTIAL_REFUND_SHARE = 0.015;

// A source cancellation counts for an order when it comes within this time. Later ones are returns: half of the
// source's matched cancellation lines come after 9 days.
const CANCELLATION_WITHIN_MS = 14 * 86_400_000;

const source = process.argv[2];
if (source === undefined) {
  console.error('usage: node infra/local/replay/make-slice.mjs <folder with the source csv.gz files>');
  process.exit(2);
}
const target = fileURLToPath(new URL('./data/', import.meta.url));

const products = readCsv('products.csv.gz');
const documents = readCsv('orders.csv.gz');
const linesByInvoice = groupBy(
  [...readCsv('lines-2010-12_2011-05.csv.gz'), ...readCsv('lines-2011-06_2011-12.csv.gz')],
  (line) => line.invoice_no,
);
const merchandise = new Set(products.filter((p) => p.merchandise === '1').map((p) => p.stock_code));

const baskets = readBaskets();
const orders = baskets.map(thin).sort((a, b) => a.atMs - b.atMs || (a.orderId < b.orderId ? -1 : 1));
const outcomes = decideOutcomes(orders);
const skus = describeSkus();

writeCsv('orders.csv.gz', [
  ['order_id', 'at_ms', 'outcome', 'sku_id', 'quantity', 'price_fen'],
  ...orders.flatMap((order) =>
    order.lines.map((line) => [
      order.orderId,
      order.atMs,
      outcomes.get(order.orderId),
      line.skuId,
      line.quantity,
      line.priceFen,
    ]),
  ),
]);
writeCsv('skus.csv.gz', [['sku_id', 'title', 'price_fen'], ...skus.map((sku) => [sku.skuId, sku.title, sku.priceFen])]);
report();

/** Sale orders of known customers in the slice's days, each with its usable merchandise lines in source order. */
function readBaskets() {
  return documents
    .filter((d) => d.kind === 'sale' && d.customer_id !== '')
    .filter((d) => d.invoice_time.slice(0, 10) >= FIRST_DAY && d.invoice_time.slice(0, 10) <= LAST_DAY)
    .map((d) => ({
      orderId: d.invoice_no,
      customerId: d.customer_id,
      minuteMs: minuteMs(d.invoice_time),
      lines: (linesByInvoice.get(d.invoice_no) ?? [])
        .filter((l) => merchandise.has(l.stock_code) && Number(l.quantity) > 0 && Number(l.unit_price) > 0)
        .map((l) => ({
          skuId: l.stock_code.toUpperCase(),
          quantity: Number(l.quantity),
          // Pounds become yuan one to one: 2.55 GBP is kept as 255 fen. Only the spread of prices matters here.
          priceFen: Math.round(Number(l.unit_price) * 100),
        })),
    }))
    .filter((basket) => basket.lines.length > 0);
}

/**
 * One wholesale basket to one consumer basket. Every line of an order has the same chance, so a SKU is chosen in
 * proportion to the lines it has. A chosen line whose SKU stands on another line of the same order brings that line
 * along when there is room: this keeps the orders that name a SKU twice, which a plain draw would nearly always
 * tear apart.
 */
function thin(basket) {
  const { orderId } = basket;
  const wanted = 1 + pick(LINE_COUNT_SHARES, chance(orderId, 'line-count'));
  const drawn = basket.lines
    .map((line, index) => ({ line, index, key: chance(orderId, `line-${index}`) }))
    .sort((a, b) => a.key - b.key);
  const chosen = new Set();
  for (const candidate of drawn) {
    if (chosen.size < wanted) chosen.add(candidate);
    const twin = drawn.find((other) => other.line.skuId === candidate.line.skuId && !chosen.has(other));
    if (chosen.size < wanted && twin !== undefined) chosen.add(twin);
  }
  return {
    orderId,
    customerId: basket.customerId,
    minuteMs: basket.minuteMs,
    // The source knows the minute only: a second is chosen, so that orders of one minute do not all come at once.
    atMs: basket.minuteMs + Math.floor(chance(orderId, 'second') * 60) * 1000,
    lines: [...chosen]
      .sort((a, b) => a.index - b.index)
      .map(({ line, index }) => ({ ...line, quantity: consumerQuantity(line.quantity, chance(orderId, `qty-${index}`)) })),
  };
}

function consumerQuantity(sourceQuantity, draw) {
  const { shares } = QUANTITY_SHARES.find((band) => sourceQuantity >= band.sourceAtLeast);
  return Math.min(sourceQuantity, 1 + pick(shares, draw));
}

/**
 * What became of each order. First the source speaks: an order whose lines were all cancelled soon after is
 * cancelled, one of which some lines were is partly refunded. Then orders are added, lowest hash first, until each
 * outcome has its share. Never-paid orders are not in the source at all (an invoice is made after the fact).
 */
function decideOutcomes(all) {
  const outcomes = new Map();
  const hit = cancelledLines(all);
  for (const order of all) {
    const lines = hit.get(order.orderId)?.size ?? 0;
    if (lines > 0) outcomes.set(order.orderId, lines === order.lines.length ? 'cancelled-after-payment' : 'partial-refund');
  }
  const fill = (outcome, share, eligible) => {
    const have = [...outcomes.values()].filter((o) => o === outcome).length;
    const missing = Math.max(0, Math.round(all.length * share) - have);
    all
      .filter((order) => !outcomes.has(order.orderId) && eligible(order))
      .map((order) => ({ order, key: chance(order.orderId, outcome) }))
      .sort((a, b) => a.key - b.key)
      .slice(0, missing)
      .forEach(({ order }) => outcomes.set(order.orderId, outcome));
  };
  fromSource = new Map([...outcomes]);
  fill('partial-refund', PARTIAL_REFUND_SHARE, (order) => order.lines.length >= 2);
  fill('cancelled-after-payment', CANCELLED_SHARE, () => true);
  fill('unpaid-closed', UNPAID_SHARE, () => true);
  for (const order of all) if (!outcomes.has(order.orderId)) outcomes.set(order.orderId, 'paid');
  return outcomes;
}
