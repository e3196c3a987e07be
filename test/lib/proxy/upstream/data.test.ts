import assert from 'node:assert/strict';
import type { ProxyError } from '../../../../lib/proxy/http/error.js';
import { usualLimits } from '../../../../lib/proxy/settings/defaults.js';
import type { DataRequest } from '../../../../lib/proxy/upstream/upstream.js';
import { serve } from '../../../support/server.js';
import { contracts, gatewayTime, isError } from './expectations.js';
import { noon } from './instances.js';
import { week, weekOf2026, weekOfV5, withGateway } from './suite.js';

describe('data of Data Connect 2026 through the proxy', () => {
  const suite = withGateway();

  it('are asked for at the translated path, with no content type (check 131)', async () => {
    suite.gateway.answer = () => ({
      status: 200,
      body: weekOf2026,
      headers: { 'content-type': 'application/octet-stream' },
    });
    const answer = await suite.start().data(week);
    const [request] = suite.gateway.requests;
    assert.equal(
      request?.url,
      '/mesure_synchrone_auto/v2/consommation_quotidienne?pointId=01234567890123&dateDebut=2026-11-01&dateFin=2026-11-08',
    );
    assert.equal(request.method, 'GET');
    assert.equal(request.headers['content-type'], undefined);
    assert.equal(request.headers.accept, 'application/json');
    assert.deepEqual(JSON.parse(answer.body), weekOfV5);
    assert.deepEqual({ ...answer, body: '' }, { status: 200, body: '', source: 'new', consentMissing: false });
  });

  it('come from below the base path where there is one', async () => {
    suite.gateway.answer = () => ({ status: 200, body: weekOf2026 });
    const { url } = suite.gateway;
    const endpoints = {
      authorization: url,
      token: url,
      applicationToken: `${url}/oauth2/v3/token`,
      data: `${url}/sub`,
    };
    await suite.start({ endpoints }).data(week);
    assert.ok(suite.gateway.requests[0]?.url.startsWith('/sub/mesure_synchrone_auto/v2/'));
  });

  it('are not asked for at any path or for any point but a checked one', async () => {
    const upstream = suite.start();
    const bad: DataRequest[] = [
      { ...week, path: 'customers_i/v5/identity' },
      { ...week, path: 'metering_data_dc/v5/daily_consumption?usage_point_id=1' },
      { ...week, path: '../oauth2/v3/token' },
      { ...week, path: '' },
      { ...week, usagePoint: '0123456789012' },
      { ...week, usagePoint: '01234567890123&pointId=9' },
      { ...week, start: '2026-11-31' },
      { ...week, end: '2026-11-08#' },
    ];
    for (const request of bad) {
      await assert.rejects(upstream.data(request), { error: 'invalid_request' });
    }
    const dataPaths = ['metering_data_dc/../oauth2/v3/token', 'a%2fb', '//evil.example/x', 'x?y', 'x#y'];
    for (const path of dataPaths) {
      await assert.rejects(suite.start({ dataPaths, apiMode: 'legacy' }).data({ ...week, path }));
    }
    assert.equal(suite.gateway.requests.length, 0);
  });

  it('have errors told in both vocabularies (check 138)', async () => {
    suite.gateway.answer = () => ({ status: 404, body: { code: 'no_data_found', message: 'Nothing.' } });
    const answer = await suite.start().data(week);
    assert.equal(answer.status, 404);
    assert.deepEqual(JSON.parse(answer.body), {
      error: 'no_data_found',
      error_description: 'Nothing.',
      code: 'no_data_found',
      message: 'Nothing.',
    });
  });

  it('have the status that deployed clients take rightly (checks 156, 157)', async () => {
    const cases = [
      [403, 'ADAM-DC-0008', 403, true],
      [403, 'ADAM-DC-0007', 403, true],
      [400, 'ADAM-ERR0061', 400, true],
      [400, 'ADAM-ERR0123', 400, false],
      [400, 'ADAM-ERR0069', 400, false],
      [404, 'no_data_found', 404, false],
      [403, 'ADAM-ERR0075', 404, false],
      [403, 'something_else', 502, false],
      [403, undefined, 502, false],
      [400, undefined, 502, false],
      [404, undefined, 502, false],
      [418, 'teapot', 502, false],
      [500, 'technical_error', 502, false],
      [503, undefined, 503, false],
      [504, undefined, 504, false],
    ] as const;
    const upstream = suite.start();
    for (const [status, code, expected, consentMissing] of cases) {
      suite.gateway.answer = () => ({ status, body: code === undefined ? '<html></html>' : { code, message: 'x' } });
      const answer = await upstream.data(week);
      assert.deepEqual([answer.status, answer.consentMissing], [expected, consentMissing], `${status} ${code}`);
      assert.ok(JSON.parse(answer.body));
    }
  });

  it('are the operator’s business where he did not subscribe the interface (check 142)', async () => {
    suite.gateway.answer = () => ({ status: 403, body: { code: 900908, message: 'Resource forbidden' } });
    await assert.rejects(suite.start().data(week), isError(502, 'upstream_misconfigured'));
    assert.equal(suite.gateway.requests.length, 1);
  });

  it('are asked for once more after a quota of a second, then told with the wait (check 143)', async () => {
    suite.gateway.answer = (_, index) => ({
      status: 429,
      body: {
        code: '900804',
        message: 'Message throttled out',
        ...(index === 1 && { nextAccessTime: gatewayTime(noon + 1_800_000) }),
      },
    });
    const answer = await suite.start().data(week);
    assert.deepEqual([answer.status, answer.retryAfter, answer.consentMissing], [429, 1800, false]);
    assert.equal(suite.gateway.requests.length, 2);
  });

  it('are not asked for again where the wait is long, by body or by header', async () => {
    const upstream = suite.start();
    suite.gateway.answer = () => ({
      status: 429,
      body: { fault: { code: 900807, description: `after ${gatewayTime(noon + 60_000)}` } },
    });
    assert.equal((await upstream.data(week)).retryAfter, 60);
    suite.gateway.answer = () => ({ status: 429, headers: { 'retry-after': '17' } });
    assert.equal((await upstream.data(week)).retryAfter, 17);
    assert.equal(suite.gateway.requests.length, 2);
  });

  it('are asked for once more after a cut connection or a server error', async () => {
    const upstream = suite.start();
    for (const trouble of ['cut', { status: 502 }, { status: 500 }] as const) {
      suite.gateway.requests.length = 0;
      suite.gateway.answer = (_, index) => (index === 0 ? trouble : { status: 200, body: weekOf2026 });
      assert.equal((await upstream.data(week)).status, 200);
      assert.equal(suite.gateway.requests.length, 2);
    }
  });

  it('are not asked for again after the same 500 within the hour', async () => {
    suite.gateway.answer = () => ({ status: 500, body: { code: 'technical_error' } });
    const upstream = suite.start();
    await upstream.data(week);
    await upstream.data(week);
    assert.equal(suite.gateway.requests.length, 3);
    await upstream.data({ ...week, start: '2026-11-02' });
    assert.equal(suite.gateway.requests.length, 5);
  });

  it('fail with 502 where the upstream server cannot be reached, and say so in health', async () => {
    suite.gateway.answer = () => ({ status: 200, body: weekOf2026 });
    const outcomes: string[] = [];
    const upstream = suite.start({}, { observer: (call, outcome) => outcomes.push(`${call} ${outcome}`) });
    await upstream.data(week);
    assert.deepEqual(upstream.health(), { lastSuccessAt: noon });
    suite.gateway.answer = () => 'cut';
    suite.instances.time += 1000;
    await assert.rejects(upstream.data(week), isError(502, 'temporarily_unavailable'));
    assert.deepEqual(upstream.health(), {
      lastSuccessAt: noon,
      lastFailureAt: noon + 1000,
      lastFailure: 'network',
    });
    assert.deepEqual(outcomes, ['application_token status_200', 'data status_200', 'data network', 'data network']);
  });

  it('fail with 504 where it does not answer in time (check 144)', async () => {
    suite.gateway.answer = () => 'silence';
    await assert.rejects(suite.start({}, { timeout: 100 }).data(week), isError(504, 'temporarily_unavailable'));
    suite.gateway.answerToken = () => 'silence';
    const other = { clientId: 'another' };
    await assert.rejects(suite.start(other, { timeout: 100 }).data(week), isError(504, 'temporarily_unavailable'));
  });

  it('are not fetched from where a redirection points (check 145)', async () => {
    let visits = 0;
    const elsewhere = await serve((_request, response) => {
      visits++;
      response.end('{}');
    });
    try {
      suite.gateway.answer = () => ({ status: 302, headers: { location: elsewhere.url.href } });
      await assert.rejects(suite.start().data(week), isError(502, 'temporarily_unavailable'));
      assert.equal(visits, 0);
    } finally {
      await elsewhere.close();
    }
  });

  it('fail with 502 where they are no data, or too much', async () => {
    const upstream = suite.start();
    for (const body of ['', 'OK', '<html></html>', '[]', '{}', { ...weekOf2026, idPrm: '99999999999999' }]) {
      suite.gateway.answer = () => ({ status: 200, body });
      await assert.rejects(upstream.data(week), isError(502, 'temporarily_unavailable'));
    }
    suite.gateway.answer = () => ({ status: 200, body: ' '.repeat(5 * 1024 * 1024 + 1) });
    await assert.rejects(upstream.data(week), isError(502, 'temporarily_unavailable'));
    suite.gateway.answer = () => ({ status: 204 });
    await assert.rejects(upstream.data(week), isError(502, 'temporarily_unavailable'));
  });

  it('stay within the quota of each interface: 429 with the wait', async () => {
    // Long after what other tests counted in the same store.
    suite.instances.time += 48 * 3_600_000;
    suite.gateway.answer = () => ({ status: 200, body: weekOf2026 });
    const upstream = suite.start({ limits: { ...usualLimits, upstreamPerSecond: 100, upstreamPerHour: 3 } });
    for (let call = 0; call < 3; call++) await upstream.data(week);
    await assert.rejects(upstream.data(week), (reason: ProxyError) => {
      assert.deepEqual([reason.status, reason.error], [429, 'slow_down']);
      assert.ok(Number(reason.headers['retry-after']) >= 1);
      return true;
    });
    assert.equal(suite.gateway.requests.length, 3);
    // Another interface has a quota of its own.
    suite.gateway.answer = () => ({ status: 404, body: { code: 'no_data_found' } });
    assert.equal((await upstream.data(contracts)).status, 404);
  });

  it('end with 503 when the proxy closes', async () => {
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    suite.gateway.answer = () => {
      asked();
      return 'silence';
    };
    const upstream = suite.start();
    const failed = assert.rejects(upstream.data(week), isError(503, 'temporarily_unavailable'));
    await isAsked;
    await upstream.close();
    await failed;
    await assert.rejects(upstream.data(week), { status: 503 });
  });
});
