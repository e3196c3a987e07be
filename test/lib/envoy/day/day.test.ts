import { countersOff } from '../../../../simulator/index.js';
import { at, SimulatedDay, plant, type Happening } from './simulated-day.js';

const happenings: readonly Happening[] = [
  { at: at(7), act: ({ faults }) => faults.add(countersOff(-3000)) },
  { at: at(7, 4), act: ({ faults }) => faults.clear() },
  {
    at: at(8, 30),
    act: (gateway) => {
      gateway.switches.bootAnswers = 'unavailable';
      gateway.boot();
    },
  },
  { at: at(8, 35), act: (gateway) => gateway.booted() },
  { at: at(9, 30), act: ({ faults }) => faults.add(countersOff(200_000)) },
  { at: at(9, 34), act: ({ faults }) => faults.clear() },
  { at: at(10, 30), act: (gateway) => gateway.powerOff() },
  { at: at(11, 30), act: (gateway) => gateway.powerOn() },
  {
    at: at(13),
    act: (gateway) => {
      gateway.boot();
      return gateway.setFirmware('8.3.5528');
    },
  },
  { at: at(13, 4), act: (gateway) => gateway.booted() },
  {
    at: at(16),
    act: (gateway) => {
      gateway.switches.bootAnswers = 'zeros';
      gateway.boot();
    },
  },
  { at: at(16, 5), act: (gateway) => gateway.booted() },
];

describe('a day', () => {
  it('passes', async () => {
    const began = Date.now();
    const day = await SimulatedDay.begin();
    await day.pass(happenings);
    console.log('took', Date.now() - began, day.world.asked, day.world.requests(), day.gateway.log.count(), day.gateway.log.maximumInFlight);
    const p = plant();
    let last = '';
    for (const { at: t, payload, error, truth } of day.log) {
      const clock = new Date(t + 7200000).toISOString().slice(11, 16);
      const x = payload as any;
      const f = p.production(truth.time).total;
      const line = error ? `ERR ${error.code} ${error.message}` : JSON.stringify(x.warnings ?? '');
      const flags = payload ? [Math.abs((x.production?.wattsNow ?? NaN) - truth.production) > 3, Math.abs((x.grid?.wattsNow ?? NaN) - truth.grid) > 3, Math.abs((x.battery?.wattsNow ?? NaN) - truth.battery) > 3].join() : '';
      const told = `${line} ${flags} ${x?.production?.source ?? ''} ${x?.gateway?.firmware}`;
      if (told !== last && !/"$/.test(told) ) {
        const s = `${line} ${flags}`;
        if (s !== last || t % 3600000 === 0) console.log(clock, s, x?.production?.wattsNow, Math.round(truth.production), x?.production?.wattHoursLifetime, Math.round(f.delivered), x?.production?.wattHoursToday, Math.round(f.today), JSON.stringify(x?.today), JSON.stringify(x?.grid), Math.round(truth.grid), x?.consumption?.wattsNow, x?.production?.source);
        last = s;
      }
    }
    await day.close();
  });
});
