import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { serve, type TestServer } from '../../../support/server.js';

/** A request that the gateway was sent. */
interface GatewayRequest {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What it answers: a body is sent as JSON unless it is a text; nothing leaves the request without an answer. */
type GatewayAnswer =
  | {
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | 'cut'
  | 'silence';

/** A server with the odd answers that no simulator gives. */
export interface Gateway {
  readonly url: string;
  /** Requests of tokens, and all others. */
  readonly tokenRequests: GatewayRequest[];
  readonly requests: GatewayRequest[];
  /** Answers a request of data; by default with an error. */
  answer: (request: GatewayRequest, index: number) => GatewayAnswer;
  answerToken: (index: number) => GatewayAnswer;
  close(): Promise<void>;
}

function give(response: ServerResponse, answer: GatewayAnswer): void {
  if (answer === 'silence') return;
  if (answer === 'cut') {
    response.req.socket.destroy();
    return;
  }
  const { status, body = '', headers = {} } = answer;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Starts it; its tokens are `token-1`, `token-2` and so on. */
export async function startGateway(): Promise<Gateway> {
  const tokenRequests: GatewayRequest[] = [];
  const requests: GatewayRequest[] = [];
  const server: TestServer = await serve((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const isToken = url.startsWith('/oauth2/v3/token');
      const list = isToken ? tokenRequests : requests;
      const captured = { method, url, headers, body };
      const index = list.push(captured) - 1;
      give(response, isToken ? gateway.answerToken(index) : gateway.answer(captured, index));
    });
  });
  const gateway: Gateway = {
    url: server.url.origin,
    tokenRequests,
    requests,
    answer: () => ({ status: 500 }),
    answerToken: (index) => ({
      status: 200,
      body: { access_token: `token-${index + 1}`, token_type: 'Bearer', expires_in: '12600' },
    }),
    close: () => server.close(),
  };
  return gateway;
}
