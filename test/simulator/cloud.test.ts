import assert from 'node:assert/strict';
import { decodeJwt } from 'jose';
import { startCloud } from '../../simulator/index.js';
import type { SimulatedCloud } from '../../simulator/index.js';
import { ask } from './client.js';
import type { Answer } from './client.js';

const serial = '122600000042';
const agent = { 'user-agent': 'test', accept: 'application/json' };

describe('the simulated cloud', () => {
  let cloud: SimulatedCloud;
  function login(email: string, password: string, headers: Record<string, string> = agent): Promise<Answer> {
    return ask(`${cloud.url}/login/login.json?`, {
      method: 'POST',
      rejectUnauthorized: true,
      ca: cloud.ca,
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ 'user[email]': email, 'user[password]': password }).toString(),
    });
  }
  function token(fields: Record<string, string>): Promise<Answer> {
    return ask(`${cloud.url}/tokens`, {
      method: 'POST',
      headers: { ...agent, 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
  }
  const documentOf = ({ body }: Answer): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;
  async function tokenFor(email: string, password: string): Promise<Answer> {
    const { session_id: session } = documentOf(await login(email, password));
    return token({ session_id: String(session), serial_num: serial, username: email });
  }
  beforeEach(async () => {
    cloud = await startCloud({
      accounts: [
        { email: 'owner@example.com', password: 'right', serials: [serial] },
        { email: 'installer@example.com', password: 'right', role: 'installer', serials: [serial] },
        { email: 'mfa@example.com', password: 'right', mfa: true, serials: [serial] },
        { email: 'short@example.com', password: 'right', serials: [serial], tokenLifetime: 3 },
      ],
    });
  });
  afterEach(async () => {
    await cloud.close();
  });

  it('gives owners a token of a year and installers one of twelve hours', async () => {
    const answer = await login('owner@example.com', 'right');
    assert.equal(documentOf(answer)['message'], 'success');
    assert.equal(documentOf(answer)['is_consumer'], true);
    assert.ok(!('is_consumer' in documentOf(await login('installer@example.com', 'right'))));
    const life = async (email: string): Promise<unknown[]> => {
      const { body } = await tokenFor(email, 'right');
      const { aud, exp = 0, iat = 0, ['enphaseUser']: user } = decodeJwt(body.trim());
      return [aud, user, exp - iat];
    };
    assert.deepEqual(await life('owner@example.com'), [serial, 'owner', 31_536_000]);
    assert.deepEqual(await life('installer@example.com'), [serial, 'installer', 43_200]);
    assert.deepEqual(await life('short@example.com'), [serial, 'owner', 3]);
    assert.deepEqual([cloud.logins, cloud.tokens], [5, 3]);
  });

  it('rejects a wrong password and blocks the account at the tenth', async () => {
    for (let attempt = 1; attempt <= 10; attempt++) {
      assert.equal((await login('owner@example.com', 'wrong')).status, 401);
    }
    const blocked = await login('owner@example.com', 'right');
    assert.deepEqual([blocked.status, documentOf(blocked)['isBlocked']], [200, true]);
    assert.deepEqual(
      cloud.attempts.map(({ outcome }) => outcome),
      [...Array.from({ length: 10 }, () => 'rejected'), 'blocked'],
    );
    cloud.unblock('owner@example.com');
    cloud.setPassword('owner@example.com', 'other');
    assert.ok('session_id' in documentOf(await login('owner@example.com', 'other')));
  });

  it('wants a second factor without saying so', async () => {
    const answer = await login('mfa@example.com', 'right');
    assert.deepEqual([answer.status, documentOf(answer)], [200, { success: true, isBlocked: false }]);
    assert.match(answer.headers['set-cookie']?.[0] ?? '', /^login_otp_nonce=/);
  });

  it('refuses tokens for another serial, another user, and without a login that lasts', async () => {
    const { session_id: session } = documentOf(await login('owner@example.com', 'right'));
    const fields = { session_id: String(session), serial_num: serial, username: 'owner@example.com' };
    assert.equal((await token({ ...fields, serial_num: '999999999999' })).status, 403);
    assert.equal((await token({ ...fields, username: 'installer@example.com' })).status, 403);
    assert.equal((await token({ ...fields, session_id: 'unknown' })).status, 401);
    assert.equal((await token(fields)).status, 200);
    cloud.expireSessions();
    assert.equal((await token(fields)).status, 401);
  });

  it('turns away clients that do not say who they are', async () => {
    assert.equal((await login('owner@example.com', 'right', { accept: 'application/json' })).status, 406);
    assert.equal((await login('owner@example.com', 'right', { 'user-agent': 'test' })).status, 406);
  });

  it('fails the ways that the real one fails', async () => {
    const { switches, faults } = cloud;
    switches.htmlInsteadOfLogin = true;
    assert.match((await login('owner@example.com', 'right')).body, /^<html>/);
    switches.htmlInsteadOfLogin = false;
    switches.htmlInsteadOfToken = true;
    const page = await tokenFor('owner@example.com', 'right');
    assert.deepEqual([page.status, page.body.startsWith('<html>')], [200, true]);
    switches.htmlInsteadOfToken = false;
    switches.malformedToken = true;
    assert.equal((await tokenFor('owner@example.com', 'right')).body.split('.').length, 1);
    switches.malformedToken = false;
    switches.tokenForOtherSerial = '122600000099';
    assert.equal(decodeJwt((await tokenFor('owner@example.com', 'right')).body).aud, '122600000099');
    faults.add(
      { kind: 'status', status: 429, headers: { 'Retry-After': '30' } },
      { path: '/login/login.json', times: 1 },
    );
    const limited = await login('owner@example.com', 'right');
    assert.deepEqual([limited.status, limited.headers['retry-after']], [429, '30']);
    switches.down = true;
    await assert.rejects(login('owner@example.com', 'right'));
    switches.down = false;
    assert.equal((await login('owner@example.com', 'right')).status, 200);
  });
});
