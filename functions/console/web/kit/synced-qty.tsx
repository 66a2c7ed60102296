import { Link } from 'react-router';
import { queryText } from './api';
import { countText } from './format';
import { texts, useTexts } from './language';

const TEXTS = texts({ why: '查看为什么是这个数' }, { why: 'See why it is this number' });

/** A listing of a shop, and one of its sync records; the newest if no number is given. */
export interface SyncPlace {
  readonly shopId: string;
  readonly itemId: string;
  readonly platformSkuId: string | null;
  readonly number?: number;
}

/** The page that derives the quantity. */
export function whyPath({ shopId, itemId, platformSkuId, number }: SyncPlace): string {
  const part = encodeURIComponent;
  return `/operations/sync-queue/${part(shopId)}/${part(itemId)}${queryText({ platformSkuId, number })}`;
}

/** A quantity that a shop shows or shall show: a click tells why it is this number. */
export function SyncedQty({ qty, place }: { qty: number; place: SyncPlace }) {
  const t = useTexts(TEXTS);
  return (
    <Link to={whyPath(place)} title={t.why}>
      {countText(qty)}
    </Link>
  );
}
