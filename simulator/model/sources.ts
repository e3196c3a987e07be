import type { GeneratorPower, StorageParameters } from './battery.js';
import { storedAfter } from './battery.js';
import { continueSeries } from './branch.js';
import type { Calendar } from './calendar.js';
import { houseWatts } from './household.js';
import { noise } from './noise.js';
import type { Operation } from './operation.js';
import type { PlantParameters } from './parameters.js';
import { createRun } from './runner.js';
import type { Run, Step } from './runner.js';
import { cellMilliseconds, createSeries } from './series.js';
import type { Series } from './series.js';
import { clearSky } from './sun.js';

const hour = 3_600_000;

/** Peak power of one panel, W, and the most that its inverter passes on. */
const panelPeak = 350;
export const inverterLimit = 297;

/** What one inverter and its wiring draw when there is no sun, W. */
const standby = 0.35;

/** What does the work of a plant: powers over time, apart from who reads them. */
export interface Sources {
  readonly panels: Series;
  readonly meter: Series;
  readonly grid: readonly Series[];
  readonly battery: readonly Series[];
  readonly generator: Series;
  readonly run: Run;
}

/** What sun and house would give and take on their own, and how they are spread. */
export interface Surroundings {
  readonly parameters: PlantParameters;
  readonly calendar: Calendar;
  readonly storage: StorageParameters;
  readonly generatorPower: GeneratorPower;
  readonly solarShares: readonly number[];
  readonly storageShares: readonly number[];
  readonly panels: Series;
  readonly house: readonly Series[];
}

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

/** Devices of one phase are spread over the phases as evenly as their number allows. */
function spread(devices: number, phases: number): number[] {
  const share = (phase: number): number => Math.ceil((devices - phase) / phases) / Math.max(1, devices);
  return Array.from({ length: phases }, (_, phase) => Math.max(0, share(phase)));
}

/** The surroundings of a plant. */
export function surroundingsOf(parameters: PlantParameters, calendar: Calendar): Surroundings {
  const { seed, phases, inverters, commissionedAt, storage, generatorPower = 0 } = parameters;
  const houseAt = (phase: number) => (index: number) => {
    const time = index * cellMilliseconds;
    return houseWatts(seed, time + calendar.offset(time), phase, phases);
  };
  return {
    parameters,
    calendar,
    storage: storage ?? { capacity: 0, power: 0 },
    generatorPower,
    solarShares: spread(inverters, phases),
    // A split-phase battery is connected to both legs.
    storageShares: phases === 2 ? [0.5, 0.5] : spread(Math.max(1, storage?.devices ?? 1), phases),
    panels: createSeries((index) => panelWatts(parameters, index * cellMilliseconds), commissionedAt, seed + 201),
    house: Array.from({ length: phases }, (_, phase) =>
      createSeries(houseAt(phase), commissionedAt, seed + 220 + phase),
    ),
  };
}

/** What the production meter sees of what the panels give. */
function meterWatts({ parameters }: Surroundings, panels: number, time: number): number {
  const drawn =
    standby * parameters.inverters * (0.8 + 0.4 * noise(parameters.seed + 104, time / cellMilliseconds / 7));
  return panels > 0 ? panels * 0.985 : -drawn;
}

/** Whether batteries, generator or a way of running change anything of what sun, house and grid do on their own. */
function plain({ storage }: Surroundings, { onGrid, produces }: Operation): boolean {
  return storage.capacity === 0 && onGrid && produces;
}

const idle: Run = {
  start: { battery: 0, generator: 0, generating: false, solarPart: 1, housePart: 1, phases: [], stored: 0 },
  at: () => idle.start,
};

