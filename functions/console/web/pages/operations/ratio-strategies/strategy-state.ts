/** Whether a strategy counts at this time: its tick first, then its time. */
export function strategyState(
  strategy: { readonly enabled: boolean; readonly validFromMs: number | null; readonly validToMs: number | null },
  nowMs: number,
): 'inForce' | 'planned' | 'over' | 'off' {
  if (!strategy.enabled) return 'off';
  if (strategy.validFromMs !== null && nowMs < strategy.validFromMs) return 'planned';
  if (strategy.validToMs !== null && nowMs >= strategy.validToMs) return 'over';
  return 'inForce';
}
