import { nextNode } from './branch.js';
import { dispatch, storedAfter } from './battery.js';
import type { Dispatch, GeneratorPower, Needs, StorageParameters, StorageState } from './battery.js';
import type { Operation } from './operation.js';
import { cellMilliseconds, rampEnergy } from './series.js';
import type { Energy } from './series.js';

/** What is done at a moment: the whole, and the battery phase by phase, W. */
export interface Step extends Dispatch {
  readonly phases: readonly number[];
  /** Wh stored at the moment. */
  readonly stored: number;
}

/** What a run needs to know. */
export interface RunOptions {
  readonly storage: StorageParameters;
  readonly generatorPower: GeneratorPower;
  readonly operation: Operation;
  /** Part of each phase in what batteries and generator give. */
  readonly shares: readonly number[];
  /** When it begins, ms since the epoch, and what is stored then, Wh. */
  readonly from: number;
  readonly stored: number;
  readonly needsAt: (time: number) => Needs;
  /** What is used on each phase, and what the sun gives there, W; asked for off grid only. */
  readonly phasesAt: (time: number) => { readonly house: readonly number[]; readonly solar: readonly number[] };
}

/** An installation that runs one way from a moment on. */
export interface Run {
  /** What is done when it begins, and at a five-minute point after that. */
  readonly start: Step;
  at(index: number): Step;
}

function total(parts: readonly Energy[]): Energy {
  const add = (pick: (part: Energy) => number): number => parts.reduce((sum, part) => sum + pick(part), 0);
  return { delivered: add((part) => part.delivered), received: add((part) => part.received) };
}

/** Off grid the battery carries what each phase lacks; on grid it gives each its share. */
function phasesOf({ operation, shares, phasesAt }: RunOptions, time: number, done: Dispatch): number[] {
  if (operation.onGrid) return shares.map((share) => done.battery * share);
  const { house, solar } = phasesAt(time);
  return shares.map((share, phase) => {
    const sun = solar[phase] ?? 0;
    const carried = (house[phase] ?? 0) * done.housePart - (sun > 0 ? sun * done.solarPart : sun);
    return carried - done.generator * share;
  });
}

function dispatchAt(options: RunOptions, state: StorageState, time: number): Dispatch {
  return dispatch(options.storage, options.generatorPower, options.operation, state, options.needsAt(time));
}

/**
 * The step that follows: what the last one gave on the way decides what is stored. It is judged by what was stored
 * before, which is on the safe side, since the way to the new power is part of the limit already.
 */
function following(options: RunOptions, last: Step, since: number, time: number): Step {
  const { battery: watts, stored, generating } = last;
  const done = dispatchAt(options, { stored, watts, generating }, time);
  const phases = phasesOf(options, time, done);
  const moved = options.operation.onGrid
    ? rampEnergy(watts, done.battery, time - since)
    : total(phases.map((to, phase) => rampEnergy(last.phases[phase] ?? 0, to, time - since)));
  const { battery, generator, solarPart, housePart } = done;
  const left = storedAfter(options.storage, stored, moved);
  return { battery, generator, generating: done.generating, solarPart, housePart, phases, stored: left };
}

/** The steps of a day; on grid they follow from two numbers each, and a run of a year has a hundred thousand of them. */
interface Day {
  readonly battery: Float64Array;
  readonly stored: Float64Array;
  readonly whole: readonly Step[] | undefined;
  readonly last: Step;
}

const stepsPerDay = 288;

function dayOf(options: RunOptions, before: Step, since: number, first: number): Day {
  const battery = new Float64Array(stepsPerDay);
  const stored = new Float64Array(stepsPerDay);
  const whole: Step[] = [];
  let last = before;
  let lastTime = since;
  for (let position = 0; position < stepsPerDay; position++) {
    const time = (first + position) * cellMilliseconds;
    last = following(options, last, lastTime, time);
    lastTime = time;
    battery[position] = last.battery;
    stored[position] = last.stored;
    if (!options.operation.onGrid) whole.push(last);
  }
  return { battery, stored, whole: options.operation.onGrid ? undefined : whole, last };
}

/** Runs an installation step by step, a day at a time and as far as it is asked for. */
export function createRun(options: RunOptions): Run {
  const { from, stored, shares } = options;
  const first = nextNode(from);
  const done = dispatchAt(options, { stored, watts: 0, generating: false }, from);
  const start: Step = { ...done, phases: phasesOf(options, from, done), stored };
  const days: Day[] = [];
  const day = (wanted: number): Day | undefined => {
    for (let known = days.length; known <= wanted; known++) {
      const before = days[known - 1]?.last ?? start;
      const begin = first + known * stepsPerDay;
      days.push(dayOf(options, before, known === 0 ? from : (begin - 1) * cellMilliseconds, begin));
    }
    return days[wanted];
  };
  return {
    start,
    at: (index) => {
      if (index < first) return start;
      const found = day(Math.floor((index - first) / stepsPerDay));
      const position = (index - first) % stepsPerDay;
      const battery = found?.battery[position] ?? 0;
      return (
        found?.whole?.[position] ?? {
          battery,
          stored: found?.stored[position] ?? 0,
          phases: shares.map((share) => battery * share),
          generator: 0,
          generating: false,
          solarPart: 1,
          housePart: 1,
        }
      );
    },
  };
}
