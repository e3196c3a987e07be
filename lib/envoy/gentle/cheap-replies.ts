import { invalidReply, isFields, numberAt, objectsIn, whole, type Fields } from '../datasets/fields.js';
import { ctMeters, type CtReading } from '../datasets/interpret/meters.js';
import { byPhase } from '../datasets/interpret/totals.js';
import type { Facts } from '../datasets/types.js';
import { combined, type Flow, type Measured, type Measurements } from './quantities.js';

/** Configuration and state of the CTs. */
export const metersPath = '/ivp/meters';
/** What the CTs measure, live. */
export const readingsPath = '/ivp/meters/readings';
/** What the production report shows, without the days (spec/envoy 7.3). */
export const reportsPath = '/ivp/meters/reports';
/** An endpoint that tells the power for less than the production report does. */
export type CheapPath = typeof readingsPath | typeof reportsPath;

/** How the energy of a quantity is told: what is delivered, or that less what is received. */
type Energy = 'delivered' | 'netted';

function ctFlow(reading: CtReading, energy: Energy): Flow | undefined {
  const { activePower: watts, energyDelivered: delivered, energyReceived: received } = reading;
  if (watts === undefined || delivered === undefined || (energy === 'netted' && received === undefined))
    return undefined;
  return { watts, wattHours: energy === 'netted' ? delivered - (received ?? 0) : delivered };
}

function ctMeasured(reading: CtReading | undefined, energy: Energy): Measured | undefined {
  const flow = reading && ctFlow(reading, energy);
  if (!reading || !flow) return undefined;
  const phases = Object.entries(reading.phases ?? {}).flatMap(([phase, values]) => {
    const found = ctFlow(values, energy);
    return found ? [[phase, found] as const] : [];
  });
  const { timestamp: at } = reading;
  return { ...flow, ...(at !== undefined && at > 0 && { at }), phases: Object.fromEntries(phases) };
}

/** What was found, without the keys of what was not. */
function measurements(
  production: Measured | undefined,
  total: Measured | undefined,
  net: Measured | undefined,
): Measurements {
  return {
    ...(production && { production }),
    ...(total && { consumption: total }),
    ...(net && { netConsumption: net }),
  };
}

/**
 * Production, total and net consumption from the CTs (spec/envoy 3.2, 4.5). A gateway has a CT for one kind of
 * consumption and computes the other: total is production and net together.
 * @throws EnergyError `reply_invalid` where one of the replies is no list
 */
export function fromReadings(
  replies: { readonly meters: unknown; readonly readings: unknown },
  facts: Facts,
  firmware: string,
): Measurements {
  const { meters } = ctMeters(replies, facts, firmware);
  const production = ctMeasured(meters['production'], 'delivered');
  const total = ctMeasured(meters['total-consumption'], 'delivered');
  const net = ctMeasured(meters['net-consumption'], 'netted');
  return measurements(
    production,
    total ?? (production && net && combined(production, net)),
    net ?? (production && total && combined(total, production, -1)),
  );
}

function reportFlow(line: unknown, energy: Energy): Flow | undefined {
  if (!isFields(line)) return undefined;
  const [watts, delivered] = [numberAt(line, 'currW') ?? numberAt(line, 'actPower'), numberAt(line, 'whDlvdCum')];
  if (watts === undefined || delivered === undefined) return undefined;
  // Newer firmwares give the netted energy as the delivered one, and 0 as received.
  const received = energy === 'netted' ? (numberAt(line, 'whRcvdCum') ?? 0) : 0;
  return { watts: whole(watts), wattHours: whole(delivered - received) };
}

function reportMeasured(report: Fields | undefined, energy: Energy, phaseCount: number): Measured | undefined {
  const flow = report && reportFlow(report.cumulative, energy);
  if (!report || !flow) return undefined;
  const phases = byPhase(report.lines, phaseCount).flatMap(([phase, line]) => {
    const found = reportFlow(line, energy);
    return found ? [[phase, found] as const] : [];
  });
  const at = numberAt(report, 'createdAt');
  return { ...flow, ...(at !== undefined && at > 0 && { at }), phases: Object.fromEntries(phases) };
}

/**
 * Production, total and net consumption from `/ivp/meters/reports` (spec/envoy 7.3), total put right where net stands
 * in its place (spec/envoy 4.3).
 * @throws EnergyError `reply_invalid` where the reply is no list
 */
export function fromReports(reply: unknown, facts: Facts): Measurements {
  if (!Array.isArray(reply)) throw invalidReply(reportsPath, 'reportType');
  const reports = objectsIn(reply);
  const of = (type: string, energy: Energy): Measured | undefined =>
    reportMeasured(
      reports.find((report) => report.reportType === type),
      energy,
      facts.phaseCount,
    );
  const production = of('production', 'delivered');
  const net = of('net-consumption', 'netted');
  const total = of('total-consumption', 'delivered');
  const isNet = total !== undefined && total.watts === net?.watts && total.wattHours === net.wattHours;
  return measurements(production, isNet && production ? combined(production, net) : total, net);
}
