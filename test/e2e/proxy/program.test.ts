import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { startEnedis } from '../../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../../simulator/enedis/types.js';
import { freshDirectory } from '../../support/directory.js';
import { ProgramDance, programEnvironment, publicUrl } from '../../support/proxy/program-dance.js';
import { builtProgram, startProgram, type ProgramOptions, type ProxyProgram } from '../../support/proxy/program.js';

/** A figure of `GET /metrics`. */
function figure(text: string, name: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`device_flow_proxy_${name} `));
  return Number(line?.split(' ').at(-1) ?? NaN);
}

describe('e2e: the proxy as a program of its own', function () {
  this.timeout(120_000);
  const directory = freshDirectory();
  const programs: ProxyProgram[] = [];
  let enedis: SimulatedEnedis;

  before(() => builtProgram());

  beforeEach(async () => {
    enedis = await startEnedis({ redirectUrl: `${publicUrl}/auth/redirect` });
  });

  afterEach(async () => {
    await Promise.all(programs.splice(0).map((program) => program.kill()));
    await enedis.close();
  });

  async function start(options: Partial<ProgramOptions> = {}): Promise<ProxyProgram> {
    const program = await startProgram({ directory: directory(), env: programEnvironment(enedis), ...options });
    programs.push(program);
    return program;
  }

  it('starts with three variables and its own store, and leads through a whole dance', async () => {
    const program = await start();
    const listening = await program.logged('listening');
    assert.equal(listening['store'], 'embedded');
    assert.match(String(listening['address']), /^http:\/\/127\.0\.0\.1:\d+$/);
    const client = await program.client();
    const dance = new ProgramDance(enedis);
    await dance.begin(client);
    await dance.consent(client);
    const { access, refresh, usagePoint } = dance.tokens(await dance.poll(client));
    const answer = await dance.data(client, access, usagePoint);
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.json['meter_reading']);
    dance.tokens(await dance.refresh(client, refresh));

    const health = await client.send({ method: 'GET', path: '/health' });
    assert.equal(health.status, 200);
    assert.equal(health.json['status'], 'ok');
    assert.equal(health.json['api_mode'], 'new');

    const metrics = await client.send({ method: 'GET', path: '/metrics' });
    assert.match(String(metrics.headers['content-type']), /^text\/plain/);
    for (const event of ['issued', 'consented', 'redeemed', 'refreshed']) {
      assert.equal(figure(metrics.text, `outcomes_total{event="${event}"}`), 1, event);
    }
    assert.equal(figure(metrics.text, 'requests_total{route="/device/code",method="POST",status="200"}'), 1);
    assert.equal(figure(metrics.text, 'upstream_requests_total{call="data",outcome="status_200"}'), 1);
    assert.ok(figure(metrics.text, 'store_duration_seconds_count{operation="insert"}') > 4);
  });

  it('its log is JSON line by line, with the events of a dance and without any of its secrets', async () => {
    const program = await start({ env: { ...programEnvironment(enedis), LOG_LEVEL: 'debug' } });
    const client = await program.client();
    const dance = new ProgramDance(enedis);
    await dance.begin(client);
    await dance.poll(client);
    await dance.consent(client);
    const { access, refresh, usagePoint } = dance.tokens(await dance.poll(client));
    await dance.data(client, access, usagePoint);
    enedis.faults.add({ kind: 'status', status: 500 }, { path: /mesure_synchrone/ });
    await dance.data(client, access, usagePoint);
    enedis.faults.add({ kind: 'html' }, { path: /mesure_synchrone/ });
    assert.ok((await dance.data(client, access, usagePoint)).status >= 500);
    dance.tokens(await dance.refresh(client, refresh));
    await dance.refresh(client, 'not-a-token');
    program.signal('SIGTERM');
    assert.deepEqual(await program.ended, { code: 0, signal: null });

    const log = program.stdout + program.stderr;
    const written = log.split('\n').filter((line) => line !== '');
    assert.equal(program.lines.length, written.length, log);
    for (const { time, level, message } of program.lines) {
      assert.ok(typeof time === 'string' && typeof level === 'string' && typeof message === 'string', log);
    }
    const messages = program.lines.map(({ message }) => message);
    for (const name of ['issued', 'consented', 'redeemed', 'refreshed', 'failed', 'listening', 'ended']) {
      assert.ok(messages.includes(name), `${name} is missing: ${log}`);
    }
    const failures = program.lines.filter(({ message }) => message === 'failed');
    assert.equal(new Set(failures.map(({ correlation }) => correlation)).size, failures.length, log);
    for (const { level, route, detail } of failures) {
      assert.deepEqual([level, route, typeof detail], ['error', '/data/proxy/*', 'string'], log);
    }
    const consented = program.lines.find(({ message }) => message === 'consented');
    assert.deepEqual(consented?.['usagePoints'], [usagePoint.slice(-4)]);
    for (const { headers } of enedis.requests.all) {
      if (headers.authorization) dance.secrets.add(headers.authorization.replace(/^\w+ /, ''));
    }
    assert.ok(dance.secrets.size >= 11, String(dance.secrets.size));
    for (const secret of dance.secrets) assert.ok(secret.length >= 8 && !log.includes(secret), `${secret} in ${log}`);
  });

  it('names every problem of its settings at once, with status 2 and no secret', async () => {
    const program = await start({
      env: {
        BASE_URL: 'linky.test',
        CLIENT_SECRET: 'very-secret-text',
        DURATION: 'P9Y',
        PKCE: 'perhaps',
        ENCRYPTION_KEY: 'short-secret-key',
        LIMIT_REQUESTS_PER_MINUTE: '0',
        DISABLE_DATA_ENPOINT_AUTH: 'true',
        LOG_LEVEL: 'loud',
      },
    });
    assert.deepEqual(await program.ended, { code: 2, signal: null });
    assert.equal(program.stdout, '');
    const named = program.stderr.split('\n').flatMap((line) => /^([A-Z_0-9]+): /.exec(line)?.[1] ?? []);
    assert.deepEqual([...new Set(named)].sort(), [
      'BASE_URL',
      'CLIENT_ID',
      'DISABLE_DATA_ENPOINT_AUTH',
      'DURATION',
      'ENCRYPTION_KEY',
      'LIMIT_REQUESTS_PER_MINUTE',
      'LOG_LEVEL',
      'PKCE',
      'TOKEN_HASH_KEY',
    ]);
    assert.doesNotMatch(program.stderr, /secret-text|secret-key|perhaps/);
  });

  it('--check says that the settings are in order, and opens nothing', async () => {
    const program = await start({ args: ['--check'] });
    assert.deepEqual(await program.ended, { code: 0, signal: null });
    assert.deepEqual(
      program.lines.map(({ message }) => message),
      ['the settings are in order'],
    );
  });

  it('a command that was typed wrongly ends with status 2 and with how to use it', async () => {
    const program = await start({ args: ['--prot', '8080'] });
    assert.equal((await program.ended).code, 2);
    assert.match(program.stderr, /--prot/);
    assert.match(program.stderr, /--port PORT/);
    assert.doesNotMatch(program.stderr, /\n\s+at /);
  });

  it('says that its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const program = await start({ args: ['--port', String(port)] });
      assert.deepEqual(await program.ended, { code: 1, signal: null });
      assert.equal(program.stderr, `The proxy cannot listen on 127.0.0.1, port ${String(port)} (EADDRINUSE).\n`);
    } finally {
      other.close();
    }
  });

  it('says that another one works on its directory, and leaves that one alone', async () => {
    const first = await start();
    await first.logged('listening');
    const second = await start();
    assert.deepEqual(await second.ended, { code: 1, signal: null });
    assert.match(second.stderr, /^[^\n]*(?:another|in use)[^\n]*\n$/i);
    const client = await first.client();
    assert.equal((await client.send({ method: 'GET', path: '/health' })).status, 200);
  });

  it('--host listens there', async () => {
    const program = await start({ args: ['--port', '0', '--host', '127.0.0.2'] });
    const { address } = await program.logged('listening');
    assert.match(String(address), /^http:\/\/127\.0\.0\.2:/);
    assert.equal((await fetch(`${String(address)}/health`)).status, 200);
  });
});
