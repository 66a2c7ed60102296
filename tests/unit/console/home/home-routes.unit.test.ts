import { newApp } from '../../../../functions/console/api';
import { addHomeRoutes } from '../../../../functions/console/routes/home-routes';
import { Home } from '../../../../functions/console/schema/home';
import { MemoryStore } from '../../../../shared/adapters/memory/memory-store';
import type { ApiUser } from '../../../../shared/secrets';
import { AppError } from '../../../../shared/errors';
import type { IndexHit, IndexName, Range } from '../../../../shared/ports/store';
import { SHOP, StubRun } from '../../../support/stub-run';

const USER: ApiUser = { token: 'home-viewer-token-0000', id: 'v', name: '查看', role: 'viewer' };

/** A store of which some index partitions cannot be read. */
class BrokenStore extends MemoryStore {
  constructor(private readonly broken: RegExp) {
    super();
  }

  override async queryIndex(index: IndexName, partition: string, range: Range): Promise<IndexHit[]> {
    if (this.broken.test(partition)) throw new AppError('STORE_UNAVAILABLE', { partition });
    return super.queryIndex(index, partition, range);
  }
}

async function home(broken: RegExp, shops = 1): Promise<Home> {
  const run = new StubRun(new BrokenStore(broken));
  if (shops > 0) await run.withShop();
  Object.assign(run.config, { secrets: { shops: {}, users: [USER] } });
  const app = newApp();
  addHomeRoutes(app);
  const request = new Request('http://console/api/home', { headers: { authorization: `Bearer ${USER.token}` } });
  const response = await app.fetch(request, { run });
  expect(response.status).toBe(200);
  return Home.parse(await response.json());
}

const parts = (page: Home): [string, string | null][] =>
  Object.entries(page).flatMap(([name, part]) =>
    typeof part === 'number' ? [] : [[name, part.value === null ? part.error : null]],
  );

describe('the home page', () => {
  it.each([
    [['stock'], /^ledger-recent/],
    [['silentShops', 'orders'], /^platform-order#/],
    [['sync'], /^sync-queue#/],
    [['waiting'], /^conversion#/],
  ])('is answered without %s where only that cannot be read', async (names, broken) => {
    const failed = parts(await home(broken)).filter(([, error]) => error !== null);
    expect(failed).toEqual(names.map((name) => [name, 'STORE_UNAVAILABLE']));
  });

  it('shows the other counts where one cannot be read', async () => {
    const { attention } = await home(/^quarantine$/);
    const counts = attention.value?.map(({ kind, count, error }) => [kind, count, error]);
    expect(counts).toContainEqual(['quarantine', null, 'STORE_UNAVAILABLE']);
    expect(counts?.filter(([, , error]) => error !== null)).toHaveLength(1);
    expect(counts).toContainEqual(['exceptions', 0, null]);
  });

  it('of a brand without a shop shows nothing, and no error', async () => {
    const answer = await home(/^nothing$/, 0);
    expect(parts(answer).filter(([, error]) => error !== null)).toEqual([]);
    expect(answer.orders.value).toMatchObject({ today: 0, shops: [] });
    expect(answer.stock.value).toMatchObject({ warehouses: [], complete: true });
  });

  it('names a shop that has not been pulled yet', async () => {
    const { silentShops } = await home(/^nothing$/);
    expect(silentShops.value).toMatchObject([{ shopId: SHOP.id, reason: 'pull-behind', coveredUpToMs: null }]);
  });
});
