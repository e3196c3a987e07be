import assert from 'node:assert/strict';
import { settingsFromEnvironment, variables } from '../../../../lib/proxy/settings/environment.js';
import { SettingsError } from '../../../../lib/proxy/settings/source.js';

const least = { BASE_URL: 'https://p.test', CLIENT_ID: 'CID', CLIENT_SECRET: 'server-secret' };
const key = Buffer.alloc(32, 7).toString('base64');
const read = (more: Record<string, string> = {}) => settingsFromEnvironment({ ...least, ...more });

function problemsOf(more: Record<string, string>): string[] {
  try {
    read(more);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems.map(({ setting }) => setting);
  }
  return [];
}

describe('the environment of the stand-alone proxy', () => {
  it('needs three variables; everything else has the values of the PHP server or of Enedis today', () => {
    const { proxy, store, keys, warnings } = read();
    assert.equal(proxy.mode, 'client_credentials');
    assert.equal(proxy.apiMode, 'new');
    assert.equal(proxy.duration, 'P1095D');
    assert.equal(proxy.limits.requestsPerMinute, 12);
    assert.equal(proxy.codeLifetime, 300);
    assert.equal(proxy.accessLifetime, 12_600);
    assert.match(proxy.endpoints.authorization, /dataconnect\/v2\/oauth2\/authorize$/);
    assert.deepEqual(proxy.publicClients, { CID: 'Linky' });
    assert.deepEqual(store, { kind: 'embedded', directory: 'device-flow-proxy' });
    assert.equal(keys, undefined);
    assert.deepEqual(warnings, []);
  });

  it('the .env of a PHP server on MongoDB is taken as it is', () => {
    const { proxy, store, warnings } = read({
      DB_TYPE: 'mongodb',
      DB_ADDRESS: '127.0.0.1',
      DB_PORT: '27018',
      DB_USER: 'linky',
      DB_PASSWORD: 'p@ss/word',
      DB_NAME: 'enedis',
      REDIRECT_URI: '',
      VERSION_MIN: '2.3.0',
      DURATION: 'P3Y',
      FLOW: '',
      PKCE: '',
      AUTHORIZATION_ENDPOINT: 'https://mon-compte-particulier.enedis.fr/dataconnect/v1/oauth2/authorize',
      TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8,REMOTE_ADDR',
      TOKEN_HASH_KEY: key,
      ENCRYPTION_KEY: key,
    });
    assert.deepEqual(store, {
      kind: 'mongodb',
      uri: 'mongodb://linky:p%40ss%2Fword@127.0.0.1:27018/',
      database: 'enedis',
    });
    assert.equal(proxy.duration, 'P1095D');
    assert.match(proxy.endpoints.authorization, /v2/);
    assert.deepEqual(proxy.minimumVersions, { '*': '2.3.0' });
    assert.deepEqual(proxy.trustedProxies, ['127.0.0.1', '10.0.0.0/8']);
    assert.deepEqual(
      warnings.map((text) => text.split(':')[0]),
      ['AUTHORIZATION_ENDPOINT', 'DURATION'],
    );
  });

  it('32: a limit of 0 refuses to start', () => {
    assert.deepEqual(problemsOf({ LIMIT_REQUESTS_PER_MINUTE: '0' }), ['LIMIT_REQUESTS_PER_MINUTE']);
  });

  it('every problem is named at once, and no secret with it', () => {
    const given = {
      BASE_URL: 'p.test',
      CLIENT_SECRET: '',
      PKCE: 'perhaps',
      DURATION: '3 years',
      CODE_TTL: 'long',
      ENEDIS_API_MODE: 'v5',
      MONGODB_URI: 'postgres://user:hidden-password@db/x',
      TOKEN_HASH_KEY: 'hidden-and-too-short',
      ENCRYPTION_KEY: `${key},hidden-too`,
      TRUSTED_PROXIES: 'everything',
    };
    assert.throws(
      () => read(given),
      (error) => {
        assert.ok(error instanceof SettingsError);
        const named = new Set(error.problems.map(({ setting }) => setting));
        assert.deepEqual(named, new Set(Object.keys(given)));
        assert.doesNotMatch(error.message, /hidden/);
        return true;
      },
    );
  });

  it('151: DISABLE_DATA_ENPOINT_AUTH=false leaves authentication on', () => {
    const { proxy, warnings } = read({ DISABLE_DATA_ENPOINT_AUTH: 'false' });
    assert.equal(proxy.compatibility.dataAuthentication, true);
    assert.match(warnings.join(), /misspelt/);
  });

  it('authentication can be taken off in the sandbox only', () => {
    assert.deepEqual(problemsOf({ DISABLE_DATA_ENPOINT_AUTH: '1' }), ['DISABLE_DATA_ENPOINT_AUTH']);
    assert.equal(
      read({ DISABLE_DATA_ENDPOINT_AUTH: '1', SANDBOX: 'yes' }).proxy.compatibility.dataAuthentication,
      false,
    );
  });

  for (const flag of ['PKCE', 'SANDBOX', 'LEGACY_GET_VERIFY', 'TRUST_CALLBACK_PRM', 'ALLOW_BARE_TOKEN']) {
    it(`${flag} is a strict boolean`, () => {
      assert.deepEqual(problemsOf({ [flag]: 'on' }), [flag]);
      for (const value of ['true', 'FALSE', '1', '0', 'yes', 'no', ''])
        assert.deepEqual(problemsOf({ [flag]: value }), []);
    });
  }

  it('FLOW=DEVICE in any case is the authorization-code mode, which can do without a secret', () => {
    const { proxy } = settingsFromEnvironment({ BASE_URL: 'https://p.test', CLIENT_ID: 'CID', FLOW: 'device' });
    assert.equal(proxy.mode, 'authorization_code');
    assert.equal(proxy.clientSecret, undefined);
  });

  it('public ids hide the id of the application', () => {
    const { publicClients } = read({ PUBLIC_CLIENT_IDS: 'domoticz=DomoticzLinky, nodered' }).proxy;
    assert.deepEqual(publicClients, { domoticz: 'DomoticzLinky', nodered: 'Linky' });
  });

  it('with MongoDB the keys must be given, since every instance needs the same', () => {
    const problems = problemsOf({ MONGODB_URI: 'mongodb://127.0.0.1/linky' });
    assert.deepEqual(problems, ['TOKEN_HASH_KEY', 'ENCRYPTION_KEY']);
  });

  it('several encryption keys: the first seals, the others still open', () => {
    const older = Buffer.alloc(32, 9).toString('hex');
    const { keys } = read({ TOKEN_HASH_KEY: key, ENCRYPTION_KEY: `${key}, ${older}` });
    assert.deepEqual(
      keys?.encryptionKeys.map((each) => each[0]),
      [7, 9],
    );
  });

  for (const duration of ['P36M', 'P156W', 'P1Y6M', 'P1D']) {
    it(`a consent of ${duration} is taken`, () => assert.equal(read({ DURATION: duration }).proxy.duration, duration));
  }
  for (const duration of ['P4Y', 'P0D', 'P', 'PT5M', '-P1Y', 'P1100D']) {
    it(`a consent of ${duration} is refused`, () => assert.deepEqual(problemsOf({ DURATION: duration }), ['DURATION']));
  }

  it('a base path is kept and a slash at the end is not', () => {
    assert.equal(
      read({ BASE_URL: 'https://p.test/domoticzlinkyconnect/' }).proxy.publicUrl,
      'https://p.test/domoticzlinkyconnect',
    );
  });

  it('no two fields share a variable', () => {
    const names = Object.values(variables).flat();
    assert.equal(new Set(names).size, names.length);
  });
});
