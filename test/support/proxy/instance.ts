import { createProxy, type Proxy, type ProxyOptions } from '../../../lib/proxy/proxy.js';
import { startServer, type RunningServer } from '../../../lib/proxy/server.js';
import { Browser } from './browser.js';
import { WireClient, type WireAnswer, type WireRequest } from './exchange.js';

type Members = Readonly<Record<string, string | undefined>> | string;
type Headers = Readonly<Record<string, string>>;

const formType = 'application/x-www-form-urlencoded';

/** One proxy with its server on a loopback port. */
export class ProxyInstance {
  readonly proxy: Proxy;
  readonly server: RunningServer;
  /** Where the server really is; `publicUrl` is what clients are told. */
  readonly url: string;
  readonly publicUrl: string;
  readonly #client: WireClient;

  private constructor(proxy: Proxy, server: RunningServer) {
    this.proxy = proxy;
    this.server = server;
    this.url = `http://127.0.0.1:${String(server.port)}`;
    this.publicUrl = proxy.context.settings.publicUrl;
    this.#client = new WireClient(server.port);
  }

  static async start(options: ProxyOptions): Promise<ProxyInstance> {
    const proxy = createProxy(options);
    const { pathname } = new URL(options.settings.publicUrl);
    const server = await startServer(proxy, { port: 0, basePath: pathname.replace(/\/$/, '') });
    return new ProxyInstance(proxy, server);
  }

  /** Sends a request as it stands. */
  send(request: WireRequest): Promise<WireAnswer> {
    return this.#client.send(request);
  }

  /** Posts a form; a text is sent as it is, a member that is undefined is left out. */
  form(path: string, members: Members = {}, headers: Headers = {}): Promise<WireAnswer> {
    const given = Object.entries(typeof members === 'string' ? {} : members);
    const filled = given.filter((each): each is [string, string] => each[1] !== undefined);
    const body = typeof members === 'string' ? members : new URLSearchParams(filled).toString();
    return this.send({ method: 'POST', path, headers: { 'content-type': formType, ...headers }, body });
  }

  get(path: string, headers: Headers = {}): Promise<WireAnswer> {
    return this.send({ method: 'GET', path, headers });
  }

  /** A new browser, without cookies. */
  browser(headers: Headers = {}): Browser {
    return new Browser(this.#client, this.publicUrl, headers);
  }

  /** Ends the server at once, then the proxy. */
  async close(): Promise<void> {
    this.#client.close();
    await this.server.drain(0);
    await this.proxy.close();
  }
}
