import assert from 'node:assert/strict';
import { jsonResponse } from '../../../../lib/proxy/http/answers.js';
import { startServer, type RunningServer, type ServerOptions } from '../../../../lib/proxy/server.js';
import { postText, rawConnection } from './raw.js';
import { served, type Served } from './serving.js';

const crlf = '\r\n';

describe('lib/proxy/server', () => {
  let running: RunningServer | undefined;

  async function start(proxy: Pick<Served, 'handle'>, options: Partial<ServerOptions> = {}): Promise<number> {
    running = await startServer(proxy, { port: 0, ...options });
    return running.port;
  }

  afterEach(async () => {
    await running?.drain(0);
    running = undefined;
  });

  it('answers pipelined requests in their order, on one connection', async () => {
    const proxy = served();
    const connection = await rawConnection(await start(proxy));
    connection.send(postText('/device/code', 'n=first') + postText('/device/code', 'n=second'));
    connection.send(`GET /data/proxy/x HTTP/1.1${crlf}Host: a${crlf}Connection: close${crlf}${crlf}`);
    const answer = await connection.end();
    assert.equal(answer.split('HTTP/1.1 200 OK').length, 4);
    assert.match(answer, /first[^]*second[^]*"path"/);
    assert.deepEqual(proxy.ran.sort(), ['data', 'echo', 'echo']);
  });

  it('keeps connections open for longer than the pause between two polls', async () => {
    const connection = await rawConnection(await start(served()));
    connection.send(postText('/device/code', 'n=1'));
    await connection.until('"n"');
    assert.match(connection.received, /keep-alive: timeout=65/i);
  });

  it('refuses a body of 1 MiB, whether its length is told or not, and the connection stays usable', async () => {
    const proxy = served();
    const connection = await rawConnection(await start(proxy));
    const body = `a=${'x'.repeat(1024 * 1024)}`;
    connection.send(postText('/device/code', body));
    await connection.until('413 Payload Too Large');
    connection.send(postText('/device/code', 'n=1'));
    await connection.until('"n":"1"');
    connection.send(
      `POST /device/code HTTP/1.1${crlf}Host: a${crlf}Content-Type: application/x-www-form-urlencoded${crlf}` +
        `Transfer-Encoding: chunked${crlf}${crlf}${body.length.toString(16)}${crlf}${body}${crlf}0${crlf}${crlf}`,
    );
    await connection.until('413 Payload Too Large', 2);
    assert.deepEqual(proxy.ran, ['echo']);
  });

  it('cuts a client that goes on sending what nobody wants', async () => {
    const connection = await rawConnection(await start(served()));
    const piece = 'x'.repeat(64 * 1024);
    connection.send(`POST /device/code HTTP/1.1${crlf}Host: a${crlf}Content-Length: 10000000000${crlf}${crlf}`);
    await connection.until('413');
    const pump = () => {
      while (!connection.socket.destroyed && connection.socket.write(piece));
    };
    connection.socket.on('drain', pump);
    pump();
    await connection.end();
  });

  it('runs nothing for a request whose body ends half-way, and calls it no failure of its own', async () => {
    const proxy = served();
    const answered = new Promise<number>((resolve) => {
      const { handle } = proxy;
      void start({
        handle: async (request) => {
          const response = await handle(request);
          resolve(response.status);
          return response;
        },
      }).then(async (port) => {
        const connection = await rawConnection(port);
        connection.socket.write(postText('/device/code', 'n=1').slice(0, -1), () =>
          connection.socket.resetAndDestroy(),
        );
      });
    });
    assert.equal(await answered, 400);
    assert.deepEqual([proxy.ran, proxy.events], [[], []]);
  });

  it('cuts a client that sends its headers slowly', async () => {
    const proxy = served();
    const port = await start(proxy, { limits: { headers: 50, request: 50, check: 10 } });
    const connection = await rawConnection(port);
    connection.send(`GET / HTTP/1.1${crlf}`);
    const drip = setInterval(() => connection.send(`X-A: b${crlf}`), 5);
    const answer = await connection.end();
    clearInterval(drip);
    assert.match(answer, /^HTTP\/1\.1 408 /);
    assert.deepEqual(proxy.ran, []);
  });

  it('cuts a client that sends its body slowly', async () => {
    const proxy = served();
    const port = await start(proxy, { limits: { headers: 50, request: 50, check: 10 } });
    const connection = await rawConnection(port);
    connection.send(postText('/device/code', 'x'.repeat(1000)).slice(0, -900));
    assert.match(await connection.end(), /^HTTP\/1\.1 408 /);
    assert.deepEqual(proxy.ran, []);
  });

  it('refuses headers that are too large, broken, or say two lengths', async () => {
    const proxy = served();
    const port = await start(proxy);
    const heads = [
      `X: ${'y'.repeat(20_000)}`,
      `X y: z`,
      `Content-Length: 3${crlf}Content-Length: 5`,
      `Content-Length: 3${crlf}Transfer-Encoding: chunked`,
      `X: a\u0000b`,
    ];
    for (const head of heads) {
      const connection = await rawConnection(port);
      connection.send(`POST /device/code HTTP/1.1${crlf}Host: a${crlf}${head}${crlf}${crlf}a=1`);
      assert.match(await connection.end(), /^HTTP\/1\.1 4\d\d /, head.slice(0, 40));
    }
    assert.deepEqual(proxy.ran, []);
  });

  it('lets nothing of a request become a header of the answer', async () => {
    const port = await start(served());
    const connection = await rawConnection(port);
    connection.send(`GET /data/proxy/x?a=%0d%0aSet-Cookie:%20evil=1 HTTP/1.1${crlf}Host: evil.test${crlf}`);
    connection.send(
      `X-Forwarded-Host: evil.test${crlf}Origin: https://evil.test${crlf}Connection: close${crlf}${crlf}`,
    );
    const [head = ''] = (await connection.end()).split(crlf + crlf);
    assert.match(head, /^HTTP\/1\.1 200 OK/);
    assert.doesNotMatch(head, /evil/);
  });

  it('answers an unexpected value in a header of an answer with 500, not with a broken connection', async () => {
    const proxy = { handle: () => Promise.resolve(jsonResponse(200, {}, { 'x-bad': 'a\r\nb: c' })) };
    const response = await fetch(`http://127.0.0.1:${String(await start(proxy))}/`);
    assert.deepEqual([response.status, response.headers.get('b'), response.headers.get('x-bad')], [500, null, null]);
  });

  it('answers HEAD with headers alone', async () => {
    const proxy = served();
    const connection = await rawConnection(await start(proxy));
    connection.send(`HEAD /device HTTP/1.1${crlf}Host: a${crlf}Connection: close${crlf}${crlf}`);
    const answer = await connection.end();
    assert.match(answer, /^HTTP\/1\.1 200 OK[^]*content-type: text\/html[^]*\r\n\r\n$/);
    assert.deepEqual(proxy.ran, []);
  });

  it('takes the base path off where it is there', async () => {
    const port = await start(served(), { basePath: '/domoticzlinkyconnect' });
    const status = async (path: string) => (await fetch(`http://127.0.0.1:${String(port)}${path}`)).status;
    assert.deepEqual(
      await Promise.all(
        ['/domoticzlinkyconnect/device', '/domoticzlinkyconnect', '/device', '/domoticzlinkyconnectx/device'].map(
          status,
        ),
      ),
      [200, 200, 200, 404],
    );
  });

  it('understands absolute targets, whatever host they name', async () => {
    const connection = await rawConnection(await start(served()));
    connection.send(
      `GET http://evil.test/data/proxy/x?a=b HTTP/1.1${crlf}Host: evil.test${crlf}Connection: close${crlf}${crlf}`,
    );
    assert.match(await connection.end(), /"path":"\/data\/proxy\/x","query":"a=b"/);
  });

  it('asks what stands before the proxy first', async () => {
    const port = await start(served(), {
      before: (message, reply, next) => {
        if (message.url === '/metrics') reply.end('figures');
        else next?.();
      },
    });
    assert.equal(await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text(), 'figures');
    assert.equal((await fetch(`http://127.0.0.1:${String(port)}/device`)).status, 200);
  });

  it('draining answers what is under way as the last of its connection, closes the idle, and takes nothing new', async () => {
    let release = (): void => undefined;
    let begun = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (begun = resolve));
    const proxy = {
      handle: async () => {
        begun();
        await new Promise<void>((resolve) => (release = resolve));
        return jsonResponse(200, { answered: true });
      },
    };
    const port = await start(proxy);
    const idle = await rawConnection(port);
    const busy = await rawConnection(port);
    busy.send(`GET / HTTP/1.1${crlf}Host: a${crlf}${crlf}`);
    await waiting;
    const drained = running?.drain(60_000);
    await idle.end();
    await assert.rejects(rawConnection(port), { code: 'ECONNREFUSED' });
    release();
    const answer = await busy.end();
    await drained;
    assert.match(answer, /^HTTP\/1\.1 200 OK[^]*connection: close[^]*"answered":true/i);
  });

  it('draining cuts what does not end in time', async () => {
    const port = await start({ handle: () => new Promise(() => undefined) });
    const connection = await rawConnection(port);
    connection.send(`GET / HTTP/1.1${crlf}Host: a${crlf}${crlf}`);
    const other = await rawConnection(port);
    other.send('GET / HTTP/1.1');
    await running?.drain(1);
    assert.deepEqual([await connection.end(), await other.end()], ['', '']);
  });

  it('closes connections above its number at once', async () => {
    const port = await start(served(), { limits: { connections: 1 } });
    const first = await rawConnection(port);
    first.send(postText('/device/code', 'n=1'));
    await first.until('"n"');
    assert.equal(await (await rawConnection(port)).end(), '');
    first.send(postText('/device/code', 'n=2'));
    await first.until('"n":"2"');
  });
});
