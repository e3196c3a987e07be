import { strict as assert } from 'node:assert';
import { Context, functionNode, type Message } from './function-node.js';

/** A message of the chart: what it shows is the last one that has a payload. */
function shown(sent: unknown): { series: string; at: number; watts: number }[] {
  const messages = (Array.isArray(sent) ? (sent as unknown[]).flat() : [sent]) as Message[];
  return messages.findLast(({ payload }) => payload !== undefined)?.['payload'] as ReturnType<typeof shown>;
}

const minute = 60_000;
const noon = new Date(2026, 5, 21, 12).getTime();

function reading(at: number, production: number, consumption?: number): Message {
  return { payload: { readAt: at }, powers: { production, ...(consumption !== undefined && { consumption }) } };
}

describe('the functions of the demo flow', () => {
  describe('the powers', () => {
    const ofReading = {
      readAt: noon,
      production: { wattsNow: 2000 },
      consumption: { wattsNow: 1900 },
      netConsumption: { wattsNow: -100 },
      grid: { wattsNow: -100 },
    };

    function powersOf(sent: unknown): unknown {
      return (sent as [Message])[0]['powers'];
    }

    it('take what the house uses from all sources where a battery charges, since the gateway counts that as use', () => {
      const powers = functionNode('envoy-powers');
      const battery = { wattsNow: -1400, stateOfCharge: 60 };
      const expected = { production: 2000, consumption: 500, grid: -100, battery: -1400, stateOfCharge: 60 };
      assert.deepEqual(powersOf(powers({ topic: 'envoy/1', payload: { ...ofReading, battery } })), expected);
    });

    it('are the gateway’s own where there is no battery, and only those that it measures', () => {
      const powers = functionNode('envoy-powers');
      const expected = { production: 2000, consumption: 1900, grid: -100 };
      assert.deepEqual(powersOf(powers({ topic: 'envoy/1', payload: ofReading })), expected);
      const standard = { topic: 'envoy/1', payload: { readAt: noon, production: { wattsNow: 7 } } };
      assert.deepEqual(powersOf(powers(standard)), { production: 7 });
    });

    it('of live messages go to the gauges only, and stay there over a reading while more of them come', () => {
      const powers = functionNode('envoy-powers');
      const live = { readAt: noon, production: { wattsNow: 2100 }, consumption: { wattsNow: 510 } };
      const [shown, read] = powers({ topic: 'envoy/1/live', payload: live }) as [Message, Message | null];
      assert.deepEqual(shown['powers'], { production: 2100, consumption: 510 });
      assert.equal(read, null);
      const after = (milliseconds: number) =>
        powersOf(powers({ topic: 'envoy/1', payload: { ...ofReading, readAt: noon + milliseconds } }));
      assert.deepEqual(after(1000), { production: 2100, consumption: 510, grid: -100 });
      assert.deepEqual(after(6000), { production: 2000, consumption: 1900, grid: -100 });
    });
  });

  describe('the gauges', () => {
    it('show watts and charge, on a scale that fits the inverters', () => {
      const inverters = { a: { maxReportWatts: 300 }, b: { maxReportWatts: 290 }, c: { maxReportWatts: 700 } };
      const powers = { production: 812.4, consumption: 400.6, stateOfCharge: 55.5 };
      assert.deepEqual(functionNode('envoy-gauges')({ payload: { inverters }, powers }), [
        { payload: 812, ui_update: { max: 1500 } },
        { payload: 401 },
        { payload: 56 },
      ]);
    });

    it('show nothing below zero, keep their scale without inverters, and leave alone what is not measured', () => {
      const message = { payload: {}, powers: { production: -3 } };
      assert.deepEqual(functionNode('envoy-gauges')(message), [{ payload: 0 }, null, null]);
    });
  });

  describe('the cards to show', () => {
    const cards = (features: readonly string[], powers = {}) =>
      functionNode('envoy-cards')({ payload: { gateway: { features } }, powers });
    const page = 'Solar production';
    const [battery, house] = [`${page}:Battery`, `${page}:Consumption now`];
    const grid = `${page}:Grid and energy:Grid now`;

    it('are those of what the gateway has', () => {
      assert.deepEqual(cards(['production', 'totalConsumption', 'netConsumption', 'batteries']), {
        payload: { groups: { show: [battery, house], hide: [] }, widgets: { show: [grid], hide: [] } },
      });
      assert.deepEqual(cards(['production', 'inverters']), {
        payload: { groups: { show: [], hide: [battery, house] }, widgets: { show: [], hide: [grid] } },
      });
    });

    it('are those of AC batteries, and of a consumption that is known from elsewhere', () => {
      assert.deepEqual(cards(['production', 'netConsumption', 'acBatteries'], { consumption: 5 }), {
        payload: { groups: { show: [battery, house], hide: [] }, widgets: { show: [grid], hide: [] } },
      });
    });
  });

  describe('the chart of today', () => {
    it('begins at midnight, told once', () => {
      const points = functionNode('envoy-points');
      const first = points(reading(noon, 1000, 300)) as [Message[]];
      const midnight = new Date(2026, 5, 21).getTime();
      assert.deepEqual(first[0][0], { ui_update: { chartOptions: { xAxis: { min: midnight } } } });
      assert.ok(!('ui_update' in (points(reading(noon + 10_000, 1000, 300)) as Message)));
    });

    it('keeps readings of today, thinned out with age, and means of both powers', () => {
      const points = functionNode('envoy-points');
      for (let at = noon; at < noon + 2 * 60 * minute; at += 10_000)
        points(reading(at, at % (2 * minute) === 0 ? 0 : 120, 60));
      const result = shown(points(reading(noon + 2 * 60 * minute, 120, 60)));
      const production = result.filter(({ series }) => series === 'Production');
      const gaps = production.slice(1).map(({ at }, index) => at - (production[index]?.at ?? 0));
      assert.equal(gaps[0], 5 * minute);
      assert.equal(gaps.at(-1), 10_000);
      assert.ok(production.length < 150, `${production.length} points`);
      assert.ok(production.slice(0, 10).every(({ watts }) => watts > 100 && watts < 120));
      assert.ok(result.filter(({ series }) => series === 'Consumption').every(({ watts }) => watts === 60));
    });

    it('forgets yesterday', () => {
      const points = functionNode('envoy-points');
      points(reading(noon, 1000));
      const tomorrow = noon + 24 * 60 * minute;
      assert.deepEqual(shown(points(reading(tomorrow, 500))), [{ series: 'Production', at: tomorrow, watts: 500 }]);
    });

    it('takes up what was read before the start', () => {
      const earlier = [{ at: noon - 30 * minute, count: 6, production: 800, consumption: 200 }];
      const points = functionNode('envoy-points', { global: new Context({ envoySamples: earlier }) });
      assert.deepEqual(
        shown(points(reading(noon, 1000, 300))).map(({ watts }) => watts),
        [800, 200, 1000, 300],
      );
    });
  });

  describe('the state of the gateway', () => {
    const data = { payload: { gateway: { serial: '1', firmware: '8' }, readAt: 5 } };
    const payload = { code: 'credentials_rejected', message: 'Rejected <b>.', action: 'Correct "it".' };
    const refused = {
      topic: 'envoy/id/auth',
      payload,
      error: { message: 'AuthenticationError: Rejected', code: payload.code },
    };

    function notified(sent: unknown): Message | null {
      return (sent as [Message, Message | null])[1];
    }

    it('tells an authentication error once until reading works again, with what to do and no markup of its own', () => {
      const state = functionNode('envoy-state');
      const text = '<strong>Rejected &#60;b&#62;.</strong><br>Correct &#34;it&#34;.';
      assert.equal(notified(state(refused))?.['payload'], text);
      assert.equal(notified(state(refused)), null);
      state(data);
      assert.equal(notified(state(refused))?.['payload'], text);
    });

    it('answers whoever pressed the button, well or not', () => {
      const state = functionNode('envoy-state');
      const pressed = { _client: { socketId: 'x' } };
      state(refused);
      assert.notEqual(notified(state({ ...refused, ...pressed })), null);
      assert.equal(notified(state({ ...data, ...pressed }))?.['payload'], 'Signed in again.');
      assert.equal(notified(state(data)), null);
    });

    it('shows every other failure on the card, with what is known of the gateway', () => {
      const state = functionNode('envoy-state');
      state(data);
      const failure = { topic: 'x', error: { message: 'EnergyError: No connection.', code: 'gateway_unreachable' } };
      assert.deepEqual(state(failure), [
        {
          payload: {
            ...data.payload,
            warnings: [],
            equipment: '',
            problem: { code: 'gateway_unreachable', message: 'No connection.' },
          },
        },
        null,
      ]);
    });

    it('counts inverters and batteries, and finds nothing wrong with a gateway that has no live data', () => {
      const state = functionNode('envoy-state');
      const equipped = { ...data.payload, inverters: { a: {}, b: {} }, batteries: { units: { c: {} } } };
      const [card] = state({ payload: equipped }) as [{ payload: { equipment: string } }];
      assert.equal(card.payload.equipment, '2 inverters, 1 battery');
      const failure = { topic: 'x', error: { message: 'No live data.', code: 'feature_not_available' } };
      assert.deepEqual(state(failure), [null, null]);
    });
  });
});
