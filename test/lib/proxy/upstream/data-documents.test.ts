import assert from 'node:assert/strict';
import { contracts, gatewayTime } from './expectations.js';
import { noon } from './instances.js';
import { week, withGateway } from './suite.js';

describe('documents of Data Connect 2026 through the proxy', () => {
  const suite = withGateway();

  it('are contracts made of two replies (check 137)', async () => {
    suite.gateway.answer = ({ url }) =>
      url.startsWith('/situation_contrat_auto/')
        ? { status: 200, body: [{ segment: 'C5', subscribed_power: { unit: 'kVA', value: 6 }, person: 'Dupont' }] }
        : { status: 200, body: { relais: { plageHeuresCreuses: 'HC (22H30-6H30)' } } };
    const answer = await suite.start().data(contracts);
    assert.deepEqual(
      suite.gateway.requests.map(({ url }) => url),
      [`/situation_contrat_auto/v1/${week.usagePoint}`, `/comptage_auto/v1/${week.usagePoint}`],
    );
    assert.deepEqual(JSON.parse(answer.body), {
      customer: {
        usage_points: [
          {
            usage_point: { usage_point_id: week.usagePoint },
            contracts: { segment: 'C5', subscribed_power: '6 kVA', offpeak_hours: 'HC (22H30-6H30)' },
          },
        ],
      },
    });
  });

  it('are contracts without what the meter interface refuses for good, but not without what it lacks for now', async () => {
    const upstream = suite.start();
    const answering = (status: number, body: unknown) => {
      suite.gateway.answer = ({ url }) =>
        url.startsWith('/situation') ? { status: 200, body: [{ segment: 'C5' }] } : { status, body };
    };
    answering(403, { code: 900908, message: 'Resource forbidden' });
    const { body } = await upstream.data(contracts);
    assert.match(body, /"segment":"C5"/);
    answering(429, { code: 900804, nextAccessTime: gatewayTime(noon + 90_000) });
    const limited = await upstream.data(contracts);
    assert.deepEqual([limited.status, limited.retryAfter], [429, 90]);
  });

  it('are registers as 2026 writes them, where the operator serves them', async () => {
    const path = 'mesure_synchrone_auto/v2/index_consommation';
    const registers = { idPrm: week.usagePoint, grandeur: [], contexte: [{ contexteReleve: 'COL' }] };
    suite.gateway.answer = () => ({ status: 200, body: registers });
    const answer = await suite.start({ dataPaths: [path] }).data({ ...week, path });
    assert.deepEqual(JSON.parse(answer.body), registers);
  });
});
