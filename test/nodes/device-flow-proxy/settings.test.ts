import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import { enedisEndpoints, enedisSandboxEndpoints } from '../../../lib/proxy/settings/defaults.js';
import { SettingsError } from '../../../lib/proxy/settings/source.js';
import { readNodeSettings, type ProxyDefinition } from '../../../nodes/device-flow-proxy/settings.js';
import { surroundingsOf, trustedProxies } from '../../../nodes/device-flow-proxy/surroundings.js';

type Properties = Partial<Omit<ProxyDefinition, 'id' | 'type' | 'name' | 'z'>>;

const credentials = { clientId: 'id-of-the-application', clientSecret: 'never-to-be-seen' };
const given = { publicUrl: undefined, directory: '/data/proxy-1', trustedProxies: ['10.0.0.0/8'] };
const address = { publicUrl: 'https://example.org/enedis' };

function definition(properties: Properties): ProxyDefinition {
  return { id: '1', type: 'device-flow-proxy', name: '', z: 'tab', ...properties };
}

function read(properties: Properties = address, more: Readonly<Record<string, string>> = {}) {
  return readNodeSettings(definition(properties), { ...credentials, ...more }, given);
}

function wrong(properties: Properties, more: Readonly<Record<string, string>> = {}, around = given): string[] {
  try {
    readNodeSettings(definition(properties), { ...credentials, ...more }, around);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    assert.doesNotMatch(error.message, /never-to-be-seen/);
    return [...new Set(error.problems.map(({ setting }) => setting))].sort();
  }
  return [];
}

describe('the settings of a device-flow-proxy', () => {
  it('are usual where the dialog was left as it is', () => {
    const { proxy, store, keys, warnings } = read();
    assert.deepEqual(proxy.endpoints, enedisEndpoints);
    assert.equal(proxy.publicUrl, 'https://example.org/enedis');
    assert.deepEqual([proxy.mode, proxy.apiMode, proxy.duration], ['client_credentials', 'new', 'P1095D']);
    assert.deepEqual([proxy.limits.requestsPerMinute, proxy.pkce, proxy.compatibility.sandbox], [12, false, false]);
    assert.deepEqual(Object.keys(proxy.publicClients), ['id-of-the-application']);
    assert.deepEqual(proxy.trustedProxies, ['10.0.0.0/8']);
    assert.deepEqual(store, { kind: 'embedded', directory: '/data/proxy-1' });
    assert.deepEqual([keys, warnings], [undefined, []]);
  });

  it('follow the dialog', () => {
    const { proxy } = read({
      ...address,
      mode: 'authorization_code',
      apiMode: 'auto',
      duration: 'P90D',
      rateLimit: '20',
      minVersion: '2.3.0',
      pkce: true,
      title: 'Linky of ours',
      environment: 'sandbox',
    });
    assert.deepEqual([proxy.mode, proxy.apiMode, proxy.duration], ['authorization_code', 'auto', 'P90D']);
    assert.deepEqual([proxy.limits.requestsPerMinute, proxy.minimumVersions, proxy.pkce], [20, { '*': '2.3.0' }, true]);
    assert.deepEqual([proxy.page.title, proxy.compatibility.sandbox], ['Linky of ours', true]);
    assert.deepEqual(proxy.endpoints, enedisSandboxEndpoints);
  });

  it('custom endpoints count in the custom environment only, the token endpoint for both uses', () => {
    const endpoints = {
      authorizationEndpoint: 'https://other.test/authorize',
      tokenEndpoint: 'https://other.test/token',
      dataEndpoint: 'https://other.test/data',
    };
    assert.deepEqual(read({ ...address, ...endpoints }).proxy.endpoints, enedisEndpoints);
    assert.deepEqual(read({ ...address, ...endpoints, environment: 'custom' }).proxy.endpoints, {
      authorization: 'https://other.test/authorize',
      token: 'https://other.test/token',
      applicationToken: 'https://other.test/token',
      data: 'https://other.test/data',
    });
  });

  it('never fall back on Enedis in the custom environment', () => {
    const blank = { ...address, environment: 'custom' };
    assert.deepEqual(wrong(blank), ['authorizationEndpoint', 'dataEndpoint', 'tokenEndpoint']);
    const exchange = { ...blank, mode: 'authorization_code' };
    assert.deepEqual(wrong(exchange), ['authorizationEndpoint', 'tokenEndpoint']);
  });

  it('say everything that is wrong at once, by the fields of the dialog', () => {
    const bad = { publicUrl: ' ', rateLimit: 0, minVersion: 'new', duration: 'P9Y', environment: 'moon', mode: 'none' };
    assert.deepEqual(wrong(bad, { clientId: '', clientSecret: '' }), [
      'clientId',
      'clientSecret',
      'duration',
      'environment',
      'minVersion',
      'mode',
      'publicUrl',
      'rateLimit',
    ]);
  });

  it('MongoDB needs its address and a secret that everybody on it shares', () => {
    const mongodb = { ...address, store: 'mongodb' };
    assert.deepEqual(wrong(mongodb), ['mongodbUri', 'secret']);
    assert.deepEqual(wrong(mongodb, { mongodbUri: 'http://localhost', secret: 'short' }), ['mongodbUri', 'secret']);
    const more = { mongodbUri: 'mongodb://localhost/linky', secret: 'sixteen characters at least' };
    const { store, keys } = read(mongodb, more);
    assert.deepEqual(store, { kind: 'mongodb', uri: 'mongodb://localhost/linky' });
    assert.deepEqual(keys, read(mongodb, more).keys);
    assert.ok(keys);
  });

  it('an address of MongoDB that was left over does not matter to the embedded store', () => {
    assert.equal(read(address, { mongodbUri: 'mongodb://localhost/linky' }).store.kind, 'embedded');
    assert.deepEqual(wrong(address, {}, { ...given, directory: undefined as never }), ['store']);
  });

  it('name the fields whose value is used in another form', () => {
    assert.deepEqual(read({ ...address, duration: 'P3Y' }).warnings, ['duration']);
  });
});

