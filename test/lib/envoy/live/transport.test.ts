import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Transport, type StreamReply, type StreamRequest } from '../../../../lib/http/transport.js';
import type { CertificatePolicy } from '../../../../lib/http/certificate.js';
import { createCertificate } from '../../../../simulator/index.js';
import { freePort, serve, serveBytes, type ServerOptions, type TestServer } from '../../../support/server.js';

const long = 30_000;

describe('a stream of the transport', () => {
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

  async function answering(listener: RequestListener, options?: ServerOptions): Promise<void> {
    server = await serve(listener, options);
  }
  function open(options: Partial<StreamRequest> = {}): Promise<StreamReply> {
    const url = server?.url ?? new URL('http://127.0.0.1:1/');
    return transport.stream({ url, timeout: long, idle: long, ...options });
  }
  /** Text up to the end; what ends it is raised. */
  async function textOf({ body }: StreamReply, each?: () => void): Promise<string> {
    let text = '';
    for await (const chunk of body) {
      text += Buffer.from(chunk).toString();
      each?.();
    }
    return text;
  }
  const begun: RequestListener = (_request, response) => response.write('one');

  it('gives status, headers and chunks as they come', async () => {
    let answer: ServerResponse | undefined;
    await answering((request, response) => {
      answer = response.writeHead(200, { 'X-Accept': request.headers.accept, 'X-Own': request.headers['x-own'] });
      response.write('one');
    });
    const reply = await open({ headers: { 'x-own': 'mine' } });
    assert.deepEqual(
      [reply.status, reply.headers['x-accept'], reply.headers['x-own']],
      [200, 'text/event-stream', 'mine'],
    );
    const parts = ['two', undefined];
    assert.equal(await textOf(reply, () => answer?.end(parts.shift())), 'onetwo');
  });

  it('has a connection of its own, so that requests go on meanwhile', async () => {
    await answering((request, response) => {
      if (request.url === '/stream') begun(request, response);
      else response.end('ok');
    });
    const reply = await open({ url: new URL('/stream', server?.url) });
    const url = new URL('/', server?.url);
    const send = () => transport.send({ url, timeout: long });
    const answers = [await send(), await send()].map(({ body }) => body);
    assert.deepEqual([answers, server?.connections], [['ok', 'ok'], 2]);
    await reply.close();
  });

  it('is dead after some time without a byte, and the connection is gone', async () => {
    const closed: Promise<unknown>[] = [];
    await answering((request, response) => {
      closed.push(once(request.socket, 'close'));
      begun(request, response);
    });
    await assert.rejects(textOf(await open({ idle: 50 })), { name: 'TransportFailure', kind: 'timeout' });
    await Promise.all(closed);
  });

  it('does not count the time that its reader takes as silence', async () => {
    let answer: ServerResponse | undefined;
    await answering((_request, response) => {
      answer = response;
      response.write('one');
    });
    const idle = 50;
    const reply = await open({ idle });
    let text = '';
    for await (const chunk of reply.body) {
      text += Buffer.from(chunk).toString();
      // Longer than the silence that is allowed: that is what this is about.
      if (text === 'one') await new Promise((resolve) => setTimeout(resolve, 4 * idle));
      answer?.end('two');
    }
    assert.equal(text, 'onetwo');
  });

  it('that does not begin in time is a time-out', async () => {
    await answering(() => undefined);
    await assert.rejects(open({ timeout: 50 }), { name: 'TransportFailure', kind: 'timeout' });
  });

  it('tells a server that is not there from one that breaks off', async () => {
    const url = new URL(`http://127.0.0.1:${await freePort()}/`);
    await assert.rejects(open({ url }), { kind: 'unreachable' });
    const sockets: Socket[] = [];
    server = await serveBytes((socket) => {
      sockets.push(socket);
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n'));
    });
    await assert.rejects(
      textOf(await open(), () => sockets[0]?.resetAndDestroy()),
      { kind: 'incomplete' },
    );
  });

  const endings: readonly [name: string, kind: string, end: (signal: AbortController) => unknown][] = [
    [
      'its signal',
      'closed',
      (ending) => {
        ending.abort();
      },
    ],
    ['the end of the transport', 'closed', () => transport.close()],
    ['the end of all connections', 'incomplete', () => transport.disconnect()],
  ];
  for (const [name, kind, end] of endings) {
    it(`ends with ${name}`, async () => {
      await answering(begun);
      const ending = new AbortController();
      const reply = await open({ signal: ending.signal });
      await assert.rejects(
        textOf(reply, () => void end(ending)),
        { kind },
      );
    });

    it(`ends with ${name} before it began`, async () => {
      const ending = new AbortController();
      await answering(() => void end(ending));
      await assert.rejects(open({ signal: ending.signal }), { kind });
    });
  }

  it('is not opened once its signal fired or the transport was closed', async () => {
    await answering(begun);
    await assert.rejects(open({ signal: AbortSignal.abort() }), { kind: 'closed' });
    await transport.close();
    await assert.rejects(open(), { kind: 'closed' });
    assert.equal(server?.connections, 0);
  });

  it('leaves no connection and no timer when its reader stops', async () => {
    const closed: Promise<unknown>[] = [];
    await answering((request, response) => {
      closed.push(once(request.socket, 'close'));
      begun(request, response);
    });
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    await assert.rejects(
      textOf(await open(), () => {
        throw new Error('enough');
      }),
      /enough/,
    );
    await Promise.all(closed);
    assert.ok(timers() <= before);
  });

  it('goes by the certificate policy', async () => {
    const certificate = await createCertificate({ commonName: 'gateway' });
    await answering(begun, { certificate });
    const policed = async (policy: CertificatePolicy): Promise<void> => {
      await transport.close();
      transport = new Transport(policy);
    };
    let seen = '';
    await policed({ mode: 'pin', seen: (fingerprint) => (seen = fingerprint) });
    await (await open()).close();
    await policed({ mode: 'pin', pinned: () => seen });
    await (await open()).close();
    await policed({ mode: 'pin', pinned: () => seen.replace(/^../, seen.startsWith('00') ? '11' : '00') });
    await assert.rejects(open(), { code: 'certificate_changed' });
    await policed({ mode: 'verify' });
    await assert.rejects(open(), { kind: 'untrusted' });
  });
});
