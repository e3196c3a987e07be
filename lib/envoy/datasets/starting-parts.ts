import { fieldsAt, isFields, numberAt } from './fields.js';
import type { Counter } from './quality-counters.js';
import type { DatasetWarning, Parts } from './types.js';

/** A counter of a payload, and whether it shows less than before. */
export interface ComparedCounter {
  readonly counter: Counter;
  readonly isBackward: boolean;
}

const measuredParts = ['production', 'consumption', 'netConsumption', 'meters'] as const;
type MeasuredPart = (typeof measuredParts)[number];

function isWithoutPower(payload: Parts, part: MeasuredPart): boolean {
  const measured = fieldsAt(payload, part);
  const readings = part === 'meters' ? Object.values(measured).filter(isFields) : [measured];
  const powers = readings.map((reading) => numberAt(reading, part === 'meters' ? 'activePower' : 'wattsNow'));
  return powers.length > 0 && powers.every((watts) => watts === 0);
}

/**
 * The parts of a payload that are all zero although their counters were not: a gateway answers so in the minutes after
 * its start (spec 2.4), and its powers are as wrong as its counters then. With one of them goes every other part without
 * power: net consumption has no counter that only goes up, and a sum may be put together with what was known before.
 */
export function startingParts(payload: Parts, counters: readonly ComparedCounter[]): readonly string[] {
  const idle = measuredParts.filter((part) => isWithoutPower(payload, part));
  const isStarting = idle.some((part) => {
    const own = counters.filter(({ counter }) => counter.path[0] === part);
    return own.some(({ isBackward }) => isBackward) && own.every(({ counter }) => counter.value === 0);
  });
  return isStarting ? idle : [];
}

/** The warning for a part that is left out as one of `startingParts`. */
export function startingWarning(part: string): DatasetWarning {
  const message = 'The gateway reports zero for everything, as it does while it starts; the part is left out.';
  return { part, code: 'data_quality', message };
}