describe('what a device-flow-proxy takes from Node-RED', () => {
  const around = (settings: Readonly<Record<string, unknown>>) => surroundingsOf({ settings } as unknown as NodeAPI);

  it('has an address of its own only where nobody else can reach Node-RED', () => {
    assert.equal(around({ uiHost: '127.0.0.1', uiPort: 1880 }).ownUrl('/enedis'), 'http://127.0.0.1:1880/enedis');
    assert.equal(
      around({ uiHost: '::1', uiPort: '1880', httpNodeRoot: '/api/', https: {} }).ownUrl('/enedis'),
      'https://[::1]:1880/api/enedis',
    );
    for (const uiHost of ['0.0.0.0', '192.168.1.2', undefined]) {
      assert.equal(around({ uiHost, uiPort: 1880 }).ownUrl('/enedis'), undefined);
    }
  });

  it('believes the reverse proxies that Node-RED was told of, by address', () => {
    assert.deepEqual(trustedProxies('loopback, 192.168.1.2'), ['127.0.0.0/8', '::1/128', '192.168.1.2']);
    assert.deepEqual(trustedProxies(['10.1.0.0/16']), ['10.1.0.0/16']);
    for (const blind of [true, 1, undefined]) assert.deepEqual(trustedProxies(blind), []);
  });

  it('has a directory of its own for every node, and none where nothing may be written', () => {
    const { directory } = around({ userDir: '/data' });
    assert.equal(directory('a1.b2'), '/data/energy-nodes/proxy-a1%2eb2');
    assert.equal(around({ userDir: '/data', readOnly: true }).directory('a1'), undefined);
  });

  it('knows where flows are served', () => {
    assert.deepEqual(around({}).roots, { node: '/', admin: '/' });
    assert.deepEqual(around({ httpRoot: '/red', httpAdminRoot: false }).roots, { node: '/red/', admin: undefined });
    assert.deepEqual(around({ httpNodeRoot: false }).roots, { node: undefined, admin: '/' });
  });
});
