import type { IncomingMessage } from 'node:http';
import { ProxyError } from './error.js';

/** How long a client may take to send the body of a request, ms. */
const patience = 10_000;

/** How much of an unwanted body is read and thrown away before the connection is cut, bytes and ms. */
const discarded = { bytes: 4 * 1024 * 1024, time: 5_000 };

function tooLarge(limit: number): ProxyError {
  return new ProxyError(413, 'invalid_request', { description: `The body is larger than ${String(limit)} bytes` });
}

/** An array or an object stands for a repeated parameter or for `name[…]`: written as the latter, it is refused. */
function pair([name, value]: [string, unknown]): string {
  const isText = typeof value === 'string';
  return `${encodeURIComponent(isText ? name : `${name}[]`)}=${isText ? encodeURIComponent(value) : ''}`;
}

/** The body that a parser of Express has read before us, as a form. */
function parsedBody(body: unknown): string {
  if (typeof body === 'string') return body;
  if (Buffer.isBuffer(body)) return body.toString('utf8');
  if (typeof body !== 'object' || body === null) return '';
  return Object.entries(body).map(pair).join('&');
}

function collect(message: IncomingMessage, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (done: () => void) => {
      clearTimeout(timer);
      message.off('data', onData).off('end', onEnd).off('close', onClose);
      done();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > limit) settle(() => reject(tooLarge(limit)));
    };
    const onEnd = () => settle(() => resolve(Buffer.concat(chunks).toString('utf8')));
    const onClose = () =>
      settle(() => reject(new ProxyError(400, 'invalid_request', { description: 'The request ended early' })));
    const timer = setTimeout(() => {
      const refusal = { description: 'The body took too long', headers: { connection: 'close' } };
      settle(() => reject(new ProxyError(408, 'invalid_request', refusal)));
    }, patience);
    message.on('data', onData).on('end', onEnd).on('close', onClose);
    // A connection that breaks is told by `close` too; without a listener it would end the process.
    message.on('error', () => undefined);
  });
}

/**
 * Reads the body of a request of node:http, or takes it from a parser that was there first.
 * @throws ProxyError 413 above `limit` bytes, 408 where it does not arrive within 10 s, 400 where it ends early
 */
export async function readBody(message: IncomingMessage & { readonly body?: unknown }, limit: number): Promise<string> {
  if (message.readableEnded) {
    const body = parsedBody(message.body);
    if (Buffer.byteLength(body) > limit) throw tooLarge(limit);
    return body;
  }
  const length = message.headers['content-length'];
  if (length === undefined && message.headers['transfer-encoding'] === undefined) return '';
  if (Number(length ?? 0) > limit) throw tooLarge(limit);
  return collect(message, limit);
}

/**
 * Reads what is left of a request that is answered already, so that the client sees the answer instead of a broken
 * connection; cuts it off where that is too much.
 */
export function discardRest(message: IncomingMessage): void {
  if (message.complete || message.destroyed) return;
  let left = discarded.bytes;
  const timer = setTimeout(() => message.destroy(), discarded.time);
  message.on('error', () => undefined);
  message.once('close', () => clearTimeout(timer));
  message.once('end', () => clearTimeout(timer));
  message.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) message.destroy();
  });
  message.resume();
}
