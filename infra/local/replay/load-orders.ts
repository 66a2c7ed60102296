import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const OUTCOMES = ['paid', 'unpaid-closed', 'cancelled-after-payment', 'partial-refund'] as const;

/**
 * What became of an order: `paid` and stayed so; `unpaid-closed`, never paid and closed later; cancelled as a whole
 * after payment; refunded in part (such an order has two lines or more; which of them is for the replay to choose).
 */
type ReplayOutcome = (typeof OUTCOMES)[number];

/** One line of an order: whole pieces, and the price of one piece in fen. */
interface ReplayLine {
  readonly skuId: string;
  readonly quantity: number;
  readonly priceFen: number;
}

/** One consumer order. `atMs` is when it was placed, in epoch milliseconds (UTC). Two lines may name the same SKU. */
export interface ReplayOrder {
  readonly orderId: string;
  readonly atMs: number;
  readonly outcome: ReplayOutcome;
  readonly lines: readonly ReplayLine[];
}

/** One SKU of the catalogue. `priceFen` is a list price; the price on an order line may differ from it. */
export interface ReplaySku {
  readonly skuId: string;
  readonly title: string;
  readonly priceFen: number;
}

/**
 * Loads the replay orders, in the order they were placed (ties by order id), each with at least one line.
 *
 * @param dataFolder the folder that holds `orders.csv.gz`
 * @param limit how many orders to give, from the first; all when left out. The whole file is checked in any case.
 * @throws Error that names file and line when a row is malformed: a wrong number of columns, a quantity or price that
 *   is not a whole number above 0, an unknown outcome, rows of one order that disagree or are apart, a step back in
 *   time. RangeError when the limit is not a whole number of 0 or more.
 */
export function loadReplayOrders(dataFolder: string, limit?: number): ReplayOrder[] {
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 0)) {
    throw new RangeError(`limit ${limit} is not a whole number of 0 or more`);
  }
  const orders: (ReplayOrder & { readonly lines: ReplayLine[] })[] = [];
  const seen = new Set<string>();
  for (const row of readRows(dataFolder, 'orders.csv.gz', [
    'order_id',
    'at_ms',
    'outcome',
    'sku_id',
    'quantity',
    'price_fen',
  ])) {
    const orderId = row.text('order_id');
    const atMs = row.wholeNumber('at_ms');
    const outcome = OUTCOMES.find((known) => known === row.text('outcome'));
    if (outcome === undefined) throw row.error(`unknown outcome "${row.text('outcome')}"`);
    const line = {
      skuId: row.text('sku_id'),
      quantity: row.wholeNumber('quantity'),
      priceFen: row.wholeNumber('price_fen'),
    };
    const last = orders.at(-1);
    if (last?.orderId === orderId) {
      if (last.atMs !== atMs || last.outcome !== outcome) {
        throw row.error(`order ${orderId} has another time or outcome than on the line before`);
      }
      last.lines.push(line);
      continue;
    }
    if (seen.has(orderId)) throw row.error(`order ${orderId} was already complete on an earlier line`);
    if (last !== undefined && atMs < last.atMs) throw row.error(`order ${orderId} is earlier than the one before`);
    seen.add(orderId);
    orders.push({ orderId, atMs, outcome, lines: [line] });
  }
  return limit === undefined ? orders : orders.slice(0, limit);
}

/**
 * Loads the catalogue: each SKU that an order names, once, sorted by SKU id.
 *
 * @param dataFolder the folder that holds `skus.csv.gz`
 * @throws Error that names file and line when a row is malformed or a SKU appears twice
 */
export function loadReplaySkus(dataFolder: string): ReplaySku[] {
  const skus = new Map<string, ReplaySku>();
  for (const row of readRows(dataFolder, 'skus.csv.gz', ['sku_id', 'title', 'price_fen'])) {
    const skuId = row.text('sku_id');
    if (skus.has(skuId)) throw row.error(`SKU ${skuId} appears twice`);
    skus.set(skuId, { skuId, title: row.text('title'), priceFen: row.wholeNumber('price_fen') });
  }
  return [...skus.values()];
}

/**
 * Pieces ordered per SKU over all lines of all orders given, whatever became of them (a never-paid order is demand
 * too). Lines of one order that name the same SKU are summed. SKUs that no line names are absent.
 */
export function demandBySku(orders: readonly ReplayOrder[]): Map<string, number> {
  const pieces = new Map<string, number>();
  for (const { lines } of orders) {
    for (const { skuId, quantity } of lines) pieces.set(skuId, (pieces.get(skuId) ?? 0) + quantity);
  }
  return pieces;
}

interface Row<Column extends string> {
  /** The field, which must not be empty. */
  text(column: Column): string;
  /** The field as a whole number above 0. */
  wholeNumber(column: Column): number;
  /** An error that names file and line. */
  error(problem: string): Error;
}

/** Reads a gzipped CSV with a header line. One record is one line: no field of these files holds a line break. */
function readRows<Column extends string>(dataFolder: string, file: string, columns: readonly Column[]): Row<Column>[] {
  const path = `${dataFolder}/${file}`;
  const fail = (lineNo: number, problem: string) => new Error(`${path} line ${lineNo}: ${problem}`);
  const [header, ...records] = unpack(path)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  if (header !== columns.join(',')) throw fail(1, `the header is not ${columns.join(',')}`);
  return records.map((record, index) => {
    const lineNo = index + 2;
    const fields = splitRecord(record);
    if (fields === undefined) throw fail(lineNo, 'a quote is not closed, or stands inside an unquoted field');
    if (fields.length !== columns.length) throw fail(lineNo, `${fields.length} columns instead of ${columns.length}`);
    const text = (column: Column) => {
      const field = fields[columns.indexOf(column)];
      if (field === undefined || field === '') throw fail(lineNo, `${column} is empty`);
      return field;
    };
    const wholeNumber = (column: Column) => {
      const value = Number(text(column));
      if (!/^[1-9]\d*$/.test(text(column)) || !Number.isSafeInteger(value)) {
        throw fail(lineNo, `${column} "${text(column)}" is not a whole number above 0`);
      }
      return value;
    };
    return { text, wholeNumber, error: (problem) => fail(lineNo, problem) };
  });
}

function unpack(path: string): string {
  const packed = readFileSync(path);
  try {
    return gunzipSync(packed).toString('utf8');
  } catch (cause) {
    throw new Error(`${path}: not a whole gzip file`, { cause });
  }
}

/** The fields of one CSV record, or undefined when its quotes are wrong. Inside quotes, "" stands for one quote. */
function splitRecord(record: string): string[] | undefined {
  const fields: string[] = [];
  let rest: string | undefined = record;
  while (rest !== undefined) {
    const match: RegExpExecArray | null = /^(?:"((?:[^"]|"")*)"|([^",]*))(?:,(.*))?$/.exec(rest);
    if (match === null) return undefined;
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    rest = match[3];
  }
  return fields;
}
