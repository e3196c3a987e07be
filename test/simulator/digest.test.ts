import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { promisify } from 'node:util';
import { startGateway } from '../../simulator/index.js';
import type { DigestSettings, SimulatedGateway } from '../../simulator/index.js';
import { derivedPassword } from '../../simulator/gateway/local-password.js';
import { ask } from './client.js';

const run = promisify(execFile);

function hasCurl(): boolean {
  try {
    return execFileSync('curl', ['--version']).length > 0;
  } catch {
    return false;
  }
}

/** Credentials of `envoy` for GET /home as RFC 7616 has them for MD5 and qop=auth. */
function credentials(nonce: string, count: string): string {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const [first, second] = [md5('envoy:enphaseenergy.com:789012'), md5('GET:/home')];
  const response = md5(`${first}:${nonce}:${count}:client:auth:${second}`);
  const fields = [`nonce="${nonce}"`, 'uri="/home"', `response="${response}"`, `nc=${count}`, 'cnonce="client"'];
  return `Digest username="envoy", realm="enphaseenergy.com", qop=auth, ${fields.join(', ')}`;
}

describe('Digest of the simulated gateway', () => {
  let gateway: SimulatedGateway;
  async function start(digest: Partial<DigestSettings> = {}): Promise<void> {
    gateway = await startGateway({ serial: '123456789012', firmware: '4.2.27', metered: false, digest });
  }
  /** Status codes that curl, a client we have no part in, gets for these paths over one connection. */
  async function curl(user: string, ...paths: string[]): Promise<string> {
    const targets = paths.flatMap((path) => ['-o', '/dev/null', gateway.url + path]);
    const { stdout } = await run('curl', ['-s', '--digest', '-u', user, '-w', '%{http_code} ', ...targets]);
    return stdout.trim();
  }
  before(function () {
    if (!hasCurl()) {
      console.warn('curl is not there: the Digest of the simulator is not checked against another client');
      this.skip();
    }
  });
  afterEach(async () => {
    await gateway.close();
  });

  it('derives the passwords of the local users', async () => {
    await start();
    assert.equal(derivedPassword('123456789012', 'installer'), '7edE24ed');
    assert.equal(derivedPassword('067118598227', 'installer'), 'a8HdG5h2');
    assert.equal(derivedPassword('713073860281', 'installer'), '2Cg3ab54');
    assert.equal(gateway.localPasswords['envoy'], '789012');
  });

  it('lets envoy and installer in, and nobody with another password', async () => {
    await start();
    assert.equal(await curl('envoy:789012', '/api/v1/production'), '200');
    assert.equal(await curl('installer:7edE24ed', '/api/v1/production'), '200');
    assert.equal(await curl('envoy:wrong', '/api/v1/production'), '401');
    assert.equal(await curl('nobody:789012', '/api/v1/production'), '401');
    assert.equal(await curl('envoy:789012', '/ivp/peb/newscan'), '401');
    gateway.setLocalPassword('envoy', 'changed');
    assert.equal(await curl('envoy:789012', '/api/v1/production'), '401');
    assert.equal(await curl('envoy:changed', '/api/v1/production'), '200');
  });

  const forms: [string, Partial<DigestSettings>][] = [
    ['MD5-sess', { algorithms: ['MD5-sess'] }],
    ['SHA-256', { algorithms: ['SHA-256'] }],
    ['no qop', { qop: 'none' }],
    ['an opaque', { opaque: true }],
    ['Basic beside Digest', { basicToo: true }],
  ];
  for (const [name, digest] of forms) {
    it(`understands ${name}`, async () => {
      await start(digest);
      assert.equal(await curl('envoy:789012', '/api/v1/production', '/api/v1/production/inverters'), '200 200');
      assert.equal(await curl('envoy:wrong', '/api/v1/production'), '401');
    });
  }

  it('calls a nonce stale after its uses, and curl goes on with the new one', async () => {
    await start({ nonceUses: 1 });
    assert.equal(await curl('envoy:789012', '/api/v1/production', '/production.json', '/home'), '200 200 200');
    assert.equal(gateway.log.requests.filter(({ status }) => status === 401).length, 3);
  });

  it('calls a nonce stale after its time, and a nonce count that was used before', async () => {
    let now = Date.now();
    gateway = await startGateway({
      serial: '123456789012',
      firmware: '4.2.27',
      digest: { nonceLifetime: 60_000 },
      tokenClock: () => now,
    });
    const first = await ask(`${gateway.url}/home`);
    const nonce = /nonce="([^"]+)"/.exec(first.headers['www-authenticate'] ?? '')?.[1] ?? '';
    const at = async (count: string): Promise<string> => {
      const headers = { authorization: credentials(nonce, count) };
      const { status, headers: answered } = await ask(`${gateway.url}/home`, { headers });
      return `${status}${answered['www-authenticate']?.includes('stale=true') ? ' stale' : ''}`;
    };
    assert.equal(await at('00000001'), '200');
    assert.equal(await at('00000001'), '401 stale');
    assert.equal(await at('00000002'), '200');
    now += 61_000;
    assert.equal(await at('00000003'), '401 stale');
  });

  it('sends several challenges, in one header or in several', async () => {
    await start({ algorithms: ['SHA-256', 'MD5'] });
    const challenges = async (): Promise<string[]> => {
      const { rawHeaders } = await ask(`${gateway.url}/home`);
      return rawHeaders.filter((_, index) => rawHeaders[index - 1] === 'WWW-Authenticate');
    };
    assert.equal((await challenges()).length, 2);
    gateway.digest.separateHeaders = false;
    const [single, ...others] = await challenges();
    assert.match(single ?? '', /^Digest .*SHA-256, Digest .*MD5$/);
    assert.deepEqual(others, []);
  });

  it('resets a connection that is used again after the challenge where 3.18.10 does', async () => {
    await start();
    await gateway.setFirmware('3.18.10');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    assert.equal((await ask(`${gateway.url}/home`, { agent })).status, 401);
    await assert.rejects(ask(`${gateway.url}/home`, { agent }), { code: 'ECONNRESET' });
    agent.destroy();
    gateway.switches.resetOnKeepAliveDigest = false;
    assert.equal(await curl('envoy:789012', '/api/v1/production', '/ivp/meters'), '200 401');
  });
});
