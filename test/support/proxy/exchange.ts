import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

/** What goes over the wire: nothing is added to the headers but `Host` and the length of the body. */
export interface WireRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** An answer as it came. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body, parsed. @throws SyntaxError where it is no JSON */
  readonly json: Record<string, unknown>;
}

/** Sends requests to one port of this machine, over connections that stay open. */
export class WireClient {
  readonly port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });

  constructor(port: number) {
    this.port = port;
  }

  async send({ method, path, headers = {}, body }: WireRequest): Promise<WireAnswer> {
    const message = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const sent = request({
        host: '127.0.0.1',
        port: this.port,
        agent: this.#agent,
        method,
        path,
        headers: { ...length, ...(headers as Record<string, string | string[]>) },
      });
      sent.on('response', resolve).on('error', reject).end(body);
    });
    const answer = await text(message);
    return {
      status: message.statusCode ?? 0,
      headers: message.headers,
      text: answer,
      get json() {
        return JSON.parse(answer) as Record<string, unknown>;
      },
    };
  }

  close(): void {
    this.#agent.destroy();
  }
}
