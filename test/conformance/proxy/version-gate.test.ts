import assert from 'node:assert/strict';
import { settingsFromEnvironment } from '../../../lib/proxy/settings/environment.js';
import { publicClient, type ProxyWorld } from '../../support/proxy-world.js';
import { assertError } from './answers.js';
import { overBothStores } from './stores.js';

const least = { BASE_URL: 'https://p.test', CLIENT_ID: 'application', CLIENT_SECRET: 'secret' };

/** The oldest versions served, as the variable of the environment names them. */
function minimumVersions(text: string): Readonly<Record<string, string>> {
  return settingsFromEnvironment({ ...least, VERSION_MIN: text }).proxy.minimumVersions;
}

describe('conformance 8.2: version gate', () => {
  overBothStores((open) => {
    let world: ProxyWorld;

    before(async () => {
      world = await open({ settings: { minimumVersions: minimumVersions('2.3.0') } });
    });

    it('16 · POST /device/code without User-Agent and parameters is version_mismatch', async () => {
      assertError(await world.form('/device/code'), 400, 'version_mismatch');
    });

    it('17 · an older version at /device/token is version_mismatch, and is told what to do', async () => {
      const answer = await world.form('/device/token', {}, { 'user-agent': 'X/2.2.9' });
      assertError(answer, 400, 'version_mismatch', /2\.3\.0/);
    });

    it('18 · the oldest version served comes to the next check', async () => {
      const answer = await world.form('/device/code', {}, { 'user-agent': 'X/2.3.0' });
      assertError(answer, 400, 'invalid_request', 'Missing client_id');
    });

    it('19 · versions are compared as numbers: 2.10.0 is newer than 2.3.0', async () => {
      const headers = { 'user-agent': 'X/2.10.0', ...world.newAddress() };
      const answer = await world.form('/device/code', { client_id: publicClient }, headers);
      assert.equal(answer.status, 200);
    });

    it('20 · a User-Agent without a version is version_mismatch', async () => {
      assertError(await world.form('/device/code', {}, { 'user-agent': 'curl' }), 400, 'version_mismatch');
    });

    it('21 · pages are shown to every browser', async () => {
      for (const headers of [{ 'user-agent': 'X/2.2.9' }, {}]) {
        assert.equal((await world.get('/device', headers)).status, 200);
      }
    });

    it('22 · an empty VERSION_MIN serves every client', async () => {
      const free = await open({ settings: { minimumVersions: minimumVersions('') } });
      assert.equal((await free.form('/device/code', { client_id: publicClient })).status, 200);
    });

    it('23 · an older version at the data proxy is version_mismatch, and Enedis is not asked', async () => {
      const headers = { 'user-agent': 'X/2.2.9', authorization: 'Bearer x' };
      assertError(await world.get('/data/proxy/x', headers), 400, 'version_mismatch');
      const known = await world.get('/data/proxy/metering_data_dc/v5/daily_consumption', headers);
      assertError(known, 400, 'version_mismatch');
      assert.equal(world.enedis.requests.all.length, 0);
    });
  });
});
