import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { resetConnection, sendFaulty } from '../shared/faults.js';
import type { Faults } from '../shared/faults.js';
import { bodyOf, page, send } from '../shared/reply.js';
import type { Reply } from '../shared/reply.js';
import type { RequestLog } from '../shared/request-log.js';
import { authorize, checkToken } from './authorization.js';
import type { Gate } from './authorization.js';
import { answerWrite } from './control.js';
import type { ControlParts } from './control.js';
import { measuresProduction, usesTokens } from './identity.js';
import { answerTo } from './routes.js';
import { sendStream } from './stream.js';
import type { PlainHttp } from './switches.js';
import { since } from './version.js';
import { zeroed } from './wrong-numbers.js';

/** What a gateway answers with. */
export interface GatewayParts extends ControlParts {
  readonly gate: Gate;
  readonly faults: Faults;
  readonly log: RequestLog;
  /** The streams that are open. */
  readonly streams: Set<ServerResponse>;
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

/** A request with its body read. */
interface Asked {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly body: string;
}

function reads({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Whether it starts and gives no data yet. */
function unavailable({ booting, gate: { identity, switches } }: GatewayParts): boolean {
  if (!booting) return false;
  return switches.bootAnswers === undefined
    ? since(identity.firmware, '4.0.0')
    : switches.bootAnswers === 'unavailable';
}

/** What stands for an answer: a stream that may be read, or a gateway that goes down. */
type Answer = Reply | 'stream' | 'down';

async function answer(parts: GatewayParts, { request, url, body }: Asked): Promise<Answer> {
  const { gate, installation, booting } = parts;
  const { pathname: path, searchParams: query } = url;
  const open = path === '/info' || path === '/info.xml';
  if (usesTokens(gate.identity) && !('encrypted' in request.socket)) {
    return page(301, 'Moved', { Location: `https://${request.headers.host ?? ''}${request.url ?? ''}` });
  }
  if (unavailable(parts) && !open) return page(503, '503 Service Unavailable');
  if (path === '/auth/check_jwt' && usesTokens(gate.identity)) return checkToken(gate, request);
  const permission = await authorize(gate, request, path);
  if (!permission.granted) return permission.answer;
  if (!reads(request)) return answerWrite(parts, request.method ?? '', path, body) ?? 'down';
  if (path === '/stream/meter' && measuresProduction(gate.identity)) return 'stream';
  const found = answerTo(installation.view(), path, query);
  const whole = { ...found, headers: { ...found.headers, ...permission.headers } };
  // Shortly after its start firmware 3 has all there, and all zero (spec/envoy 2.4).
  return booting && !open ? { ...whole, body: zeroed(whole.body) } : whole;
}

function stream(parts: GatewayParts, response: ServerResponse): void {
  const { installation, closed, streams, gate } = parts;
  streams.add(response);
  response.once('close', () => streams.delete(response));
  sendStream({ view: () => installation.view(), settings: gate.switches.stream, closed }, response);
}

async function handle(
  parts: GatewayParts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const body = reads(request) ? '' : await bodyOf(request);
  const asked = { request, url, body };
  const fault = parts.faults.take(url.pathname, request.method);
  if (fault) {
    const answered = async (): Promise<Reply> => {
      const found = await answer(parts, asked);
      return decorated(parts, typeof found === 'string' ? page(404, '404 Not Found') : found);
    };
    await sendFaulty(response, fault, answered, parts.closed);
    return;
  }
  const found = await answer(parts, asked);
  if (found === 'stream') stream(parts, response);
  else if (found === 'down') resetConnection(response);
  else send(response, decorated(parts, found));
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
    if (reads(request)) request.resume();
    handle(parts, request, response, url).catch((error: unknown) => {
      // Waiting ends with an error when the gateway closes; anything else is a defect of the simulator.
      if (parts.closed.aborted || response.destroyed || request.destroyed) response.destroy();
      else send(response, page(500, `Simulator: ${String(error)}`));
    });
  };
}
