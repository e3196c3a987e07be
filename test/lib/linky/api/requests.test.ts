import assert from 'node:assert/strict';
import { createMeterApi, usualDataEndpoint } from '../../../../lib/linky/api/create.js';
import type { MeterApi, MeterFailure } from '../../../../lib/linky/api/meter-api.js';

const now = Date.parse('2026-11-20T11:00:00Z');
const prm = '01234567890123';
const range = { start: '2026-11-13', end: '2026-11-20' };
const apis = {
  proxy: createMeterApi('proxy', usualDataEndpoint('proxy', 'https://p.test/enedis/'), () => now),
  conso: createMeterApi('conso', usualDataEndpoint('conso', 'https://conso.test'), () => now),
  med: createMeterApi('myelectricaldata', usualDataEndpoint('myelectricaldata', 'https://med.test'), () => now),
};

describe('A request for data', () => {
  it('goes to a proxy in the words of v5', () => {
    assert.equal(
      apis.proxy.request('consumption_load_curve', prm, range).url.href,
      `https://p.test/enedis/data/proxy/metering_data_clc/v5/consumption_load_curve?usage_point_id=${prm}&start=2026-11-13&end=2026-11-20`,
    );
    assert.equal(
      apis.proxy.request('contract', prm, undefined).url.href,
      `https://p.test/enedis/data/proxy/customers_upc/v5/usage_points/contracts?usage_point_id=${prm}`,
    );
    assert.equal(
      apis.proxy.request('index_consumption', prm, range).url.pathname,
      '/enedis/data/proxy/mesure_synchrone_auto/v2/index_consommation',
    );
  });

  it('goes to Conso API in the words of 2026', () => {
    assert.equal(
      apis.conso.request('daily_consumption_max_power', prm, range).url.href,
      `https://conso.test/api/puissance_conso_max_quotidienne?pointId=${prm}&dateDebut=2026-11-13&dateFin=2026-11-20`,
    );
    assert.ok(!apis.conso.datasets.has('contract'));
  });

  it('goes to MyElectricalData with everything in the path and a bare token', () => {
    const { url, scheme } = apis.med.request('daily_production', prm, range);
    assert.equal(url.href, `https://med.test/daily_production/${prm}/start/2026-11-13/end/2026-11-20`);
    assert.equal(scheme, 'bare');
    assert.equal(apis.med.request('contract', prm, undefined).url.href, `https://med.test/contracts/${prm}`);
    assert.ok(!apis.med.datasets.has('index_consumption'));
  });
});

