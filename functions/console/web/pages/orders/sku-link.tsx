import { Link } from 'react-router';
import { stockPath } from '../../kit/paths';

/** A SKU, with its stock behind it. */
export function SkuLink({ skuId }: { skuId: string }) {
  return <Link to={stockPath(skuId)}>{skuId}</Link>;
}
