import { awake, inverterReports } from '../../model/inverters.js';
import type { Flow, Flows } from '../../model/plant.js';
import { accompanying, milli, phaseElectric, sumElectric } from '../electric.js';
import type { Electric } from '../electric.js';
import { measuresConsumption, measuresProduction } from '../identity.js';
import type { View } from '../identity.js';
import { since } from '../version.js';
import { acEntry } from './units.js';

/** How old the values of `/api/v1/production` may be, ms: it is a snapshot (spec/envoy 4.1). */
const snapshotAge = 300_000;

/** From here on the gateway writes net over total consumption (spec/envoy 4.3). */
const netOverTotal = '8.3.5433';

/** From here on standard gateways give only zeros at `/api/v1/production` (spec/envoy 3.6). */
const standardZero = '8.3.5422';

/** The four values of a production, W and Wh. */
export interface ProductionTotals {
  readonly wattHoursToday: number;
  readonly wattHoursSevenDays: number;
  readonly wattHoursLifetime: number;
  readonly wattsNow: number;
}

type Measurement = 'production' | 'total-consumption' | 'net-consumption';

/** Values of an eim entry or one of its lines that are about energy and power. */
interface Figures {
  readonly watts: number;
  readonly lifetime: number;
  readonly today: number;
  readonly lastSevenDays: number;
}

function figuresOf(measurement: Measurement, flow: Flow): Figures {
  if (measurement !== 'net-consumption') return { ...flow, lifetime: flow.delivered };
  return { watts: flow.watts, lifetime: flow.delivered - flow.received, today: 0, lastSevenDays: 0 };
}

function eimValues(figures: Figures, flow: Flow, electric: Electric): Record<string, number> {
  const { apparent, lagging, leading } = accompanying(flow);
  return {
    wNow: milli(figures.watts),
    whLifetime: milli(figures.lifetime),
    varhLeadLifetime: leading,
    varhLagLifetime: lagging,
    vahLifetime: apparent,
    rmsCurrent: milli(electric.current),
    rmsVoltage: milli(electric.voltage),
    reactPwr: milli(electric.reactive),
    apprntPwr: milli(electric.apparent),
    pwrFactor: Math.round(electric.powerFactor * 100) / 100,
    whToday: milli(figures.today),
    whLastSevenDays: milli(figures.lastSevenDays),
    vahToday: milli(figures.today * 1.04),
    varhLeadToday: milli(figures.today * 0.023),
    varhLagToday: milli(figures.today * 0.11),
  };
}

const nothing: Flow = { watts: 0, delivered: 0, received: 0, today: 0, lastSevenDays: 0 };
const nowhere: Flows = { total: nothing, phases: [] };

interface EntryOptions {
  readonly measurement: Measurement;
  readonly flows: Flows;
  /** The flows whose power and lifetime are shown; another one than `flows` where the firmware mixes them up. */
  readonly shown?: Flows;
  readonly shownAs?: Measurement;
  readonly active: boolean;
  readonly lines: boolean;
}

function eimEntry(view: View, options: EntryOptions): object {
  const { measurement, active, lines, shown, shownAs = measurement } = options;
  const flows = active ? options.flows : nowhere;
  const overwritten = (own: Flow, other: Flow | undefined): Figures => {
    const figures = figuresOf(measurement, own);
    if (!active || !other) return figures;
    const { watts, lifetime } = figuresOf(shownAs, other);
    return { ...figures, watts, lifetime };
  };
  const electrics = flows.phases.map((flow, phase) => phaseElectric(view, flow.watts, phase));
  const values = flows.phases.map((flow, phase) =>
    eimValues(overwritten(flow, shown?.phases[phase]), flow, electrics[phase] ?? phaseElectric(view, 0, phase)),
  );
  const whole = eimValues(overwritten(flows.total, shown?.total), flows.total, sumElectric(view, electrics));
  return {
    type: 'eim',
    activeCount: active ? 1 : 0,
    ...(since(view.identity.firmware, '5.0.0') && { measurementType: measurement }),
    readingTime: view.seconds(view.time),
    ...whole,
    ...(lines && active && { lines: values }),
  };
}

/** The entry of all inverters together; at night it has no reading. */
function invertersEntry(view: View): object {
  const reports = inverterReports(view.plant, view.time);
  const light = awake(view.plant, view.time);
  const latest = Math.max(0, ...reports.map(({ reportedAt }) => reportedAt));
  return {
    type: 'inverters',
    activeCount: reports.length,
    readingTime: light ? view.seconds(latest) : 0,
    wNow: light ? reports.reduce((sum, { watts }) => sum + Math.round(watts), 0) : 0,
    whLifetime: Math.round(reports.reduce((sum, { lifetime }) => sum + lifetime, 0)),
  };
}

