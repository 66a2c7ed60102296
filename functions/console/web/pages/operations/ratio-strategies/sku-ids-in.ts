/**
 * SKU codes in pasted text: one a line or cell. An ASCII comma and a blank may be part of a code (they are where codes come from
 * sellers), so that neither divides; Chinese commas and semicolons cannot be, and do.
 */
export function skuIdsIn(text: string): string[] {
  return [...new Set(text.split(/[\r\n\t，、；;]+/).map((code) => code.trim()))].filter((code) => code !== '');
}
