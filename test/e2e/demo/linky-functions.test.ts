import { strict as assert } from 'node:assert';
import { Context, functionNode, type Message } from './function-node.js';

const oneDay = 86_400_000;
const day = Date.UTC(2026, 10, 19, 23);
const meter = { usagePoint: '12655648759651', subscribedPower: 9 };

/** Values of `count` days that end with the day in France that begins at `day`. */
function daysOf(dataset: string, values: readonly number[], usagePoint = meter.usagePoint): Message {
  const payload = values.map((value, index) => {
    const start = day - (values.length - 1 - index) * oneDay;
    return { start, end: start + oneDay, value };
  });
  return { topic: `linky/${usagePoint}/${dataset}`, payload, meter: { ...meter, usagePoint } };
}

function payloadOf(sent: unknown): unknown {
  return (sent as { payload: unknown }).payload;
}

describe('the functions of the Linky pages', () => {
  describe('the state of the consent', () => {
    const prompt = { topic: 'enedis/a/prompt', payload: { userCode: 'BCDF-GHJK' } };
    const problem = { code: 'consent_denied', message: 'Refused.', action: 'Press the node.', retryable: false };
    const auth = { topic: 'enedis/a/auth', error: { message: 'x' }, payload: problem };

    it('follows the code, and says in words what a person does on the page', () => {
      const state = functionNode('linky-consent-state');
      assert.deepEqual(payloadOf(state({ topic: 'start' })), { phase: 'asking' });
      assert.deepEqual(payloadOf(state(prompt)), { phase: 'pending', prompt: prompt.payload });
      const { code, message } = problem;
      const told = { code, message, action: 'Start again, and agree at Enedis.' };
      assert.deepEqual(payloadOf(state(auth)), { phase: 'failed', problem: told });
    });

    it('keeps the code where a trouble passes by itself', () => {
      const state = functionNode('linky-consent-state');
      state(prompt);
      const passing = { ...problem, code: 'cloud_unavailable', retryable: true };
      const { phase } = payloadOf(state({ ...auth, payload: passing })) as { phase: string };
      assert.equal(phase, 'pending');
    });

    it('knows a consent from before by the data, and shows the end of the meter only', () => {
      const state = functionNode('linky-consent-state');
      const { phase, usagePoints } = payloadOf(state(daysOf('daily_consumption', [1]))) as Message;
      assert.deepEqual({ phase, usagePoints }, { phase: 'linked', usagePoints: ['9651'] });
    });

    it('tells other failures', () => {
      const state = functionNode('linky-consent-state');
      const failure = { topic: 'start', error: { message: 'EnergyError: The store is full.', code: 'storage_failed' } };
      assert.deepEqual(payloadOf(state(failure)), { phase: 'failed', problem: { message: 'The store is full.' } });
    });
  });

  describe('the bars', () => {
    /** What the bars show of these messages. */
    function bars(messages: readonly Message[], view = 'month'): [Message[], Message[]] {
      const flow = new Context({ linkyView: view });
      const sort = functionNode('linky-sort', { flow });
      for (const message of messages) sort(message);
      const sent = functionNode('linky-bars', { flow })({ topic: 'x' }) as [Message, Message];
      return [sent[0]['payload'] as Message[], sent[1]['payload'] as Message[]];
    }

    it('are days of France in the order of time, in kWh and kVA', () => {
      const [energy, power] = bars([
        daysOf('daily_production', [0, 2500]),
        daysOf('daily_consumption', [10_000, 12_340]),
        daysOf('daily_consumption_max_power', [4560]),
      ]);
      assert.deepEqual(energy, [
        { series: 'Consumption', at: '19 Nov', value: 10 },
        { series: 'Production', at: '19 Nov', value: 0 },
        { series: 'Consumption', at: '20 Nov', value: 12.34 },
        { series: 'Production', at: '20 Nov', value: 2.5 },
      ]);
      assert.deepEqual(power, [{ series: 'Highest power', at: '20 Nov', value: 4.56 }]);
    });

    it('are the last 31 days of a month, and the months of a year', () => {
      const year = Array.from({ length: 365 }, () => 1000);
      assert.equal(bars([daysOf('daily_consumption', year)])[0].length, 31);
      const months = bars([daysOf('daily_consumption', year)], 'year')[0];
      assert.deepEqual(months.at(-2), { series: 'Consumption', at: 'Oct 2026', value: 31 });
      assert.equal(bars([daysOf('daily_consumption_max_power', year)], 'year')[1].at(-2)?.['value'], 1);
    });

    it('tell meters apart where there are several', () => {
      const messages = [daysOf('daily_consumption', [1]), daysOf('daily_consumption', [1], '12345678901234')];
      const names = bars(messages)[0].map(({ series }) => series);
      assert.deepEqual(names.sort(), ['Consumption …1234', 'Consumption …9651']);
    });

    it('forget a meter that the new consent does not have', () => {
      const flow = new Context();
      functionNode('linky-sort', { flow })(daysOf('daily_consumption', [1000]));
      functionNode('linky-after-consent', { flow })({ payload: { usagePoints: ['12345678901234'] } });
      const [energy] = functionNode('linky-bars', { flow })({ topic: 'x' }) as [Message];
      assert.deepEqual(energy['payload'], []);
    });
  });

  describe('the curve', () => {
    const half = oneDay / 48;
    /** Two days of half hours. */
    function curve(dataset: string, watts: number): Message {
      const readings = Array.from({ length: 96 }, (_, index) => {
        const start = day - oneDay + index * half;
        return { start, end: start + half, value: watts };
      });
      return { topic: `linky/${meter.usagePoint}/${dataset}`, payload: readings };
    }

    it('is that of the newest day, of both directions, with points in the middle of their intervals', () => {
      const show = functionNode('linky-day-curve');
      show(curve('production_load_curve', 0));
      const [chart, picker] = show(curve('consumption_load_curve', 500)) as [Message, Message];
      const points = chart['payload'] as Message[];
      assert.equal(points.length, 96);
      assert.deepEqual(points[0], { series: 'Consumption', at: day + half / 2, watts: 500 });
      assert.equal(picker['payload'], '2026-11-20');
    });

    it('is that of the day that was picked, which is read', () => {
      const flow = new Context();
      const asked = functionNode('linky-pick', { flow })({ payload: '2026-11-19' });
      assert.deepEqual(asked, { topic: 'day', from: '2026-11-19', to: '2026-11-20' });
      const show = functionNode('linky-day-curve', { flow });
      const [chart] = show(curve('consumption_load_curve', 500)) as [Message];
      assert.equal((chart['payload'] as Message[])[0]?.['at'], day - oneDay + half / 2);
    });
  });

  it('work out what the house used from panels and grid', () => {
    const flow = new Context();
    const sort = functionNode('linky-sort', { flow });
    const week = Array.from({ length: 30 }, () => 1000);
    sort(daysOf('daily_consumption', week));
    sort(daysOf('daily_production', week.slice(0, 20).concat(Array.from({ length: 10 }, () => 2000))));
    const rows = functionNode('linky-balance-rows', { flow });
    const sent = rows({ topic: 'envoy/1', payload: { production: { wattHoursLast7Days: 20_000 } } });
    assert.deepEqual(payloadOf(sent), [
      { name: 'Panels', kWh: 20 },
      { name: 'Into grid', kWh: 14 },
      { name: 'From grid', kWh: 7 },
      { name: 'Used', kWh: 13 },
    ]);
  });

  it('say on the card of the meter what is wrong, in words, until something was read', () => {
    const state = functionNode('linky-meter-state');
    const problem = { code: 'consent_expired', message: 'The consent has ended.', action: 'Press the node.' };
    const failed = payloadOf(state({ topic: 'enedis/a/auth', error: {}, payload: problem })) as { problem: Message };
    assert.equal(failed.problem['action'], 'Consent on the page "Linky: consent".');
    const read = { ...daysOf('consumption_load_curve', []), notes: ['not_activated', 'before_consent'] };
    const card = payloadOf(state(read)) as { problem?: unknown; notes: Message };
    assert.equal(card.problem, undefined);
    assert.deepEqual(card.notes, {
      consumption_load_curve: ['No load curve is collected: activate it in your account at Enedis.'],
    });
  });
});