describe('An answer without data', () => {
  const understood = (
    api: MeterApi,
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ): MeterFailure =>
    api.interpretFailure({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

  const v5 = (error: string) => ({ error, error_description: 'Something.', error_uri: 'https://example.test' });
  const cases: readonly (readonly [string, keyof typeof apis, number, unknown, MeterFailure['kind']])[] = [
    ['before the activation', 'proxy', 400, v5('ADAM-ERR0123'), 'before_activation'],
    ['before the history of 2026', 'proxy', 400, { code: 'ADAM-ERR0125', message: 'x' }, 'before_history'],
    ['before the history of v5', 'proxy', 400, v5('ADAM-DC-0016'), 'before_history'],
    ['before the consent', 'proxy', 403, { code: 'ADAM-DC-0009', message: 'x' }, 'before_consent'],
    ['wrong direction', 'proxy', 400, v5('ADAM-ERR0069'), 'wrong_direction'],
    ['no collection', 'proxy', 404, { code: 'ADAM-ERR0075' }, 'not_activated'],
    ['moved out', 'proxy', 403, v5('ADAM-DC-0007'), 'moved_out'],
    ['no consent', 'proxy', 403, { code: 'ADAM-DC-0008', message: 'x' }, 'no_consent'],
    ['requester and holder differ', 'proxy', 400, v5('ADAM-ERR0061'), 'no_consent'],
    ['another 403', 'proxy', 403, v5('something_new'), 'no_consent'],
    ['nothing measured', 'proxy', 404, v5('no_data_found'), 'no_data'],
    ['nothing measured, another code', 'proxy', 404, { code: 'STM-ERR-0000014' }, 'no_data'],
    ['no such point', 'proxy', 404, v5('STM-ERR-0000019'), 'request'],
    ['quota of the gateway', 'proxy', 429, { code: 900804, nextAccessTime: '2026-Nov-20 12:00:00+0000 UTC' }, 'quota'],
    ['trouble', 'proxy', 500, v5('technical_error'), 'trouble'],
    ['trouble without a body', 'proxy', 502, '', 'trouble'],
    ['the operator is not subscribed', 'proxy', 502, v5('upstream_misconfigured'), 'trouble'],
    ['a page of a gateway', 'proxy', 503, '<html>busy</html>', 'trouble'],
    ['a page at a wrong address', 'proxy', 404, '<html>not here</html>', 'request'],
    ['a redirection', 'proxy', 301, '', 'request'],
    ['token of our proxy', 'proxy', 401, v5('invalid_token'), 'token'],
    ['not in the token', 'proxy', 403, v5('insufficient_scope'), 'no_consent'],
    ['old client', 'proxy', 400, v5('version_mismatch'), 'version'],
    ['PHP: too fast', 'proxy', 400, v5('slow_down'), 'quota'],
    [
      'PHP: unknown token',
      'proxy',
      403,
      { error: 'Unauthorized', error_description: 'Access token not found' },
      'token',
    ],
    [
      'PHP: not in the token',
      'proxy',
      404,
      { error: 'Unauthorized', error_description: 'Bad access token' },
      'no_consent',
    ],
    [
      'PHP: no application token',
      'proxy',
      404,
      { error: 'Unauthorized', error_description: 'Cannot get client credentials' },
      'trouble',
    ],
    ['PHP: network', 'proxy', 400, { error: 'invalid_request', error_description: 'cURL error 28' }, 'trouble'],
    ['a path that a proxy does not serve', 'proxy', 404, v5('invalid_request'), 'request'],
    ['Conso: Enedis inside', 'conso', 404, { status: 404, message: 'x', error: v5('no_data_found') }, 'no_data'],
    ['Conso: consent', 'conso', 403, { status: 403, message: 'x', error: { code: 'ADAM-DC-0008' } }, 'no_consent'],
    ['Conso: parameters', 'conso', 400, { status: 400, message: 'x', error: { issues: [] } }, 'request'],
    ['Conso: token', 'conso', 401, { status: 401, message: 'Your token is not valid.' }, 'token'],
    ['Conso: own trouble', 'conso', 500, { status: 500, message: 'Try again later.' }, 'trouble'],
    ['Conso: shut out', 'conso', 403, '<html>Ray ID: 1</html>', 'quota'],
    ['MED: quota', 'med', 409, { detail: 'x' }, 'quota'],
    ['MED: nothing', 'med', 404, { detail: 'No measure found.' }, 'no_data'],
    ['MED: code in the text', 'med', 400, { detail: 'Enedis said ADAM-ERR0123 about that.' }, 'before_activation'],
    ['MED: object', 'med', 403, { detail: { error: 'ADAM-DC-0007', title: 'x' } }, 'moved_out'],
    ['MED: token', 'med', 401, { detail: 'Unauthorized' }, 'token'],
    ['MED: trouble', 'med', 500, { detail: 'x' }, 'trouble'],
  ];
  for (const [name, api, status, body, kind] of cases) {
    it(`means: ${kind} (${name})`, () => {
      assert.equal(understood(apis[api], status, body).kind, kind);
    });
  }

  it('tells when to ask again', () => {
    const quota = { code: 900804, nextAccessTime: '2026-Nov-20 12:00:00+0000 UTC' };
    assert.equal(understood(apis.proxy, 429, quota).retryAt, now + 3_600_000);
    assert.equal(understood(apis.proxy, 429, '', { 'retry-after': '30' }).retryAt, now + 30_000);
    const date = new Date(now + 60_000).toUTCString();
    assert.equal(understood(apis.proxy, 503, '', { 'retry-after': date }).retryAt, now + 60_000);
    const moment = String(now / 1000);
    assert.equal(understood(apis.proxy, 503, '', { 'retry-after': moment }).retryAt, undefined);
    assert.equal(understood(apis.conso, 403, '<p>', { 'cf-ray': '1' }).retryAt, now + 12 * 3_600_000);
    const midnight = Date.parse('2026-11-20T23:00:00Z');
    assert.equal(understood(apis.med, 409, {}).retryAt, midnight + 300_000);
  });

  it('names the code that people search for', () => {
    assert.equal(understood(apis.med, 400, { detail: 'ADAM-ERR0069 from Enedis' }).code, 'ADAM-ERR0069');
  });
});
