import { createCalendar } from './calendar.js';
import type { Calendar } from './calendar.js';
import { houseWatts } from './household.js';
import { noise } from './noise.js';
import { cellMilliseconds, createSeries } from './series.js';
import type { Energy, Series } from './series.js';
import { clearSky } from './sun.js';
import type { Site } from './sun.js';

const hour = 3_600_000;

/** Peak power of one panel, W, and the most that its inverter passes on. */
export const panelPeak = 350;
export const inverterLimit = 297;

/** A house with panels. */
export interface PlantParameters extends Site {
  readonly seed: number;
  readonly inverters: number;
  readonly phases: 1 | 2 | 3;
  readonly timeZone: string;
  /** ms since the epoch; before it nothing was produced or counted. */
  readonly commissionedAt: number;
}

/** A power and its counters over a day, at one moment. Powers in W, energies in Wh. */
export interface Flow extends Energy {
  readonly watts: number;
  /** Delivered since local midnight, and over the seven days before it. */
  readonly today: number;
  readonly lastSevenDays: number;
}

/** Every flow of the house at one moment: the whole and phase by phase. */
export interface Flows {
  readonly total: Flow;
  readonly phases: readonly Flow[];
}

/** The house, its panels and what its meters count, as pure functions of time (ms since the epoch). */
export interface Plant {
  readonly parameters: PlantParameters;
  readonly calendar: Calendar;
  /** What the inverters give together, W and Wh; never negative. */
  readonly panels: Series;
  /** What the production meter sees: a little less than the inverters give, a little negative at night. */
  readonly production: (time: number) => Flows;
  /** What the grid gives (positive) or takes (negative). */
  readonly net: (time: number) => Flows;
  /** What the house uses: net and production together. */
  readonly house: (time: number) => Flows;
}

/** What one inverter and its wiring draw when there is no sun, W. */
const standby = 0.35;

function panelWatts(parameters: PlantParameters, time: number): number {
  const { irradiance } = clearSky(time, parameters);
  if (irradiance === 0) return 0;
  const { seed } = parameters;
  const weather =
    0.6 * noise(seed + 101, time / (5 * hour)) +
    0.28 * noise(seed + 102, time / (0.45 * hour)) +
    0.12 * noise(seed + 103, time / (0.11 * hour));
  const cover = Math.min(1, Math.max(0, (weather - 0.4) / 0.45));
  const watts = panelPeak * 0.9 * (irradiance / 1000) * (1 - 0.78 * cover * cover);
  return Math.min(watts, inverterLimit) * parameters.inverters;
}

/** Microinverters are spread over the phases as evenly as their number allows. */
function phaseShares({ inverters, phases }: PlantParameters): number[] {
  const share = (phase: number): number => Math.ceil((inverters - phase) / phases) / Math.max(1, inverters);
  return Array.from({ length: phases }, (_, phase) => Math.max(0, share(phase)));
}

type Reading = Energy & { readonly watts: number };

function added(readings: readonly Reading[]): Reading {
  const sum = { watts: 0, delivered: 0, received: 0 };
  for (const reading of readings) {
    sum.watts += reading.watts;
    sum.delivered += reading.delivered;
    sum.received += reading.received;
  }
  return sum;
}

function read(series: Series, time: number, share = 1): Reading {
  const { delivered, received } = series.energy(time);
  return { watts: series.watts(time) * share, delivered: delivered * share, received: received * share };
}

function flow(now: Reading, midnight: Energy, weekEarlier: Energy): Flow {
  return {
    ...now,
    today: now.delivered - midnight.delivered,
    lastSevenDays: midnight.delivered - weekEarlier.delivered,
  };
}

/** Builds the flows out of what gives the readings of every phase at a time. */
function flowsOf(calendar: Calendar, phasesAt: (time: number) => readonly Reading[]): (time: number) => Flows {
  return (time) => {
    const now = phasesAt(time);
    const midnight = phasesAt(calendar.midnight(time));
    const weekEarlier = phasesAt(calendar.midnight(time, 7));
    return {
      total: flow(added(now), added(midnight), added(weekEarlier)),
      phases: now.map((reading, phase) => flow(reading, midnight[phase] ?? reading, weekEarlier[phase] ?? reading)),
    };
  };
}

function build(parameters: PlantParameters): Plant {
  const { seed, phases, inverters, timeZone, commissionedAt } = parameters;
  const calendar = createCalendar(timeZone);
  const shares = phaseShares(parameters);
  const panels = createSeries((index) => panelWatts(parameters, index * cellMilliseconds), commissionedAt, seed + 201);
  const atMeter = (index: number): number => {
    const watts = panels.node(index);
    return watts > 0 ? watts * 0.985 : -standby * inverters * (0.8 + 0.4 * noise(seed + 104, index / 7));
  };
  const meter = createSeries(atMeter, commissionedAt, seed + 202);
  const grid = shares.map((share, phase) =>
    createSeries(
      (index) => {
        const time = index * cellMilliseconds;
        const used = houseWatts(seed, time + calendar.offset(time), phase, phases);
        return used - meter.node(index) * share;
      },
      commissionedAt,
      seed + 203 + phase,
    ),
  );
  const production = (time: number): Reading[] => shares.map((share) => read(meter, time, share));
  const net = (time: number): Reading[] => grid.map((series) => read(series, time));
  const house = (time: number): Reading[] => {
    const produced = production(time);
    return net(time).map((reading, phase) => {
      const { watts, delivered, received } = produced[phase] ?? { watts: 0, delivered: 0, received: 0 };
      const used = reading.delivered - reading.received + delivered - received;
      return { watts: reading.watts + watts, delivered: used, received: 0 };
    });
  };
  return {
    parameters,
    calendar,
    panels,
    production: flowsOf(calendar, production),
    net: flowsOf(calendar, net),
    house: flowsOf(calendar, house),
  };
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
