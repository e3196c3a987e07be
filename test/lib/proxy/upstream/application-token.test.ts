import assert from 'node:assert/strict';
import { week, weekOf2026, withGateway } from './suite.js';

describe("the application's token", () => {
  const suite = withGateway();
  beforeEach(() => {
    suite.gateway.answer = () => ({ status: 200, body: weekOf2026 });
  });

  it('is accepted with a life in a text, and used again (check 146)', async () => {
    const upstream = suite.start();
    await upstream.data(week);
    await upstream.data(week);
    assert.equal(suite.gateway.tokenRequests.length, 1);
    assert.deepEqual(
      suite.gateway.requests.map(({ headers }) => headers.authorization),
      ['Bearer token-1', 'Bearer token-1'],
    );
  });

  it('is asked for with the credentials in the body, never in the URL (check 149)', async () => {
    await suite.start().data(week);
    const [request] = suite.gateway.tokenRequests;
    assert.equal(request?.method, 'POST');
    assert.equal(request.url, '/oauth2/v3/token');
    assert.equal(request.headers['content-type'], 'application/x-www-form-urlencoded');
    assert.deepEqual(Object.fromEntries(new URLSearchParams(request.body)), {
      grant_type: 'client_credentials',
      client_id: 'simulated-client-1',
      client_secret: 'simulated-secret-1',
    });
  });

  it('is asked for once by 50 parallel calls on two instances (check 148)', async () => {
    const upstreams = [suite.start(), suite.start()];
    const calls = Array.from({ length: 25 }, () => upstreams.map((upstream) => upstream.data(week)));
    const answers = await Promise.all(calls.flat());
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(suite.gateway.tokenRequests.length, 1);
    assert.equal(suite.gateway.requests.length, 50);
  });

  it('is renewed before use when it has 100 s left, and not before (check 147)', async () => {
    const upstream = suite.start();
    await upstream.data(week);
    suite.instances.time += (12_600 - 121) * 1000;
    await upstream.data(week);
    assert.equal(suite.gateway.tokenRequests.length, 1);
    suite.instances.time += 21_000;
    await upstream.data(week);
    assert.equal(suite.gateway.tokenRequests.length, 2);
    assert.equal(suite.gateway.requests.at(-1)?.headers.authorization, 'Bearer token-2');
  });

  it('stays in use while it lasts where none can be had in its place', async () => {
    const upstream = suite.start();
    await upstream.data(week);
    suite.instances.time += (12_600 - 100) * 1000;
    suite.gateway.answerToken = () => ({ status: 503 });
    assert.equal((await upstream.data(week)).status, 200);
    assert.equal((await upstream.data(week)).status, 200);
    assert.equal(suite.gateway.tokenRequests.length, 2);
    suite.instances.time += 200_000;
    await assert.rejects(upstream.data(week), { status: 502 });
  });

  it('is renewed once where the upstream server does not know it any more, and the call is made again', async () => {
    const upstream = suite.start();
    await upstream.data(week);
    suite.instances.time += 61_000;
    suite.gateway.answer = ({ headers }) =>
      headers.authorization === 'Bearer token-1'
        ? { status: 401, body: { code: '900901', message: 'Invalid Credentials' } }
        : { status: 200, body: weekOf2026 };
    const answers = await Promise.all([1, 2, 3].map(() => upstream.data(week)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal(suite.gateway.tokenRequests.length, 2);
  });

  it('that is refused twice is told as 502, not as 401 (check 141)', async () => {
    suite.gateway.answer = () => ({ status: 401, body: { code: 900901, message: 'Invalid Credentials' } });
    const upstream = suite.start();
    assert.equal((await upstream.data(week)).status, 502);
    suite.instances.time += 61_000;
    const answer = await upstream.data(week);
    assert.equal(answer.status, 502);
    assert.equal(answer.consentMissing, false);
    assert.equal(suite.gateway.tokenRequests.length, 2);
    assert.equal(suite.gateway.requests.length, 3);
  });

  it('is renewed for a 403 without a known cause when it is older than a minute (check 139)', async () => {
    suite.gateway.answer = () => ({ status: 403, body: { error: 'forbidden' } });
    const upstream = suite.start();
    assert.equal((await upstream.data(week)).status, 502);
    assert.equal(suite.gateway.tokenRequests.length, 1);
    assert.equal(suite.gateway.requests.length, 1);
    suite.instances.time += 61_000;
    suite.gateway.answer = (_, index) => (index === 1 ? { status: 403, body: '' } : { status: 200, body: weekOf2026 });
    assert.equal((await upstream.data(week)).status, 200);
    assert.equal(suite.gateway.tokenRequests.length, 2);
    assert.equal(suite.gateway.requests.length, 3);
  });

  it('is renewed once at most while ten usage points get 403 in a minute (check 140)', async () => {
    const upstream = suite.start();
    await upstream.data(week);
    suite.instances.time += 61_000;
    suite.gateway.answer = () => ({ status: 403, body: { error: 'forbidden' } });
    for (let point = 0; point < 10; point++) {
      await upstream.data({ ...week, usagePoint: `0123456789012${point}` });
      suite.instances.time += 5000;
    }
    assert.equal(suite.gateway.tokenRequests.length, 2);
  });

  it('is left alone by a 403 that means no consent', async () => {
    const upstream = suite.start();
    await upstream.data(week);
    suite.instances.time += 600_000;
    suite.gateway.answer = () => ({ status: 403, body: { code: 'ADAM-DC-0008', message: 'No consent' } });
    await upstream.data(week);
    assert.equal(suite.gateway.tokenRequests.length, 1);
    assert.equal(suite.gateway.requests.length, 2);
  });

  it('is asked for less and less often while it is not given, and devices are told to wait', async () => {
    suite.gateway.answerToken = () => ({ status: 500 });
    const upstream = suite.start();
    await assert.rejects(upstream.data(week), { status: 502, error: 'temporarily_unavailable' });
    await assert.rejects(upstream.data(week), (error: { status: number; headers: Record<string, string> }) => {
      assert.equal(error.status, 503);
      assert.ok(Number(error.headers['retry-after']) >= 1);
      return true;
    });
    assert.equal(suite.gateway.tokenRequests.length, 1);
    suite.instances.time += 61_000;
    suite.gateway.answerToken = () => ({ status: 200, body: { access_token: 'late' } });
    assert.equal((await upstream.data(week)).status, 200);
    assert.equal(suite.gateway.requests.length, 1);
  });

  it('that is denied for wrong credentials is the operator’s business: 502 upstream_misconfigured', async () => {
    suite.gateway.answerToken = () => ({ status: 401, body: { error: 'invalid_client' } });
    await assert.rejects(suite.start().data(week), { status: 502, error: 'upstream_misconfigured' });
  });

  it('is never told by an error, nor are the credentials', async () => {
    suite.gateway.answerToken = () => ({ status: 400, body: { error: 'invalid_client', description: 'secret-1' } });
    await assert.rejects(suite.start().data(week), (error: Error) => {
      const text = `${String(error)} ${JSON.stringify(error)}`;
      return !['simulated-secret-1', 'secret-1', week.usagePoint].some((secret) => text.includes(secret));
    });
  });

  it('lies in the store sealed', async () => {
    const upstream = suite.start();
    suite.gateway.answerToken = () => ({ status: 200, body: { access_token: 'very-secret', expires_in: 12600 } });
    await upstream.data(week);
    const id = suite.instances.secrets.hash(
      'application_token',
      `simulated-client-1 ${suite.gateway.url}/oauth2/v3/token`,
    );
    const record = await suite.instances.tokenRecords.get(id);
    assert.ok(record?.tokenSealed);
    assert.ok(!JSON.stringify(record).includes('very-secret'));
  });

  it('leaves its lease when the instance closes, so that another one need not wait', async () => {
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    suite.gateway.answerToken = (index) => {
      asked();
      return index === 0 ? 'silence' : { status: 200, body: { access_token: 'second' } };
    };
    const first = suite.start();
    const failed = assert.rejects(first.data(week), { status: 503 });
    await isAsked;
    await first.close();
    await failed;
    assert.equal((await suite.start().data(week)).status, 200);
  });
});
