import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type * as Express from 'express';
import { fetchHandler } from '../../../../lib/proxy/http/fetch.js';
import { nodeListener } from '../../../../lib/proxy/http/node-listener.js';
import { postText, rawConnection } from './raw.js';
import { served } from './serving.js';

// The Express that Node-RED brings along.
const require = createRequire(createRequire(import.meta.url).resolve('node-red'));
const express = require('express') as typeof Express.default;

/** The server's own patience between two requests: very little. */
function setPatience(server: Server): void {
  Object.assign(server, { keepAliveTimeout: 20, keepAliveTimeoutBuffer: 1 });
}

describe('lib/proxy/http: below Express', () => {
  let server: Server | undefined;

  async function listen(listener: RequestListener): Promise<number> {
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  const post = (port: number, body: string, type = 'application/x-www-form-urlencoded') =>
    fetch(`http://127.0.0.1:${String(port)}/enedis/device/code`, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });

  afterEach(async () => {
    server?.closeAllConnections();
    server?.close();
    if (server) await once(server, 'close');
    server = undefined;
  });

  it('serves below the path it is mounted at', async () => {
    const app = express();
    app.use('/enedis', nodeListener(served()));
    const port = await listen(app);
    assert.deepEqual(await (await post(port, 'a=1')).json(), { a: '1' });
    const page = await fetch(`http://127.0.0.1:${String(port)}/enedis`);
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  });

  it('leaves to others what is not below its base path', async () => {
    const app = express();
    app.use(nodeListener(served(), { basePath: '/enedis' }));
    app.use((_request, reply) => {
      reply.status(418).end();
    });
    const port = await listen(app);
    const status = async (path: string) => (await fetch(`http://127.0.0.1:${String(port)}${path}`)).status;
    assert.deepEqual(
      await Promise.all(['/enedis/device', '/device', '/enedisx', '/enedis/nope'].map(status)),
      [200, 418, 418, 404],
    );
  });

  for (const [name, parser] of [
    ['urlencoded, extended', express.urlencoded({ extended: true })],
    ['urlencoded, plain', express.urlencoded({ extended: false })],
    ['text', express.text({ type: () => true })],
    ['raw', express.raw({ type: () => true })],
  ] as const) {
    it(`takes the form from a parser that was there first: ${name}`, async () => {
      const proxy = served();
      const app = express();
      app.use('/enedis', parser, nodeListener(proxy));
      const port = await listen(app);
      assert.deepEqual(await (await post(port, 'a=caf%C3%A9+x&b=%26')).json(), { a: 'café x', b: '&' });
      assert.equal((await post(port, 'a=1&a=2')).status, 400);
      assert.equal((await post(port, 'a[]=1')).status, 400);
      assert.equal((await post(port, `a=${'x'.repeat(9_000)}`)).status, 413);
      assert.deepEqual(proxy.ran, ['echo']);
    });
  }

  it('accepts no JSON, also where a parser has read it', async () => {
    const app = express();
    app.use('/enedis', express.json(), nodeListener(served()));
    assert.equal((await post(await listen(app), '{"a":"1"}', 'application/json')).status, 415);
  });

  it('keeps the connection of a device open, where the server of others would close it between two polls', async () => {
    const port = await listen(nodeListener(served()));
    assert.ok(server);
    setPatience(server);
    const connection = await rawConnection(port);
    connection.send(postText('/device/code', 'n=1'));
    await connection.until('"n"');
    assert.match(connection.received, /keep-alive: timeout=65/i);
    // A connection that only the server's own time ends is gone by now.
    const idle = createServer((_message, reply) => reply.end()).listen(0, '127.0.0.1');
    setPatience(idle);
    await once(idle, 'listening');
    const short = await rawConnection((idle.address() as AddressInfo).port);
    short.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await short.end();
    idle.close();
    connection.send(postText('/device/code', 'n=2'));
    await connection.until('"n":"2"');
  });
});

describe('lib/proxy/http: behind fetch', () => {
  const handler = fetchHandler(served(), { basePath: '/enedis' });
  const ask = (path: string, init?: RequestInit) =>
    handler(new Request(`https://p.test${path}`, init), { peer: '127.0.0.1' });

  it('answers a form and a page', async () => {
    const form = await ask('/enedis/device/code', { method: 'POST', body: new URLSearchParams({ a: 'é&' }) });
    assert.deepEqual([form.status, await form.json()], [200, { a: 'é&' }]);
    const page = await ask('/enedis/?x=1');
    assert.equal(page.headers.get('x-frame-options'), 'DENY');
    assert.deepEqual(await (await ask('/enedis/data/proxy/a/b?c=d')).json(), { path: '/data/proxy/a/b', query: 'c=d' });
  });

  it('refuses large bodies, and answers HEAD without a body', async () => {
    const large = await ask('/enedis/device/code', { method: 'POST', body: 'x'.repeat(10_000) });
    assert.equal(large.status, 413);
    const head = await ask('/enedis/free', { method: 'HEAD' });
    assert.deepEqual([head.status, head.body], [200, null]);
  });
});
