import type { WireAnswer, WireClient } from './exchange.js';

/** A page that a browser shows. */
export interface ShownPage extends WireAnswer {
  /** Where it stands, public address. */
  readonly url: string;
  /** Text of the first heading. */
  readonly heading: string;
  /** Where the browser is sent, absolute; `undefined` where it stays. */
  readonly location: string | undefined;
}

/** A form as a browser reads it. */
export interface ShownForm {
  readonly method: string;
  /** Absolute. */
  readonly action: string;
  /** What the fields hold, hidden ones included. */
  readonly fields: Readonly<Record<string, string>>;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text behind the entities of HTML. */
export function unescaped(html: string): string {
  return html.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return entities[name ?? ''] ?? whole;
  });
}

function attributes(tag: string): Record<string, string> {
  const found = tag.matchAll(/\s([a-z-]+)(?:="([^"]*)")?/gi);
  return Object.fromEntries([...found].map(([, name = '', value = '']) => [name.toLowerCase(), unescaped(value)]));
}

/** The first form of a page. @throws where there is none */
export function formOf({ text, url }: Pick<ShownPage, 'text' | 'url'>): ShownForm {
  const [, opening = '', inside = ''] = /<form\b([^>]*)>([^]*?)<\/form>/i.exec(text) ?? [];
  const form = attributes(opening);
  if (inside === '') throw new Error(`No form on ${url}: ${text}`);
  const inputs = [...inside.matchAll(/<input\b([^>]*)>/gi)].map(([, tag = '']) => attributes(tag));
  return {
    method: (form['method'] ?? 'get').toUpperCase(),
    action: new URL(form['action'] ?? '', url).href,
    fields: Object.fromEntries(inputs.flatMap(({ name, value = '' }) => (name === undefined ? [] : [[name, value]]))),
  };
}

/**
 * A browser without script: keeps the cookies of the proxy, fills forms, and stops where it is sent to another host. It
 * reaches the public address of the proxy as if a reverse proxy with TLS stood in front.
 */
export class Browser {
  /** Sent with every request. */
  readonly headers: Record<string, string>;
  /** By name; those of the proxy, nobody else's are kept. */
  readonly cookies = new Map<string, string>();
  readonly #client: WireClient;
  readonly #publicUrl: string;

  constructor(client: WireClient, publicUrl: string, headers: Readonly<Record<string, string>> = {}) {
    this.#client = client;
    this.#publicUrl = publicUrl;
    this.headers = { 'accept-language': 'fr', ...headers };
  }

  /** Opens an address of the proxy, public or a path below it, without following where it sends the browser. */
  async open(address: string, headers: Readonly<Record<string, string>> = {}): Promise<ShownPage> {
    return this.#load('GET', address, headers);
  }

  /** Sends the form of a page with these fields changed. */
  async submit(
    page: ShownPage,
    fields: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ShownPage> {
    const { method, action, fields: filled } = formOf(page);
    const content = new URLSearchParams({ ...filled, ...fields }).toString();
    if (method === 'GET') return this.#load('GET', `${action}?${content}`, headers);
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.#load(method, action, { origin: new URL(this.#publicUrl).origin, ...type, ...headers }, content);
  }

  /** Goes where a page sends the browser, as long as that is the proxy. */
  async follow(page: ShownPage): Promise<ShownPage> {
    let shown = page;
    while (shown.location?.startsWith(`${this.#publicUrl}/`)) shown = await this.open(shown.location);
    return shown;
  }

  async #load(
    method: string,
    address: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<ShownPage> {
    const url = address.startsWith('/') ? `${this.#publicUrl}${address}` : address;
    if (url !== this.#publicUrl && !url.startsWith(`${this.#publicUrl}/`)) throw new Error(`Not the proxy: ${url}`);
    const { host, pathname, search } = new URL(url);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = { host, ...this.headers, ...(cookie && { cookie }), ...headers };
    const wire = { method, path: pathname + search, headers: sent };
    const answer = await this.#client.send(body === undefined ? wire : { ...wire, body });
    for (const each of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      this.cookies.set(name, value);
    }
    const { location } = answer.headers;
    const [, heading = ''] = /<h1[^>]*>([^]*?)<\/h1>/i.exec(answer.text) ?? [];
    return {
      status: answer.status,
      headers: answer.headers,
      text: answer.text,
      get json() {
        return answer.json;
      },
      url,
      heading: unescaped(heading.trim()),
      location: location === undefined ? undefined : new URL(location, url).href,
    };
  }
}
