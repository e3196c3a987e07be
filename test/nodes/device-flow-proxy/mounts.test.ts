import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type * as Express from 'express';
import type { NodeListener } from '../../../lib/proxy/http/node-listener.js';
import { Mounts } from '../../../nodes/device-flow-proxy/mounts.js';

// The Express that Node-RED brings along.
const require = createRequire(createRequire(import.meta.url).resolve('node-red'));
const express = require('express') as typeof Express.default;

/** Answers with its name what lies below its path. */
function says(name: string, path: string): NodeListener {
  return (message, reply, next) => {
    if (message.url?.startsWith(path)) reply.end(name);
    else next?.();
  };
}

describe('the proxies below the HTTP server of Node-RED', () => {
  let app: Express.Express;
  let server: Server;
  let events: EventEmitter;
  let mounts: Mounts;

  beforeEach(async () => {
    app = express();
    app.get('/flow', (_request, reply) => reply.send('flow'));
    events = new EventEmitter();
    mounts = new Mounts(app, events);
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  async function answer(path: string): Promise<string> {
    const reply = await fetch(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}${path}`);
    return reply.status === 200 ? await reply.text() : String(reply.status);
  }
  const add = (id: string, path: string, name = id) => mounts.add(id, path, says(name, path));
  const layers = () => (app as unknown as { _router: { stack: unknown[] } })._router.stack.length;
  const listeners = () => events.eventNames().length;

  it('leave nothing behind', async () => {
    const before = layers();
    assert.ok(add('one', '/a') && add('two', '/b'));
    assert.deepEqual(await Promise.all(['/a', '/b', '/flow', '/c'].map(answer)), ['one', 'two', 'flow', '404']);
    mounts.remove('one');
    assert.deepEqual(await Promise.all(['/a', '/b'].map(answer)), ['404', 'two']);
    mounts.remove('two');
    mounts.remove('two');
    assert.deepEqual([layers(), listeners()], [before, 0]);
  });

  it('one path belongs to one node, with all that lies below it', async () => {
    add('one', '/a/b');
    assert.equal(add('two', '/a/b'), false);
    assert.equal(add('two', '/a'), false);
    assert.equal(add('two', '/a/b/c'), false);
    assert.equal(await answer('/a/b'), 'one');
    assert.equal(add('two', '/a/c'), true);
  });

  it('keep their place through a deploy, and are taken away where nobody comes back', async () => {
    add('one', '/a');
    add('two', '/b');
    const before = layers();
    mounts.pause('one');
    mounts.pause('two');
    assert.equal(await answer('/a'), 'one');
    assert.equal(add('one', '/a', 'one again'), true);
    events.emit('runtime-event', { id: 'runtime-state', payload: { state: 'stop', deploy: true } });
    assert.deepEqual(await Promise.all(['/a', '/b'].map(answer)), ['one again', 'two']);
    events.emit('flows:started');
    assert.deepEqual(await Promise.all(['/a', '/b'].map(answer)), ['one again', '404']);
    assert.equal(layers(), before - 1);
  });

  it('may swap their paths in one deploy', async () => {
    add('one', '/a');
    add('two', '/b');
    mounts.pause('one');
    mounts.pause('two');
    assert.ok(add('one', '/b') && add('two', '/a'));
    events.emit('flows:started');
    assert.deepEqual(await Promise.all(['/a', '/b'].map(answer)), ['two', 'one']);
  });

  it('are taken away when the flows are stopped', async () => {
    add('one', '/a');
    mounts.pause('one');
    events.emit('runtime-event', { id: 'runtime-state', payload: { state: 'stop' } });
    assert.equal(await answer('/a'), '404');
    assert.equal(listeners(), 0);
  });
});
