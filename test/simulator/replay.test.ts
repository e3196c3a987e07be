import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiagnosticsBundle } from '../../lib/envoy/diagnostics/bundle.js';
import { collectDiagnostics } from '../../lib/envoy/diagnostics/collect.js';
import type { GatewayPayload } from '../../lib/envoy/payload.js';
import { startReplay, type GatewayOptions, type ReplayedGateway } from '../../simulator/index.js';
import { bundleOf } from '../lib/envoy/diagnostics/support.js';
import { buildProgram } from '../support/child.js';
import { freshDirectory } from '../support/directory.js';
import { SessionWorld, type OpenSession } from '../support/session.js';

const clock = (): number => Date.UTC(2026, 6, 1, 12);

const systems: Readonly<Record<string, GatewayOptions>> = {
  'a metered gateway with batteries, generator and detailed inverters': {
    batteries: { count: 3, withController: true, groups: 2 },
    generator: true,
    detailedInverters: true,
    phases: 2,
  },
  'a gateway with AC batteries, collar and combiner': { acBatteries: 2, collar: true, combiner: true },
  'a standard gateway': { metered: false, firmware: '7.6.175' },
  'a gateway with Digest': { firmware: '5.0.62', batteries: { count: 1 } },
  'an old gateway with Digest': { firmware: '4.2.33', metered: false },
};

/** Keys of what people name, and of what differs from one network and one moment to the next. */
const own = new Set([
  'readAt',
  'host',
  'mac',
  'timezone',
  'loadName',
  'logger',
  'lastUpdatedBy',
  'generatorId',
  'since',
]);

/** A payload without what a redacted copy cannot have; serial numbers go by the order in which they come up. */
function comparable(payload: GatewayPayload): unknown {
  const names = new Map<string, string>();
  const text = JSON.stringify(payload, (key, value: unknown) => (own.has(key) ? undefined : value));
  const named = text.replaceAll(/(?<=")\d{11,14}(?=")/g, (serial) => {
    const name = names.get(serial) ?? `serial ${names.size}`;
    names.set(serial, name);
    return name;
  });
  return JSON.parse(named);
}

describe('replay of diagnostics', () => {
  let world: SessionWorld;
  let played: ReplayedGateway | undefined;
  afterEach(async () => {
    await played?.close();
    played = undefined;
    await world.close();
  });

  async function collected(options: GatewayOptions): Promise<{ payload: GatewayPayload; bundle: DiagnosticsBundle }> {
    world = await SessionWorld.start({ clock, ...options });
    const { session } = world.open(world.gateway.url.startsWith('https') ? {} : { credentials: {} });
    const payload = await session.read({ datasets: [], raw: false });
    return { payload, bundle: await collectDiagnostics(session, { packageVersion: '1', nodeRedVersion: '4' }) };
  }

  async function openPlayed(bundle: DiagnosticsBundle): Promise<OpenSession> {
    const gateway = await startReplay(bundle, { cloud: world.cloud });
    played = gateway;
    await world.clear();
    const token = await gateway.issueToken();
    return world.open({
      credentials: gateway.url.startsWith('https') ? { token } : {},
      settings: { host: `${gateway.host}:${gateway.port}` },
    });
  }

  for (const [name, options] of Object.entries(systems)) {
    it(`${name} is read like the one that it was collected from`, async () => {
      const { payload, bundle } = await collected(options);
      const again = await (await openPlayed(bundle)).read();
      assert.equal(again.gateway.serial, bundle.gateway?.serial);
      assert.notEqual(again.gateway.serial, payload.gateway.serial);
      assert.deepEqual(comparable(again), comparable(payload));
    });
  }

  it('answers only who is authenticated, and fails where the system failed', async () => {
    world = await SessionWorld.start();
    const info = '<envoy_info><device><sn>122600000042</sn><software>D8.3.5169</software></device></envoy_info>';
    const base = bundleOf({ '/info': info, '/home': '{"timezone": "Etc/GMT-2"}', '/inv?x=1': '{}' });
    const failing = { milliseconds: 1, bytes: 0 };
    const bundle: DiagnosticsBundle = {
      ...base,
      endpoints: [
        ...base.endpoints,
        { path: '/admin', ...failing, error: { code: 'role_insufficient', message: '' } },
        { path: '/busy', ...failing, error: { code: 'gateway_busy', message: '' }, status: 503 },
        { path: '/cut', ...failing, error: { code: 'reply_incomplete', message: '' } },
        { path: '/gone', ...failing, error: { code: 'http_status', message: '' }, status: 410 },
      ],
    };
    const gateway = await startReplay(bundle, { cloud: world.cloud });
    played = gateway;
    const { Agent, request } = await import('undici');
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
    const token = await gateway.issueToken();
    const status = async (path: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) => {
      const { statusCode, body } = await request(gateway.url + path, { dispatcher, headers });
      await body.text();
      return statusCode;
    };
    assert.equal(await status('/info', {}), 200);
    assert.equal(await status('/home', {}), 401);
    assert.equal(await status('/home'), 200);
    assert.equal(await status('/inv'), 200, 'another query');
    assert.equal(await status('/auth/check_jwt'), 200);
    assert.equal(await status('/admin'), 401);
    assert.equal(await status('/busy'), 503);
    assert.equal(await status('/gone'), 410);
    assert.equal(await status('/never/asked'), 404);
    await assert.rejects(status('/cut'));
    const other = await gateway.issueToken({ serial: '122600000077' });
    assert.equal(await status('/home', { authorization: `Bearer ${other}` }), 401);
    await dispatcher.destroy();
  });

  it('needs to know which gateway it is', async () => {
    world = await SessionWorld.start();
    await assert.rejects(startReplay(bundleOf({ '/home': '{}' })), /which gateway/);
  });
});

describe('the simulator as a program', () => {
  const directory = freshDirectory();

  it('plays the bundle of a file', async () => {
    const file = join(directory(), 'bundle.json');
    const gateway = { serial: '122600000099', firmware: '8.2.4345', metered: false, tokens: true };
    await writeFile(file, JSON.stringify(bundleOf({ '/home': '{}' }, { gateway, redacted: true })));
    const program = await buildProgram(new URL('../../simulator/main.ts', import.meta.url));
    const child = program.start(['--replay', file]);
    try {
      let line = '';
      for await (line of child.lines) break;
      assert.notEqual(line, '', (await Promise.race([child.ended, Promise.resolve(undefined)]))?.errors);
      const started = JSON.parse(line) as { gateway: { serial: string; firmware: string } };
      assert.equal(started.gateway.serial, gateway.serial);
      assert.equal(started.gateway.firmware, gateway.firmware);
      child.process.kill('SIGTERM');
      assert.equal((await child.ended).code, 0);
    } finally {
      child.process.kill('SIGKILL');
      await program.remove();
    }
  });
});
