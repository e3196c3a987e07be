import assert from 'node:assert/strict';
import { gatewayTime } from './expectations.js';
import { noon } from './instances.js';
import { week, weekOf2026, weekOfV5, withGateway } from './suite.js';

describe('data of v5 through the proxy', () => {
  const suite = withGateway();

  it('are asked for and passed on as they are', async () => {
    suite.gateway.answer = () => ({ status: 200, body: weekOfV5 });
    const answer = await suite.start({ apiMode: 'legacy' }).data(week);
    const [request] = suite.gateway.requests;
    assert.equal(
      request?.url,
      '/metering_data_dc/v5/daily_consumption?usage_point_id=01234567890123&start=2026-11-01&end=2026-11-08',
    );
    assert.equal(request.headers['content-type'], 'application/json');
    assert.deepEqual([answer.source, JSON.parse(answer.body)], ['legacy', weekOfV5]);
  });
});

describe('data of 2026, and of v5 where that fails', () => {
  const suite = withGateway();
  const isNew = (url: string) => url.startsWith('/mesure_synchrone_auto/');
  const start = (status: number, body: unknown, legacy = { status: 200, body: weekOfV5 as unknown }) => {
    suite.gateway.answer = ({ url }) => (isNew(url) ? { status, body } : legacy);
    return suite.start({ apiMode: 'auto' });
  };

  it('come from 2026 where it has an answer that v5 would give as well', async () => {
    const cases = [
      [200, weekOf2026],
      [404, { code: 'no_data_found' }],
      [400, { error: 'ADAM-ERR0123' }],
      [429, { code: 900804, nextAccessTime: gatewayTime(noon + 60_000) }],
    ] as const;
    for (const [status, body] of cases) {
      const answer = await start(status, body).data(week);
      assert.deepEqual([answer.status, answer.source], [status, 'new']);
    }
    assert.ok(suite.gateway.requests.every(({ url }) => isNew(url)));
  });

  it('come from v5 otherwise', async () => {
    for (const [status, body] of [
      [500, { code: 'technical_error' }],
      [400, { code: 'ADAM-DC-0016' }],
      [404, '<html>unknown</html>'],
      [200, 'OK'],
    ] as const) {
      const answer = await start(status, body).data(week);
      assert.deepEqual([answer.status, answer.source], [200, 'legacy']);
    }
  });

  it('come from v5 at once for ten minutes after 2026 turned the usage point away', async () => {
    const upstream = start(403, { code: 'ADAM-DC-0008' });
    const newCalls = () => suite.gateway.requests.filter(({ url }) => isNew(url)).length;
    assert.equal((await upstream.data(week)).source, 'legacy');
    suite.instances.time += 599_000;
    assert.equal((await upstream.data(week)).source, 'legacy');
    assert.equal(newCalls(), 1);
    await upstream.data({ ...week, usagePoint: '99999999999999' });
    assert.equal(newCalls(), 2);
    suite.instances.time += 2000;
    await upstream.data(week);
    assert.equal(newCalls(), 3);
  });

  it('are told as 2026 tells them where v5 is of no use', async () => {
    const gone = { status: 404, body: { code: '404', message: 'No matching resource found' } };
    const answer = await start(403, { code: 'ADAM-DC-0008', message: 'No consent' }, gone).data(week);
    assert.deepEqual([answer.status, answer.source, answer.consentMissing], [403, 'new', true]);
  });
});
