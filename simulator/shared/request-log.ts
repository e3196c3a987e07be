import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request as it came in. */
interface RequestRecord {
  /** ms since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** With the question mark; empty where there is none. */
  readonly query: string;
  readonly secure: boolean;
  /** The scheme of the credentials in lower case, `cookie` where there is only that, or `none`. */
  readonly authentication: string;
  /** Set when the answer was sent; 0 until then and where the connection was cut instead. */
  status: number;
}

/** What was asked of a simulated server. */
export interface RequestLog {
  /** The latest 10 000 requests, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** How often `GET /path` or `GET /path?query` was asked, or everything where no key is given. */
  count(key?: string): number;
  /** Requests that are being answered now, and the most there ever were at once. */
  readonly inFlight: number;
  readonly maximumInFlight: number;
  /** Forgets everything so far. */
  clear(): void;
  record(request: IncomingMessage, response: ServerResponse, path: string, query: string): void;
}

const kept = 10_000;

function authenticationOf({ headers }: IncomingMessage): string {
  const scheme = /^\S+/.exec(headers.authorization ?? '')?.[0].toLowerCase();
  return scheme ?? (headers.cookie === undefined ? 'none' : 'cookie');
}

/** An empty log. */
export function createRequestLog(): RequestLog {
  const requests: RequestRecord[] = [];
  const counts = new Map<string, number>();
  let total = 0;
  let inFlight = 0;
  let maximumInFlight = 0;
  const add = (key: string): void => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  return {
    requests,
    count: (key) => (key === undefined ? total : (counts.get(key) ?? 0)),
    get inFlight() {
      return inFlight;
    },
    get maximumInFlight() {
      return maximumInFlight;
    },
    clear: () => {
      requests.length = 0;
      counts.clear();
      total = 0;
      maximumInFlight = inFlight;
    },
    record: (request, response, path, query) => {
      const { method = 'GET' } = request;
      const secure = 'encrypted' in request.socket;
      const authentication = authenticationOf(request);
      const record = { at: Date.now(), method, path, query, secure, authentication, status: 0 };
      requests.push(record);
      if (requests.length > kept) requests.splice(0, requests.length - kept);
      total++;
      add(`${method} ${path}`);
      if (query) add(`${method} ${path}${query}`);
      inFlight++;
      maximumInFlight = Math.max(maximumInFlight, inFlight);
      response.once('close', () => {
        inFlight--;
        if (response.writableFinished) record.status = response.statusCode;
      });
    },
  };
}
