import type { ConsoleApp } from '../../functions/console/api';
import { newApp } from '../../functions/console/api';
import { addAllocationRoutes } from '../../functions/console/routes/allocation-routes';
import { addStockEntryRoutes } from '../../functions/console/routes/stock-entry-routes';
import type { Run } from '../../shared/platform/define-function';
import { BENCH_USER } from './step-world';

let app: ConsoleApp | undefined;

/** A call of the console's stock API, as a warehouse system or a person makes it. Throws unless it is answered with 2xx. */
export async function callConsole(run: Run, method: 'PUT' | 'POST', path: string, body: object = {}): Promise<void> {
  if (!app) {
    app = newApp();
    addStockEntryRoutes(app);
    addAllocationRoutes(app);
  }
  const headers = { authorization: `Bearer ${BENCH_USER.token}`, 'content-type': 'application/json' };
  const request = new Request(`http://console${path}`, { method, headers, body: JSON.stringify(body) });
  const response = await app.fetch(request, { run });
  if (!response.ok) throw new Error(`${method} ${path} got ${response.status}: ${await response.text()}`);
}
