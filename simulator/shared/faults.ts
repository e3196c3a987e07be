import { setTimeout as delay } from 'node:timers/promises';
import { Socket } from 'node:net';
import type { ServerResponse } from 'node:http';
import { page, send } from './reply.js';
import type { Reply } from './reply.js';

/** What can go wrong with an answer. */
export type Fault =
  /** This status instead of the answer, with these headers (such as `Retry-After`). */
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The connection is reset before the answer. */
  | { readonly kind: 'reset' }
  /** Head and half of the body, then a reset. */
  | { readonly kind: 'resetMidway' }
  /** The right answer, so many ms later. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** No answer at all; the connection stays open. */
  | { readonly kind: 'hang' }
  /** The first half of the body as if it were all of it. */
  | { readonly kind: 'truncated' }
  /** A page of HTML with status 200. */
  | { readonly kind: 'html' }
  /** A content length that is no number. */
  | { readonly kind: 'malformedLength' }
  /** The right body under another content type; an empty one leaves the header out. */
  | { readonly kind: 'contentType'; readonly contentType: string }
  /** A body that was changed on the way; only where the answer is a success. */
  | { readonly kind: 'edited'; readonly edit: (body: string) => string };

/** Where a fault applies and how often. */
interface FaultScope {
  /** The path without query, or an expression that it has to match; default every path. */
  readonly path?: string | RegExp;
  /** Such as `PUT`; default every method. */
  readonly method?: string;
  /** How many requests are hit; default until cleared. */
  readonly times?: number;
}

/** Faults that are switched on and off at run time. */
export interface Faults {
  /** Switches a fault on and gives what switches it off. Of several that apply, the newest one wins. */
  add(fault: Fault, scope?: FaultScope): () => void;
  /** Switches all of them off. */
  clear(): void;
  /** The fault that hits a request to this path, counted as used. */
  take(path: string, method?: string): Fault | undefined;
}

/** A set of faults, empty at first. */
export function createFaults(): Faults {
  let active: { fault: Fault; path: string | RegExp | undefined; method: string | undefined; left: number }[] = [];
  return {
    add: (fault, { path, method, times = Number.POSITIVE_INFINITY } = {}) => {
      const entry = { fault, path, method, left: times };
      active.push(entry);
      return () => {
        active = active.filter((other) => other !== entry);
      };
    },
    clear: () => {
      active = [];
    },
    take: (path, method) => {
      const matches = (wanted: string | RegExp | undefined): boolean =>
        wanted === undefined || (typeof wanted === 'string' ? wanted === path : wanted.test(path));
      const hit = active.findLast(
        (entry) => entry.left > 0 && matches(entry.path) && (entry.method ?? method) === method,
      );
      if (hit) hit.left--;
      return hit?.fault;
    },
  };
}

/** Cuts the connection of a response; with a TCP reset where the socket allows it. */
export function resetConnection(response: ServerResponse): void {
  const { socket } = response.req;
  if (socket instanceof Socket && !('encrypted' in socket)) socket.resetAndDestroy();
  else socket.destroy();
}

function sendHalf(response: ServerResponse, { status, headers, body }: Reply): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(status, { 'Content-Length': Buffer.byteLength(body) + 1 });
  response.write(body.slice(0, Math.ceil(body.length / 2)), () => {
    resetConnection(response);
  });
}

function sendMalformed(response: ServerResponse, { status, body }: Reply): void {
  response.req.socket.end(`HTTP/1.1 ${status} Malformed\r\nContent-Length: ${body.length}, many\r\n\r\n${body}`);
}

/** The answer as a fault of its body or its type leaves it. */
function changed(answer: Reply, fault: Fault): Reply {
  if (fault.kind === 'truncated') return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
  if (fault.kind === 'edited') return answer.status === 200 ? { ...answer, body: fault.edit(answer.body) } : answer;
  return fault.kind === 'contentType' ? withContentType(answer, fault.contentType) : answer;
}

function withContentType(answer: Reply, contentType: string): Reply {
  const headers = Object.entries(answer.headers).filter(([name]) => name.toLowerCase() !== 'content-type');
  if (contentType) headers.push(['Content-Type', contentType]);
  return { ...answer, headers: Object.fromEntries(headers) };
}

/**
 * Sends an answer the way the fault has it.
 * @param answer makes the right answer; not called by faults that do not need it
 * @param closed aborted when the server closes, so that nothing waits on
 */
export async function sendFaulty(
  response: ServerResponse,
  fault: Fault,
  answer: () => Promise<Reply>,
  closed: AbortSignal,
): Promise<void> {
  if (fault.kind === 'hang') return;
  if (fault.kind === 'slow') await delay(fault.milliseconds, undefined, { signal: closed });
  if (fault.kind === 'status') send(response, page(fault.status, `Error ${fault.status}`, fault.headers ?? {}));
  else if (fault.kind === 'reset') resetConnection(response);
  else if (fault.kind === 'html') send(response, page(200, 'Please sign in'));
  else if (fault.kind === 'resetMidway') sendHalf(response, await answer());
  else if (fault.kind === 'malformedLength') sendMalformed(response, await answer());
  else send(response, changed(await answer(), fault));
}
