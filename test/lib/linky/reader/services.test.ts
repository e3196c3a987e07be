import assert from 'node:assert/strict';
import { createMeterApi } from '../../../../lib/linky/api/create.js';
import type { MeterApi } from '../../../../lib/linky/api/meter-api.js';
import { addDays, parisDay } from '../../../../lib/linky/paris.js';
import { createLinkyReader } from '../../../../lib/linky/reader/create.js';
import type { LinkyReader } from '../../../../lib/linky/reader/reader.js';
import { linkyMemory } from '../../../../lib/linky/reader/store.js';
import { serve, type TestServer } from '../../../support/server.js';
import { testAccount, type TestAccount } from './account.js';

const usagePoint = '22516914714270';

/** What a service answers: a status and a JSON value. */
type Answer = readonly [status: number, body: unknown];

describe('Reading a meter through another service', () => {
  let server: TestServer;
  let account: TestAccount;
  let now: number;
  let reader: LinkyReader;
  const seen: { url: URL; authorization: string | undefined }[] = [];
  const store = linkyMemory();

  const open = (name: MeterApi['name']): LinkyReader => {
    const api = createMeterApi(name, server.url.href, () => now);
    return createLinkyReader({
      account,
      api,
      store,
      now: () => now,
      random: () => 0,
      wait: (milliseconds) => {
        now += milliseconds;
        return new Promise((resolve) => setImmediate(resolve));
      },
    });
  };

  const start = async (name: MeterApi['name'], answer: (url: URL) => Answer): Promise<void> => {
    seen.length = 0;
    now = Date.UTC(2026, 10, 20, 11);
    await store.clear();
    server = await serve((request, response) => {
      const url = new URL(request.url ?? '', 'http://localhost');
      seen.push({ url, authorization: request.headers.authorization });
      const [status, body] = answer(url);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    const tokens = { accessToken: 'token', refreshToken: '', usagePoints: [usagePoint] };
    account = testAccount({ tokens, now: () => now });
    reader = open(name);
  };

  afterEach(async () => {
    await reader.close();
    await server.close();
  });

  const daily2026 = (url: URL): Answer => [
    200,
    {
      idPrm: usagePoint,
      etapeMetier: 'BEST',
      grandeur: [
        {
          grandeurMetier: 'CONS',
          grandeurPhysique: 'EA',
          unite: 'Wh',
          points: [{ v: '12000', d: url.searchParams.get('dateDebut') }],
        },
      ],
    },
  ];

  it('Conso API gives readings without a contract', async () => {
    await start('conso', daily2026);
    const [result] = await reader.read({ dataset: 'daily_consumption', from: '2026-11-19' });
    assert.deepEqual(
      result?.readings.map(({ value, quality }) => [value, quality]),
      [[12_000, 'BEST']],
    );
    assert.deepEqual(result.meter, { usagePoint });
    assert.equal(seen.length, 1);
    assert.equal(seen[0]?.authorization, 'Bearer token');
    await assert.rejects(reader.read({ dataset: 'contract' }), { code: 'feature_not_available' });
  });

  it('Conso API is never asked so often that it shuts people out, also over a restart', async () => {
    await start('conso', () => [404, { status: 404, message: 'x', error: { error: 'no_data_found' } }]);
    const today = parisDay(now);
    const request = { dataset: 'consumption_load_curve', from: addDays(today, -744), patience: 0 } as const;
    await assert.rejects(reader.read(request), { code: 'rate_limited' });
    assert.equal(seen.length, 90);
    await reader.close();
    reader = open('conso');
    await assert.rejects(reader.read(request), { code: 'rate_limited' });
    assert.equal(seen.length, 90);
    now += 12 * 3_600_000;
    const [result] = await reader.read(request);
    assert.deepEqual(result?.notes, ['not_activated']);
    const windows = seen.map(({ url }) => url.search);
    // What is young enough to come still was asked for once more after half a day, the rest not.
    assert.ok(windows.length - new Set(windows).size <= 3);
    assert.ok(windows.length <= 107 + 4, String(windows.length));
  });

  it('MyElectricalData gives readings and the contract, with a bare token', async () => {
    const contract = {
      customer: {
        usage_points: [
          { usage_point: { usage_point_id: usagePoint }, contracts: { last_activation_date: '2026-11-17+01:00' } },
        ],
      },
    };
    await start('myelectricaldata', ({ pathname }) => {
      if (pathname.startsWith('/contracts/')) return [200, contract];
      const [, , , , start] = pathname.split('/');
      const interval_reading = [{ value: '7', date: start }];
      return [200, { meter_reading: { usage_point_id: usagePoint, reading_type: { unit: 'Wh' }, interval_reading } }];
    });
    const [result] = await reader.read({ dataset: 'daily_consumption', from: '2026-11-01' });
    assert.deepEqual(result?.notes, ['before_activation']);
    assert.equal(result.readings.length, 1);
    assert.deepEqual(
      seen.map(({ url, authorization }) => [url.pathname, authorization]),
      [
        [`/contracts/${usagePoint}`, 'token'],
        [`/daily_consumption/${usagePoint}/start/2026-11-17/end/2026-11-20`, 'token'],
      ],
    );
  });

  it('the quota of MyElectricalData ends with the day', async () => {
    await start('myelectricaldata', () => [409, { detail: 'Quota reached.' }]);
    await assert.rejects(reader.read({ dataset: 'daily_consumption' }), {
      code: 'rate_limited',
      retryAt: Date.parse('2026-11-20T23:05:00Z'),
    });
    assert.ok(seen.length <= 2);
  });
});
