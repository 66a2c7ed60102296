/** An answer as it came. */
export interface PageAnswer {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly text: string;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a browser does for a login over several servers, and no more: cookies by host, redirects, a form. */
export class HttpBrowser {
  /** Host → name → value. */
  private readonly jars = new Map<string, Map<string, string>>();

  /** One request, without following where it leads. */
  async send(url: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<PageAnswer> {
    const jar = this.jarOf(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...{ method, redirect: 'manual', signal: AbortSignal.timeout(30_000) },
      headers: { ...(cookie !== '' && { cookie }), ...headers },
      ...(body !== undefined && { body }),
    });
    for (const text of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(text)) jar.delete(name);
      else jar.set(name, value);
    }
    return { status: response.status, url, headers: response.headers, text: await response.text() };
  }

  /** Opens a page, going where it is sent, until `stop` says that it is there. */
  async open(url: string, stop: (answer: PageAnswer) => boolean = () => false, sent: Sent = {}): Promise<PageAnswer> {
    let answer = await this.send(url, sent);
    for (let hops = 0; hops < 10; hops += 1) {
      const location = answer.headers.get('location');
      if (stop(answer) || location === null) return answer;
      answer = await this.send(new URL(location, answer.url).href);
    }
    throw new Error(`redirected in circles, at last to ${answer.url}`);
  }

  /** Fills in the one form of a page, hidden fields included, and sends it. */
  submit(
    page: PageAnswer,
    fields: Readonly<Record<string, string>>,
    stop: (answer: PageAnswer) => boolean,
  ): Promise<PageAnswer> {
    const action = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1];
    if (action === undefined) throw new Error(`no form at ${page.url}: ${page.text.slice(0, 300)}`);
    const hidden = [...page.text.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, value] as const,
    );
    const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.open(new URL(action, page.url).href, stop, { method: 'POST', headers, body });
  }

  cookie(url: string, name: string): string | undefined {
    return this.jarOf(url).get(name);
  }

  setCookie(url: string, name: string, value: string): void {
    this.jarOf(url).set(name, value);
  }

  private jarOf(url: string): Map<string, string> {
    const { host } = new URL(url);
    const jar = this.jars.get(host) ?? new Map<string, string>();
    this.jars.set(host, jar);
    return jar;
  }
}
