import { Link } from 'react-router';
import { mappingPath } from '../../kit/paths';

/** Listings that lack their SKU, each with a link to where it is chosen. */
export function MapFirst({ says, shopId, listings }: { says: string; shopId: string; listings: readonly string[] }) {
  return (
    <>
      {says}{' '}
      {listings.map((listing) => (
        <span key={listing}>
          <Link to={mappingPath(shopId, listing)}>{listing}</Link>{' '}
        </span>
      ))}
    </>
  );
}
