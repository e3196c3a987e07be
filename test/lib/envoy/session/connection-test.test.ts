import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { testConnection, type TestOutcome } from '../../../../lib/envoy/connection-test.js';
import { credentialsOf, day, SessionWorld } from '../../../support/session.js';

describe('the connection test', function () {
  let world: SessionWorld;

  beforeEach(async () => {
    world = await SessionWorld.start();
  });

  afterEach(async () => {
    await world.close();
  });

  /** `reachable ok, firmware failed (not_a_gateway), ...` */
  function told({ steps }: TestOutcome): string[] {
    return steps.map(({ name, result, error }) => (error ? `${name} ${result} (${error.code})` : `${name} ${result}`));
  }

  const [reachable, firmware, certificate] = ['reachable ok', 'firmware ok', 'certificate ok'];

  it('of a gateway that works says so: firmware, role, expiry, certificate and watts', async () => {
    const outcome = await testConnection(world.open().session);
    assert.equal(outcome.ok, true);
    assert.deepEqual(told(outcome), [reachable, firmware, certificate, 'authentication ok', 'production ok']);
    const { gateway, token } = outcome.state;
    assert.ok(gateway && token);
    assert.equal(`${gateway.firmware} ${gateway.authentication}`, '8.3.5169 token');
    assert.equal(token.role, 'owner');
    assert.ok(token.expiresAt > world.now() + 360 * day);
    assert.equal(outcome.state.certificate?.fingerprint, world.gateway.fingerprint);
    assert.equal(typeof outcome.wattsNow, 'number');
  });

  it('of a gateway with Digest: no certificate, no token', async () => {
    await world.gateway.setFirmware('5.0.62');
    const outcome = await testConnection(world.open({ credentials: {} }).session);
    assert.equal(outcome.ok, true);
    assert.equal(outcome.state.gateway?.authentication, 'digest');
    assert.equal(outcome.state.token, undefined);
    assert.equal(outcome.state.certificate, undefined);
  });

  it('of nobody there', async () => {
    await world.gateway.powerOff();
    const outcome = await testConnection(world.open().session);
    assert.equal(outcome.ok, false);
    assert.deepEqual(told(outcome), [
      'reachable failed (gateway_unreachable)',
      'firmware skipped',
      'certificate skipped',
      'authentication skipped',
      'production skipped',
    ]);
    assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
  });

  it('of somebody who does not answer', async () => {
    world.gateway.faults.add({ kind: 'hang' });
    const outcome = await testConnection(world.open({ settings: { timeout: 0.2 } }).session);
    assert.equal(told(outcome)[0], 'reachable failed (gateway_timeout)');
  });

  it('of a plain web server', async () => {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<html><body>Welcome to the router</body></html>');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const outcome = await testConnection(world.open({ settings: { host } }).session);
    await once(server.close(), 'close');
    assert.deepEqual(told(outcome), [
      reachable,
      'firmware failed (not_a_gateway)',
      'certificate skipped',
      'authentication skipped',
      'production skipped',
    ]);
    assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
  });

  it('of a changed certificate: both fingerprints, nothing behind it tried', async () => {
    await world.open().read();
    await world.restart();
    const stored = world.gateway.fingerprint;
    await world.gateway.setCertificate();
    const outcome = await testConnection(world.open().session);
    assert.deepEqual(told(outcome).slice(2), [
      'certificate failed (certificate_changed)',
      'authentication skipped',
      'production skipped',
    ]);
    assert.deepEqual(outcome.steps[2]?.error?.parameters, { stored, seen: world.gateway.fingerprint });
    assert.equal(outcome.state.certificate?.matches, false);
  });

  it('of a certificate that nobody signed, where that is asked for', async () => {
    const outcome = await testConnection(world.open({ settings: { tls: 'verify' } }).session);
    assert.equal(told(outcome)[2], 'certificate failed (certificate_untrusted)');
  });

  const rejected = [
    ['credentials_rejected', '8.3.5169', { ...credentialsOf('owner'), password: 'mistyped' }],
    ['mfa_required', '8.3.5169', credentialsOf('mfa')],
    ['serial_not_owned', '8.3.5169', credentialsOf('foreign')],
    ['credentials_missing', '8.3.5169', {}],
    ['credentials_rejected', '5.0.62', { username: 'envoy', password: 'guessed' }],
    ['credentials_missing', '5.0.62', { username: 'family' }],
  ] as const;
  for (const [code, version, credentials] of rejected) {
    it(`of ${code} with firmware ${version}: the gateway itself is fine`, async () => {
      await world.gateway.setFirmware(version);
      const outcome = await testConnection(world.open({ credentials }).session);
      assert.equal(outcome.ok, false);
      assert.deepEqual(told(outcome), [
        reachable,
        firmware,
        certificate,
        `authentication failed (${code})`,
        'production skipped',
      ]);
      assert.equal(outcome.state.gateway?.firmware, version);
    });
  }

  it('of a wrong local password where production is open to anybody: watts, and still not fine', async () => {
    await world.gateway.setFirmware('5.0.62');
    world.gateway.switches.openPaths = ['/info', '/production.json'];
    const credentials = { username: 'envoy', password: 'guessed' };
    const outcome = await testConnection(world.open({ credentials }).session);
    assert.equal(outcome.ok, false);
    assert.equal(told(outcome)[3], 'authentication failed (credentials_rejected)');
    assert.equal(typeof outcome.wattsNow, 'number');
  });

  it('of a cloud that is down: authentication, not the gateway', async () => {
    world.cloud.switches.down = true;
    const outcome = await testConnection(world.open().session);
    assert.equal(told(outcome)[3], 'authentication failed (cloud_unavailable)');
  });

  it('of a gateway that is starting: production', async () => {
    await world.keepToken(await world.token());
    const opened = world.open();
    await opened.read();
    world.gateway.boot();
    const outcome = await testConnection(opened.session);
    assert.deepEqual(told(outcome).slice(3), ['authentication ok', 'production failed (gateway_busy)']);
  });
});
