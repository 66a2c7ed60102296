/** Money on this platform is yuan as text with two decimals; inside it is whole fen. */
export function yuan(amountFen: number): string {
  const sign = amountFen < 0 ? '-' : '';
  const digits = Math.abs(amountFen).toString().padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
