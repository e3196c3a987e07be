import assert from 'node:assert/strict';
import { withGateway } from './suite.js';

const service = (id: number, more: object = {}) => ({
  id,
  pointId: '01234567890123',
  serviceCode: 'ACCES',
  etatCode: 'ACTIF',
  dateDebut: '2026-11-12T00:00:00+01:00',
  dateFin: '2029-11-11',
  autorisation: { autorisationId: 4711, autorisationType: 'EXPLICITE' },
  ...more,
});

describe('the services of an authorisation', () => {
  const suite = withGateway();

  it('are asked for in JSON, with the id as a number however long it is', async () => {
    suite.gateway.answer = () => ({ status: 200, body: { nbTotalServices: 1, serviceSouscrit: [service(7)] } });
    const found = await suite.start().services('9007199254740993');
    const [request] = suite.gateway.requests;
    assert.equal(`${request?.method} ${request?.url}`, 'POST /subscribed_services/v1');
    assert.equal(request?.headers['content-type'], 'application/json');
    assert.equal(
      request.body,
      '{"autorisationId":9007199254740993,"comptage":false,"etatCode":["ACTIF","DEMANDE"],"serviceType":"ACCES"}',
    );
    assert.deepEqual(found, [
      {
        id: '7',
        usagePoint: '01234567890123',
        autorisationId: '4711',
        code: 'ACCES',
        state: 'ACTIF',
        from: '2026-11-12',
        until: '2029-11-11',
      },
    ]);
  });

  it('keep every digit of an id of 64 bits', async () => {
    const body = `{"nbTotalServices":1,"serviceSouscrit":[{"id":9223372036854775807,"pointId":"01234567890123",
      "autorisation":{"autorisationId":9007199254740993}}]}`;
    suite.gateway.answer = () => ({ status: 200, body });
    const [found] = await suite.start().services('9007199254740993');
    assert.deepEqual([found?.id, found?.autorisationId], ['9223372036854775807', '9007199254740993']);
  });

  for (const firstPage of [0, 1]) {
    it(`are read to the last page, where pages count from ${firstPage}`, async () => {
      const all = [1, 2, 3, 4, 5].map((id) => service(id));
      suite.gateway.answer = ({ body }) => {
        const { page = firstPage } = JSON.parse(body) as { page?: number };
        const start = (page - firstPage) * 2;
        return { status: 200, body: { nbTotalServices: 5, serviceSouscrit: all.slice(start, start + 2) } };
      };
      const found = await suite.start().services('4711');
      assert.deepEqual(
        found.map(({ id }) => id),
        ['1', '2', '3', '4', '5'],
      );
    });
  }

  it('end at some page where the count is never reached', async () => {
    suite.gateway.answer = () => ({ status: 200, body: { nbTotalServices: 9, serviceSouscrit: [service(1)] } });
    assert.equal((await suite.start().services('4711')).length, 1);
    assert.ok(suite.gateway.requests.length <= 4);
  });

  it('are none where the list is null or empty, and leave out what names no point', async () => {
    const upstream = suite.start();
    const odd = [null, {}, service(1, { pointId: '12' }), service(2, { autorisation: null }), service(3)];
    for (const [serviceSouscrit, count] of [
      [null, 0],
      [[], 0],
      [odd, 1],
    ] as const) {
      suite.gateway.answer = () => ({ status: 200, body: { nbTotalServices: count, serviceSouscrit } });
      assert.equal((await upstream.services('4711')).length, count);
    }
  });

  it('are asked for once more after network trouble', async () => {
    suite.gateway.answer = (_, index) =>
      index === 0 ? 'cut' : { status: 200, body: { nbTotalServices: 0, serviceSouscrit: null } };
    assert.deepEqual(await suite.start().services('4711'), []);
    assert.equal(suite.gateway.requests.length, 2);
  });

  it('are refused with the status of the upstream server where that says why', async () => {
    const upstream = suite.start();
    for (const [status, body, expected, error] of [
      [400, { code: 'STM-ERR-0000008', message: 'Unknown' }, 400, 'STM-ERR-0000008'],
      [404, { code: 'STM-ERR-0000019' }, 404, 'STM-ERR-0000019'],
      [403, { code: 'SGT403' }, 403, 'SGT403'],
      [403, { code: 900908 }, 502, 'upstream_misconfigured'],
      [500, { code: 'STM-ERR-0000001' }, 502, 'temporarily_unavailable'],
      [429, { code: 900804, nextAccessTime: '2030-Jan-01 00:00:00+0000 UTC' }, 429, '900804'],
      [200, 'OK', 502, 'temporarily_unavailable'],
    ] as const) {
      suite.gateway.answer = () => ({ status, body });
      await assert.rejects(upstream.services('4711'), { status: expected, error });
    }
  });

  it('are not asked for where the id is none', async () => {
    const upstream = suite.start();
    for (const id of ['', '0', '-1', '1.5', '1e3', '01', '1,"comptage":true', '12345678901234567890']) {
      await assert.rejects(upstream.services(id), { status: 400 });
    }
    assert.equal(suite.gateway.requests.length, 0);
  });
});
