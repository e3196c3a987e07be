import { atLeast } from '../../firmware.js';
import { invalidReply, isFields, numberAt, objectsIn, present, textAt, whole, type Fields } from '../fields.js';
import type { MeterFact } from '../types.js';
import { byPhase } from './totals.js';

/** From this version on a storage CT of a split-phase system may show one phase only (spec 4.5). */
const storagePhaseLossMinimum = '8.3.6086';

/** What `/ivp/meters` tells about the wiring (spec 3.2). */
export interface Wiring {
  readonly meters: readonly MeterFact[];
  /** 1, 2 or 3. */
  readonly phaseCount: number;
  readonly phaseMode?: string;
}

/** One CT, or one phase of it, as it stands in the payload (spec 4.5): V, A, Hz, W, Wh, epoch seconds. */
export interface CtReading {
  readonly eid?: number;
  readonly timestamp?: number;
  readonly measurementType?: string;
  readonly state?: string;
  readonly meteringStatus?: string;
  readonly statusFlags?: readonly string[];
  readonly activePower?: number;
  readonly powerFactor?: number;
  readonly voltage?: number;
  readonly current?: number;
  readonly frequency?: number;
  readonly energyDelivered?: number;
  readonly energyReceived?: number;
  readonly phases?: Readonly<Record<string, CtReading>>;
}

/** The CTs by their measurement type, and those left out in part because their values cannot be right. */
export interface CtMeters {
  readonly meters: Readonly<Record<string, CtReading>>;
  readonly doubtful: readonly string[];
}

/** The enabled CTs and the phases that the reply of `/ivp/meters` configures; none where it is no list of meters. */
export function wiringOf(reply: unknown): Wiring {
  const enabled = objectsIn(reply).filter((meter) => meter.state === 'enabled');
  const meters = enabled.flatMap((meter) => {
    const [eid, measurementType] = [numberAt(meter, 'eid'), textAt(meter, 'measurementType')];
    return eid === undefined || measurementType === undefined ? [] : [{ eid, measurementType }];
  });
  const counts = enabled.map((meter) => Math.trunc(numberAt(meter, 'phaseCount') ?? 1));
  const phaseMode = enabled.map((meter) => textAt(meter, 'phaseMode')).findLast((mode) => mode !== undefined);
  return { meters, phaseCount: Math.min(3, Math.max(1, ...counts)), ...(phaseMode !== undefined && { phaseMode }) };
}

function identityOf(meter: Fields, fact: MeterFact): CtReading {
  const flags: unknown = meter.statusFlags;
  return present({
    measurementType: textAt(meter, 'measurementType') ?? fact.measurementType,
    state: textAt(meter, 'state'),
    meteringStatus: textAt(meter, 'meteringStatus'),
    statusFlags: Array.isArray(flags) ? flags.filter((flag) => typeof flag === 'string') : undefined,
  });
}

function roundedAt(fields: Fields, name: string): number | undefined {
  const value = numberAt(fields, name);
  return value === undefined ? undefined : whole(value);
}

function valuesOf(reading: Fields): CtReading {
  return present({
    eid: numberAt(reading, 'eid'),
    timestamp: numberAt(reading, 'timestamp'),
    activePower: roundedAt(reading, 'activePower'),
    powerFactor: numberAt(reading, 'pwrFactor'),
    voltage: numberAt(reading, 'voltage'),
    current: numberAt(reading, 'current'),
    frequency: numberAt(reading, 'freq'),
    energyDelivered: roundedAt(reading, 'actEnergyDlvd'),
    energyReceived: roundedAt(reading, 'actEnergyRcvd'),
  });
}

const isStill = (phase: CtReading): boolean => phase.energyDelivered === 0 && phase.energyReceived === 0;

/**
 * The phase that a storage CT lost, and with it the sum: one of two phases counts nothing and the sum is that of the
 * other one alone. Undefined where both are counted.
 */
function lostPhase(reading: CtReading): string | undefined {
  const phases = Object.entries(reading.phases ?? {});
  const still = phases.find(([, phase]) => isStill(phase));
  const other = phases.find(([, phase]) => !isStill(phase))?.[1];
  if (phases.length !== 2 || !still || !other) return undefined;
  const isOther = reading.energyDelivered === other.energyDelivered && reading.energyReceived === other.energyReceived;
  return isOther ? still[0] : undefined;
}

function withoutLostPhase(identity: CtReading, reading: CtReading, lost: string): CtReading {
  const phases = Object.entries(reading.phases ?? {}).filter(([phase]) => phase !== lost);
  const { eid, timestamp } = reading;
  return { ...identity, ...present({ eid, timestamp }), phases: Object.fromEntries(phases) };
}

function ctReading(reading: Fields, identity: CtReading, phaseCount: number): CtReading {
  const channels = byPhase(reading.channels, phaseCount);
  const phases = channels.map(([phase, channel]) => [phase, { ...valuesOf(channel), ...identity }] as const);
  return {
    ...valuesOf(reading),
    ...identity,
    ...(phases.length > 0 && { phases: Object.fromEntries(phases) }),
  };
}

/**
 * The CTs that were enabled at probe time, from the replies of `/ivp/meters` and `/ivp/meters/readings` (spec 3.2,
 * 4.5). Both are matched by `eid`; a reading of an unknown one is skipped, and a value that is missing has no key.
 * @throws EnergyError `reply_invalid` where one of the replies is no list.
 */
export function ctMeters(
  replies: { readonly meters: unknown; readonly readings: unknown },
  facts: { readonly meters: readonly MeterFact[]; readonly phaseCount: number },
  firmware: string,
): CtMeters {
  if (!Array.isArray(replies.meters)) throw invalidReply('/ivp/meters', 'eid');
  if (!Array.isArray(replies.readings)) throw invalidReply('/ivp/meters/readings', 'eid');
  const configured = new Map(objectsIn(replies.meters).map((meter) => [numberAt(meter, 'eid'), meter]));
  const found = new Map<string, CtReading>();
  const doubtful: string[] = [];
  for (const reading of replies.readings.filter(isFields)) {
    const eid = numberAt(reading, 'eid');
    const meter = configured.get(eid);
    const fact = facts.meters.find((candidate) => candidate.eid === eid);
    if (!meter || !fact) continue;
    const identity = identityOf(meter, fact);
    const type = identity.measurementType ?? fact.measurementType;
    const complete = ctReading(reading, identity, facts.phaseCount);
    const suspect = type === 'storage' && atLeast(firmware, storagePhaseLossMinimum);
    const lost = suspect ? lostPhase(complete) : undefined;
    if (lost !== undefined) doubtful.push(type);
    found.set(type, lost === undefined ? complete : withoutLostPhase(identity, complete, lost));
  }
  return { meters: Object.fromEntries(found), doubtful };
}
