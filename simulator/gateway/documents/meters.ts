import type { Flow, Flows } from '../../model/plant.js';
import { accompanying, gridFrequency, milli, phaseElectric, sumElectric } from '../electric.js';
import type { Electric } from '../electric.js';
import { measuresConsumption, measuresProduction, measuresStorage } from '../identity.js';
import type { View } from '../identity.js';
import { since } from '../version.js';

const productionEid = 704_643_328;
const consumptionEid = 704_643_584;
const storageEid = 704_643_840;
const ghostEid = 1_023_410_688;
const productionChannels = 1_778_385_169;
const consumptionChannels = 1_778_385_425;
const storageChannels = 1_778_385_681;
const ghostChannels = 2_097_152_513;

const phaseModes = { 1: 'single', 2: 'split', 3: 'three' } as const;

const still: Flow = { watts: 0, delivered: 0, received: 0, today: 0, lastSevenDays: 0 };

/** The document of `/ivp/meters` (spec/envoy 3.2); an empty list where there are no meter inputs. */
export function metersDocument({ identity, plant }: View): object[] {
  if (!identity.metered) return [];
  const { phases } = plant.parameters;
  const meter = (eid: number, measurementType: string, enabled: boolean): object => ({
    eid,
    state: enabled ? 'enabled' : 'disabled',
    measurementType,
    phaseMode: phaseModes[phases],
    phaseCount: phases,
    meteringStatus: enabled ? 'normal' : 'not-metering',
    ...(since(identity.firmware, '5.0.0') && { statusFlags: [] }),
  });
  const consumption = identity.consumption === 'total' ? 'total-consumption' : 'net-consumption';
  return [
    meter(productionEid, 'production', measuresProduction(identity)),
    meter(consumptionEid, consumption, measuresConsumption(identity)),
    ...(measuresStorage(identity) ? [meter(storageEid, 'storage', true)] : []),
  ];
}

function reading(view: View, eid: number, flow: Flow, electric: Electric | undefined): Record<string, unknown> {
  const { apparent, lagging, leading } = accompanying(flow);
  return {
    eid,
    timestamp: view.seconds(view.time),
    actEnergyDlvd: milli(flow.delivered),
    actEnergyRcvd: milli(flow.received),
    apparentEnergy: apparent,
    reactEnergyLagg: lagging,
    reactEnergyLead: leading,
    instantaneousDemand: milli(flow.watts),
    activePower: milli(flow.watts),
    apparentPower: milli(electric?.apparent ?? 0),
    reactivePower: milli(electric?.reactive ?? 0),
    pwrFactor: milli(electric?.powerFactor ?? 0),
    voltage: milli(electric?.voltage ?? 0),
    current: milli(electric?.current ?? 0),
    freq: electric?.frequency ?? gridFrequency(view),
  };
}

/** One meter with its channels: one for each phase, from 7.6 on always three. */
function meterReading(view: View, eid: number, channelEid: number, flows: Flows | undefined): object {
  const electrics = (flows?.phases ?? []).map((flow, phase) =>
    flow === still ? undefined : phaseElectric(view, flow.watts, phase),
  );
  const count = since(view.identity.firmware, '7.6.0') ? 3 : view.plant.parameters.phases;
  const channels = Array.from({ length: count }, (_, phase) =>
    reading(view, channelEid + phase, flows?.phases[phase] ?? still, electrics[phase]),
  );
  const whole = flows
    ? sumElectric(
        view,
        electrics.filter((electric) => electric !== undefined),
      )
    : undefined;
  return { ...reading(view, eid, flows?.total ?? still, whole), channels };
}

/** What the storage meter sees; where it loses its second phase the whole is the first one alone (spec/envoy 4.5). */
function storageFlows({ identity, plant, switches, time }: View): Flows {
  const flows = plant.storage(time);
  const [first, ...others] = flows.phases;
  const lost = switches.storagePhaseLost ?? (others.length === 1 && since(identity.firmware, '8.3.6086'));
  return lost && first ? { total: first, phases: [first, ...others.map(() => still)] } : flows;
}

