// Makes the replay data of this folder from the Online Retail files (origin and licence: data/README.md):
//
//   node infra/local/replay/make-slice.mjs <folder with the source csv.gz files>
//
// It prints the figures that data/README.md states. The source is a shop with many wholesale customers: a median of
// 15 lines an order, and packs of 6, 12 and 24. What Yipan handles are consumer orders, so each sale order is thinned
// to one consumer basket; arrival times, SKU popularity and prices stay those of the source.
//
// Nothing is random: every choice is a hash of the invoice number, so the same source gives the same rows on every
// machine. (Gzip bytes may differ between versions of zlib; compare the CSV inside.)
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

// The busy season. From 2011-11-01 to its last day the source has only 3,416 usable orders, so the slice is counted
// back in whole days from the last one until it passes 6,000.
const FIRST_DAY = '2011-09-21';
const LAST_DAY = '2011-12-09';

// Five digits, as goods have, but "Next Day Carriage" and "High Resolution Image": nothing a warehouse holds.
const NOT_GOODS = new Set(['23444', '23702']);

// The source's times are local minutes. They are read as Asia/Shanghai, which is UTC+8 all year.
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

// Chances of 1, 2, 3, 4, 5 lines per order. An order with fewer source lines than drawn keeps all it has, so one-line
// orders end a little above their share.
const LINE_COUNT_CHANCES = [0.6, 0.22, 0.1, 0.05, 0.03];

// Chances of 1, 2, 3, 4 pieces per line, by the source line's quantity: what sold by the dozen is bought here a
// little more often in twos and threes. A line never gets more pieces than it had in the source.
const QUANTITY_CHANCES = [
  { sourceFrom: 12, chances: [0.65, 0.25, 0.06, 0.04] },
  { sourceFrom: 3, chances: [0.8, 0.16, 0.03, 0.01] },
  { sourceFrom: 1, chances: [1] },
];

// After 8 rounds the expected shares of all SKUs differ from the source's by less than 0.3 % (half the sum of the
// differences); by equal chances they would differ by 12.2 %.
const WEIGHT_ROUNDS = 8;

// Shares of all orders; the rest is paid and stays so.
const PARTIAL_REFUND_SHARE = 0.015;
const CANCELLED_SHARE = 0.04;
const UNPAID_SHARE = 0.06;

// "Soon after": of the source's cancelled lines that match a sale, more than half come within 14 days (median 9).
const CANCELLED_WITHIN_MS = 14 * 86_400_000;

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
const merchandise = new Set(
  products
    .filter((product) => product.merchandise === '1' && !NOT_GOODS.has(product.stock_code))
    .map((p) => p.stock_code),
);

const baskets = readBaskets();
const weights = fitWeights();
const orders = baskets.map(thin).sort((a, b) => a.atMs - b.atMs || (a.orderId < b.orderId ? -1 : 1));
const sourceOutcomes = readSourceOutcomes();
const outcomes = fillOutcomes();
const skus = describeSkus();

mkdirSync(target, { recursive: true });
const orderRows = orders.flatMap(({ orderId, atMs, lines }) =>
  lines.map((line) => [orderId, atMs, outcomes.get(orderId), line.skuId, line.quantity, line.priceFen]),
);
writeCsv('orders.csv.gz', ['order_id', 'at_ms', 'outcome', 'sku_id', 'quantity', 'price_fen'], orderRows);
const skuRows = skus.map((sku) => [sku.skuId, sku.title, sku.priceFen]);
writeCsv('skus.csv.gz', ['sku_id', 'title', 'price_fen'], skuRows);
report();

