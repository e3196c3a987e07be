import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** A request after its body was read. */
export interface EnedisRequest {
  readonly method: string;
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly body: string;
}

/** A request as it came in, whole. */
export interface CapturedRequest extends EnedisRequest {
  /** ms since the epoch, by the machine's clock. */
  readonly at: number;
  /** With the question mark; empty where there is none. */
  readonly query: string;
  /** Set when the answer was sent; 0 until then and where the connection was cut instead. */
  status: number;
}

/** Everything that was asked, oldest first, up to the latest 10 000. */
export interface Requests {
  readonly all: readonly CapturedRequest[];
  /** Those whose path is that text or fits that expression. */
  to(path: string | RegExp): readonly CapturedRequest[];
  clear(): void;
  add(request: CapturedRequest, response: ServerResponse): void;
}

const kept = 10_000;

/** An empty list. */
export function createRequests(): Requests {
  const all: CapturedRequest[] = [];
  return {
    all,
    to: (path) => all.filter((request) => (typeof path === 'string' ? request.path === path : path.test(request.path))),
    clear: () => {
      all.length = 0;
    },
    add: (request, response) => {
      all.push(request);
      if (all.length > kept) all.splice(0, all.length - kept);
      response.once('close', () => {
        if (response.writableFinished) request.status = response.statusCode;
      });
    },
  };
}
