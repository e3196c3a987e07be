import assert from 'node:assert/strict';
import { gatewayUrl } from '../../../lib/envoy/address.js';
import { enlightenAccount, gatewaySettings, maskAccount, maskSerial, vendorUrls } from '../../../lib/envoy/settings.js';

const fieldOf = (task: () => unknown): unknown => {
  try {
    task();
  } catch (error) {
    const { code, parameters } = error as { code: string; parameters: { field?: string } };
    assert.equal(code, 'invalid_argument');
    return parameters.field;
  }
  return undefined;
};

describe('the settings of a gateway', () => {
  it('are complete where nothing was typed', () => {
    const defaults = { host: 'envoy.local', tls: 'pin', ...vendorUrls, refreshBefore: 30, timeout: 45 };
    assert.deepEqual(gatewaySettings({}), defaults);
    assert.deepEqual(gatewaySettings({ host: ' ', tls: '', timeout: '', refreshBefore: null, cloudUrl: '' }), defaults);
  });

  it('are what was typed', () => {
    const fingerprint = 'ab'.repeat(32);
    const config = {
      host: ' 192.168.1.20:8443 ',
      tls: 'verify',
      fingerprint,
      cloudUrl: 'http://127.0.0.1:1/',
      tokenUrl: 'https://tokens.example.com',
      refreshBefore: '7',
      timeout: '10',
    };
    assert.deepEqual(gatewaySettings(config), {
      ...config,
      host: '192.168.1.20:8443',
      fingerprint: Array.from({ length: 32 }, () => 'AB').join(':'),
      refreshBefore: 7,
      timeout: 10,
    });
  });

  const wrong: [field: string, values: unknown[]][] = [
    ['host', ['http://envoy', 'a b', 'envoy/info', 'user@envoy', 'envoy:99999', '[::1', 'fe80::1']],
    ['tls', ['none', 'PIN']],
    ['fingerprint', ['AB:CD', 'x'.repeat(64)]],
    ['cloudUrl', ['enlighten', 'ftp://enlighten', 'javascript:alert(1)']],
    ['tokenUrl', ['entrez']],
    ['refreshBefore', [-1, 366, 'soon', Number.NaN]],
    ['timeout', [0, 301, '45 s']],
  ];
  for (const [field, values] of wrong) {
    it(`name ${field} where it is of no use`, () => {
      for (const value of values)
        assert.equal(
          fieldOf(() => gatewaySettings({ [field]: value })),
          field,
          String(value),
        );
    });
  }

  it('take names and addresses of every kind', () => {
    const hosts = ['envoy', 'envoy.local', '127.0.0.1', '127.0.0.1:8443', '[fe80::1]', '[::1]:443', 'my_envoy-2.lan'];
    for (const host of hosts) assert.equal(gatewayUrl('https', gatewaySettings({ host }).host).protocol, 'https:');
  });
});

describe('an account', () => {
  it('is one of Enlighten where user and password say so', () => {
    assert.deepEqual(enlightenAccount({ username: ' me@example.com ', password: ' p ' }), {
      username: 'me@example.com',
      password: ' p ',
    });
    for (const username of ['', ' ', 'envoy', 'Installer', 'nonmaster']) {
      assert.equal(enlightenAccount({ username, password: 'p' }), undefined);
    }
    assert.equal(enlightenAccount({ username: 'me@example.com' }), undefined);
    assert.equal(enlightenAccount({ username: 'me@example.com', password: '' }), undefined);
    assert.equal(enlightenAccount({}), undefined);
  });

  it('is not given away by what is shown of it, and neither is a serial number', () => {
    assert.equal(maskAccount('someone@example.com'), 's…@example.com');
    assert.equal(maskAccount('installer'), 'i…');
    assert.equal(maskAccount(''), '…');
    assert.equal(maskSerial('122600000042'), '…0042');
  });
});
