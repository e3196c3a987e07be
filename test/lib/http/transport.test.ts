import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { Transport, type TransportReply, type TransportRequest } from '../../../lib/http/transport.js';
import type { TransportFailureKind } from '../../../lib/http/failure.js';
import { freePort, serve, serveBytes, type TestServer } from '../../support/server.js';

const timeout = 10_000;

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

describe('the transport', () => {
  let transport: Transport;
  let server: TestServer | undefined;
  beforeEach(() => {
    transport = new Transport({ mode: 'insecure' });
  });
  afterEach(async () => {
    await transport.close();
    await server?.close();
    server = undefined;
  });

  const send = (options: Partial<TransportRequest> = {}): Promise<TransportReply> =>
    transport.send({ url: server?.url ?? new URL('http://127.0.0.1:1/'), timeout, ...options });
  const answering = async (listener: RequestListener): Promise<void> => {
    server = await serve(listener);
  };
  /** A server that answers a whole request with these bytes and then does something with the connection. */
  const answeringBytes = async (bytes: string, then: (socket: Socket) => void): Promise<void> => {
    server = await serveBytes((socket) => {
      socket.once('data', () => socket.write(bytes, () => then(socket)));
    });
  };
  const failsAs = (kind: TransportFailureKind, options?: Partial<TransportRequest>): Promise<void> =>
    assert.rejects(send(options), { name: 'TransportFailure', kind });

  it('sends what it is given and gives back what comes', async () => {
    await answering((request, response) => {
      void textOf(request).then((body) => {
        const { method, url, headers } = request;
        const { host, 'x-own': own, 'content-length': length } = headers;
        response.writeHead(418, { 'Set-Cookie': ['a=1', 'b=2'], 'X-Answer': 'yes' });
        response.end(JSON.stringify({ method, url, host, own, length, body }));
      });
    });
    const url = new URL('/production.json?details=1', server?.url);
    const reply = await send({ url, method: 'PUT', headers: { 'x-own': 'mine' }, body: 'né' });
    assert.deepEqual(JSON.parse(reply.body), {
      method: 'PUT',
      url: '/production.json?details=1',
      host: url.host,
      own: 'mine',
      length: '3',
      body: 'né',
    });
    assert.equal(reply.status, 418);
    assert.equal(reply.headers['x-answer'], 'yes');
    assert.deepEqual(reply.headers['set-cookie'], ['a=1', 'b=2']);
  });

  it('follows no redirect', async () => {
    let requests = 0;
    await answering((_request, response) => {
      requests++;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    assert.deepEqual([(await send()).status, requests], [302, 1]);
  });

  it('asks over one connection, one request after another', async () => {
    let under = 0;
    let most = 0;
    await answering((_request, response) => {
      most = Math.max(most, ++under);
      setImmediate(() => {
        under--;
        response.end('ok');
      });
    });
    await Promise.all(Array.from({ length: 10 }, () => send()));
    await send();
    assert.deepEqual([server?.connections, most], [1, 1]);
  });

  it('closes the connection where it must not be used again', async () => {
    const wishes: (string | undefined)[] = [];
    await answering((request, response) => {
      wishes.push(request.headers.connection);
      response.end('ok');
    });
    for (let count = 0; count < 3; count++) await send({ keepAlive: false });
    assert.deepEqual(wishes, ['close', 'close', 'close']);
    assert.equal(server?.connections, 3);
  });

  it('opens another connection where the old one was closed meanwhile', async () => {
    const sockets: Socket[] = [];
    await answering((request, response) => {
      sockets.push(request.socket);
      response.end('ok');
    });
    await send();
    const [socket] = sockets;
    assert.ok(socket);
    const closed = once(socket, 'close');
    socket.end();
    await closed;
    assert.equal((await send()).body, 'ok');
    assert.equal(server?.connections, 2);
  });

  it('takes answers of old gateways: two dates, no length, no content type, lines ended in their own way', async () => {
    await answeringBytes(
      'HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nDate: Thu, 01 Jan 1970 00:00:01 GMT\r\n\r\n{"a":1}',
      (socket) => socket.end(),
    );
    const reply = await send();
    assert.deepEqual([reply.status, reply.body], [200, '{"a":1}']);
    assert.equal(reply.headers['content-type'], undefined);
  });

  const head = (length: number): string => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;
  const cut: [what: string, bytes: string, then: (socket: Socket) => void, kind: TransportFailureKind][] = [
    ['reset before the answer', '', (socket) => socket.resetAndDestroy(), 'unreachable'],
    ['closed before the answer', '', (socket) => socket.end(), 'unreachable'],
    ['reset in the head', 'HTTP/1.1 200 OK\r\nDa', (socket) => socket.resetAndDestroy(), 'unreachable'],
    ['reset in the body', `${head(100)}half`, (socket) => socket.resetAndDestroy(), 'incomplete'],
    ['closed in the body', `${head(100)}half`, (socket) => socket.end(), 'incomplete'],
    [
      'closed between chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
      (socket) => socket.end(),
      'incomplete',
    ],
    ['no HTTP', 'SSH-2.0-dropbear\r\n\r\n', (socket) => socket.end(), 'incomplete'],
    [
      'with a length that is none',
      'HTTP/1.1 200 OK\r\nContent-Length: 2, many\r\n\r\nab',
      (socket) => socket.end(),
      'incomplete',
    ],
  ];
  for (const [what, bytes, then, kind] of cut) {
    it(`calls an answer ${kind} that is ${what}`, async () => {
      await answeringBytes(bytes, then);
      await failsAs(kind);
      await failsAs(kind, { method: 'POST', body: '{}' });
    });
  }

  it('goes on after an answer with more than its length', async () => {
    await answeringBytes(`${head(2)}{}more than that`, (socket) => socket.end());
    const reply = await send();
    assert.equal(reply.body, '{}');
    assert.equal((await send()).body, '{}');
  });

  it('calls a server that is not there unreachable', async () => {
    const port = await freePort();
    await failsAs('unreachable', { url: new URL(`http://127.0.0.1:${port}/`) });
    await failsAs('unreachable', { url: new URL(`https://127.0.0.1:${port}/`) });
  });

  it('calls a server unreachable that speaks no TLS where it should', async () => {
    await answering((_request, response) => response.end('plain'));
    await failsAs('unreachable', { url: new URL(`https://127.0.0.1:${server?.port ?? 0}/`) });
  });

  it('reads no more than the limit, and goes on after it', async () => {
    await answering((request, response) => {
      if (request.url !== '/big') response.end('x'.repeat(1000));
      else {
        const more = (): void => {
          if (response.write('x'.repeat(65_536))) setImmediate(more);
          else response.once('drain', more);
        };
        response.on('error', () => undefined);
        more();
      }
    });
    await failsAs('too_large', { url: new URL('/big', server?.url), limit: 1_000_000 });
    await failsAs('too_large', { limit: 999 });
    assert.equal((await send({ limit: 1000 })).body.length, 1000);
  });

  it('gives up on a server that does not answer in time, and goes on after it', async () => {
    await answering((request, response) => {
      if (request.url === '/body') response.writeHead(200, { 'content-length': 10 }).write('half');
      else if (request.url !== '/head') response.end('ok');
    });
    await failsAs('timeout', { url: new URL('/head', server?.url), timeout: 50 });
    await failsAs('timeout', { url: new URL('/body', server?.url), timeout: 50 });
    assert.equal((await send()).body, 'ok');
  });

  it('ends all that is under way when it is closed, and sends nothing afterwards', async () => {
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    let requests = 0;
    await answering((_request, response) => {
      requests++;
      response.writeHead(200, { 'content-length': 10 }).write('half');
      arrived();
    });
    const outcomes = [send(), send(), send()].map((each) => assert.rejects(each, { kind: 'closed' }));
    await arrival;
    await transport.close();
    await Promise.all(outcomes);
    await failsAs('closed');
    await transport.close();
    assert.equal(requests, 1);
  });

  it('may be closed before it was used, and while it connects', async () => {
    await transport.close();
    await failsAs('closed');
    transport = new Transport({ mode: 'insecure' });
    await answering((_request, response) => response.end('ok'));
    const outcome = assert.rejects(send(), { kind: 'closed' });
    await transport.close();
    await outcome;
  });

  it('may be disconnected and used again', async () => {
    await answering((_request, response) => response.end('ok'));
    await send();
    await transport.disconnect();
    assert.equal((await send()).body, 'ok');
    assert.equal(server?.connections, 2);
  });

  it('names no secret in its failures', async () => {
    await answeringBytes(`${head(100)}half`, (socket) => socket.resetAndDestroy());
    const failure = await send({
      url: new URL('/?password=hunter2', server?.url),
      headers: { authorization: 'Bearer hunter2' },
      body: 'hunter2',
      method: 'POST',
    }).catch((error: unknown) => error as Error);
    assert.ok(failure instanceof Error);
    assert.ok(!`${failure.message} ${failure.stack ?? ''}`.includes('hunter2'));
  });

  it('keeps to one connection unless told otherwise', async () => {
    const waiting: (() => void)[] = [];
    await answering((_request, response) => {
      waiting.push(() => response.end());
      if (waiting.length === 3) for (const answer of waiting) answer();
    });
    transport = new Transport({ mode: 'insecure' }, { connections: 3 });
    await Promise.all([send(), send(), send()]);
    assert.equal(server?.connections, 3);
    await server.close();
    await transport.close();
    await answering((_request, response) => response.end());
    transport = new Transport({ mode: 'insecure' });
    await Promise.all([send(), send(), send()]);
    assert.equal(server.connections, 1);
  });
});
