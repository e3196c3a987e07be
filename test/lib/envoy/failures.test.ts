import assert from 'node:assert/strict';
import { EnergyError } from '../../../lib/errors.js';
import { gatewayError, interpretJson, isNetworkError } from '../../../lib/envoy/failures.js';
import { compareVersions } from '../../../lib/envoy/firmware.js';
import { TransportFailure, type TransportFailureKind } from '../../../lib/http/failure.js';

describe('a failed exchange with a gateway', () => {
  const cases: [kind: TransportFailureKind, code: string, again: boolean][] = [
    ['timeout', 'gateway_timeout', true],
    ['unreachable', 'gateway_unreachable', true],
    ['incomplete', 'reply_incomplete', true],
    ['too_large', 'reply_too_large', false],
    ['untrusted', 'certificate_untrusted', false],
    ['closed', 'closed', false],
  ];
  for (const [kind, code, again] of cases) {
    it(`that is ${kind} is the error ${code}, ${again ? '' : 'not '}worth another attempt`, () => {
      const error = gatewayError(new TransportFailure(kind, 'It failed.'), 'envoy.local', '/production');
      assert.ok(error instanceof EnergyError);
      assert.deepEqual([error.code, error.parameters], [code, { host: 'envoy.local', path: '/production' }]);
      assert.equal(isNetworkError(error), again);
    });
  }

  it('stays what it is where it was something else', () => {
    const error = new EnergyError('http_status', 'no');
    assert.equal(gatewayError(error, 'h', '/'), error);
    assert.equal(isNetworkError(error), false);
    assert.equal(isNetworkError(new TransportFailure('timeout', 'late')), false);
  });
});

describe('an answer of a gateway', () => {
  const read = (status: number, body: string, headers = {}): unknown => interpretJson({ status, headers, body }, '/p');

  it('is its JSON, whatever it is called', () => {
    assert.deepEqual(read(200, '{"a":[1]}', { 'content-type': 'text/html' }), { a: [1] });
    assert.deepEqual(read(200, ' [] '), []);
    assert.equal(read(201, '1'), 1);
  });

  const cases: [status: number, body: string, code: string][] = [
    [500, '{}', 'gateway_busy'],
    [503, '', 'gateway_busy'],
    [404, '{}', 'http_status'],
    [301, '', 'http_status'],
    [200, '{"a":', 'reply_incomplete'],
    [200, '\n[{"a":1},', 'reply_incomplete'],
    [200, '<html></html>', 'reply_invalid'],
    [200, '', 'reply_invalid'],
  ];
  for (const [status, body, code] of cases) {
    it(`${status} with ${JSON.stringify(body)} is the error ${code}`, () => {
      assert.throws(() => read(status, body), { code, parameters: { path: '/p', status } });
    });
  }
});

describe('versions', () => {
  it('are compared number by number', () => {
    const ordered = ['3.9.36', '3.17.3', '5.0', '6.9.9', '7', '7.0.1', '8.2.127', '8.2.4264', '8.2.4264.1', '10.0'];
    for (const [index, version] of ordered.entries()) {
      for (const [other, against] of ordered.entries()) {
        assert.equal(Math.sign(compareVersions(version, against)), Math.sign(index - other), `${version} ${against}`);
      }
    }
    assert.equal(compareVersions('7', '7.0.0'), 0);
    assert.equal(compareVersions('8.2b', '8.2'), 0);
    assert.equal(compareVersions('', '0'), 0);
  });
});