/** The document of `/ivp/meters/readings` (spec/envoy 3.2, 4.5). */
export function readingsDocument(view: View): object[] {
  const { identity, plant, time } = view;
  if (!identity.metered) return [];
  const production = measuresProduction(identity) ? plant.production(time) : undefined;
  const measured = identity.consumption === 'total' ? plant.consumption : plant.net;
  const consumption = measuresConsumption(identity) ? measured(time) : undefined;
  const list = [
    meterReading(view, productionEid, productionChannels, production),
    meterReading(view, consumptionEid, consumptionChannels, consumption),
  ];
  if (measuresStorage(identity)) list.push(meterReading(view, storageEid, storageChannels, storageFlows(view)));
  // A reading of a meter that `/ivp/meters` does not know (spec/envoy 3.2).
  if (since(identity.firmware, '8.3.5025')) list.push(meterReading(view, ghostEid, ghostChannels, undefined));
  return list;
}

type ReportType = 'production' | 'net-consumption' | 'total-consumption';

/** From 8.3 on the net report has the netted energy and no received one (spec/envoy 7.3). */
function reportedEnergy({ identity }: View, type: ReportType, flow: Flow): { delivered: number; received: number } {
  if (type === 'net-consumption' && since(identity.firmware, '8.3.0')) {
    return { delivered: flow.delivered - flow.received, received: 0 };
  }
  return flow;
}

function reportLine(view: View, type: ReportType, flow: Flow, electric: Electric): object {
  const { delivered, received } = reportedEnergy(view, type, flow);
  const { apparent, lagging, leading } = accompanying(flow);
  return {
    currW: milli(flow.watts),
    actPower: milli(flow.watts),
    apprntPwr: milli(electric.apparent),
    reactPwr: milli(electric.reactive),
    whDlvdCum: milli(delivered),
    whRcvdCum: milli(received),
    varhLagCum: lagging,
    varhLeadCum: leading,
    vahCum: apparent,
    rmsVoltage: milli(electric.voltage),
    rmsCurrent: milli(electric.current),
    pwrFactor: Math.round(electric.powerFactor * 100) / 100,
    freqHz: electric.frequency,
  };
}

function report(view: View, type: ReportType, flows: Flows): object {
  const electrics = flows.phases.map((flow, phase) => phaseElectric(view, flow.watts, phase));
  return {
    createdAt: view.seconds(view.time),
    reportType: type,
    cumulative: reportLine(view, type, flows.total, sumElectric(view, electrics)),
    lines: flows.phases.map((flow, phase) =>
      reportLine(view, type, flow, electrics[phase] ?? phaseElectric(view, 0, phase)),
    ),
  };
}

/** The document of `/ivp/meters/reports` (spec/envoy 7.3): what is measured and what is computed from it. */
export function reportsDocument(view: View): object[] {
  const { identity, plant, time } = view;
  if (!measuresProduction(identity)) return [];
  const production = report(view, 'production', plant.production(time));
  if (!measuresConsumption(identity)) return [production];
  return [
    production,
    report(view, 'net-consumption', plant.net(time)),
    report(view, 'total-consumption', plant.consumption(time)),
  ];
}

/** One message of `/stream/meter` (spec/envoy 7.1); unused phases are zero. */
export function streamMessage(view: View): object {
  const { plant, time } = view;
  const phases = (flows: Flows): object =>
    Object.fromEntries(
      ['ph-a', 'ph-b', 'ph-c'].map((name, phase) => {
        const flow = flows.phases[phase];
        const electric = flow && phaseElectric(view, flow.watts, phase);
        const {
          watts = 0,
          reactive = 0,
          apparent = 0,
          voltage = 0,
          current = 0,
          powerFactor = 0,
          frequency = 0,
        } = electric ?? {};
        const values = { p: watts, q: reactive, s: apparent, v: voltage, i: current, pf: powerFactor, f: frequency };
        return [name, Object.fromEntries(Object.entries(values).map(([key, value]) => [key, milli(value)]))];
      }),
    );
  return {
    production: phases(plant.production(time)),
    'net-consumption': phases(plant.net(time)),
    'total-consumption': phases(plant.consumption(time)),
  };
}
