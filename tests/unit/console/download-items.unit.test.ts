import { newApp } from '../../../functions/console/api';
import { addMappingRoutes } from '../../../functions/console/routes/mapping-routes';
import type { ListingsPart } from '../../../shared/ports/channel';
import { SHOP, StubRun } from '../../support/stub-run';

const listingOf = (n: number) => ({
  ...{ itemId: `item-${n}`, platformSkuId: null, merchantCode: n === 0 ? 'TEE' : null, title: '', shownQty: 1 },
});

it('downloads what the time of a request suffices for, and goes on where it has ended', async () => {
  const run = await new StubRun().withShop();
  Object.assign(run.config.secrets, { users: [{ token: 'admin-token', id: 'ops', name: '运营', role: 'admin' }] });
  let leftMs = 29_000;
  const listListings = async function* (_access: object, leftItems = 5): AsyncGenerator<ListingsPart> {
    for (let left = leftItems; left > 0; left -= 1) {
      // A slow platform.
      leftMs -= 9_000;
      yield { listings: [listingOf(left - 1)], leftItems: left - 1 };
    }
  };
  Object.assign(run.channel, { listListings });
  Object.assign(run, { remainingMs: () => leftMs });
  const app = newApp();
  addMappingRoutes(app);
  const download = async (query: string): Promise<unknown> => {
    leftMs = 29_000;
    const request = new Request(`http://console/api/shops/${SHOP.id}/download-items${query}`, {
      method: 'POST',
      headers: { authorization: 'Bearer admin-token', 'content-type': 'application/json' },
      body: '{}',
    });
    return (await app.fetch(request, { run })).json();
  };
  expect(await download('')).toEqual({ listings: 2, mapped: 0, unmapped: 2, leftItems: 3 });
  expect(await download('?leftItems=3')).toEqual({ listings: 2, mapped: 0, unmapped: 2, leftItems: 1 });
  expect(await download('?leftItems=1')).toEqual({ listings: 1, mapped: 1, unmapped: 0, leftItems: 0 });
});
