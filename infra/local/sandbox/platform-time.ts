/** GMT+8 all year: the platforms write local time without a zone, and China keeps no summer time. */
const BEIJING_OFFSET_MS = 8 * 3_600_000;

/** `yyyy-MM-dd HH:mm:ss` in GMT+8; parts of a second are cut off. */
export function beijingText(atMs: number): string {
  return new Date(atMs + BEIJING_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** The reverse; undefined for anything that is not such a text or not a real date. */
export function beijingMs(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined;
  const atMs = Date.parse(`${text.replace(' ', 'T')}Z`) - BEIJING_OFFSET_MS;
  return Number.isNaN(atMs) || beijingText(atMs) !== text ? undefined : atMs;
}

export function unixSeconds(atMs: number): number {
  return Math.floor(atMs / 1_000);
}

/** Both platforms refuse a request whose clock is further off than this. */
export const CLOCK_SKEW_MS_MAX = 600_000;
