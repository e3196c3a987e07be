import type { AccountTransport } from '../../../lib/device-flow/device-flow-account.js';
import { TransportFailure } from '../../../lib/http/failure.js';
import type { TransportReply, TransportRequest } from '../../../lib/http/transport.js';

/** A request as a script sees it. */
export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly form: URLSearchParams;
}

/** An answer of a script: status, body and headers, or no answer. */
export type ScriptedReply =
  { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> } | 'lost';

/** A transport whose answers a test writes. */
export interface ScriptedTransport extends AccountTransport {
  readonly requests: ScriptedRequest[];
  /** Those with this path. */
  to(path: string): ScriptedRequest[];
}

/** A server without metadata: what a script does not know is a page with 404. */
const nothing: ScriptedReply = { status: 404, body: '<html>Not found</html>' };

/** Turns a script into a transport. */
export function scriptedTransport(
  script: (request: ScriptedRequest) => ScriptedReply | undefined | Promise<ScriptedReply | undefined>,
): ScriptedTransport {
  const requests: ScriptedRequest[] = [];
  let closed = false;
  return {
    requests,
    to: (path) => requests.filter((each) => each.path === path),
    async send({ url, method = 'GET', headers = {}, body = '' }: TransportRequest): Promise<TransportReply> {
      if (closed) throw new TransportFailure('closed', 'The connection was closed.');
      const request = { method, path: url.pathname, headers, form: new URLSearchParams(body) };
      requests.push(request);
      const reply = (await script(request)) ?? nothing;
      if (reply === 'lost') throw new TransportFailure('unreachable', 'The exchange failed.');
      const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
      return { status: reply.status, headers: reply.headers ?? {}, body: text };
    },
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
}
