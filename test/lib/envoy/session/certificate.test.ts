import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { gatewaySettings } from '../../../../lib/envoy/settings.js';
import type { AuthenticationError } from '../../../../lib/errors.js';
import { createCertificate } from '../../../../simulator/index.js';
import { refusalOf, SessionWorld } from '../../../support/session.js';
import { sentHeads } from '../../../support/wire.js';

describe("the gateway's certificate", function () {
  let world: SessionWorld;

  beforeEach(async () => {
    world = await SessionWorld.start();
  });

  afterEach(() => world.close());

  /** Puts an impostor in the gateway's place: another certificate, and not one request so far. */
  async function impostor(): Promise<{ stored: string; seen: string }> {
    const stored = world.gateway.fingerprint;
    await world.gateway.setCertificate();
    world.gateway.log.clear();
    return { stored, seen: world.gateway.fingerprint };
  }

  function assertTold(error: AuthenticationError, expected: { stored: string; seen: string }): void {
    assert.equal(error.code, 'certificate_changed');
    assert.deepEqual(error.parameters, expected);
    assert.ok(error.message.includes(expected.stored) && error.message.includes(expected.seen));
    assert.equal(world.gateway.log.count(), 0, 'nothing was sent to whoever shows the other certificate');
  }

  describe('pinned', () => {
    it('is the first one seen, shown in the state and kept', async () => {
      const opened = world.open();
      await opened.read();
      const { fingerprint } = world.gateway;
      assert.deepEqual(opened.session.state.certificate, { fingerprint, pinned: fingerprint, matches: true });
      await world.restart();
      assert.equal((await world.memory.read())?.certificate, fingerprint);
    });

    it('and changed while running: told with both fingerprints, nothing sent', async () => {
      const opened = world.open();
      await opened.read();
      const prints = await impostor();
      for (let round = 0; round < 3; round++) assertTold(await refusalOf(opened.read()), prints);
      assert.deepEqual(opened.session.state.certificate, {
        fingerprint: prints.seen,
        pinned: prints.stored,
        matches: false,
      });
      assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
    });

    it('and changed while we were off: told with both fingerprints, nothing sent', async () => {
      await world.open().read();
      await world.restart();
      const prints = await impostor();
      assertTold(await refusalOf(world.open().read()), prints);
      assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
    });

    it('and the right one back again: reading goes on by itself', async () => {
      const certificate = await createCertificate({ commonName: 'gateway' });
      await world.gateway.setCertificate(certificate);
      const opened = world.open();
      await opened.read();
      await impostor();
      assert.equal(await opened.outcome(), 'certificate_changed');
      await world.gateway.setCertificate(certificate);
      assert.equal(await opened.outcome(), 'data');
      assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
    });

    it('and changed by a firmware update: accepted by its fingerprint, read by the new rules, kept', async () => {
      const opened = world.open();
      await opened.read();
      await world.gateway.setFirmware('8.3.5289', { regenerateCertificate: true });
      assert.equal(await opened.outcome(), 'certificate_changed');
      await opened.session.reauthenticate(world.gateway.fingerprint);
      const payload = await opened.read();
      assert.equal(payload.gateway.firmware, '8.3.5289');
      assert.equal(opened.session.state.certificate?.matches, true);
      await world.restart();
      assert.equal(await world.open().outcome(), 'data');
    });

    it('and changed: neither re-authenticating, nor a token, nor the acceptance of yet another one lets it in', async () => {
      const opened = world.open();
      await opened.read();
      const prints = await impostor();
      await opened.session.reauthenticate().catch(() => undefined);
      await opened.session.setToken(await world.token()).catch(() => undefined);
      assertTold(await refusalOf(opened.read()), prints);
      const third = prints.seen.replace(/^../, (byte) => (byte === '00' ? '01' : '00'));
      await opened.session.reauthenticate(third).catch(() => undefined);
      assertTold(await refusalOf(opened.read()), { ...prints, stored: third });
    });

    it('by hand: only that one, however it was typed', async () => {
      const typed = world.gateway.fingerprint.toLowerCase().replaceAll(':', ' ');
      const { fingerprint } = gatewaySettings({ host: 'x', fingerprint: typed });
      assert.ok(fingerprint);
      const opened = world.open({ settings: { fingerprint } });
      assert.equal(await opened.outcome(), 'data');
      await world.restart();
      const prints = await impostor();
      assertTold(await refusalOf(world.open({ settings: { fingerprint } }).read()), prints);
    });

    it('and a gateway that answers over http only: it never sees the token', async () => {
      const opened = world.open();
      await opened.read();
      await world.gateway.setFirmware('5.0.62');
      const { heads, stop } = sentHeads();
      await opened.outcome().finally(stop);
      assert.ok(heads.length > 0);
      // What was on its way over the old connection was for the right gateway.
      const plain = world.gateway.log.requests.filter(({ secure }) => !secure);
      assert.ok(plain.length > 0 && plain.every(({ authentication }) => authentication !== 'bearer'));
    });

    it('leaves the TLS settings of the process as they are', async () => {
      await world.open().read();
      await assert.rejects(fetch(new URL('/info', world.gateway.url)));
      assert.equal(process.env['NODE_TLS_REJECT_UNAUTHORIZED'], undefined);
    });
  });

  it('that nobody signed is certificate_untrusted with `verify`, and nothing is sent', async () => {
    const opened = world.open({ settings: { tls: 'verify' } });
    assert.equal(await opened.outcome(), 'certificate_untrusted');
    assert.equal(world.gateway.log.count(), 0);
    assert.deepEqual(world.asked, { logins: 0, tokens: 0 });
  });

  it('does not matter with `insecure`, changed or not', async () => {
    const opened = world.open({ settings: { tls: 'insecure' } });
    assert.equal(await opened.outcome(), 'data');
    await world.gateway.setCertificate();
    assert.equal(await opened.outcome(), 'data');
    assert.equal(opened.session.state.certificate?.matches, true);
  });
});
