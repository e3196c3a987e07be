import assert from 'node:assert/strict';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import registerProxy from '../../../nodes/device-flow-proxy/device-flow-proxy.js';
import { freshDirectory } from '../../support/directory.js';
import { helper } from '../../support/node-test-helper.js';

type Fields = Readonly<Record<string, unknown>>;
interface Status {
  readonly fill: string;
  readonly text: string;
}

const nowhere = 'http://127.0.0.1:9';
const credentials = { clientId: 'CID', clientSecret: 'never-to-be-seen' };

/** A node without a place counts as a config node for Node-RED. */
const place = { z: 'tab', x: 100, y: 100 } as const;

function proxyNode(id: string, properties: Fields = {}): Fields {
  return {
    id,
    type: 'device-flow-proxy',
    ...place,
    path: `/${id}`,
    publicUrl: `https://p.test/${id}`,
    environment: 'custom',
    authorizationEndpoint: `${nowhere}/authorize`,
    tokenEndpoint: `${nowhere}/token`,
    dataEndpoint: nowhere,
    wires: [['out']],
    ...properties,
  };
}

describe('device-flow-proxy', () => {
  const userDir = freshDirectory();
  let RED: NodeAPI;
  let server: Server | undefined;
  const errors: Fields[] = [];
  const statuses: (Status & { readonly id: string })[] = [];
  const waiting = new Set<() => void>();
  const told = () => {
    for (const look of waiting) look();
  };

  beforeEach(() => {
    errors.length = 0;
    statuses.length = 0;
    helper.settings({ userDir: userDir() });
  });
  afterEach(async () => {
    await helper.unload();
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  /** Starts these proxies; what the tests look at is heard from the first moment on. */
  async function load(nodes: readonly Fields[], given: Fields = credentials): Promise<void> {
    const listen = (api: NodeAPI) => {
      RED = api;
      const create = api.nodes.createNode.bind(api.nodes);
      api.nodes.createNode = (node, config) => {
        create(node, config);
        const { id } = config;
        node.error = (error: unknown) => {
          errors.push({ ...(error as Fields), message: (error as Error).message, id });
          told();
        };
        node.status = (status) => {
          statuses.push({ ...(status as Status), id });
          told();
        };
      };
    };
    const flow = [{ id: 'tab', type: 'tab' }, ...nodes, { id: 'out', type: 'helper', ...place }];
    const all = Object.fromEntries(nodes.map(({ id }) => [id as string, { ...given }]));
    await helper.load([listen, registerProxy], flow, all);
  }

  /** Resolves with what `find` finds, as soon as it is there. */
  function until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  }
  const status = (id: string, text: string) =>
    until(() => statuses.find((each) => each.id === id && each.text === text));

  async function ask(path: string, accept = 'application/json'): Promise<Response> {
    server ??= createServer(RED.httpNode).listen(0, '127.0.0.1');
    if (!server.listening) await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return fetch(`http://127.0.0.1:${String(port)}${path}`, { headers: { accept } });
  }

  it('serves at its path once its store is open, and leaves the rest to others', async () => {
    await load([proxyNode('one')]);
    await status('one', 'status.ready');
    assert.equal((await ask('/one/health')).status, 200);
    const page = await ask('/one/device', 'text/html');
    assert.match(await page.text(), /action="\/one\/device/);
    for (const path of ['/', '/other', '/onemore']) assert.equal((await ask(path)).status, 404);
    const { mode } = await stat(join(userDir(), 'energy-nodes/proxy-one'));
    assert.equal(mode & 0o777, 0o700);
  });

  it('asks for patience before its store is open: JSON for devices, a page for people', async () => {
    await load([proxyNode('one')]);
    const [device, person] = await Promise.all([ask('/one/device/token'), ask('/one/device', 'text/html')]);
    // The store may be open by now; then there is nothing to see.
    for (const reply of [device, person].filter(({ status: code }) => code === 503)) {
      assert.equal(reply.headers.get('retry-after'), '5');
    }
    assert.ok([503, 405].includes(device.status));
    assert.ok([503, 200].includes(person.status));
    await status('one', 'status.ready');
  });

  it('says what is wrong with its settings, field by field, and serves nothing', async () => {
    await load([proxyNode('one', { publicUrl: '', rateLimit: 'many' })], { clientId: 'CID' });
    const { code, message } = await until(() => errors[0]);
    assert.equal(code, 'invalid_argument');
    for (const field of ['publicUrl', 'rateLimit', 'clientSecret']) {
      assert.ok(String(message).includes(`label.${field}: problem.${field}`), String(message));
    }
    assert.deepEqual(statuses.at(-1)?.text, 'status.settings');
    assert.equal((await ask('/one/health')).status, 404);
  });

  for (const [path, problem] of [
    ['/', 'root'],
    ['/settings', 'reserved'],
    ['/dashboard/linky', 'reserved'],
    ['/a b', 'invalid'],
    ['/first', 'taken'],
    ['/first/below', 'taken'],
  ] as const) {
    it(`does not take the path ${path}`, async () => {
      await load([proxyNode('first'), proxyNode('second', { path })]);
      const { id, message } = await until(() => errors[0]);
      assert.equal(id, 'second');
      assert.equal(message, `label.path: validate.path.${problem}`);
      await status('first', 'status.ready');
      assert.equal((await ask('/first/health')).status, 200);
    });
  }

  it('needs a Node-RED that serves flows', async () => {
    helper.settings({ userDir: userDir(), httpNodeRoot: false });
    await load([proxyNode('one')]);
    const { code, message } = await until(() => errors[0]);
    assert.deepEqual([code, message], ['not_allowed', 'problem.disabled']);
  });

  it('two of them share nothing', async () => {
    await load([proxyNode('one'), proxyNode('two')]);
    await Promise.all([status('one', 'status.ready'), status('two', 'status.ready')]);
    const [one, two] = await Promise.all(
      ['one', 'two'].map((id) => stat(join(userDir(), `energy-nodes/proxy-${id}/proxy.key`))),
    );
    assert.notEqual(one?.ino, two?.ino);
    assert.deepEqual(errors, []);
  });

  it('is gone after it was closed, and its store is free for the next', async () => {
    await load([proxyNode('one')]);
    await status('one', 'status.ready');
    const layers = () => (RED.httpNode as unknown as { _router: { stack: unknown[] } })._router.stack.length;
    const before = layers();
    await helper.unload();
    assert.equal(layers(), before - 1);
    assert.equal((await ask('/one/health')).status, 404);
    statuses.length = 0;
    server?.closeAllConnections();
    server?.close();
    server = undefined;
    await load([proxyNode('one')]);
    await status('one', 'status.ready');
    assert.deepEqual(errors, []);
  });

  it('an address of a database that nobody understands is not tried again', async () => {
    const more = { mongodbUri: 'mongodb://never to be seen@:x/', secret: 'never-to-be-seen' };
    await load([proxyNode('one', { store: 'mongodb' })], { ...credentials, ...more });
    const { message } = await until(() => errors[0]);
    assert.match(String(message), /problem\.mongodbUri|failure\.address/);
    assert.doesNotMatch(JSON.stringify(errors), /never.to.be.seen/);
  });
});
