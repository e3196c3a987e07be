import assert from 'node:assert/strict';
import { ProxyError } from '../../../../lib/proxy/http/error.js';
import { clientVersion, compareVersions, createVersionGate } from '../../../../lib/proxy/http/version-gate.js';
import { fakeRequest } from './request.js';

describe('lib/proxy/http/version-gate', () => {
  const refusal = (minimums: Record<string, string>, headers: Record<string, string>) => {
    const gate = createVersionGate(minimums);
    assert.ok(gate);
    try {
      gate(fakeRequest({ headers }));
      return undefined;
    } catch (error) {
      assert.ok(error instanceof ProxyError);
      return error;
    }
  };
  const passes = (userAgent: string, minimums: Record<string, string> = { '*': '2.3.0' }) =>
    refusal(minimums, { 'user-agent': userAgent }) === undefined;

  it('takes the first product with a numeric version', () => {
    assert.deepEqual(clientVersion('A/1.2.3 B/9'), { product: 'A', version: '1.2.3' });
    assert.deepEqual(clientVersion('A/beta (B) C/2.0-rc1'), { product: 'C', version: '2.0' });
    assert.equal(clientVersion('curl'), undefined);
    assert.equal(clientVersion('/2.0'), undefined);
  });

  it('compares versions segment by segment, as numbers of any length', () => {
    assert.ok(compareVersions('2.10', '2.9') > 0);
    assert.ok(compareVersions('2.3', '2.3.0') === 0);
    assert.ok(compareVersions('2.3', '2.3.1') < 0);
    assert.ok(compareVersions('99999999999999999999.1', '99999999999999999998.2') > 0);
  });

  it('serves clients at or above the minimum and turns away the others', () => {
    assert.ok(passes('X/2.3.0'));
    assert.ok(passes('X/2.10.0'));
    assert.ok(!passes('X/2.2.9'));
    assert.ok(!passes('curl'));
    assert.ok(!passes(''));
  });

  it('knows minimums by product, in any case', () => {
    const minimums = { DomoticzLinkyPlugin: '2.5', '*': '1.0' };
    assert.ok(!passes('domoticzlinkyplugin/2.4', minimums));
    assert.ok(passes('Other/1.0', minimums));
    assert.ok(passes('Other/0.1', { DomoticzLinkyPlugin: '2.5' }));
    assert.ok(!passes('constructor/0.1'));
  });

  it('says which version is needed, in French unless the client prefers English', () => {
    const french = refusal({ '*': '2.3.0' }, { 'user-agent': 'X/1.0' });
    assert.equal(french?.status, 400);
    assert.equal(french.error, 'version_mismatch');
    assert.deepEqual(french.members, { min_version: '2.3.0' });
    assert.match(french.description ?? '', /trop ancienne.*2\.3\.0/);
    const english = refusal({ '*': '2.3.0' }, { 'user-agent': 'X/1.0', 'accept-language': 'en-GB,fr;q=0.5' });
    assert.match(english?.description ?? '', /too old.*2\.3\.0/);
  });

  it('is off where no minimum is set', () => {
    assert.equal(createVersionGate({}), undefined);
  });
});
