import assert from 'node:assert/strict';
import { chooseEndpoints, metadataUrls, publishedMetadata } from '../../../lib/device-flow/endpoints.js';
import { givenTokens } from '../../../lib/device-flow/given-token.js';
import { accountName, memoryFor } from '../../../lib/device-flow/memory.js';
import { deviceFlowSettings } from '../../../lib/device-flow/settings.js';
import { EnergyError } from '../../../lib/errors.js';

const config = { server: 'https://p.test/base/', clientId: 'client' };

function invalid(field: string) {
  return (error: unknown) =>
    error instanceof EnergyError && error.code === 'invalid_argument' && error.parameters['field'] === field;
}

describe('The settings of an account', () => {
  it('are completed, and optional ones are absent where they are empty', () => {
    assert.deepEqual(deviceFlowSettings({ ...config, scope: ' ', api: 'none' }, { clientSecret: '' }, '1.2.3'), {
      server: 'https://p.test/base',
      clientId: 'client',
      userAgent: 'node-red-envoy-linky/1.2.3',
      timeout: 45_000,
    });
    const { consentsEndpoint } = deviceFlowSettings(config);
    assert.equal(consentsEndpoint, 'https://p.test/base/consents');
  });

  it('name the field that cannot be used', () => {
    const wrong: [string, Record<string, unknown>][] = [
      ['server', { clientId: 'client' }],
      ['server', { ...config, server: 'p.test' }],
      ['server', { ...config, server: 'https://user:pass@p.test' }],
      ['server', { ...config, server: 'https://p.test/?a=b' }],
      ['clientId', { server: 'https://p.test' }],
      ['tokenEndpoint', { ...config, tokenEndpoint: 'ftp://p.test/' }],
      ['userAgent', { ...config, userAgent: 'Linky/2\r\nX: y' }],
      ['api', { ...config, api: 'other' }],
    ];
    for (const [field, given] of wrong) assert.throws(() => deviceFlowSettings(given), invalid(field));
    assert.throws(() => deviceFlowSettings(config, { token: 'two words' }), invalid('token'));
  });

  it('need no client for services that give their token to a person', () => {
    const settings = deviceFlowSettings({ api: 'conso' }, { token: ' Bearer abc ' });
    assert.deepEqual([settings.server, settings.clientId, settings.token], ['https://conso.boris.sh', '', 'abc']);
  });
});

describe('The endpoints of a server', () => {
  const settings = deviceFlowSettings(config);

  it('are looked for where RFC 8414 and proxies below a path have them', () => {
    assert.deepEqual(metadataUrls('https://p.test/base').map(String), [
      'https://p.test/.well-known/oauth-authorization-server/base',
      'https://p.test/base/.well-known/oauth-authorization-server',
      'https://p.test/base/.well-known/openid-configuration',
    ]);
    assert.equal(metadataUrls('https://p.test').length, 2);
  });

  it('are the usual ones where nothing is published, and those set by hand count most', () => {
    assert.deepEqual(chooseEndpoints(settings, undefined), {
      device: 'https://p.test/base/device/code',
      token: 'https://p.test/base/device/token',
      refresh: 'https://p.test/base/device/token',
      authentication: 'form',
    });
    const published = { token_endpoint: 'https://p.test/t', device_authorization_endpoint: 'https://p.test/d' };
    const refreshEndpoint = 'https://p.test/r';
    const chosen = chooseEndpoints({ ...settings, refreshEndpoint }, published);
    assert.deepEqual(
      [chosen.device, chosen.token, chosen.refresh],
      ['https://p.test/d', 'https://p.test/t', refreshEndpoint],
    );
  });

  it('are not taken out of TLS by what a server publishes', () => {
    const chosen = chooseEndpoints(settings, {
      token_endpoint: 'http://p.test/t',
      revocation_endpoint: 'http://p.test/r',
    });
    assert.deepEqual([chosen.token, chosen.revocation], ['https://p.test/base/device/token', undefined]);
  });

  it('are those of this server only', () => {
    const reply = (body: string, status = 200) => ({ status, headers: {}, body });
    assert.ok(publishedMetadata('https://p.test/base', reply('{"issuer":"https://p.test/base/"}')));
    assert.equal(publishedMetadata('https://p.test/base', reply('{"issuer":"https://other.test"}')), undefined);
    assert.equal(publishedMetadata('https://p.test/base', reply('<html>')), undefined);
    assert.equal(publishedMetadata('https://p.test/base', reply('{"issuer":"https://p.test/base"}', 404)), undefined);
  });

  it('take the secret in the form unless the server wants it in a header only', () => {
    const way = (methods?: string[]) =>
      chooseEndpoints(settings, methods && { token_endpoint_auth_methods_supported: methods }).authentication;
    assert.deepEqual(
      [way(), way(['client_secret_basic']), way(['client_secret_basic', 'client_secret_post'])],
      ['form', 'basic', 'form'],
    );
    assert.equal(chooseEndpoints(settings, {}).authentication, 'basic');
  });
});

describe('A token that a person pastes', () => {
  const now = Date.UTC(2026, 10, 20);
  const jwt = (claims: object) =>
    ['{"alg":"HS256"}', JSON.stringify(claims), 'sign']
      .map((each) => Buffer.from(each).toString('base64url'))
      .join('.');

  it('tells its usage points and its end where it is a JSON Web Token', () => {
    const exp = now / 1000 + 86_400;
    const token = jwt({ sub: ['12345678901234', 'x'], exp });
    assert.deepEqual(givenTokens(`"Bearer ${token}"`, now), {
      accessToken: token,
      tokenType: 'Bearer',
      usagePoints: ['12345678901234'],
      obtainedAt: now,
      expiresAt: exp * 1000,
      consentUntil: exp * 1000,
    });
    assert.deepEqual(givenTokens(jwt({ sub: '12345678901234' }), now).usagePoints, ['12345678901234']);
  });

  it('is taken as it is where it is none', () => {
    assert.deepEqual(givenTokens('opaque-token', now).usagePoints, []);
  });

  it('is refused where it was cut off or has ended', () => {
    assert.throws(() => givenTokens(jwt({ sub: 'x' }).slice(0, 30), now), invalid('token'));
    assert.throws(() => givenTokens(jwt({ exp: now / 1000 - 1 }), now), invalid('token'));
    assert.throws(() => givenTokens('', now), invalid('token'));
  });
});

describe('The memory of an account', () => {
  const one = accountName({ ...deviceFlowSettings(config) });
  const two = accountName({ ...deviceFlowSettings(config), server: 'https://other.test' });
  const tokens = { accessToken: 'a', refreshToken: 'r', tokenType: 'Bearer', usagePoints: [], obtainedAt: 0 };

  it('gives nothing of one server to another, and finds it again where the server is set back', () => {
    const turned = memoryFor(two, { account: one, tokens });
    assert.equal(turned.tokens, undefined);
    assert.deepEqual(memoryFor(one, turned).tokens, tokens);
  });
});
