import { Agent, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request of the plugin. */
export interface PluginRequest {
  readonly method: 'GET' | 'POST';
  /** With the query. */
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  /** Type and token, as one text. */
  readonly authorization?: string;
}

/** An answer as the plugin sees it; status 0 where the connection broke. */
export interface PluginAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The members of the body; `undefined` where it is no JSON object. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

function jsonObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The one TCP connection of the plugin (spec/device-flow 5.3). Time that only the test's clock shows closes it as it
 * would in truth: by what the server says of idle connections.
 */
export class PluginConnection {
  readonly #port: number;
  readonly #host: string;
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #socket: Socket | undefined;
  /** ms that the server leaves an idle connection open. */
  #patience = 0;
  /** Connections so far. */
  opened = 0;

  /** @param host what `Host` says: without a port, since it is the usual one of https */
  constructor(port: number, host: string) {
    this.#port = port;
    this.#host = host;
  }

  /** Whether the connection outlives so many idle ms. */
  survives(idle: number): boolean {
    return this.#socket?.destroyed === false && idle < this.#patience;
  }

  /** Sends a request after so many idle ms, over a new connection where the old one is closed. */
  async send(sent: PluginRequest, idle: number): Promise<PluginAnswer> {
    if (!this.survives(idle)) this.close();
    try {
      const message = await this.#exchange(sent);
      const body = await text(message);
      const { statusCode: status = 0, headers } = message;
      const timeout = /timeout=(\d+)/.exec(String(headers['keep-alive']))?.[1];
      this.#patience = headers.connection === 'close' ? 0 : Number(timeout ?? 5) * 1000;
      return { status, headers, json: jsonObject(body) };
    } catch {
      return { status: 0, headers: {}, json: undefined };
    }
  }

  close(): void {
    this.#agent.destroy();
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1 });
    this.#socket = undefined;
  }

  #exchange({ method, path, form, authorization }: PluginRequest): Promise<IncomingMessage> {
    const body = form && new URLSearchParams(form).toString();
    const headers = {
      Accept: 'application/json',
      'Content-Type': 'application/x-www-form-urlencoded',
      Host: this.#host,
      'User-Agent': 'DomoticzLinkyPlugin/2.6.0',
      ...(authorization !== undefined && { Authorization: authorization }),
      ...(body !== undefined && { 'Content-Length': Buffer.byteLength(body) }),
    };
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: this.#port, agent: this.#agent, method, path, headers });
      sent.on('socket', (socket) => {
        if (socket !== this.#socket) this.opened++;
        this.#socket = socket;
      });
      sent.on('response', resolve).on('error', reject).end(body);
    });
  }
}