/** The sale orders of known customers in the slice's days, each with its merchandise lines that have a price. */
function readBaskets() {
  return documents
    .filter((doc) => doc.kind === 'sale' && doc.customer_id !== '')
    .filter((doc) => doc.invoice_time.slice(0, 10) >= FIRST_DAY && doc.invoice_time.slice(0, 10) <= LAST_DAY)
    .map((doc) => ({
      orderId: doc.invoice_no,
      customerId: doc.customer_id,
      minuteMs: minuteMs(doc.invoice_time),
      lines: (linesByInvoice.get(doc.invoice_no) ?? [])
        .filter((line) => merchandise.has(line.stock_code) && Number(line.quantity) > 0 && Number(line.unit_price) > 0)
        .map((line, index) => ({
          index,
          // 112 codes differ from another in case only and are the same product.
          skuId: line.stock_code.toUpperCase(),
          quantity: Number(line.quantity),
          // A pound is taken for a yuan: 2.55 GBP becomes 255 fen. Only the spread of prices matters here.
          priceFen: Math.round(Number(line.unit_price) * 100),
        })),
    }))
    .filter((basket) => basket.lines.length > 0);
}

/**
 * A weight per SKU for drawing lines. Drawn with equal chances within each order, a SKU of small orders would gain
 * over one of large orders: the ten best sellers would have 5.2 % of the lines instead of 3.6 %. So the weights are
 * fitted, round by round, until the expected share of each SKU is its share of the source lines.
 */
function fitWeights() {
  const sourceLines = countBy(baskets.flatMap((basket) => basket.lines.map((line) => line.skuId)));
  const fitted = new Map([...sourceLines.keys()].map((skuId) => [skuId, 1]));
  for (let round = 0; round < WEIGHT_ROUNDS; round += 1) {
    const expected = new Map();
    let expectedTotal = 0;
    for (const { lines } of baskets) {
      const kept = sum(LINE_COUNT_CHANCES.map((p, i) => p * Math.min(i + 1, lines.length)));
      const weightTotal = sum(lines.map((line) => fitted.get(line.skuId)));
      for (const { skuId } of lines) {
        expected.set(skuId, (expected.get(skuId) ?? 0) + (kept * fitted.get(skuId)) / weightTotal);
      }
      expectedTotal += kept;
    }
    const sourceTotal = sum([...sourceLines.values()]);
    for (const [skuId, count] of sourceLines) {
      const ratio = count / sourceTotal / (expected.get(skuId) / expectedTotal);
      fitted.set(skuId, fitted.get(skuId) * ratio);
    }
  }
  return fitted;
}

/**
 * One wholesale basket to one consumer basket: a weighted draw without replacement. A drawn line whose SKU stands on
 * another line of the order brings that line along while there is room. This keeps the orders that name a SKU twice,
 * which a plain draw would nearly always tear apart (10 orders instead of 115).
 */
function thin({ orderId, customerId, minuteMs: placedMs, lines }) {
  const wanted = 1 + pick(LINE_COUNT_CHANCES, chance(orderId, 'lines'));
  const drawn = lines
    .map((line) => ({ line, key: -Math.log(chance(orderId, `line ${line.index}`)) / weights.get(line.skuId) }))
    .sort((a, b) => a.key - b.key)
    .map(({ line }) => line);
  const kept = new Set();
  for (const line of drawn) {
    if (kept.size < wanted) kept.add(line);
    if (kept.size === wanted) break;
    const twin = drawn.find((other) => other.skuId === line.skuId && !kept.has(other));
    if (twin !== undefined) kept.add(twin);
  }
  return {
    orderId,
    customerId,
    // The source knows only the minute. A second is chosen so that the orders of a minute are spread over it.
    atMs: placedMs + Math.floor(chance(orderId, 'second') * 60) * 1000,
    lines: [...kept]
      .sort((a, b) => a.index - b.index)
      .map((line) => ({ ...line, quantity: consumerQuantity(line, chance(orderId, `quantity ${line.index}`)) })),
  };
}

function consumerQuantity(line, draw) {
  const { chances } = QUANTITY_CHANCES.find((band) => line.quantity >= band.sourceFrom);
  return Math.min(line.quantity, 1 + pick(chances, draw));
}

/**
 * What the source's cancellation documents say of the kept lines. They carry no number of the sale: a cancelled line
 * belongs to the same customer's latest earlier line of that SKU with enough pieces, each sale line used once.
 * Wholesale customers often return a part of a line; here the line counts as cancelled. All kept lines: the order is
 * cancelled; some of them: partly refunded.
 */
