import assert from 'node:assert/strict';
import { afterAttempt, noAttempts } from '../../../../lib/envoy/live/back-off.js';
import { restAfter } from '../../../../lib/envoy/live/live-data-readings.js';
import { isSwitchedOff, liveDataReading } from '../../../../lib/envoy/live/live-data.js';
import { meterReadings } from '../../../../lib/envoy/live/meter-stream.js';
import { meterMessage } from '../../../../lib/envoy/live/meter-message.js';
import { viewOf, wholeView, type LiveView } from '../../../../lib/envoy/live/reading.js';
import { noFacts, type Facts } from '../../../../lib/envoy/datasets/types.js';

const at = 1_750_000_000_000;
const info = { serial: '122600000042', firmware: '8.3.5169', metered: true, tokens: true };
const has = { production: true, consumption: true, grid: true, battery: true, generator: true };

function viewFor(facts: Partial<Facts>): LiveView {
  return viewOf({ info, facts: { ...noFacts, ...facts } });
}

const phase = (p: number, v = 0) => ({ p, q: 10, s: Math.abs(p) + 1, v, i: v && p / v, pf: 1, f: v && 50 });
const unused = phase(0);
const message = {
  production: { 'ph-a': phase(1500.1, 230), 'ph-b': phase(1500.2, 231), 'ph-c': unused },
  'net-consumption': { 'ph-a': phase(-1200.25, 230), 'ph-b': phase(-900, 231), 'ph-c': unused },
  'total-consumption': { 'ph-a': phase(299.85, 230), 'ph-b': phase(600.2, 231), 'ph-c': unused },
};

describe('a message of /stream/meter', () => {
  it('is a reading in W, + = import, by phase where there are several', () => {
    const reading = meterMessage(message, at, { phaseCount: 2, has });
    assert.deepEqual(
      { ...reading, phases: Object.keys(reading?.phases ?? {}) },
      {
        readAt: at,
        source: '/stream/meter',
        production: { wattsNow: 3000.3 },
        consumption: { wattsNow: 900.05 },
        grid: { wattsNow: -2100.25 },
        phases: ['L1', 'L2'],
      },
    );
    assert.equal(reading?.phases?.['L1']?.grid?.wattsNow, -1200.25);
    const { wattsNow, voltage, frequency, powerFactor } = reading.phases['L2']?.production ?? {};
    assert.deepEqual([wattsNow, voltage, frequency, powerFactor], [1500.2, 231, 50, 1]);
  });

  it('tells nothing of meters and phases that the gateway lacks', () => {
    const lone = viewFor({ meters: [{ eid: 1, measurementType: 'production' }] });
    assert.deepEqual(meterMessage(message, at, lone), {
      readAt: at,
      source: '/stream/meter',
      production: { wattsNow: 3000.3 },
    });
  });

  it('gives the grid as total consumption less production where it is not told', () => {
    const { production, 'total-consumption': total } = message;
    assert.equal(meterMessage({ production, 'total-consumption': total }, at)?.grid?.wattsNow, -2100.25);
  });

  it('that tells no power is none', () => {
    for (const none of [null, 3, 'x', [], {}, { production: {} }, { production: { 'ph-a': { p: null } } }]) {
      assert.equal(meterMessage(none, at), undefined);
    }
    const half = { production: { 'ph-a': phase(1), 'ph-b': { v: 1 } } };
    assert.equal(meterMessage(half, at), undefined, 'a sum without one of its parts would be wrong');
  });
});

const power = (milliwatts: number, ...phases: number[]) => ({
  agg_p_mw: milliwatts,
  agg_s_mva: Math.abs(milliwatts),
  ...Object.fromEntries(phases.map((each, index) => [`agg_p_ph_${'abc'[index] ?? ''}_mw`, each])),
});
const status = {
  connection: { sc_stream: 'enabled' },
  meters: {
    last_update: 1_749_999_999,
    soc: 64,
    pv: power(4_200_500, 2_100_250, 2_100_250),
    storage: power(-1_500_000, -1_500_000, 0),
    grid: power(-1_700_400, 0, -1_700_400),
    load: power(1_000_100, 600_250, 399_850),
    generator: power(0),
  },
};