/** Runs the installation from a moment on. */
function runFrom(around: Surroundings, operation: Operation, from: number, stored: number): Run {
  if (plain(around, operation)) return idle;
  const { storage, generatorPower, storageShares, solarShares, calendar, parameters } = around;
  const at = (series: Series, time: number): number =>
    time % cellMilliseconds === 0 ? series.node(time / cellMilliseconds) : series.watts(time);
  const solarAt = (time: number): number => meterWatts(around, operation.produces ? at(around.panels, time) : 0, time);
  return createRun({
    storage,
    generatorPower,
    operation,
    shares: storageShares,
    from,
    stored,
    needsAt: (time) => ({
      house: around.house.reduce((sum, series) => sum + at(series, time), 0),
      solar: solarAt(time),
      localHour: ((time + calendar.offset(time)) % (24 * hour)) / hour,
      miss: 30 * (noise(parameters.seed + 105, time / 400_000) - 0.5),
    }),
    phasesAt: (time) => {
      const solar = solarAt(time);
      return {
        house: around.house.map((series) => at(series, time)),
        solar: solarShares.map((share) => solar * share),
      };
    },
  });
}

/** What a source gives at a five-minute point, or where there is none when a change begins. */
type Watts = (index: number | undefined) => number;

/** Makes a series of a quantity: from the commissioning on, or from a change on. */
type Make = (before: Series | undefined, seed: number, watts: Watts) => Series;

function sourcesOf(
  around: Surroundings,
  operation: Operation,
  run: Run,
  { make, from, before }: { make: Make; from: number; before?: Sources },
): Sources {
  const { seed, phases } = around.parameters;
  const step = (index: number | undefined): Step => (index === undefined ? run.start : run.at(index));
  const at = (series: Series, index: number | undefined): number =>
    index === undefined ? series.watts(from) : series.node(index);
  const each = (one: (phase: number) => Series): Series[] => Array.from({ length: phases }, (_, phase) => one(phase));
  const panels = make(before?.panels, seed + 201, (index) =>
    operation.produces ? at(around.panels, index) * step(index).solarPart : 0,
  );
  const meter = make(before?.meter, seed + 202, (index) =>
    meterWatts(around, at(panels, index), index === undefined ? from : index * cellMilliseconds),
  );
  const grid = (phase: number): Series => {
    const { [phase]: house } = around.house;
    const { [phase]: share = 0 } = around.solarShares;
    return make(before?.grid[phase], seed + 203 + phase, (index) => {
      if (!operation.onGrid || !house) return 0;
      return at(house, index) - at(meter, index) * share - (step(index).phases[phase] ?? 0);
    });
  };
  const battery = (phase: number): Series =>
    make(before?.battery[phase], seed + 206 + phase, (index) => step(index).phases[phase] ?? 0);
  const generator = make(before?.generator, seed + 209, (index) => step(index).generator);
  return { run, panels, meter, grid: each(grid), battery: each(battery), generator };
}

/** What works from the commissioning on. */
export function firstSources(around: Surroundings, operation: Operation): Sources {
  const from = around.parameters.commissionedAt;
  const run = runFrom(around, operation, from, around.storage.capacity / 2);
  const make: Make = (_, seed, watts) => createSeries(watts, from, seed);
  return sourcesOf(around, operation, run, { make, from });
}

/** What works from `from` on, when the installation runs another way; before it, and in its counters, as it was. */
export function changedSources(
  around: Surroundings,
  before: Sources,
  { operation, from, stored }: { readonly operation: Operation; readonly from: number; readonly stored: number },
): Sources {
  const run = runFrom(around, operation, from, stored);
  const make: Make = (old = idleSeries, seed, nodeWatts) =>
    continueSeries(old, { from, watts: nodeWatts(undefined), nodeWatts, seed });
  return sourcesOf(around, operation, run, { make, from, before });
}

const idleSeries: Series = { node: () => 0, watts: () => 0, energy: () => ({ delivered: 0, received: 0 }) };

/** Wh stored at a moment, given what was stored at an earlier one. */
export function storedSince(
  around: Surroundings,
  sources: Sources,
  from: number,
  stored: number,
  time: number,
): number {
  const sum = { delivered: 0, received: 0 };
  for (const series of sources.battery) {
    const [then, now] = [series.energy(from), series.energy(time)];
    sum.delivered += now.delivered - then.delivered;
    sum.received += now.received - then.received;
  }
  return storedAfter(around.storage, stored, sum);
}
