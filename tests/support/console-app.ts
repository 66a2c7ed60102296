import type { ConsoleApp } from '../../functions/console/api';
import { newApp } from '../../functions/console/api';
import { addSessionRoutes } from '../../functions/console/routes/session-routes';
import { addUserRoutes } from '../../functions/console/routes/user-routes';
import { systemRandom } from '../../shared/adapters/system/system';
import type { Run } from '../../shared/platform/define-function';
import { scryptPasswords } from '../../shared/procedures/users/passwords';
import type { StubRun } from './stub-run';

/** An answer, with what a browser would keep of it. */
export interface AppAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

/** One browser, or program, in front of the console's routes for users and sessions, without a wire. */
export class Browser {
  cookie = '';
  csrfToken = '';

  constructor(
    private readonly run: StubRun,
    private readonly app: ConsoleApp = appWithLogin(),
  ) {}

  /** Another browser in front of the same instance. */
  other(): Browser {
    return new Browser(this.run, this.app);
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<AppAnswer> {
    const request = new Request(`http://console${path}`, {
      method,
      headers: {
        ...(this.cookie !== '' && { cookie: this.cookie }),
        ...(this.csrfToken !== '' && { 'x-csrf-token': this.csrfToken }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const response = await this.app.fetch(request, { run: this.run });
    return {
      status: response.status,
      body: (await response.json()) as AppAnswer['body'],
      headers: response.headers,
    };
  }

  /** Logs in as the page does, and keeps what a browser and the page keep. */
  async logIn(userId: string, password: string): Promise<AppAnswer> {
    const answer = await this.ask('POST', '/api/session', { userId, password });
    this.keep(answer);
    return answer;
  }

  keep(answer: AppAnswer): void {
    const [cookie] = (answer.headers.get('set-cookie') ?? '').split(';');
    if (cookie) this.cookie = cookie;
    if (typeof answer.body['csrfToken'] === 'string') this.csrfToken = answer.body['csrfToken'];
  }
}

/** As the product's, but for the cost of a hash: a test logs in dozens of times. */
function appWithLogin(): ConsoleApp {
  const app = newApp();
  const passwords = scryptPasswords(systemRandom, { ln: 4, r: 8, p: 1 });
  const portsOf = ({ ports }: Run) => ({ ...ports, passwords });
  addSessionRoutes(app, portsOf);
  addUserRoutes(app, portsOf);
  return app;
}