describe('messages that come together', () => {
  it('give one reading, the newest, and what is none among them is counted', async () => {
    const line = (watts: number) => `data: ${JSON.stringify({ production: { 'ph-a': { p: watts } } })}\n\n`;
    const burst = Array.from({ length: 20 }, (_, index) => line(index)).join('');
    async function* chunks() {
      yield Buffer.from(burst.slice(0, 100));
      yield Buffer.from(burst.slice(100) + 'data: {}\nnothing\n');
      await Promise.resolve();
    }
    let skipped = 0;
    const readings = meterReadings({
      gateway: {
        known: () => Promise.reject(new Error('not asked')),
        request: () => Promise.reject(new Error('not asked')),
        stream: () => Promise.resolve(chunks()),
      },
      view: wholeView,
      timing: { now: () => at, wait: () => Promise.resolve(), random: () => 0, idle: 1 },
      signal: new AbortController().signal,
      onSkipped: (count) => (skipped += count),
    });
    const watts: (number | undefined)[] = [];
    const all = async () => {
      for await (const { production } of readings) watts.push(production?.wattsNow);
    };
    await assert.rejects(all(), { code: 'reply_incomplete' });
    assert.deepEqual([watts, skipped], [[1, 19], 2]);
  });
});

describe('a reply of /ivp/livedata/status', () => {
  it('is a reading in W: grid + = import, battery + = discharge', () => {
    const view = viewFor({ features: ['batteries'], phaseCount: 1 });
    assert.deepEqual(liveDataReading(status, at, view), {
      readAt: at,
      source: '/ivp/livedata/status',
      lastUpdate: 1_749_999_999,
      production: { wattsNow: 4200.5 },
      consumption: { wattsNow: 1000.1 },
      grid: { wattsNow: -1700.4 },
      battery: { wattsNow: -1500, stateOfCharge: 64 },
    });
  });

  it('is told by phase where newer firmware does and there are several', () => {
    const view = viewFor({ features: ['batteries'], phaseCount: 2 });
    const { phases } = liveDataReading(status, at, view);
    assert.deepEqual(phases, {
      L1: {
        production: { wattsNow: 2100.25 },
        consumption: { wattsNow: 600.25 },
        grid: { wattsNow: 0 },
        battery: { wattsNow: -1500 },
      },
      L2: {
        production: { wattsNow: 2100.25 },
        consumption: { wattsNow: 399.85 },
        grid: { wattsNow: -1700.4 },
        battery: { wattsNow: 0 },
      },
    });
    const older = { meters: { pv: { agg_p_mw: 1000 } } };
    assert.equal(liveDataReading(older, at, view).phases, undefined);
  });

  it('without any power is an error that names the endpoint', () => {
    for (const none of [undefined, null, [], {}, { meters: {} }, { meters: { pv: {} } }, { error: 'no' }]) {
      assert.throws(() => liveDataReading(none, at), { code: 'reply_invalid', message: /livedata\/status/ });
    }
  });

  it('says whether its values move', () => {
    assert.equal(isSwitchedOff(status), false);
    assert.equal(isSwitchedOff({ connection: { sc_stream: 'disabled' } }), true);
    assert.equal(isSwitchedOff({}), false);
  });
});

describe('the pace of live readings', () => {
  it('waits from 1 to 60 s, longer each time', () => {
    let attempts = noAttempts;
    const waits = [0, 0, 0, 0, 0, 0, 0].map(() => (attempts = afterAttempt(attempts, 0, 0)).waited);
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    assert.equal(afterAttempt(attempts, 0, 1).waited, 60_000);
  });

  it('begins anew only after readings that lasted', () => {
    const long = [0, 0, 0, 0].reduce((before) => afterAttempt(before, 0, 0), noAttempts);
    assert.equal(afterAttempt(long, 7000, 0).waited, 16_000, 'a message or two are no cure');
    assert.equal(afterAttempt(long, 8001, 0).waited, 1000);
  });

  it('asks once a second, and leaves a slow gateway at least half of its time', () => {
    assert.deepEqual([100, 500, 800, 30_000].map(restAfter), [900, 500, 800, 2000]);
  });
});
