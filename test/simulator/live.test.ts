import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { startGateway } from '../../simulator/index.js';
import type { GatewayOptions, SimulatedGateway } from '../../simulator/index.js';
import { ask, bearer } from './client.js';

const noon = Date.UTC(2026, 5, 21, 11);
const commissionedAt = Date.UTC(2026, 5, 15);

interface Live {
  connection: { sc_stream: string };
  meters: { last_update: number } & Record<'pv' | 'storage' | 'grid' | 'load', { agg_p_mw: number }>;
}

describe('live data of the simulated gateway', () => {
  let gateway: SimulatedGateway;
  let now = noon;
  async function start(options: GatewayOptions = {}): Promise<void> {
    now = noon;
    gateway = await startGateway({ commissionedAt, clock: () => now, ...options });
  }
  async function open(): Promise<IncomingMessage> {
    const token = bearer(await gateway.issueToken({ user: 'installer' }));
    const request = get(`${gateway.url}/stream/meter`, { ...token, rejectUnauthorized: false, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    return response;
  }
  /** Chunks as they come, until there are so many lines. */
  async function chunksOf(response: IncomingMessage, lines: number): Promise<string[]> {
    const chunks: string[] = [];
    while (chunks.join('').split('\n\n').length <= lines) {
      const [chunk] = (await once(response, 'data')) as [Buffer];
      chunks.push(chunk.toString());
    }
    return chunks;
  }
  afterEach(async () => {
    await gateway.close();
  });

  it('streams at the pace that is set, and counts its readers', async () => {
    await start({ stream: { interval: 5 } });
    const response = await open();
    const messages = (await chunksOf(response, 4)).join('').split('\n\n').slice(0, 4);
    for (const message of messages) assert.match(message, /^data: \{"production":\{"ph-a":/);
    const readers = (): number => gateway.streams;
    assert.equal(readers(), 1);
    response.destroy();
    while (readers() > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it('cuts messages into pieces', async () => {
    await start({ stream: { interval: 5, chunkSize: 100 } });
    const chunks = await chunksOf(await open(), 2);
    assert.ok(chunks.length > 4);
    const [first = ''] = chunks.join('').split('\n\n');
    assert.ok(JSON.parse(first.slice('data: '.length)));
  });

  it('holds twenty messages back and sends them at once', async () => {
    await start({ stream: { interval: 2, fault: { kind: 'buffered' } } });
    const [first = ''] = await chunksOf(await open(), 20);
    assert.ok(first.split('\n\n').length > 5);
    assert.ok(first.startsWith('data: {'));
  });

  it('stops silently, is cut, or sends what is no message', async () => {
    await start({ stream: { interval: 5, fault: { kind: 'garbage' } } });
    const text = (await chunksOf(await open(), 6)).join('');
    assert.match(text, /no message/);
    assert.match(text, /^data: \{"production":\{"ph-a":/m);
    gateway.switches.stream.fault = { kind: 'cut', after: 1 };
    const cut = await open();
    await assert.rejects(once(cut.resume(), 'end'), { code: 'ECONNRESET' });
    gateway.switches.stream.fault = { kind: 'silent', after: 2 };
    const silent = await open();
    const [before = ''] = await chunksOf(silent, 2);
    const next = once(silent, 'data') as Promise<[Buffer]>;
    for (let request = 0; request < 5; request++) await ask(`${gateway.url}/info`);
    now += 3_600_000;
    gateway.switches.stream.fault = undefined;
    // A message that was sent in between would still tell of the hour before.
    const [after] = await next;
    assert.notEqual(after.toString().slice(0, 60), before.slice(0, 60));
  });

  it('lets the local installer read the stream below firmware 7, and nobody else', async function () {
    await start({ firmware: '5.0.62', serial: '123456789012', stream: { interval: 5 } });
    const curl = async (user: string): Promise<string> => {
      const flags = ['-s', '-N', '--digest', '-u', user, '--max-time', '2', '-w', '%{http_code}'];
      const { stdout } = await promisify(execFile)('curl', [...flags, `${gateway.url}/stream/meter`]).catch(
        (error: unknown) => error as { stdout: string },
      );
      return stdout;
    };
    if ((await curl('envoy:none')) === '') this.skip();
    assert.match(await curl(`installer:${gateway.localPasswords['installer'] ?? ''}`), /data: \{"production"/);
    assert.match(await curl(`envoy:${gateway.localPasswords['envoy'] ?? ''}`), /401$/);
  });

  it('moves the live status only while it is enabled, and ends that by itself', async () => {
    await start({ batteries: { count: 2 } });
    const token = bearer(await gateway.issueToken());
    const status = async (): Promise<Live> =>
      JSON.parse((await ask(`${gateway.url}/ivp/livedata/status`, token)).body) as Live;
    const enable = (value: number): ReturnType<typeof ask> =>
      ask(`${gateway.url}/ivp/livedata/stream`, { ...token, method: 'POST', body: JSON.stringify({ enable: value }) });
    const still = await status();
    now += 600_000;
    assert.deepEqual(await status(), still);
    assert.equal(still.connection.sc_stream, 'disabled');
    assert.equal(JSON.stringify(JSON.parse((await enable(1)).body)), '{"sc_stream":"enabled"}');
    now += 1000;
    const { connection, meters } = await status();
    assert.equal(connection.sc_stream, 'enabled');
    assert.equal(meters.last_update, now / 1000);
    const { production, battery, grid } = gateway.truth();
    assert.deepEqual(
      [meters.pv, meters.storage, meters.grid].map(({ agg_p_mw: milliwatts }) => Math.round(milliwatts / 1000)),
      [production, battery, grid].map((watts) => Math.round(watts) + 0),
    );
    assert.ok(Math.abs(meters.load.agg_p_mw - meters.pv.agg_p_mw - meters.storage.agg_p_mw - meters.grid.agg_p_mw) < 3);
    now += 900_000;
    assert.equal((await status()).connection.sc_stream, 'disabled');
    gateway.switches.liveDuration = 5000;
    await enable(1);
    now += 5000;
    assert.equal((await status()).connection.sc_stream, 'disabled');
    gateway.switches.liveStatus = 400;
    assert.equal((await enable(1)).status, 400);
  });

  it('has no live status without meters and batteries', async () => {
    await start({ metered: false });
    const token = bearer(await gateway.issueToken());
    assert.equal((await ask(`${gateway.url}/ivp/livedata/status`, token)).status, 404);
  });
});
