/** Orders modified from `fromMs` to `toMs`, both whole seconds: platforms count no finer. */
export interface ModifiedWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ModifiedPage<T> {
  /** Orders in the whole window at the time of this call. */
  readonly total: number;
  readonly rows: readonly T[];
}

export interface ModifiedPaging {
  readonly windowMsMax: number;
  readonly pageSize: number;
  /** Orders that the platform lets one page through; a window with more is halved. */
  readonly resultsMax: number;
}

/**
 * A window must be closed for its paging to be safe: an order modified while we read may only leave it. The last minute
 * before now is still open: an order modified in this very second, or later where the platform's clock is behind ours, moves
 * to the front of it and all others back, across page borders away from where we read. So it is read as a window of its own,
 * halved until each part fits one page, which one call shows as it is.
 */
const OPEN_MS = 60_000;

/**
 * Reads every order modified in a window, page by page, and misses none while the list shifts.
 *
 * In a closed window an order that changes gets a new modified time and leaves; nothing enters. All orders behind it in
 * the list move up one place, across page borders towards the front. Read from the first page to the last, the order
 * that slips from page 3 to page 2 after page 2 was read is lost. Read from the last page to the first, it slips into a
 * page that is yet to come and is merely seen twice. This holds whichever way the list is sorted. The order that
 * left is in the following window, under its new time.
 *
 * The first call tells the number of orders; where they fit one page it is all there is to read.
 */
export async function* readModified<T>(
  whole: ModifiedWindow,
  nowMs: number,
  paging: ModifiedPaging,
  readPage: (window: ModifiedWindow, pageIndex: number) => Promise<ModifiedPage<T>>,
): AsyncGenerator<readonly T[]> {
  const inOnePage = { ...paging, resultsMax: Math.min(paging.pageSize, paging.resultsMax) };
  for (const window of splitWindow(whole, nowMs, paging.windowMsMax))
    yield* readWindow(window, window.toMs > closedUntilMs(nowMs) ? inOnePage : paging, readPage);
}

const closedUntilMs = (nowMs: number): number => Math.floor((nowMs - OPEN_MS) / 1000) * 1000;

/** Adjacent windows share their border second, so that it does not matter whether the platform's bounds include it. */
export function splitWindow(whole: ModifiedWindow, nowMs: number, windowMsMax: number): ModifiedWindow[] {
  const fromMs = Math.floor(whole.fromMs / 1000) * 1000;
  // A window of no length is an error on Taobao.
  const toMs = Math.max(Math.ceil(whole.toMs / 1000) * 1000, fromMs + 1000);
  const closedMs = closedUntilMs(nowMs);
  const windows: ModifiedWindow[] = [];
  let startMs = fromMs;
  while (startMs < toMs) {
    let endMs = Math.min(startMs + windowMsMax, toMs);
    if (startMs < closedMs) endMs = Math.min(endMs, closedMs);
    windows.push({ fromMs: startMs, toMs: endMs });
    startMs = endMs;
  }
  return windows;
}

async function* readWindow<T>(
  window: ModifiedWindow,
  paging: ModifiedPaging,
  readPage: (window: ModifiedWindow, pageIndex: number) => Promise<ModifiedPage<T>>,
): AsyncGenerator<readonly T[]> {
  const first = await readPage(window, 0);
  const seconds = (window.toMs - window.fromMs) / 1000;
  if (first.total > paging.resultsMax && seconds > 1) {
    const middleMs = window.fromMs + Math.floor(seconds / 2) * 1000;
    yield* readWindow({ fromMs: window.fromMs, toMs: middleMs }, paging, readPage);
    yield* readWindow({ fromMs: middleMs, toMs: window.toMs }, paging, readPage);
    return;
  }
  if (first.total <= paging.pageSize) {
    if (first.rows.length > 0) yield first.rows;
    return;
  }
  for (let pageIndex = Math.ceil(first.total / paging.pageSize) - 1; pageIndex >= 0; pageIndex -= 1) {
    const { rows } = await readPage(window, pageIndex);
    if (rows.length > 0) yield rows;
  }
}
