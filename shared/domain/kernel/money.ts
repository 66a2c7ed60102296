/**
 * Amounts are integer fen 分. Platforms write yuan as text ("12.30"), some as a JSON number; both go through the
 * digits, never through a float.
 */
export function fenFromYuanText(text: string): number | undefined {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,2})0*)?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign, yuan, fraction = ''] = match;
  const fen = Number(yuan) * 100 + Number(fraction.padEnd(2, '0'));
  return sign === '-' ? 0 - fen : fen;
}

/** ¥12.30 for people. */
export function yuanText(fen: number): string {
  const absolute = Math.abs(fen);
  return `${fen < 0 ? '-' : ''}¥${Math.floor(absolute / 100)}.${String(absolute % 100).padStart(2, '0')}`;
}
