import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startGateway } from '../../simulator/index.js';
import type { Fault, SimulatedGateway } from '../../simulator/index.js';
import { ask, bearer } from './client.js';
import type { Answer } from './client.js';

describe('faults of the simulated gateway', () => {
  let gateway: SimulatedGateway;
  let token: string;
  const production = (): Promise<Answer> => ask(`${gateway.url}/production.json`, bearer(token));

  beforeEach(async () => {
    gateway = await startGateway({ metered: false });
    token = await gateway.issueToken();
  });
  afterEach(async () => {
    await gateway.close();
  });

  it('hit one path, so many times, or until they are cleared', async () => {
    gateway.faults.add({ kind: 'status', status: 503 }, { path: '/production.json', times: 2 });
    assert.equal((await ask(`${gateway.url}/home`, bearer(token))).status, 200);
    assert.deepEqual(
      [(await production()).status, (await production()).status, (await production()).status],
      [503, 503, 200],
    );
    const clear = gateway.faults.add({ kind: 'status', status: 500 });
    assert.equal((await ask(`${gateway.url}/info`)).status, 500);
    clear();
    assert.equal((await production()).status, 200);
  });

  const cut: Fault[] = [{ kind: 'reset' }, { kind: 'resetMidway' }, { kind: 'malformedLength' }];
  for (const fault of cut) {
    it(`${fault.kind} is an error of the connection`, async () => {
      gateway.faults.add(fault, { times: 1 });
      await assert.rejects(production());
      assert.equal((await production()).status, 200);
    });
  }

  it('spoil the body or its type', async () => {
    gateway.faults.add({ kind: 'truncated' }, { times: 1 });
    const { status, body } = await production();
    assert.equal(status, 200);
    assert.throws(() => JSON.parse(body) as unknown, SyntaxError);
    gateway.faults.add({ kind: 'html' }, { times: 1 });
    assert.match((await production()).body, /^<html>/);
    gateway.faults.add({ kind: 'contentType', contentType: 'image/png' }, { times: 1 });
    const typed = await production();
    assert.equal(typed.headers['content-type'], 'image/png');
    assert.ok(JSON.parse(typed.body));
  });

  it('delay an answer', async () => {
    gateway.faults.add({ kind: 'slow', milliseconds: 500 }, { path: '/production.json', times: 1 });
    const order: string[] = [];
    const slow = production().then(({ status }) => order.push(`production ${status}`));
    const quick = ask(`${gateway.url}/info`).then(({ status }) => order.push(`info ${status}`));
    await Promise.all([slow, quick]);
    assert.deepEqual(order, ['info 200', 'production 200']);
  });

  it('hang until the client gives up or the gateway closes', async () => {
    gateway.faults.add({ kind: 'hang' }, { times: 1 });
    await assert.rejects(ask(`${gateway.url}/home`, { ...bearer(token), signal: AbortSignal.timeout(100) }));
    gateway.faults.add({ kind: 'slow', milliseconds: 3_600_000 });
    const waiting = assert.rejects(production());
    while (gateway.log.inFlight === 0) await new Promise((resolve) => setImmediate(resolve));
    await gateway.close();
    await waiting;
  });
});

describe('the simulator as a program', () => {
  it('prints where it is, lets the demo account in, and stops when told', async () => {
    const main = fileURLToPath(new URL('../../simulator/main.ts', import.meta.url));
    const redirectUrl = 'http://127.0.0.1:1880/enedis/auth/redirect';
    const options = ['--phases', '3', '--batteries', '2', '--enedis-redirect-url', redirectUrl];
    const child = spawn(process.execPath, ['--import', 'tsx', main, ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { gateway, cloud, account, enedis } = JSON.parse(line.toString()) as {
      gateway: { url: string; serial: string };
      cloud: { url: string };
      account: { username: string; password: string };
      enedis: { endpoints: { authorization: string }; clientId: string };
    };
    const headers = { 'user-agent': 'test', accept: '*/*' };
    const login = await ask(`${cloud.url}/login/login.json`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ 'user[email]': account.username, 'user[password]': account.password }).toString(),
    });
    const { session_id: session } = JSON.parse(login.body) as { session_id: string };
    const { body } = await ask(`${cloud.url}/tokens`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ session_id: session, serial_num: gateway.serial, username: account.username }),
    });
    const { status } = await ask(`${gateway.url}/production.json?details=1`, bearer(body.trim()));
    assert.equal(status, 200);
    const inventory = await ask(`${gateway.url}/ivp/ensemble/inventory`, bearer(body.trim()));
    assert.equal((JSON.parse(inventory.body) as { devices: unknown[] }[])[0]?.devices.length, 2);
    const request = { client_id: enedis.clientId, response_type: 'code', state: 'x', duration: 'P365D' };
    const consent = await fetch(`${enedis.endpoints.authorization}?${new URLSearchParams(request).toString()}`, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'refuse' }),
      redirect: 'manual',
    });
    assert.ok(consent.headers.get('location')?.startsWith(`${redirectUrl}?`), await consent.text());
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 0);
  });
});
