import type { Dispatcher } from './dispatch.js';
import { ProxyError } from './error.js';
import { splitTarget } from './target.js';
import type { ProxyResponse } from './types.js';

/** Where a request came from. */
interface FetchConnection {
  /** Address of the peer of the connection. */
  readonly peer: string;
}

/** A handler in the manner of `fetch`. */
export type FetchHandler = (request: Request, connection: FetchConnection) => Promise<Response>;

async function readBody(request: Request, limit: number): Promise<string> {
  if (!request.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as ReadableStream<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limit) {
      throw new ProxyError(413, 'invalid_request', { description: `The body is larger than ${String(limit)} bytes` });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function asResponse({ status, headers, body }: ProxyResponse, method: string): Response {
  const list = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') list.set(name, value);
    else for (const each of value) list.append(name, each);
  }
  return new Response(status === 204 || method === 'HEAD' ? null : body, { status, headers: list });
}

/** Puts a proxy behind whatever speaks `Request` and `Response`. */
export function fetchHandler(
  proxy: { readonly handle: Dispatcher },
  { basePath = '' }: { readonly basePath?: string } = {},
): FetchHandler {
  return async (request, { peer }) => {
    const { path, query } = splitTarget(request.url.split('#', 1)[0] ?? '/', basePath);
    const { method, headers } = request;
    const body = (limit: number) => readBody(request, limit);
    return asResponse(await proxy.handle({ method, path, query, headers, peer, body }), method);
  };
}
