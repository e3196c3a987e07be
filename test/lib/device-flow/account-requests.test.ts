import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { DeviceFlowAccount } from '../../../lib/device-flow/account.js';
import { createDeviceFlowAccount } from '../../../lib/device-flow/device-flow-account.js';
import type { DeviceFlowSettings } from '../../../lib/device-flow/settings.js';
import { EnergyError } from '../../../lib/errors.js';
import { freePort, serve, type TestServer } from '../../support/server.js';
import { settings, TestMemory } from './scripted-account.js';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

function fails(code: string) {
  return (error: unknown) => error instanceof EnergyError && error.code === code;
}

describe('The requests of an account', () => {
  let handler: Handler;
  let server: TestServer;
  let account: DeviceFlowAccount;
  const paths: string[] = [];

  async function open(given: Partial<DeviceFlowSettings> = {}): Promise<void> {
    const all = { ...settings, server: server.url.origin, timeout: 10_000, ...given };
    account = await createDeviceFlowAccount({ settings: all, memory: new TestMemory() });
  }

  before(async () => {
    server = await serve((request, response) => {
      void text(request).then((body) => {
        paths.push(request.url ?? '');
        handler(request, response, body);
      });
    });
  });
  after(() => server.close());
  beforeEach(() => paths.splice(0));
  afterEach(() => account.close());

  it('are not sent after a redirect', async () => {
    handler = (_, response) => response.writeHead(307, { location: '/elsewhere' }).end();
    await open();
    await assert.rejects(account.start(1), fails('client_rejected'));
    assert.ok(!paths.includes('/elsewhere'));
  });

  it('are not read without end', async () => {
    const long = JSON.stringify({ device_code: 'x'.repeat(70_000) });
    handler = ({ method }, response) => response.writeHead(method === 'POST' ? 200 : 404).end(long);
    await open({ deviceEndpoint: `${server.url.origin}/device/code` });
    await assert.rejects(account.start(1), fails('client_rejected'));
  });

  it('carry the secret in the form, or in a header where the server wants that', async () => {
    const seen: { body: string; authorization: string | undefined }[] = [];
    const issuer = server.url.origin;
    let published: object = {};
    handler = (request, response, body) => {
      if (request.method === 'GET') return void response.writeHead(200).end(JSON.stringify(published));
      seen.push({ body, authorization: request.headers.authorization });
      response.writeHead(400).end('{"error":"invalid_scope"}');
    };
    for (const metadata of [{}, { issuer, device_authorization_endpoint: `${issuer}/device/code` }]) {
      published = metadata;
      await open({ clientSecret: 'not told', scope: 'meter' });
      await assert.rejects(account.start(1), fails('client_rejected'));
      await account.close();
    }
    const [form, header] = seen;
    assert.equal(form?.authorization, undefined);
    assert.equal(new URLSearchParams(form?.body).get('client_secret'), 'not told');
    assert.equal(header?.authorization, `Basic ${Buffer.from('client:not+told').toString('base64')}`);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(header.body)), { scope: 'meter', client_id: 'client' });
  });

  it('for data can be given up, and end with the account', async () => {
    await open();
    await account.setToken('token');
    const ending = new AbortController();
    handler = () => ending.abort();
    const url = new URL('/data', server.url);
    await assert.rejects(account.send({ url, signal: ending.signal }), fails('closed'));
    await assert.rejects(account.send({ url, signal: ending.signal }), fails('closed'));
    handler = () => void account.close();
    await assert.rejects(account.send({ url }), fails('closed'));
  });

  it('for data say that nobody is there', async () => {
    const port = await freePort();
    await open();
    await account.setToken('token');
    await assert.rejects(account.send({ url: new URL(`http://127.0.0.1:${port}/`) }), fails('cloud_unavailable'));
  });

  it('are waited for at the end where they may bring new tokens', async () => {
    let answer: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      handler = (request, response) => {
        if (request.method === 'GET') return void response.writeHead(404).end();
        const tokens = { access_token: 'a2', refresh_token: 'r2', token_type: 'Bearer' };
        answer = () => response.writeHead(200).end(JSON.stringify(tokens));
        resolve();
      };
    });
    await open();
    await account.close();
    const memory = new TestMemory();
    const all = { ...settings, server: server.url.origin, timeout: 10_000 };
    const first = await createDeviceFlowAccount({ settings: all, memory });
    await first.setToken('a1');
    await first.close();
    const kept = memory.value;
    assert.ok(kept?.tokens);
    memory.text = JSON.stringify({ ...kept, tokens: { ...kept.tokens, refreshToken: 'r1' } });
    account = await createDeviceFlowAccount({ settings: all, memory });
    const refreshed = account.refresh();
    await asked;
    const closed = account.close();
    answer?.();
    await Promise.all([refreshed, closed]);
    assert.equal(memory.value?.tokens?.refreshToken, 'r2');
  });
});