function readSourceOutcomes() {
  const sales = groupBy(
    baskets.flatMap((basket) => basket.lines.map((line) => ({ basket, line }))),
    ({ basket, line }) => `${basket.customerId} ${line.skuId}`,
  );
  const cancelled = new Set();
  for (const doc of documents) {
    if (doc.kind !== 'cancellation') continue;
    const cancelledMs = minuteMs(doc.invoice_time);
    for (const { stock_code, quantity } of linesByInvoice.get(doc.invoice_no) ?? []) {
      const match = (sales.get(`${doc.customer_id} ${stock_code.toUpperCase()}`) ?? [])
        .filter(({ basket }) => basket.minuteMs <= cancelledMs && cancelledMs - basket.minuteMs <= CANCELLED_WITHIN_MS)
        .filter(({ basket, line }) => line.quantity >= -Number(quantity) && !cancelled.has(lineKey(basket, line)))
        .sort((a, b) => b.basket.minuteMs - a.basket.minuteMs)[0];
      if (match !== undefined) cancelled.add(lineKey(match.basket, match.line));
    }
  }
  const found = new Map();
  for (const order of orders) {
    const hit = order.lines.filter((line) => cancelled.has(lineKey(order, line))).length;
    if (hit > 0) found.set(order.orderId, hit === order.lines.length ? 'cancelled-after-payment' : 'partial-refund');
  }
  return found;
}

/** Adds to the source's outcomes until each has its share of the orders: those of lowest hash first. */
function fillOutcomes() {
  const decided = new Map(sourceOutcomes);
  const fill = (outcome, share, mayHave) => {
    const have = [...decided.values()].filter((other) => other === outcome).length;
    const open = orders
      .filter((order) => !decided.has(order.orderId) && mayHave(order))
      .map(({ orderId }) => ({ orderId, key: chance(orderId, outcome) }))
      .sort((a, b) => a.key - b.key);
    for (const { orderId } of open.slice(0, Math.max(0, Math.round(orders.length * share) - have))) {
      decided.set(orderId, outcome);
    }
  };
  fill('partial-refund', PARTIAL_REFUND_SHARE, (order) => order.lines.length >= 2);
  fill('cancelled-after-payment', CANCELLED_SHARE, () => true);
  fill('unpaid-closed', UNPAID_SHARE, () => true);
  fill('paid', 1, () => true);
  return decided;
}

/** The SKUs of the thinned orders. The list price is the (lower) median of the slice's source lines. */
function describeSkus() {
  const used = new Set(orders.flatMap((order) => order.lines.map((line) => line.skuId)));
  const prices = groupBy(
    baskets.flatMap((basket) => basket.lines),
    (line) => line.skuId,
  );
  const variants = groupBy(products, (product) => product.stock_code.toUpperCase());
  return [...used].sort().map((skuId) => {
    const described = variants.get(skuId).filter((product) => product.description !== '');
    const named = described.find((product) => product.stock_code === skuId) ?? described[0];
    if (named === undefined) throw new Error(`${skuId} has no description`);
    const sorted = prices
      .get(skuId)
      .map((line) => line.priceFen)
      .sort((a, b) => a - b);
    return { skuId, title: named.description.trim(), priceFen: sorted[Math.floor((sorted.length - 1) / 2)] };
  });
}

