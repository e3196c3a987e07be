import assert from 'node:assert/strict';
import { EnergyError } from '../../../../lib/errors.js';
import { probe } from '../../../../lib/envoy/datasets/registry.js';
import { bench, eim, failure, gatewayInfo, inverterSum, paths, v1, type Replies } from './support.js';

const counting = v1([586, 10363, 101742, 1544282]);
const active = { production: [eim(1, [520, 90, 800, 9000])] };

async function rejection(replies: Replies, firmware = '8.2.127', metered = true): Promise<EnergyError> {
  try {
    await probe(bench(gatewayInfo(firmware, metered), replies).context);
  } catch (error) {
    assert.ok(error instanceof EnergyError);
    return error;
  }
  throw new assert.AssertionError({ message: 'The probe went through.' });
}

describe('probe: failures', () => {
  for (const path of [paths.meters, paths.details, paths.production, paths.v1]) {
    for (const code of ['unreachable', 'timeout', 'busy'] as const) {
      it(`is given up where ${path} is ${code}`, async () => {
        const sound = {
          [paths.meters]: [],
          [paths.details]: { production: [inverterSum(1, 1, 1)] },
          [paths.v1]: counting,
        };
        assert.equal(await rejection({ ...sound, [path]: failure[code] }), failure[code]);
      });
    }
  }

  it('is given up for errors that end the cycle, from an optional endpoint too', async () => {
    for (const code of ['expired', 'closed', 'certificate'] as const) {
      assert.equal(await rejection({ [paths.details]: failure[code] }), failure[code]);
      assert.equal(await rejection({ [paths.details]: active, [paths.deviceData]: failure[code] }), failure[code]);
    }
  });

  it('shows wrong credentials where /api/v1/production refuses and nothing else has production', async () => {
    for (const refusal of [failure.rejected, failure.refused]) {
      const all = {
        [paths.meters]: refusal,
        [paths.details]: refusal,
        [paths.production]: refusal,
        [paths.v1]: refusal,
      };
      assert.equal(await rejection(all, '5.0.62', false), refusal);
    }
  });

  it('goes on where /api/v1/production refuses but the report sums up the inverters', async () => {
    const replies = { [paths.details]: { production: [inverterSum(8, 1, 1)] }, [paths.v1]: failure.refused };
    const facts = await probe(bench(gatewayInfo('7.3.130', false), replies).context);
    assert.equal(facts.production?.kind, 'inverters');
  });

  it('does not judge a gateway of firmware 3 that still starts', async () => {
    assert.equal((await rejection({ [paths.v1]: v1([0, 0, 0, 0]) }, '3.17.3', false)).code, 'data_quality');
    assert.equal((await rejection({ [paths.v1]: v1([0, 0, 0, 0]) }, '5.0.62', false)).code, 'no_production_source');
  });

  it('finds no production where the gateway has pages only, and says so', async () => {
    const pages = { [paths.details]: failure.page, [paths.production]: failure.page };
    const error = await rejection(pages, '3.7.0', false);
    assert.equal(error.code, 'no_production_source');
    assert.match(error.message, /3\.7\.0.*no JSON interface/);
    assert.deepEqual(error.parameters, { firmware: '3.7.0', finding: 'webPagesOnly' });
  });

  it('finds no production where nothing produces, and says what was looked at', async () => {
    const empty = { [paths.details]: { production: [inverterSum(0, 0, 0)] }, [paths.v1]: counting };
    const error = await rejection(empty, '8.2.4264');
    assert.equal(error.code, 'no_production_source');
    assert.match(error.message, /no meter in use, an outdated summary, no active inverter/);
    assert.equal(error.parameters.finding, 'outdatedSummary');
    const { code, parameters } = await rejection({});
    assert.deepEqual([code, parameters.finding], ['no_production_source', 'noReports']);
  });
});
