import type { Flows } from '../../model/plant.js';
import { gridFrequency, milli, phaseElectric } from '../electric.js';
import { measuresConsumption, measuresProduction } from '../identity.js';
import type { View } from '../identity.js';

function channels(view: View, flows: Flows, reactive: boolean): object[] {
  const list = ['L1', 'L2', 'L3'].map((phase, index) => {
    const flow = flows.phases[index];
    const electric = flow && phaseElectric(view, flow.watts, index);
    return {
      phase,
      activePower: milli(electric?.watts ?? 0),
      ...(reactive && { reactivePower: milli(electric?.reactive ?? 0) }),
      voltage: milli(electric?.voltage ?? 0),
      current: milli(electric?.current ?? 0),
      freq: gridFrequency(view),
    };
  });
  return [{ channels: list }];
}

/** The document of `/ivp/meters/gridReading` (spec/envoy 7.3): negative where power goes to the grid. */
export function gridReadingDocument(view: View): object[] {
  return measuresConsumption(view.identity) ? channels(view, view.plant.net(view.time), true) : [];
}

/** The document of `/ivp/meters/pvReading`. */
export function pvReadingDocument(view: View): object[] {
  return measuresProduction(view.identity) ? channels(view, view.plant.production(view.time), false) : [];
}
