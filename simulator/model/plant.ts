import { createCalendar } from './calendar.js';
import type { Calendar } from './calendar.js';
import { flowsOf, netted, read } from './flows.js';
import type { Flows, Reading } from './flows.js';
import { usualOperation } from './operation.js';
import type { Operation } from './operation.js';
import type { Series } from './series.js';
import { changedSources, firstSources, storedSince, surroundingsOf } from './sources.js';
import type { Sources, Surroundings } from './sources.js';
import type { PlantParameters } from './parameters.js';

export type { Flow, Flows } from './flows.js';

/** The house, its panels and what its meters count, as pure functions of time (ms since the epoch). */
export interface Plant {
  readonly parameters: PlantParameters;
  readonly calendar: Calendar;
  /** How it runs since the last change. */
  readonly operation: Operation;
  /** What the inverters give together, W and Wh; never negative. */
  readonly panels: Series;
  /** What the production meter sees: a little less than the inverters give, a little negative at night. */
  readonly production: (time: number) => Flows;
  /** What the grid gives (positive) or takes (negative). */
  readonly net: (time: number) => Flows;
  /** What the batteries give (positive, counted as delivered) or take (negative, counted as received). */
  readonly storage: (time: number) => Flows;
  /** What the generator gives. */
  readonly generator: (time: number) => Flows;
  /** What the house uses: net, production, batteries and generator together. */
  readonly house: (time: number) => Flows;
  /**
   * What a gateway takes for the total consumption: net and production together. In a house with batteries that is not
   * what it uses: what they take is in it and what they give is not (as the gateways have it; spec/envoy 4.3).
   */
  readonly consumption: (time: number) => Flows;
  /** Wh in the batteries. */
  readonly stored: (time: number) => number;
  /** The same plant, run another way from `time` on, which is not before an earlier change. */
  readonly changed: (time: number, operation: Operation) => Plant;
}

/** What a plant consists of, and what was stored when it began to run this way. */
interface Parts {
  readonly around: Surroundings;
  readonly sources: Sources;
  readonly operation: Operation;
  readonly from: number;
  readonly stored: number;
  readonly before: Plant | undefined;
}

function assemble({ around, sources, operation, from, stored: first, before }: Parts): Plant {
  const { parameters, calendar, solarShares, storageShares } = around;
  const { phases } = parameters;
  const production = (time: number): Reading[] => solarShares.map((share) => read(sources.meter, time, share));
  const net = (time: number): Reading[] => sources.grid.map((series) => read(series, time));
  const storage = (time: number): Reading[] => sources.battery.map((series) => read(series, time));
  const generator = (time: number): Reading[] => storageShares.map((share) => read(sources.generator, time, share));
  const stored = (time: number): number =>
    before && time < from ? before.stored(time) : storedSince(around, sources, from, first, time);
  const plant: Plant = {
    parameters,
    calendar,
    operation,
    panels: sources.panels,
    production: flowsOf(calendar, production),
    net: flowsOf(calendar, net),
    storage: flowsOf(calendar, storage),
    generator: flowsOf(calendar, generator),
    house: flowsOf(calendar, (time) => netted([net(time), production(time), storage(time), generator(time)], phases)),
    consumption: flowsOf(calendar, (time) => netted([net(time), production(time)], phases)),
    stored,
    changed: (time, next) => {
      const change = { operation: next, from: Math.max(time, from), stored: stored(Math.max(time, from)) };
      return assemble({ around, ...change, sources: changedSources(around, sources, change), before: plant });
    },
  };
  return plant;
}

function build(parameters: PlantParameters): Plant {
  const { operation = usualOperation, commissionedAt: from } = parameters;
  const around = surroundingsOf(parameters, createCalendar(parameters.timeZone));
  const sources = firstSources(around, operation);
  return assemble({ around, sources, operation, from, stored: around.storage.capacity / 2, before: undefined });
}

const built = new Map<string, Plant>();

/** The plant with these parameters. Plants are pure, so equal parameters share one and its sums over past days. */
export function createPlant(parameters: PlantParameters): Plant {
  const key = JSON.stringify(parameters);
  let plant = built.get(key);
  if (!plant) {
    plant = build(parameters);
    built.set(key, plant);
  }
  return plant;
}
