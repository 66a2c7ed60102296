import { useQuery } from '@tanstack/react-query';
import { isKeyPart } from '../../../../../../shared/domain/kernel/ids';
import type { CheckedSku, CheckedSkus } from '../../../../schema/stock-check';
import { callApi } from '../../../kit/api';
import { LINES_MAX } from './line';

/** Titles of SKUs, and what a warehouse has of them; asked again every 15 s, since orders take from it meanwhile. */
export function useStockOf(
  warehouseId: string | null,
  skuIds: readonly string[],
): { readonly stockOf: (skuId: string) => CheckedSku | undefined; readonly error: Error | null } {
  const wanted = [...new Set(skuIds)].filter(isKeyPart).sort();
  const { data, error } = useQuery({
    queryKey: ['/api/stock/check', warehouseId, wanted],
    queryFn: ({ signal }) => checkStock(warehouseId, wanted, signal),
    enabled: wanted.length > 0,
    refetchInterval: 15_000,
    // While a line is added the others keep their numbers; those of another warehouse are not shown.
    placeholderData: (before, query) => (query?.queryKey[1] === warehouseId ? before : undefined),
  });
  return { stockOf: (skuId) => data?.get(skuId), error };
}

/** What is known of any number of SKUs. */
export async function checkStock(
  warehouseId: string | null,
  skuIds: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, CheckedSku>> {
  const found = new Map<string, CheckedSku>();
  for (let from = 0; from < skuIds.length; from += LINES_MAX) {
    const body = { warehouseId, skuIds: skuIds.slice(from, from + LINES_MAX) };
    const { rows } = await callApi<CheckedSkus>('POST', '/api/stock/check', { body, signal });
    for (const row of rows) found.set(row.skuId, row);
  }
  return found;
}
