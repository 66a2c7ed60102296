import type { Finding, Refs } from './finding';
import type { HistoryOptions } from './plan';
import { simulate } from './run';

/** Lines of a timeline at most, and of them from its beginning: what led to a finding mostly stands near its end. */
const LINES_MAX = 60;
const FIRST_MAX = 10;

/** A line of a timeline at most; an entry of a hot ledger may have dozens of movements. */
const LETTERS_MAX = 220;

/** Stands where lines are left out. */
export const GAP = '…';

/** A line of the trace, and what it is about. */
export interface Traced {
  readonly line: string;
  readonly about: Refs;
}

/**
 * The most telling trace lines of a history for one of its findings, newest last: who did what to the documents that it is
 * about, and what its platform did.
 */
export async function timelineOf(
  seed: number,
  finding: Finding | undefined,
  options: HistoryOptions = {},
): Promise<string[]> {
  const traced: Traced[] = [];
  await simulate(seed, { ...options, onTrace: (line, about) => traced.push({ line, about }) });
  return finding ? toldOf(finding, traced) : [];
}

/**
 * Picks from a trace what tells of one finding. First of all come the lines about its order, listing, document or call
 * itself; where a listing shows something else than it should, the reason lies in the SKU's ledgers and orders and in the
 * settings of the shop, so that these follow, the newest of them where there are too many.
 */
export function toldOf({ about, around = {} }: Finding, traced: readonly Traced[]): string[] {
  const direct = traced.map((line) => isOf(about, line.about));
  const reasons = surroundingsOf(
    about,
    traced.filter((_, i) => direct[i]),
  );
  const near = traced.map((line, i) => direct[i] !== true && (isOf(around, line.about) || isNear(reasons, line.about)));
  if (!direct.includes(true) && !near.includes(true)) return [];
  // Who acted and was killed before it had done what follows.
  const tasks = new Set(traced.flatMap((line, i) => (direct[i] || near[i] ? (line.about.task ?? []) : [])));
  for (const [i, { about: of }] of traced.entries()) {
    const broken = of.end !== undefined && of.end !== 'done' && of.task !== undefined && tasks.has(of.task);
    if (broken || of.everything) near[i] = !direct[i];
  }
  const all = traced.flatMap(({ line }, i) => (direct[i] || near[i] ? [{ line, direct: direct[i] === true }] : []));
  return withGaps(all, mostTelling(all));
}

/** Whether a line is about one of the very things that a finding is about. */
function isOf(finding: Refs, line: Refs): boolean {
  return (
    meet(finding.documents, line.documents) ||
    meet(finding.orders, line.orders) ||
    meet(finding.listings, line.listings) ||
    (finding.task !== undefined && finding.task === line.task)
  );
}

/** What surrounds a finding: the SKUs that it names or that its listing has sold, and the shops of its listings. */
function surroundingsOf({ skuIds = [], listings = [] }: Refs, direct: readonly Traced[]): Refs {
  const ofListing = direct.filter(({ about }) => about.listings?.length === 1 && meet(about.listings, listings));
  return {
    skuIds: [...skuIds, ...ofListing.flatMap(({ about }) => about.skuIds ?? [])],
    shopIds: listings.map((listing) => listing.split('#')[0] ?? ''),
  };
}

/** Whether a line is about what surrounds a finding; what happens at other listings of the SKU is not. */
function isNear(around: Refs, line: Refs): boolean {
  if (line.listings !== undefined) return false;
  return meet(around.skuIds, line.skuIds) || meet(around.shopIds, line.shopIds);
}

function meet(some: readonly string[] | undefined, others: readonly string[] | undefined): boolean {
  return some !== undefined && others !== undefined && some.some((each) => others.includes(each));
}

/** Places of the lines that are told: where they are too many, the first and the last of the direct ones, then the newest. */
function mostTelling(lines: readonly { readonly direct: boolean }[]): Set<number> {
  const places = (direct: boolean): number[] => lines.flatMap((line, i) => (line.direct === direct ? [i] : []));
  const [first, second] = [places(true), places(false)];
  const kept = first.length > LINES_MAX ? [...first.slice(0, FIRST_MAX), ...first.slice(FIRST_MAX - LINES_MAX)] : first;
  const room = LINES_MAX - kept.length;
  return new Set([...kept, ...(room > 0 ? second.slice(-room) : [])]);
}

/** The lines at these places, with a gap wherever others are left out. */
function withGaps(lines: readonly { readonly line: string }[], kept: ReadonlySet<number>): string[] {
  return lines.flatMap(({ line }, i) => {
    if (kept.has(i)) return [line.length > LETTERS_MAX ? `${line.slice(0, LETTERS_MAX)}${GAP}` : line];
    return i === 0 || kept.has(i - 1) ? [GAP] : [];
  });
}
