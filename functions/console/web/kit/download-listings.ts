import { callApi } from './api';

/** What a download 商品下载 has read so far. */
export interface Downloaded {
  readonly listings: number;
  readonly mapped: number;
  readonly unmapped: number;
}

/** Reads everything that a shop has on sale, in as many requests as it takes; `onRead` is told after each. */
export async function downloadListings(shopId: string, onRead?: (sum: Downloaded) => void): Promise<Downloaded> {
  let sum: Downloaded = { listings: 0, mapped: 0, unmapped: 0 };
  for (let query = ''; ; ) {
    const path = `/api/shops/${encodeURIComponent(shopId)}/download-items${query}`;
    const part = await callApi<Downloaded & { leftItems: number }>('POST', path, { body: {} });
    sum = {
      listings: sum.listings + part.listings,
      mapped: sum.mapped + part.mapped,
      unmapped: sum.unmapped + part.unmapped,
    };
    onRead?.(sum);
    if (part.leftItems === 0) return sum;
    query = `?leftItems=${part.leftItems}`;
  }
}
