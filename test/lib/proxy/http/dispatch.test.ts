import assert from 'node:assert/strict';
import { EnergyError } from '../../../../lib/errors.js';
import { ProxyError } from '../../../../lib/proxy/http/error.js';
import type { ObservedFailure, ObservedRequest } from '../../../../lib/proxy/http/observer.js';
import { fakeRequest, type FakeRequest } from './request.js';
import { served, type Served } from './serving.js';

const json = (body: string) => JSON.parse(body) as Record<string, unknown>;

describe('lib/proxy/http/dispatch', () => {
  const ask = (given: FakeRequest, proxy: Served = served()) => proxy.handle(fakeRequest(given));

  it('guards every page, also that of an error', async () => {
    for (const path of ['/', '/nope']) {
      const { headers } = await ask({ path });
      assert.equal(
        headers['content-security-policy'],
        `default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:9; frame-ancestors 'none'; base-uri 'none'`,
      );
      assert.deepEqual(
        ['cache-control', 'pragma', 'x-content-type-options', 'referrer-policy', 'x-frame-options'].map(
          (name) => headers[name],
        ),
        ['no-store', 'no-cache', 'nosniff', 'no-referrer', 'DENY'],
      );
      assert.match(String(headers['strict-transport-security']), /^max-age=\d+$/);
    }
  });

  it('does not speak of https where it is reached by http', async () => {
    const { headers } = await ask({ path: '/' }, served({ settings: { publicUrl: 'http://127.0.0.1:8080' } }));
    assert.equal(headers['strict-transport-security'], undefined);
  });

  it('answers unknown paths with 404: JSON below the interface, a page elsewhere', async () => {
    for (const path of ['/device/nope', '/data/x', '/.well-known/x', '/consents/x']) {
      const response = await ask({ path });
      assert.equal(response.status, 404);
      assert.equal(json(response.body)['error'], 'invalid_request');
      assert.equal(response.headers['cache-control'], 'no-store');
    }
    const page = await ask({ path: '/nope' });
    assert.equal(page.status, 404);
    assert.match(page.body, /<h1/);
  });

  it('refuses paths that another server could read otherwise', async () => {
    const proxy = served();
    const tails = [
      '..%2fx',
      '%2e%2e/x',
      'a/../b',
      'a/./b',
      '../x',
      'a//b',
      'a%3Fb',
      'a\\b',
      'a;b',
      'a\u0000b',
      'a b',
      'é',
      'a#b',
    ];
    for (const tail of tails) assert.equal((await ask({ path: `/data/proxy/${tail}` }, proxy)).status, 404, tail);
    for (const path of ['//device', '/device/', '/device%2fcode', '/./device', '/DEVICE', '/device/../device']) {
      assert.equal((await ask({ path }, proxy)).status, 404, path);
    }
    assert.deepEqual(proxy.ran, []);
    assert.equal((await ask({ path: '/data/proxy/metering_data_dc/v5/daily_consumption' }, proxy)).status, 200);
  });

  it('answers a wrong method with 405 and says which are right', async () => {
    const code = await ask({ path: '/device/code' });
    assert.deepEqual([code.status, code.headers['allow']], [405, 'POST']);
    const device = await ask({ path: '/device', method: 'DELETE' });
    assert.deepEqual([device.status, device.headers['allow']], [405, 'GET, POST, HEAD']);
    const data = await ask({ path: '/data/proxy/x', method: 'POST', body: 'a=1' });
    assert.deepEqual([data.status, data.headers['allow']], [405, 'GET']);
    assert.equal((await ask({ path: '/device/code', method: '__proto__' })).status, 405);
  });

  it('answers HEAD without running what GET does, unless that is free of side effects', async () => {
    const proxy = served();
    const page = await ask({ path: '/device', method: 'HEAD' }, proxy);
    assert.deepEqual([page.status, page.body, page.headers['content-type']], [200, '', 'text/html; charset=utf-8']);
    assert.ok(page.headers['content-security-policy']);
    assert.equal((await ask({ path: '/data/proxy/x', method: 'HEAD' }, proxy)).status, 405);
    assert.deepEqual(proxy.ran, []);
    const free = await ask({ path: '/free', method: 'HEAD' }, proxy);
    assert.deepEqual([free.status, free.body, free.headers['content-length']], [200, '', '13']);
  });

  it('turns old clients away before anything else, on the gated routes only', async () => {
    const proxy = served({ settings: { minimumVersions: { '*': '2.3.0' } } });
    const refused = await ask({ path: '/device/code', method: 'POST' }, proxy);
    assert.deepEqual([refused.status, json(refused.body)['error']], [400, 'version_mismatch']);
    assert.equal(json(refused.body)['min_version'], '2.3.0');
    assert.equal((await ask({ path: '/data/proxy/x', headers: { 'user-agent': 'X/2.2.9' } }, proxy)).status, 400);
    assert.equal((await ask({ path: '/device', headers: { 'user-agent': 'X/1' } }, proxy)).status, 200);
    assert.equal((await ask({ path: '/data/proxy/x', headers: { 'user-agent': 'X/2.10' } }, proxy)).status, 200);
    assert.deepEqual(proxy.ran, ['page', 'data']);
  });

  it('tells a refusal with its code, description, members and headers', async () => {
    const refusal = new ProxyError(429, 'slow_down', {
      description: 'Too many requests',
      retryAfter: 1.2,
      members: { interval: 10 },
      headers: { 'www-authenticate': 'Bearer' },
    });
    const response = await ask({ path: '/fails' }, served({ failing: () => Promise.reject(refusal) }));
    assert.equal(response.status, 429);
    assert.deepEqual(json(response.body), { error: 'slow_down', error_description: 'Too many requests', interval: 10 });
    assert.deepEqual([response.headers['retry-after'], response.headers['www-authenticate']], ['2', 'Bearer']);
  });

  it('answers 503 while the store cannot be reached', async () => {
    const failing = () => Promise.reject(new EnergyError('storage_failed', 'mongodb://user:pw@db.internal is away'));
    for (const path of ['/fails', '/fails/page']) {
      const response = await ask({ path }, served({ failing }));
      assert.deepEqual([response.status, response.headers['retry-after']], [503, '5']);
      assert.doesNotMatch(response.body, /mongodb|internal is away/);
    }
    const { body } = await ask({ path: '/fails' }, served({ failing }));
    assert.equal(json(body)['error'], 'temporarily_unavailable');
  });

  it('keeps unexpected errors to itself: the client gets a reference, the operator the error', async () => {
    for (const path of ['/fails', '/fails/page']) {
      const failures: ObservedFailure[] = [];
      const proxy = served({ observer: { onFailure: (failure) => failures.push(failure) } });
      const response = await ask({ path }, proxy);
      assert.equal(response.status, 500);
      assert.doesNotMatch(response.body, /secret-of-the-machine/);
      const [failure] = failures;
      assert.ok(failure && response.body.includes(failure.correlation));
      assert.equal((failure.error as Error).message, 'secret-of-the-machine');
      assert.equal(failure.reason, 'internal');
      assert.deepEqual(proxy.events, [
        { name: 'failed', at: 1_000, reason: failure.reason, correlation: failure.correlation },
      ]);
    }
  });

  it('tells each request to the observer by its route, never by its path', async () => {
    const requests: ObservedRequest[] = [];
    const proxy = served({ observer: { onRequest: (request) => requests.push(request) } });
    await ask({ path: '/data/proxy/some/path' }, proxy);
    await ask({ path: '/guess/14digits', method: 'PROPFIND' }, proxy);
    assert.deepEqual(
      requests.map(({ route, method, status }) => ({ route, method, status })),
      [
        { route: '/data/proxy/*', method: 'GET', status: 200 },
        { route: 'unknown', method: 'other', status: 404 },
      ],
    );
    assert.ok(requests.every(({ seconds }) => seconds >= 0));
  });

  it('lets no other origin read answers', async () => {
    const { headers } = await ask({ path: '/data/proxy/x', headers: { origin: 'https://evil.test' } });
    assert.ok(Object.keys(headers).every((name) => !name.startsWith('access-control-')));
  });

  it('lets the origins on the list read JSON, and no others', async () => {
    const proxy = served({ settings: { allowedOrigins: ['https://app.test'] } });
    const preflight = (origin: string, path = '/data/proxy/x') =>
      ask({ path, method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } }, proxy);
    const allowed = await preflight('https://app.test');
    assert.deepEqual(
      [allowed.status, allowed.headers['access-control-allow-origin'], allowed.headers['access-control-allow-methods']],
      [204, 'https://app.test', 'GET'],
    );
    assert.equal(allowed.headers['access-control-allow-credentials'], undefined);
    const refused = await preflight('https://evil.test');
    assert.deepEqual([refused.status, refused.headers['access-control-allow-origin']], [405, undefined]);
    assert.equal((await preflight('https://app.test', '/device')).status, 405);
    assert.deepEqual(proxy.ran, []);
    const get = await ask({ path: '/data/proxy/x', headers: { origin: 'https://app.test' } }, proxy);
    assert.deepEqual([get.headers['access-control-allow-origin'], get.headers['vary']], ['https://app.test', 'Origin']);
  });
});
