/** Asia/Shanghai is UTC+8 all year since 1991; platforms write it without a zone. */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** `2026-03-08 14:05:09` in Asia/Shanghai for an epoch in ms. */
export function shanghaiText(epochMs: number): string {
  return new Date(epochMs + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Epoch ms of a platform's `yyyy-MM-dd HH:mm:ss` (GMT+8), or undefined where the text is not such a time. */
export function epochMsFromShanghaiText(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$/.exec(text);
  if (!match) return undefined;
  const utc = Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`);
  if (Number.isNaN(utc)) return undefined;
  // Date.parse moves February 30th into March: such a text is no time.
  const epochMs = utc - SHANGHAI_OFFSET_MS;
  return shanghaiText(epochMs) === text ? epochMs : undefined;
}
