import assert from 'node:assert/strict';
import { parseBundle } from '../../../../lib/envoy/diagnostics/bundle.js';
import { collectDiagnostics, type DiagnosedSession } from '../../../../lib/envoy/diagnostics/collect.js';
import { endpointsFor } from '../../../../lib/envoy/diagnostics/endpoints.js';
import { EnergyError } from '../../../../lib/errors.js';
import { gatewaySettings } from '../../../../lib/envoy/settings.js';
import { house } from '../datasets/house.js';
import { accounts, credentialsOf, serial, SessionWorld } from '../../../support/session.js';

const environment = { packageVersion: '1.2.3', nodeRedVersion: '4.1.15' };

describe('diagnostics of a gateway', () => {
  let world: SessionWorld;
  before(async () => {
    world = await SessionWorld.start({
      batteries: { count: 2, withController: true },
      detailedInverters: true,
      generator: true,
      installerPaths: ['/ivp/pdm/energy'],
    });
  });
  afterEach(() => world.clear());
  after(() => world.close());

  it('tell versions, settings, session and features', async () => {
    const { session } = world.open();
    const bundle = await collectDiagnostics(session, { ...environment, now: world.now });
    assert.equal(bundle.format, 'envoy-diagnostics/1');
    assert.equal(bundle.redacted, true);
    assert.deepEqual(
      { ...bundle.versions, system: '', architecture: '' },
      { package: '1.2.3', nodeRed: '4.1.15', node: process.versions.node, system: '', architecture: '' },
    );
    assert.equal(bundle.settings.tls, 'pin');
    assert.equal(bundle.settings.cloudUrl, world.cloud.url);
    assert.equal(bundle.session.authentication, 'token');
    assert.equal(bundle.session.role, 'owner');
    assert.ok([364, 365].includes(bundle.session.tokenDaysLeft ?? 0));
    assert.deepEqual(bundle.session.certificate, { pinned: true, matches: true });
    assert.equal(bundle.gateway?.firmware, world.gateway.firmware);
    assert.ok(bundle.facts?.features.includes('batteries'));
    assert.equal(bundle.error, undefined);
    assert.deepEqual(parseBundle(JSON.stringify(bundle)), bundle);
  });

  it('ask each endpoint, one at a time, and note what fails', async () => {
    world.gateway.faults.add({ kind: 'status', status: 500 }, { path: '/home' });
    world.gateway.faults.add({ kind: 'reset' }, { path: '/inv' });
    const { session } = world.open();
    await session.known();
    world.gateway.log.clear();
    const { endpoints } = await collectDiagnostics(session, environment);
    assert.deepEqual(
      endpoints.map(({ path }) => path),
      endpointsFor(world.gateway.firmware),
    );
    assert.equal(world.gateway.log.maximumInFlight, 1);
    const byPath = new Map(endpoints.map((record) => [record.path, record]));
    assert.equal(byPath.get('/home')?.status, 500);
    assert.match(byPath.get('/home')?.body ?? '', /Error 500/);
    assert.equal(byPath.get('/inv')?.error?.code, 'gateway_unreachable');
    assert.equal(byPath.get('/ivp/pdm/energy')?.error?.code, 'role_insufficient');
    const meters = byPath.get('/ivp/meters/readings');
    assert.equal(meters?.status, 200);
    assert.ok(meters.bytes > 500 && meters.milliseconds >= 0 && meters.error === undefined);
    assert.equal((JSON.parse(meters.body ?? '') as unknown[]).length > 1, true);
    assert.ok(
      byPath.get('/inventory.json?deleted=1')?.body !== undefined,
      'the endpoints after a failing one are asked',
    );
  });

  it('hold nothing of the account, the token, the certificate, the cookies or any serial number', async () => {
    const opened = world.open();
    const { username = '', password = '' } = opened.credentials;
    const bundle = await collectDiagnostics(opened.session, { ...environment, secrets: [username, password] });
    const text = JSON.stringify(bundle);
    const token = opened.tokens.at(-1) ?? '';
    assert.ok(token.length > 100);
    const found = text.match(/(?<!\d)\d{12}(?!\d)/g) ?? [];
    assert.ok(found.length > 5, 'there are serial numbers of another make');
    const raw = JSON.stringify(await opened.session.read({ datasets: [], raw: true }));
    const serials = new Set(raw.match(/(?<!\d)1226\d{8}(?!\d)|(?<!\d)\d{12}(?=")/g));
    assert.ok(serials.has(serial) && serials.size > 4);
    const secrets = [username, password, token, world.gateway.fingerprint, ...serials];
    assert.deepEqual(
      secrets.filter((secret) => text.includes(secret)),
      [],
    );
    assert.ok(!text.includes('Europe/Paris'));
  });

  it('of a blocked session say why, and ask nothing', async () => {
    const { session } = world.open({ credentials: { ...credentialsOf('owner'), password: 'wrong' } });
    await assert.rejects(session.known(), { code: 'credentials_rejected' });
    const before = world.requests();
    const bundle = await collectDiagnostics(session, environment);
    assert.equal(bundle.error?.code, 'credentials_rejected');
    assert.equal(bundle.session.problem?.code, 'credentials_rejected');
    assert.deepEqual([bundle.endpoints, world.requests()], [[], before]);
    assert.ok(!JSON.stringify(bundle).includes(accounts.owner.email));
    world.cloud.unblock(accounts.owner.email);
  });
});

/** A session made of replies. */
function sessionOf(host: string, answer: (path: string) => string | Error, knownError?: Error): DiagnosedSession {
  const info = { serial: '122600000042', firmware: '8.3.5169', metered: true, tokens: true };
  return {
    settings: gatewaySettings({ host }),
    state: {},
    known: () =>
      knownError
        ? Promise.reject(knownError)
        : Promise.resolve({
            info,
            facts: { features: [], phaseCount: 1, meters: [], activePhaseCount: 0, productionPaths: [] },
          }),
    exchange: ({ path }) => {
      const found = answer(path);
      if (found instanceof Error) return Promise.reject(found);
      return Promise.resolve({ status: 404, headers: { 'content-type': 'text/html' }, body: found });
    },
  };
}

describe('diagnostics of a session in a state that is hard to bring about', () => {
  it('hold status, type and body of any reply', async () => {
    const page = '<html><body>Serial: 122600000042 é</body></html>';
    const { endpoints } = await collectDiagnostics(
      sessionOf('envoy.local', () => page),
      environment,
    );
    const [first] = endpoints;
    assert.deepEqual(
      { ...first, milliseconds: 0, body: first?.body?.replace(/\d{12}/, '#') },
      {
        path: '/info',
        status: 404,
        contentType: 'text/html',
        milliseconds: 0,
        bytes: Buffer.byteLength(page),
        body: '<html><body>Serial: # é</body></html>',
      },
    );
  });

  it('leave a gateway alone that has fallen silent', async () => {
    const asked: string[] = [];
    const silent = new EnergyError('gateway_timeout', 'No answer.');
    const session = sessionOf('envoy.local', (path) => {
      asked.push(path);
      return asked.length === 2 ? '{}' : silent;
    });
    const { endpoints } = await collectDiagnostics(session, environment);
    assert.equal(asked.length, 5);
    assert.deepEqual(new Set(endpoints.slice(5).map(({ error }) => error?.code)), new Set(['skipped']));
    assert.equal(endpoints.length, endpointsFor(undefined).length);
  });

  it('ask although the probe failed', async () => {
    const failed = new EnergyError('no_production_source', 'No JSON interface.');
    const { endpoints, error } = await collectDiagnostics(
      sessionOf('envoy.local', () => '{}', failed),
      environment,
    );
    assert.equal(error?.code, 'no_production_source');
    assert.equal(endpoints.length, endpointsFor(undefined).length);
  });

  it('mask a host that tells where it is, in failures too', async () => {
    const failing = (host: string) => () => new EnergyError('http_status', `${host}/info answers with status 404.`);
    for (const host of ['envoy.jeanne.example', '81.2.3.4', 'my-house']) {
      const bundle = await collectDiagnostics(sessionOf(`${host}:8443`, failing(host)), environment);
      assert.equal(bundle.settings.host, '[masked]:8443');
      assert.ok(!JSON.stringify(bundle).includes(host), host);
    }
    const { settings } = await collectDiagnostics(sessionOf('envoy.local', failing('envoy.local')), environment);
    assert.equal(settings.host, 'envoy.local');
    assert.equal(settings.cloudUrl, undefined);
    const { settings: inHouse } = await collectDiagnostics(
      sessionOf('192.168.7.9', () => '{}'),
      environment,
    );
    assert.match(inHouse.host, /^192\.168\.\d+\.\d+$/);
  });
});

describe('endpoints of diagnostics', () => {
  it('are all that datasets are read from', () => {
    const missing = Object.keys(house).filter((path) => !endpointsFor('8.3.5169').includes(path));
    assert.deepEqual(missing, []);
  });

  it('leave out batteries and generators before firmware 5', () => {
    assert.deepEqual(
      endpointsFor('4.2.33').filter((path) => /ensemble|\/ss\//.test(path)),
      [],
    );
  });
});

describe('parsing a bundle', () => {
  it('turns down what is none', () => {
    for (const text of ['', '[]', '{"format": "envoy-diagnostics/2"}', '{"format": "envoy-diagnostics/1"}']) {
      assert.throws(() => parseBundle(text), { code: 'invalid_argument' });
    }
    const bundle = { format: 'envoy-diagnostics/1', session: {}, endpoints: [{ path: '/x', status: 7 }] };
    assert.throws(() => parseBundle(JSON.stringify(bundle)), { code: 'invalid_argument' });
  });
});