function consumptionEntries(view: View, lines: boolean): object[] {
  const active = measuresConsumption(view.identity);
  const net = active ? view.plant.net(view.time) : nowhere;
  const total = active ? view.plant.consumption(view.time) : nowhere;
  const mixedUp = view.switches.totalOverwritten ?? since(view.identity.firmware, netOverTotal);
  return [
    eimEntry(view, {
      measurement: 'total-consumption',
      flows: total,
      ...(mixedUp && { shown: net, shownAs: 'net-consumption' }),
      active,
      lines,
    }),
    eimEntry(view, { measurement: 'net-consumption', flows: net, active, lines }),
  ];
}

/**
 * The document of `/production.json` and of `/production` where that is JSON (spec/envoy 3.3, 4.1 to 4.4).
 * @param details whether the request has `details=1`; from firmware 7.6 on there are no phases without
 */
export function productionDocument(view: View, details: boolean): object {
  const { identity, plant, time } = view;
  const lines = details || !since(identity.firmware, '7.6.0');
  const storage = [acEntry(view)];
  if (!identity.metered) return { production: [invertersEntry(view)], storage };
  const active = measuresProduction(identity);
  const flows = active ? plant.production(time) : nowhere;
  return {
    production: [invertersEntry(view), eimEntry(view, { measurement: 'production', flows, active, lines })],
    consumption: consumptionEntries(view, lines),
    storage,
  };
}

/** What the inverters gave together, as of the last snapshot. */
function inverterTotals({ plant, time }: View): ProductionTotals {
  const taken = Math.floor(time / snapshotAge) * snapshotAge;
  const energyAt = (moment: number): number => plant.panels.energy(moment).delivered;
  const midnight = energyAt(plant.calendar.midnight(taken));
  return {
    wattHoursToday: Math.round(energyAt(taken) - midnight),
    wattHoursSevenDays: Math.round(midnight - energyAt(plant.calendar.midnight(taken, 7))),
    wattHoursLifetime: Math.round(energyAt(taken)),
    wattsNow: Math.round(plant.panels.watts(taken)),
  };
}

function totalsOf({ watts, delivered, today, lastSevenDays }: Flow): ProductionTotals {
  return {
    wattHoursToday: Math.round(today),
    wattHoursSevenDays: Math.round(lastSevenDays),
    wattHoursLifetime: Math.round(delivered),
    wattsNow: Math.round(watts),
  };
}

/** What the production meter saw as of the last snapshot. */
function meterTotals({ plant, time }: View): ProductionTotals {
  return totalsOf(plant.production(Math.floor(time / snapshotAge) * snapshotAge).total);
}

/**
 * The document of `/api/v1/production`: the production meter where it is in use, else the inverters. A metered gateway
 * whose meter is not in use gives zeros, and from 8.2.4264 on what was there when it was put in (spec/envoy 3.6).
 */
export function v1ProductionDocument(view: View): ProductionTotals {
  const { identity, plant } = view;
  if (view.switches.v1Zero ?? (!identity.metered && since(identity.firmware, standardZero))) return totalsOf(nothing);
  if (!identity.metered) return inverterTotals(view);
  if (measuresProduction(identity)) return meterTotals(view);
  if (!since(identity.firmware, '8.2.4264')) return totalsOf(nothing);
  return inverterTotals({ ...view, time: plant.parameters.commissionedAt + 30 * 86_400_000 + snapshotAge * 140 });
}

/** The document of `/ivp/pdm/energy` (spec/envoy 7.3). */
export function energyDocument(view: View): object {
  const measured = measuresProduction(view.identity);
  const house = measuresConsumption(view.identity) ? view.plant.consumption(view.time).total : nothing;
  return {
    production: {
      pcu: inverterTotals(view),
      rgm: totalsOf(nothing),
      eim: measured ? meterTotals(view) : totalsOf(nothing),
    },
    consumption: { eim: totalsOf(house) },
  };
}

/** The page that `/production` is before firmware 4, or that `/production.json` is where it does not exist yet. */
export function productionPage(view: View): string {
  const { wattsNow, wattHoursToday, wattHoursSevenDays, wattHoursLifetime } = inverterTotals(view);
  const rows = [
    ['Currently', `${(wattsNow / 1000).toFixed(2)} kW`],
    ['Today', `${(wattHoursToday / 1000).toFixed(1)} kWh`],
    ['Past Week', `${Math.round(wattHoursSevenDays / 1000)} kWh`],
    ['Since Installation', `${(wattHoursLifetime / 1_000_000).toFixed(2)} MWh`],
  ];
  const table = rows.map(([label, value]) => `<tr><td>${label}</td><td> ${value}</td></tr>`).join('\n');
  return `<html>\n<body>\n<h1>System Energy Production</h1>\n<table>\n${table}\n</table>\n</body>\n</html>\n`;
}
