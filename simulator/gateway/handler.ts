import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { resetConnection, sendFaulty } from '../shared/faults.js';
import type { Faults } from '../shared/faults.js';
import { page, send } from '../shared/reply.js';
import type { Reply } from '../shared/reply.js';
import type { RequestLog } from '../shared/request-log.js';
import { authorize, checkToken } from './authorization.js';
import type { Gate } from './authorization.js';
import { streamMessage } from './documents/meters.js';
import { measuresProduction, usesTokens } from './identity.js';
import type { View } from './identity.js';
import { answerTo, zeroed } from './routes.js';
import type { PlainHttp } from './types.js';
import { since } from './version.js';

/** What a gateway answers with. */
export interface GatewayParts {
  readonly gate: Gate;
  readonly view: () => View;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly closed: AbortSignal;
  booting: boolean;
}

/** From here on gateways listen for TLS only (spec/envoy 1.3). */
const plainClosed = '8.3.5286';

/** What a gateway from firmware 7 on does with plain HTTP at the moment. */
export function plainHttpOf({ switches, identity }: Gate): PlainHttp {
  return switches.plainHttp ?? (since(identity.firmware, plainClosed) ? 'closed' : 'redirect');
}

/** Whether the firmware is of the generation that answers with two dates and ends each connection (spec/envoy 2.2.1). */
function fifthGeneration({ identity: { firmware } }: Gate): boolean {
  return since(firmware, '5.0.0') && !since(firmware, '7.0.0');
}

function decorated({ gate }: GatewayParts, answer: Reply): Reply {
  const { duplicateDate = fifthGeneration(gate), connectionClose = fifthGeneration(gate) } = gate.switches;
  const date = new Date().toUTCString();
  const headers = {
    ...(usesTokens(gate.identity) && { Server: 'openresty', 'X-Content-Type-Options': 'nosniff' }),
    ...(duplicateDate && { Date: [date, date] }),
    ...(connectionClose && { Connection: 'close' }),
  };
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** The answer to a request that is no stream, or nothing where it is one and may be read. */
async function answer(parts: GatewayParts, request: IncomingMessage, url: URL): Promise<Reply | undefined> {
  const { gate, view, booting } = parts;
  const { pathname: path, searchParams: query } = url;
  const open = path === '/info' || path === '/info.xml';
  if (usesTokens(gate.identity) && !('encrypted' in request.socket)) {
    return page(301, 'Moved', { Location: `https://${request.headers.host ?? ''}${request.url ?? ''}` });
  }
  if (booting && !open && since(gate.identity.firmware, '4.0.0')) return page(503, '503 Service Unavailable');
  if (path === '/auth/check_jwt' && usesTokens(gate.identity)) return checkToken(gate, request);
  const permission = await authorize(gate, request, path);
  if (!permission.granted) return permission.answer;
  if (request.method !== 'GET' && request.method !== 'HEAD') return page(405, '405 Not Allowed');
  if (path === '/stream/meter' && measuresProduction(gate.identity)) return undefined;
  const found = answerTo(view(), path, query);
  const whole = { ...found, headers: { ...found.headers, ...permission.headers } };
  return booting && !open ? zeroed(whole) : whole;
}

/** Sends a message a second until either side ends it (spec/envoy 7.1). */
function stream({ view, closed }: GatewayParts, response: ServerResponse): void {
  // The client may have gone while its token was checked: then nothing would ever end the timer.
  if (closed.aborted || response.destroyed) return;
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  const write = (): void => {
    response.write(`data: ${JSON.stringify(streamMessage(view()))}\n\n`);
  };
  const timer = setInterval(write, 1000);
  const stop = (): void => {
    clearInterval(timer);
  };
  response.once('close', stop);
  closed.addEventListener('abort', stop, { once: true });
  write();
}

async function handle(
  parts: GatewayParts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const fault = parts.faults.take(url.pathname);
  const missing = page(404, '404 Not Found');
  const answered = async (): Promise<Reply> => decorated(parts, (await answer(parts, request, url)) ?? missing);
  if (fault) {
    await sendFaulty(response, fault, answered, parts.closed);
    return;
  }
  const found = await answer(parts, request, url);
  if (found) send(response, decorated(parts, found));
  else stream(parts, response);
}

/** What answers the requests of a gateway. */
export function createHandler(parts: GatewayParts): RequestListener {
  const challenged = new WeakSet<Socket>();
  const resets = (): boolean =>
    parts.gate.switches.resetOnKeepAliveDigest ?? parts.gate.identity.firmware === '3.18.10';

  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://gateway');
    parts.log.record(request, response, url.pathname, url.search);
    if (resets() && challenged.has(request.socket)) {
      resetConnection(response);
      return;
    }
    response.once('finish', () => {
      if (response.statusCode === 401) challenged.add(request.socket);
    });
    request.resume();
    handle(parts, request, response, url).catch((error: unknown) => {
      // Waiting ends with an error when the gateway closes; anything else is a defect of the simulator.
      if (parts.closed.aborted) response.destroy();
      else send(response, page(500, `Simulator: ${String(error)}`));
    });
  };
}
