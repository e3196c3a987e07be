import { dearHour } from './operation.js';
import type { Operation } from './operation.js';
import { cellMilliseconds } from './series.js';
import type { Energy } from './series.js';

const cellHours = cellMilliseconds / 3_600_000;

/** What is stored of each Wh that goes in; all of what is stored comes out. */
export const chargeEfficiency = 0.92;

/** Batteries of a house, taken together. */
export interface StorageParameters {
  /** Wh. */
  readonly capacity: number;
  /** The most that goes in or out, W. */
  readonly power: number;
}

/** The most that a generator gives, W; 0 where there is none. */
export type GeneratorPower = number;

/** What there is at a moment, before batteries and generator do their part. Powers in W. */
export interface Needs {
  readonly house: number;
  readonly solar: number;
  readonly localHour: number;
  /** By how much a battery misses what it follows. */
  readonly miss: number;
}

/** A battery at a moment: what is stored, Wh, the power that it gives, W, and whether the generator runs. */
export interface StorageState {
  readonly stored: number;
  readonly watts: number;
  readonly generating: boolean;
}

/** Who does what. Powers in W; a battery's is positive where it gives. */
export interface Dispatch {
  readonly battery: number;
  readonly generator: number;
  readonly generating: boolean;
  /** What is left of the sun's power and of the house's use where neither grid nor battery carries it, 0 … 1. */
  readonly solarPart: number;
  readonly housePart: number;
}

function within(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value)) + 0;
}

/**
 * The most that a battery may give now so that it has not less than `floor` left even after a cell in which that power
 * goes back to zero. Power runs straight between two points, so this keeps the limit exactly.
 */
function mostOut({ stored, watts }: StorageState, floor: number): number {
  return Math.max(0, (stored - (Math.max(0, watts) * cellHours) / 2 - floor) / cellHours);
}

/** The most that it may take, likewise. */
function mostIn({ stored, watts }: StorageState, ceiling: number): number {
  const room = ceiling - stored - (chargeEfficiency * Math.max(0, -watts) * cellHours) / 2;
  return Math.max(0, room / (chargeEfficiency * cellHours));
}

/** What a battery should give on grid; negative where it should take. */
function wanted(operation: Operation, state: StorageState, needs: Needs, floor: number): number {
  const deficit = needs.house - needs.solar + needs.miss;
  const follow =
    operation.mode === 'backup' || (operation.mode === 'economy' && !dearHour(needs.localHour))
      ? Math.min(0, deficit)
      : deficit;
  const short = operation.chargeFromGrid && state.stored < floor;
  return short ? Math.min(follow, -mostIn(state, floor)) : follow;
}

function onGrid(storage: StorageParameters, operation: Operation, state: StorageState, needs: Needs): Dispatch {
  const reserve = operation.mode === 'backup' ? 100 : operation.reserve;
  const floor = (storage.capacity * Math.max(reserve, operation.veryLow)) / 100;
  const power = storage.power * operation.awake;
  const target = wanted(operation, state, needs, floor);
  const battery = within(
    target,
    -Math.min(power, mostIn(state, storage.capacity)),
    Math.min(power, mostOut(state, floor)),
  );
  return { battery, generator: 0, generating: false, solarPart: 1, housePart: 1 };
}

/** Whether the generator runs: it starts when little is stored and stops when enough is. */
function generates(operation: Operation, state: StorageState, capacity: number): boolean {
  if (operation.generator !== 'auto') return operation.generator === 'on';
  const soc = capacity > 0 ? (state.stored / capacity) * 100 : 0;
  return soc <= operation.startSoc || (state.generating && soc < operation.stopSoc);
}

function offGrid(
  storage: StorageParameters,
  generatorPower: GeneratorPower,
  operation: Operation,
  state: StorageState,
  needs: Needs,
): Dispatch {
  const power = storage.power * operation.awake;
  const out = Math.min(power, mostOut(state, (storage.capacity * operation.veryLow) / 100));
  const into = Math.min(power, mostIn(state, storage.capacity));
  const generating = generatorPower > 0 && generates(operation, state, storage.capacity);
  // Inverters need somebody else's voltage to follow: without a battery or a generator there is no sun either.
  const solar = power > 0 || generating || needs.solar < 0 ? needs.solar : 0;
  const deficit = needs.house - solar;
  const charge = operation.chargeFromGenerator ? into : 0;
  const generator = generating ? within(deficit + charge, 0, generatorPower) : 0;
  const battery = within(deficit - generator, -into, out);
  const missing = deficit - generator - battery;
  return {
    battery,
    generator,
    generating,
    solarPart: needs.solar > 0 ? within((solar + Math.min(0, missing)) / needs.solar, 0, 1) : 1,
    housePart: needs.house > 0 ? within((needs.house - Math.max(0, missing)) / needs.house, 0, 1) : 1,
  };
}

/** Shares out a moment among grid, battery and generator: what follows from how the installation runs and what is stored. */
export function dispatch(
  storage: StorageParameters,
  generatorPower: GeneratorPower,
  operation: Operation,
  state: StorageState,
  needs: Needs,
): Dispatch {
  return operation.onGrid
    ? onGrid(storage, operation, state, needs)
    : offGrid(storage, generatorPower, operation, state, needs);
}

/** What is stored after a battery has given and taken so much, Wh; never below zero or above its capacity. */
export function storedAfter({ capacity }: StorageParameters, stored: number, { delivered, received }: Energy): number {
  return within(stored + chargeEfficiency * received - delivered, 0, capacity);
}
