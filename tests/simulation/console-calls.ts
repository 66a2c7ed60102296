import type { ConsoleApp } from '../../functions/console/api';
import { newApp } from '../../functions/console/api';
import { addAllocationRoutes } from '../../functions/console/routes/allocation-routes';
import { addDeliveryOrderRoutes } from '../../functions/console/routes/delivery-order-routes';
import { addMappingRoutes } from '../../functions/console/routes/mapping-routes';
import { addPlatformOrderRoutes } from '../../functions/console/routes/platform-order-routes';
import { addMasterDataRoutes } from '../../functions/console/routes/settings-routes';
import { addSkuRoutes } from '../../functions/console/routes/sku-routes';
import { addStockEntryRoutes } from '../../functions/console/routes/stock-entry-routes';
import { addStockRoutes } from '../../functions/console/routes/stock-routes';
import { addStrategyRoutes } from '../../functions/console/routes/strategy-routes';
import { addSyncRoutes } from '../../functions/console/routes/sync-routes';
import type { Run } from '../../shared/platform/define-function';

export const ADMIN_TOKEN = 'simulated-admin-token';

let app: ConsoleApp | undefined;

/** The routes that what people do in a history goes through. */
export function simulatedApp(): ConsoleApp {
  const made = newApp();
  for (const add of [
    ...[addMasterDataRoutes, addSkuRoutes, addStrategyRoutes, addStockRoutes, addStockEntryRoutes, addSyncRoutes],
    ...[addAllocationRoutes, addPlatformOrderRoutes, addMappingRoutes, addDeliveryOrderRoutes],
  ])
    add(made);
  return made;
}

/** Calls of the console's real API in one history, and which of them were answered with what was asked for. */
export class ConsoleCalls {
  /** Successes by operation, such as `PUT /api/shops/{id}`. */
  readonly succeeded = new Map<string, number>();

  /**
   * Answers the status. `path` is a template of the API; its parts are filled in. The body is handed over as it is: streams
   * would not keep to the scheduler's turns.
   */
  async call(
    run: Run,
    method: 'PUT' | 'POST',
    path: string,
    parts: Readonly<Record<string, string>>,
    body: unknown,
  ): Promise<number> {
    app ??= simulatedApp();
    const headers = new Headers({ authorization: `Bearer ${ADMIN_TOKEN}` });
    const filled = path.replace(/\{(\w+)\}/g, (_, part: string) => parts[part] ?? '');
    const request = { method, url: `http://console${filled}`, headers, json: async () => body } as unknown as Request;
    const { status } = await app.fetch(request, { run });
    const operation = `${method} ${path}`;
    if (status < 300) this.succeeded.set(operation, (this.succeeded.get(operation) ?? 0) + 1);
    return status;
  }
}
