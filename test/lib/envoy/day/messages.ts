import type { Today } from '../../../../lib/envoy/datasets/day-counters.js';
import type { Battery } from '../../../../lib/envoy/datasets/derived/battery.js';
import type { Grid } from '../../../../lib/envoy/datasets/derived/grid.js';
import type { MeasuredTotals } from '../../../../lib/envoy/datasets/interpret/totals.js';
import type { GatewayPayload } from '../../../../lib/envoy/payload.js';
import type { Plant } from '../../../../simulator/model/plant.js';
import { spans } from './happenings.js';
import type { Entry } from './simulated-day.js';

type Total = Partial<Omit<MeasuredTotals, 'phases'>>;

/** The parts of a payload that the day is about. */
type DayPayload = GatewayPayload & {
  readonly production?: Total;
  readonly consumption?: Total;
  readonly netConsumption?: Total;
  readonly grid?: Grid;
  readonly battery?: Battery;
  readonly today?: Today;
};

/** An entry of the log that has data. */
export type Message = Entry & { readonly payload: DayPayload };

/** The entries with data. */
export function messagesIn(log: readonly Entry[]): readonly Message[] {
  return log.filter((entry): entry is Message => entry.payload !== undefined);
}

/** A power as the payload shows it, and as it was, W. */
export interface Power {
  readonly name: string;
  readonly told: (payload: DayPayload) => number | undefined;
  readonly real: (entry: Entry) => number;
}

export const powers: readonly Power[] = [
  { name: 'production', told: ({ production }) => production?.wattsNow, real: ({ truth }) => truth.production },
  { name: 'grid', told: ({ grid }) => grid?.wattsNow, real: ({ truth }) => truth.grid },
  { name: 'net consumption', told: ({ netConsumption }) => netConsumption?.wattsNow, real: ({ truth }) => truth.grid },
  { name: 'battery', told: ({ battery }) => battery?.wattsNow, real: ({ truth }) => truth.battery },
  {
    name: 'consumption',
    told: ({ consumption }) => consumption?.wattsNow,
    real: ({ truth }) => truth.production + truth.grid,
  },
];

/** A counter as the payload shows it, as the model counts it, and the power that it counts. Wh and W. */
export interface Counter {
  readonly name: string;
  readonly told: (payload: DayPayload) => number | undefined;
  readonly real: (plant: Plant, time: number) => number;
  readonly counted: (payload: DayPayload) => number | undefined;
}

const positive = (watts: number | undefined) => watts && Math.max(0, watts);
const negative = (watts: number | undefined) => watts && Math.max(0, -watts);

/** After the update consumption is net and production, which leaves out what the production meter draws at night. */
function consumed(plant: Plant, time: number): number {
  if (time < spans.update.from) return plant.consumption(time).total.delivered;
  const net = plant.net(time).total;
  return net.delivered - net.received + plant.production(time).total.delivered;
}

export const counters: readonly Counter[] = [
  {
    name: 'production',
    told: ({ production }) => production?.wattHoursLifetime,
    real: (plant, time) => plant.production(time).total.delivered,
    counted: ({ production }) => positive(production?.wattsNow),
  },
  {
    name: 'consumption',
    told: ({ consumption }) => consumption?.wattHoursLifetime,
    real: consumed,
    counted: ({ consumption }) => consumption?.wattsNow,
  },
  {
    name: 'import',
    told: ({ grid }) => grid?.importWattHours,
    real: (plant, time) => plant.net(time).total.delivered,
    counted: ({ grid }) => positive(grid?.wattsNow),
  },
  {
    name: 'export',
    told: ({ grid }) => grid?.exportWattHours,
    real: (plant, time) => plant.net(time).total.received,
    counted: ({ grid }) => negative(grid?.wattsNow),
  },
  {
    name: 'charge',
    told: ({ battery }) => battery?.chargeWattHours,
    real: (plant, time) => plant.storage(time).total.received,
    counted: ({ battery }) => negative(battery?.wattsNow),
  },
  {
    name: 'discharge',
    told: ({ battery }) => battery?.dischargeWattHours,
    real: (plant, time) => plant.storage(time).total.delivered,
    counted: ({ battery }) => positive(battery?.wattsNow),
  },
];

/** An energy of the day by our own count, with the counter that it comes from. */
export const dayEnergies = [
  ['productionWattHours', 'production'],
  ['consumptionWattHours', 'consumption'],
  ['importWattHours', 'import'],
  ['exportWattHours', 'export'],
] as const;

/** The moment by the local clock, for messages of a test. */
export function clock({ at }: { readonly at: number }): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', timeStyle: 'short' }).format(at);
}
