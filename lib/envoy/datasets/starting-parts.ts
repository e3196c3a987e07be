import { fieldsAt, isFields, numberAt } from './fields.js';
import type { Counter } from './quality-counters.js';
import type { DatasetWarning, Parts } from './types.js';

/** A counter of a payload, and whether it shows less than before. */
export interface ComparedCounter {
  readonly counter: Counter;
  readonly isBackward: boolean;
}

const measuredParts = ['production', 'consumption', 'meters'] as const;

function powersOf(payload: Parts, part: (typeof measuredParts)[number]): readonly (number | undefined)[] {
  const measured = fieldsAt(payload, part);
  if (part !== 'meters') return [numberAt(measured, 'wattsNow')];
  return Object.values(measured)
    .filter(isFields)
    .map((reading) => numberAt(reading, 'activePower'));
}

/**
 * The parts of a payload that are all zero although their counters were not: a gateway answers so in the minutes after
 * its start (spec 2.4), and its powers are as wrong as its counters then. Net consumption has no counter that only goes
 * up: it is judged by the parts that are measured or computed with it.
 */
export function startingParts(payload: Parts, counters: readonly ComparedCounter[]): readonly string[] {
  const found: string[] = measuredParts.filter((part) => {
    const own = counters.filter(({ counter }) => counter.path[0] === part);
    const isZero = own.every(({ counter, isBackward }) => isBackward || counter.value === 0);
    const hasFallen = own.some(({ isBackward }) => isBackward);
    return hasFallen && isZero && powersOf(payload, part).every((watts) => watts === 0);
  });
  const hasNet = found.some((part) => part !== 'production');
  return hasNet && numberAt(fieldsAt(payload, 'netConsumption'), 'wattsNow') === 0
    ? [...found, 'netConsumption']
    : found;
}

/** The warning for a part that is left out as one of `startingParts`. */
export function startingWarning(part: string): DatasetWarning {
  const message = 'The gateway reports zero for everything, as it does while it starts; the part is left out.';
  return { part, code: 'data_quality', message };
}