/** Prints the figures of data/README.md. */
function report() {
  const lines = orders.flatMap((order) => order.lines);
  const units = sum(lines.map((line) => line.quantity));
  const shares = (counts) => {
    const sorted = [...counts.values()].sort((a, b) => b - a);
    const top = (n) => percent(sum(sorted.slice(0, n)), sum(sorted));
    return `top 10 ${top(10)}, top 100 ${top(100)}, top 500 ${top(500)}`;
  };
  const unitsBySku = new Map();
  for (const line of lines) unitsBySku.set(line.skuId, (unitsBySku.get(line.skuId) ?? 0) + line.quantity);
  const repeats = orders.filter((order) => new Set(order.lines.map((line) => line.skuId)).size < order.lines.length);
  const histogram = (values, of) =>
    [...countBy(values)].sort().map(([value, count]) => `${value}: ${count} (${percent(count, of)})`);
  const spans = (ms) =>
    Math.max(...countBy(orders.map((order) => Math.floor((order.atMs + SHANGHAI_OFFSET_MS) / ms))).values());
  const totals = orders
    .map((order) => sum(order.lines.map((line) => line.quantity * line.priceFen)))
    .sort((a, b) => a - b);
  const linePrices = lines.map((line) => line.priceFen).sort((a, b) => a - b);
  const sourceSkuLines = countBy(baskets.flatMap((basket) => basket.lines.map((line) => line.skuId)));
  console.log(
    [
      `orders ${orders.length}, lines ${lines.length}, units ${units}, skus ${skus.length}`,
      `first ${orders[0].atMs} ${orders[0].orderId}, last ${orders.at(-1).atMs} ${orders.at(-1).orderId}`,
      `lines per order ${histogram(
        orders.map((order) => order.lines.length),
        orders.length,
      ).join(', ')}`,
      `pieces per line ${histogram(
        lines.map((line) => line.quantity),
        lines.length,
      ).join(', ')}`,
      `orders that repeat a SKU ${repeats.length} (${percent(repeats.length, orders.length)})`,
      `outcomes ${histogram([...outcomes.values()], orders.length).join(', ')}`,
      `outcomes from the source ${histogram([...sourceOutcomes.values()], orders.length).join(', ')}`,
      `source: lines ${sum([...sourceSkuLines.values()])}, skus ${sourceSkuLines.size}`,
      `source by lines: ${shares(sourceSkuLines)}`,
      `by lines: ${shares(countBy(lines.map((line) => line.skuId)))}`,
      `by units: ${shares(unitsBySku)}`,
      `order total fen: p50 ${totals[Math.floor(totals.length / 2)]}, max ${totals.at(-1)}`,
      `line price fen: min ${linePrices[0]}, p50 ${linePrices[Math.floor(lines.length / 2)]}, max ${linePrices.at(-1)}`,
      `most orders in a day ${spans(86_400_000)}, hour ${spans(3_600_000)}, minute ${spans(60_000)}`,
    ].join('\n'),
  );
}

/** A number above 0 and below 1 that depends on the order and what it is for, and on nothing else. */
function chance(orderId, purpose) {
  const hash = createHash('sha256').update(`${orderId} ${purpose}`).digest();
  return (hash.readUIntBE(0, 6) + 0.5) / 2 ** 48;
}

/** The index of the entry that `draw` falls on, for entries with these chances. */
function pick(chances, draw) {
  let upTo = 0;
  const index = chances.findIndex((share) => {
    upTo += share;
    return draw < upTo;
  });
  return index === -1 ? chances.length - 1 : index;
}

function minuteMs(localMinute) {
  return Date.parse(`${localMinute.replace(' ', 'T')}:00Z`) - SHANGHAI_OFFSET_MS;
}

function lineKey({ orderId }, { index }) {
  return `${orderId} ${index}`;
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

function percent(part, whole) {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

function countBy(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function groupBy(values, keyOf) {
  const groups = new Map();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** Rows as objects by column name. No field of the source holds a line break. */
function readCsv(name) {
  const text = gunzipSync(readFileSync(join(source, name))).toString('utf8');
  const [header, ...rows] = text
    .split(/\r?\n/)
    .filter((row) => row !== '')
    .map(splitRow);
  return rows.map((fields, index) => {
    if (fields.length !== header.length) throw new Error(`${name} row ${index + 2}: ${fields.length} fields`);
    return Object.fromEntries(header.map((column, i) => [column, fields[i]]));
  });
}

function splitRow(row) {
  if (!row.includes('"')) return row.split(',');
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  );
}

function writeCsv(name, header, rows) {
  const quote = (field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
  const csv = [header, ...rows].map((fields) => `${fields.map((field) => quote(String(field))).join(',')}\n`).join('');
  const packed = gzipSync(csv, { level: 9 });
  writeFileSync(join(target, name), packed);
  const sha256 = createHash('sha256').update(csv).digest('hex');
  console.log(`${name}: ${rows.length} rows, ${packed.length} bytes, sha256 of the CSV ${sha256}`);
}
